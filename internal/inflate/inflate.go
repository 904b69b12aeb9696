package inflate

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/geoexport/geoexport/internal/adler32"
)

// A FormatError reports what is wrong with a stream.
type FormatError struct {
	Offset int // approximate place of the fault in the stream, in bytes
	Reason string
}

func (e *FormatError) Error() string {
	return fmt.Sprintf("inflate: at byte %d: %s", e.Offset, e.Reason)
}

// Zlib fills dst with the data of the zlib stream src, and returns the number of bytes. It stops when dst is full, and
// ignores what may follow; it compares the checksum only if the stream ends there and has one. A stream that ends
// before dst is full is no error if it is complete. The contents of dst are undefined from n on, and all of them after
// an error. The error is io.ErrUnexpectedEOF if src ends too soon, otherwise a *FormatError.
func Zlib(dst, src []byte) (n int, err error) { return ZlibUntil(dst, src, nil) }

// ZlibUntil is Zlib, except that it calls interrupt, if that is not nil, before each MiB of data or of the stream. An
// error of interrupt ends the decoding, and is returned.
func ZlibUntil(dst, src []byte, interrupt func() error) (n int, err error) {
	d := decoders.Get().(*decoder)
	defer d.release()
	return d.zlib(dst, src, interrupt)
}

// zlib is ZlibUntil. d has to be as release leaves it.
func (d *decoder) zlib(dst, src []byte, interrupt func() error) (n int, err error) {
	const (
		methodDeflate = 8
		maxWindow     = 7 // 32 KiB
		dictionary    = 0x20
	)
	if len(src) < 2 {
		return 0, io.ErrUnexpectedEOF
	}
	switch {
	case src[0]&0x0f != methodDeflate || src[0]>>4 > maxWindow || binary.BigEndian.Uint16(src)%31 != 0:
		return 0, &FormatError{0, "no zlib stream"}
	case src[1]&dictionary != 0:
		return 0, &FormatError{1, "a preset dictionary"}
	}
	d.dst, d.src, d.in, d.interrupt = dst, src, 2, interrupt
	err = d.blocks()
	if d.out == len(dst) && err != nil && !d.interrupted {
		return d.out, nil
	}
	if err != nil {
		return d.out, err
	}
	check := d.unread()
	switch {
	case len(check) >= 4 && binary.BigEndian.Uint32(check) != adler32.Checksum(dst[:d.out]):
		return d.out, &FormatError{len(src) - len(check), "the checksum does not match"}
	case len(check) < 4 && d.out < len(dst):
		return d.out, io.ErrUnexpectedEOF
	}
	return d.out, nil
}

// A decoder decodes a stream of blocks.
type decoder struct {
	dst, src []byte
	out, in  int // number of bytes of them that are done

	// hold has the next count bits of the stream, lowest first, and above them either zeros or bits that will be read
	// from src[in:] once more.
	hold  uint64
	count uint

	dynamic tables

	twin bool // whether plain takes the place of the kernel; tests compare both

	interrupt   func() error
	due         int  // interrupt is called when out and in add up to this
	interrupted bool // whether it returned an error
}

// interruptBytes is about how much of dst and src is done between two calls of interrupt.
const interruptBytes = 1 << 20

// check calls interrupt if that is due.
func (d *decoder) check() error {
	if d.interrupt == nil || d.out+d.in < d.due {
		return nil
	}
	d.due = d.out + d.in + interruptBytes
	err := d.interrupt()
	d.interrupted = err != nil
	return err
}

var decoders = sync.Pool{New: func() any { return &decoder{} }}

func (d *decoder) release() {
	d.dst, d.src, d.out, d.in, d.hold, d.count = nil, nil, 0, 0, 0, 0
	d.interrupt, d.due, d.interrupted = nil, 0, false
	decoders.Put(d)
}

// errSurplus reports that there is more data than dst can hold.
var errSurplus = errors.New("inflate: more data than expected")

func (d *decoder) wrong(reason string) error { return &FormatError{d.in, reason} }

// unread returns the rest of the stream, after the last byte of which bits were taken.
func (d *decoder) unread() []byte { return d.src[d.in-int(d.count/8):] }

// refill makes hold exact, with at least 56 bits unless the stream has less.
func (d *decoder) refill() {
	d.hold &= 1<<d.count - 1
	for d.count < 56 && d.in < len(d.src) {
		d.hold |= uint64(d.src[d.in]) << d.count
		d.in++
		d.count += 8
	}
}

// take returns the next n bits, not more than 56 after a call of refill.
func (d *decoder) take(n uint) (v uint, ok bool) {
	if n > d.count {
		return 0, false
	}
	v = uint(d.hold) & (1<<n - 1)
	d.hold >>= n
	d.count -= n
	return v, true
}

// blocks decodes up to the end of the last block.
func (d *decoder) blocks() error {
	const stored, fixed, dynamic = 0, 1, 2
	for {
		if err := d.check(); err != nil {
			return err
		}
		d.refill()
		head, ok := d.take(3)
		if !ok {
			return io.ErrUnexpectedEOF
		}
		var err error
		switch head >> 1 {
		case stored:
			err = d.stored()
		case fixed:
			err = d.symbols(fixedTables(), true)
		case dynamic:
			if err = d.readTables(); err == nil {
				err = d.symbols(&d.dynamic, false)
			}
		default:
			err = d.wrong("a block of type 3")
		}
		if err != nil {
			return err
		}
		if head&1 == 1 {
			return nil
		}
	}
}

// stored copies a block that is not compressed.
func (d *decoder) stored() error {
	src := d.unread()
	d.in, d.hold, d.count = len(d.src)-len(src), 0, 0
	if len(src) < 4 {
		return io.ErrUnexpectedEOF
	}
	n := int(binary.LittleEndian.Uint16(src))
	if uint16(n) != ^binary.LittleEndian.Uint16(src[2:]) {
		return d.wrong("the length of a stored block is not repeated")
	}
	src = src[4:]
	whole := n <= len(src)
	n = min(n, len(src))
	m := copy(d.dst[d.out:], src[:n])
	d.out += m
	d.in += 4 + n
	switch {
	case m < n:
		return errSurplus
	case !whole:
		return io.ErrUnexpectedEOF
	}
	return nil
}

// lengthOrder is the order in which a block states the lengths of the codes for code lengths.
var lengthOrder = [19]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// lengthEntries are the meanings of codes for code lengths: just the symbol.
var lengthEntries = func() (e [19]entry) {
	for i := range e {
		e[i] = entry(i) << 16
	}
	return e
}()

// lengthBits is the greatest length of the codes for code lengths.
const lengthBits = 7

// readTables reads the codes of a dynamic block (RFC 1951, section 3.2.7).
func (d *decoder) readTables() error {
	head, ok := d.take(14)
	if !ok {
		return io.ErrUnexpectedEOF
	}
	nLit, nDist, nLen := 257+head&31, 1+head>>5&31, 4+head>>10
	if nLit > numLit || nDist > numDist {
		return d.wrong("too many codes")
	}
	var table [1 << lengthBits]entry
	if err := d.readLengthTable(&table, lengthOrder[:nLen]); err != nil {
		return err
	}
	t := &d.dynamic
	all := t.lens[:nLit+nDist]
	if err := d.readLengths(all, &table); err != nil {
		return err
	}
	if !t.build(int(nLit), all[nLit:]) {
		return d.wrong("codes are not complete")
	}
	return nil
}

// readLengthTable reads the codes for code lengths, of the symbols in order.
func (d *decoder) readLengthTable(table *[1 << lengthBits]entry, order []uint8) error {
	var lens [19]uint8
	for _, s := range order {
		if d.count < 3 {
			d.refill()
		}
		v, ok := d.take(3)
		if !ok {
			return io.ErrUnexpectedEOF
		}
		lens[s] = uint8(v)
	}
	if !build(table[:], lengthBits, lens[:], lengthEntries[:]) {
		return d.wrong("codes for code lengths are not complete")
	}
	return nil
}

// readLengths reads the code lengths of all symbols.
func (d *decoder) readLengths(all []uint8, table *[1 << lengthBits]entry) error {
	for i := 0; i < len(all); {
		if d.count < lengthBits+7 {
			d.refill()
		}
		e := table[d.hold&(1<<lengthBits-1)]
		if uint(e&entryBits) > d.count {
			return io.ErrUnexpectedEOF
		}
		if e&entryKind != 0 {
			return d.wrong("no code for a code length")
		}
		d.take(uint(e & entryBits))
		s := uint8(e >> 16)
		if s < 16 {
			all[i] = s
			i++
			continue
		}
		var value uint8
		least, extra := 3, uint(3)
		switch s {
		case 16:
			if i == 0 {
				return d.wrong("no code length to repeat")
			}
			value, extra = all[i-1], 2
		case 18:
			least, extra = 11, 7
		}
		n, ok := d.take(extra)
		if !ok {
			return io.ErrUnexpectedEOF
		}
		end := i + least + int(n)
		if end > len(all) {
			return d.wrong("more code lengths than codes")
		}
		for ; i < end; i++ {
			all[i] = value
		}
	}
	return nil
}

// symbols decodes the data of a block. joined reports whether t.join has been called.
func (d *decoder) symbols(t *tables, joined bool) error {
	if !joined {
		// Blocks of less data than this are not worth the join.
		const worthwhile = 4 << 10
		if end, err := d.fast(t, d.out+worthwhile); end || err != nil {
			return err
		}
		if d.in+fastIn <= len(d.src) && d.out+fastOut <= len(d.dst) {
			t.join()
		}
	}
	for {
		// fast stops at the limit, or near an end of dst or src, where the loop below goes on.
		limit := min(len(d.dst), d.out+interruptBytes)
		if end, err := d.fast(t, limit); end || err != nil {
			return err
		}
		if d.out < limit || limit == len(d.dst) {
			break
		}
		if err := d.check(); err != nil {
			return err
		}
	}
	for {
		d.refill()
		end, err := d.symbol(t)
		if end || err != nil {
			return err
		}
	}
}

// symbol decodes one literal or match, or the end of the block, near the ends of the slices too. refill was called just
// before.
func (d *decoder) symbol(t *tables) (end bool, err error) {
	e, used := find(t.lit[:], litBits, d.hold)
	literal := e&entryLiterals != 0
	if literal {
		used = uint(t.lens[uint8(e>>8)]) // of the first one
	}
	switch {
	case used > d.count:
		return false, io.ErrUnexpectedEOF
	case !literal && e&entryWrong != 0:
		return false, d.wrong("no code for a literal or length")
	case !literal && e&entryEnd != 0:
		d.take(used)
		return true, nil
	case d.out == len(d.dst):
		return false, errSurplus
	case literal:
		d.take(used)
		d.dst[d.out] = byte(e >> 8)
		d.out++
		return false, nil
	}
	length := value(e, d.hold>>(used-uint(e&entryBits)))
	d.take(used)

	e, used = find(t.dist[:], distBits, d.hold)
	switch {
	case used > d.count:
		return false, io.ErrUnexpectedEOF
	case e&entryWrong != 0:
		return false, d.wrong("no code for a distance")
	}
	dist := value(e, d.hold>>(used-uint(e&entryBits)))
	d.take(used)
	if dist > d.out {
		return false, d.wrong("a distance to before the start")
	}
	n := min(length, len(d.dst)-d.out)
	for range n {
		d.dst[d.out] = d.dst[d.out-dist]
		d.out++
	}
	if n < length {
		return false, errSurplus
	}
	return false, nil
}

// find looks up the next code. used is the number of bits that it takes, with its extra bits; the entry of a second
// table counts only the bits after the first table.
func find(table []entry, indexBits uint, hold uint64) (e entry, used uint) {
	e = table[hold&(1<<indexBits-1)]
	if e&(entryLiterals|entryLink) == entryLink {
		used = indexBits
		e = table[uint64(e>>16)+hold>>indexBits&(1<<(e>>8&15)-1)]
	}
	return e, used + uint(e&entryBits)
}

// value returns the length or distance of an entry and its extra bits, which are the lowest bits of hold after the
// code.
func value(e entry, hold uint64) int {
	return int(e>>16) + int(hold&(1<<(e&entryBits)-1)>>(e>>8&15))
}
