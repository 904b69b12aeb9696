package jpegdec

import (
	"bytes"
	"encoding/binary"
	"io"
)

// lookBits is the number of bits that are looked up in one step. Most codes of common tables, with the bits of their
// small values, are not longer.
const lookBits = 10

// A huffman is a Huffman table (T.81, annex C) prepared for decoding.
type huffman struct {
	set  bool
	spec []byte // the specification: 16 numbers of codes of each length, and their symbols

	// fast maps the next lookBits bits to a decoded coefficient, for sequential scans: its value in the upper 16 bits,
	// then in 8 bits the number of zeros before it (endOfBlock if the block ends here), then in the lowest 8 bits the
	// number of bits that code and value take. An entry is 0 if code and value do not fit in lookBits bits.
	fast [1 << lookBits]uint32
	// codes maps the next lookBits bits to a symbol, in the upper 8 bits, and the length of its code; 0 if the code is
	// longer.
	codes [1 << lookBits]uint16

	limit  [17]int32 // for each length, the code after the last one, extended to 16 bits with zeros
	offset [17]int32 // for each length, the difference between the index of a symbol and its code
}

// endOfBlock, as a number of zeros, ends the block: added to any index it yields at least 0x80, and a real run yields
// less.
const endOfBlock = 0x80

// define builds the table from its specification, unless that is the same as before.
func (h *huffman) define(spec []byte, ac bool) error {
	if len(h.spec) > 0 && bytes.Equal(h.spec, spec) {
		h.set = true
		return nil
	}
	h.set, h.spec = false, append(h.spec[:0], spec...)
	if err := h.build(ac); err != nil {
		h.spec = h.spec[:0]
		return err
	}
	h.set = true
	return nil
}

func (h *huffman) build(ac bool) error {
	clear(h.fast[:])
	clear(h.codes[:])
	symbols := h.spec[16:]
	code, next := 0, 0
	for length := 1; length <= 16; length++ {
		n := int(h.spec[length-1])
		h.offset[length] = int32(next - code)
		// Annex C never uses the code of all ones, but libjpeg accepts it.
		if code+n > 1<<length {
			return errTable
		}
		for range n {
			symbol := symbols[next]
			if !ac && symbol > 15 {
				return errTable
			}
			if length <= lookBits {
				h.enter(code, length, symbol, ac)
			}
			code++
			next++
		}
		h.limit[length] = int32(code) << (16 - length)
		code <<= 1
	}
	return nil
}

// enter sets the entries whose bits begin with a code.
func (h *huffman) enter(code, length int, symbol byte, ac bool) {
	rest := lookBits - length
	run, size := int(symbol>>4), int(symbol&15)
	for i := range 1 << rest {
		at := code<<rest | i
		h.codes[at] = uint16(symbol)<<8 | uint16(length)
		switch {
		case size > rest:
		case size > 0:
			v := extend(uint32(i)>>(rest-size), uint(size))
			h.fast[at] = uint32(v)<<16 | uint32(run)<<8 | uint32(length+size)
		case ac && run != 15:
			h.fast[at] = endOfBlock<<8 | uint32(length)
		default:
			h.fast[at] = uint32(run)<<8 | uint32(length) // a difference of 0; or 16 zeros, as 15 zeros and a value of 0
		}
	}
}

// extend converts the bits of a value to the value (T.81, figure F.12). size is their number.
func extend(bits uint32, size uint) int32 {
	if size == 0 {
		return 0
	}
	v := int32(bits)
	if v < 1<<(size-1) {
		v -= 1<<size - 1
	}
	return v
}

// long finds a code of any length in the upper bits of acc. The length is 0 if there is none.
func (h *huffman) long(acc uint64) (symbol byte, length uint) {
	if e := h.codes[acc>>(64-lookBits)]; e != 0 {
		return byte(e >> 8), uint(e & 0xff)
	}
	v := int32(acc >> 48)
	for l := lookBits + 1; l <= 16; l++ {
		if v < h.limit[l] {
			return h.spec[16+v>>(16-l)+h.offset[l]], uint(l)
		}
	}
	return 0, 0
}

// bitReader reads bits from buf, which ends in 8 zero bytes that are not data. It reads zeros past the end; done
// reports afterwards whether it did.
type bitReader struct {
	buf []byte
	pos int    // number of bytes moved to acc
	acc uint64 // the next bits, at the top
	n   uint   // number of valid bits in acc
}

func (r *bitReader) start(data []byte) {
	*r = bitReader{buf: append(data, 0, 0, 0, 0, 0, 0, 0, 0)}
}

// fill ensures that acc has at least 56 bits.
func (r *bitReader) fill() {
	if r.pos+8 <= len(r.buf) {
		// The leading bits of a byte that does not fit are in acc already; the next fill adds the same bits again.
		r.acc |= binary.BigEndian.Uint64(r.buf[r.pos:]) >> r.n
	}
	r.pos += int(63-r.n) >> 3
	r.n |= 56
}

// read returns the next n bits, 16 at most.
func (r *bitReader) read(n uint) uint32 {
	if r.n < 16 {
		r.fill()
	}
	v := uint32(r.acc >> 32 >> (32 - n))
	r.acc <<= n
	r.n -= n
	return v
}

// symbol reads a code and returns its symbol.
func (r *bitReader) symbol(h *huffman) (byte, error) {
	if r.n < 16 {
		r.fill()
	}
	symbol, length := h.long(r.acc)
	if length == 0 {
		return 0, errCode
	}
	r.acc <<= length
	r.n -= length
	return symbol, nil
}

// done returns an error if more bits were read than there are.
func (r *bitReader) done() error {
	if 8*r.pos-int(r.n) > 8*(len(r.buf)-8) {
		return io.ErrUnexpectedEOF
	}
	return nil
}
