package lerc

import "encoding/binary"

// Bytes, or the differences of neighbouring ones, may be stored with Huffman codes of up to 32 bits. A table of their
// lengths comes first, and then the codes themselves, the most significant bit first in little-endian words of 32 bits.

const (
	huffmanSymbols = 256
	maxCodeBits    = 32
	quickBits      = 12 // the decoder looks up codes of up to so many bits
	huffmanVersion = 4  // of the table; from 2 on, tables look the same
)

// A huffmanReader decodes symbols.
type huffmanReader struct {
	// quick has, for each beginning of quickBits bits, the symbol and the length of its code: symbol<<8 | length. 0
	// stands for a code that is longer or does not exist.
	quick [1 << quickBits]uint16
	// tree holds longer codes: each node has two children, or the negated symbol minus one in the place of one. 0 is no
	// child.
	tree [][2]int32

	src  []byte // codes
	at   int    // the next word of src, in bytes
	acc  uint64 // the next bits, from the most significant one on
	bits int    // number of bits in acc
}

// readTable reads the table of codes. layout is the way in which numbers are stored.
func (h *huffmanReader) readTable(r *reader, layout bitLayout) error {
	version, size, first, end := r.int32(), r.int32(), r.int32(), r.int32()
	if r.short {
		return errShort()
	}
	if version < 2 {
		return wrong("version %d of a table of Huffman codes", version)
	}
	if size < 1 || size > huffmanSymbols || first < 0 || first >= size || end <= first || end-first > size {
		return wrong("a table of Huffman codes from %d to %d of %d", first, end, size)
	}
	var lengths, lut [huffmanSymbols]uint32
	got, err := readStuffed(r, lengths[:end-first], lut[:], layout)
	if err != nil {
		return err
	}
	if len(got) != end-first {
		return wrong("%d lengths of Huffman codes, want %d", len(got), end-first)
	}
	codes := huffmanBits{src: r.rest()}
	clear(h.quick[:])
	h.tree = h.tree[:0]
	for i, length := range got {
		if length == 0 {
			continue
		}
		if length > maxCodeBits {
			return wrong("a Huffman code of %d bits", length)
		}
		code, ok := codes.next(int(length))
		if !ok {
			return errShort()
		}
		symbol := (first + i) % size
		if err := h.add(code, int(length), symbol); err != nil {
			return err
		}
	}
	r.take(min(codes.words()*4, len(r.b)-r.at))
	h.start(r.rest())
	return nil
}

// add enters a code.
func (h *huffmanReader) add(code uint32, length, symbol int) error {
	if length <= quickBits {
		from := int(code) << (quickBits - length)
		if from+1<<(quickBits-length) > len(h.quick) {
			return wrong("a Huffman code of more than %d bits", length)
		}
		entry := uint16(symbol<<8 | length)
		for i := range h.quick[from : from+1<<(quickBits-length)] {
			h.quick[from+i] = entry
		}
		return nil
	}
	if len(h.tree) == 0 {
		h.tree = append(h.tree, [2]int32{})
	}
	node := int32(0)
	for i := length - 1; i > 0; i-- {
		bit := code >> i & 1
		next := h.tree[node][bit]
		if next < 0 {
			return wrong("a Huffman code begins with another one")
		}
		if next == 0 {
			next = int32(len(h.tree))
			h.tree = append(h.tree, [2]int32{})
			h.tree[node][bit] = next
		}
		node = next
	}
	if h.tree[node][code&1] != 0 {
		return wrong("two Huffman codes are the same")
	}
	h.tree[node][code&1] = int32(-1 - symbol)
	return nil
}

// start begins to read codes from src.
func (h *huffmanReader) start(src []byte) {
	h.src, h.at, h.acc, h.bits = src, 0, 0, 0
}

// overrun reports whether more bits were read than there are.
func (h *huffmanReader) overrun() bool { return h.at*8-h.bits > (len(h.src)+3)/4*32 }

// decode fills dst with symbols. It reports false for a code that does not exist and for data that are cut off.
func (h *huffmanReader) decode(dst []uint8) bool {
	src, at, acc, n := h.src, h.at, h.acc, h.bits
	for i := range dst {
		if n <= 32 {
			if at+4 <= len(src) {
				acc |= uint64(binary.LittleEndian.Uint32(src[at:])) << (32 - n)
			} else if at < len(src) {
				acc |= uint64(uint32(wordAt(src, at))) << (32 - n)
			}
			at += 4
			n += 32
		}
		e := h.quick[acc>>(64-quickBits)]
		if e == 0 {
			symbol, length := h.walk(acc)
			if length == 0 {
				return false
			}
			dst[i] = symbol
			acc <<= length
			n -= length
			continue
		}
		length := e & 0xff
		dst[i] = uint8(e >> 8)
		acc <<= length
		n -= int(length)
	}
	h.at, h.acc, h.bits = at, acc, n
	return !h.overrun()
}

// walk decodes a long code. length is 0 if there is none.
func (h *huffmanReader) walk(acc uint64) (symbol uint8, length int) {
	if len(h.tree) == 0 {
		return 0, 0
	}
	node := int32(0)
	for length = 1; length <= maxCodeBits; length++ {
		next := h.tree[node][acc>>63]
		acc <<= 1
		if next < 0 {
			return uint8(-1 - next), length
		}
		if next == 0 {
			return 0, 0
		}
		node = next
	}
	return 0, 0
}

// huffmanBits reads bits from words, the most significant first.
type huffmanBits struct {
	src []byte
	at  int // bit
}

func (b *huffmanBits) next(n int) (v uint32, ok bool) {
	from := b.at >> 5 * 4
	b.at += n
	if stuffedBytes(1, b.at) > len(b.src)+3 {
		return 0, false
	}
	two := uint64(uint32(wordAt(b.src, from)))<<32 | uint64(uint32(wordAt(b.src, from+4)))
	return uint32(two << ((b.at - n) & 31) >> (64 - n)), true
}

// words returns the number of words that were begun.
func (b *huffmanBits) words() int { return (b.at + 31) / 32 }
