package lerc

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// Small whole numbers are stored with as many bits as the largest of them needs. A header states the bits of a number
// and how many numbers there are; see readStuffed.

// stuffedBytes returns the number of bytes of n numbers.
func stuffedBytes(n, width int) int { return (n*width + 7) / 8 }

// unstuff reads numbers of 1 to 31 bits, the least significant bit first. src may be longer than they are.
func unstuff(dst []uint32, src []byte, width int) {
	n := len(dst) &^ (eight - 1)
	unstuffEights(dst[:n], src, width)
	src = src[n/eight*width:]
	for i := range dst[n:] {
		at := i * width
		dst[n+i] = uint32(wordAt(src, at>>3) >> (at & 7) & (1<<width - 1))
	}
}

// wordAt returns up to eight bytes of src, least significant first. Bytes past the end are 0.
func wordAt(src []byte, from int) uint64 {
	if from+8 <= len(src) {
		return binary.LittleEndian.Uint64(src[from:])
	}
	var eight [8]byte
	if from < len(src) {
		copy(eight[:], src[from:])
	}
	return binary.LittleEndian.Uint64(eight[:])
}

// unstuffOld reads numbers as they were stored up to version 2 and by Lerc1: in little-endian words of 32 bits, the
// most significant bit first. The last word lacks the bytes that are not needed, which are its least significant ones.
func unstuffOld(dst []uint32, src []byte, width int) {
	total := stuffedBytes(len(dst), width)
	src = src[:total]
	word := func(i int) uint64 {
		var v uint64
		n := min(4, max(0, total-4*i))
		for k := range n {
			v |= uint64(src[4*i+k]) << (8 * k)
		}
		return v << (8 * (4 - n)) & 0xffffffff
	}
	at := 0
	for i := range dst {
		two := word(at>>5)<<32 | word(at>>5+1)
		dst[i] = uint32(two << (at & 31) >> (64 - width))
		at += width
	}
}

// A bitLayout is one of the two ways in which numbers are stored.
type bitLayout func(dst []uint32, src []byte, width int)

// readStuffed reads numbers with their header into dst, which is large enough for the most there may be, and returns
// them. lut is memory for 256 numbers.
//
// The header's first byte has the bits of a number (5 bits), whether there is a table of values (1 bit), and the size
// of the count that follows (2 bits). With a table, a byte states its length, values follow, without the first, which
// is 0, and then the numbers' places in it.
func readStuffed(r *reader, dst, lut []uint32, layout bitLayout) ([]uint32, error) {
	head := r.byte()
	n, err := readCount(r, head)
	if err != nil {
		return nil, err
	}
	if n > uint32(len(dst)) {
		return nil, wrong("%d numbers where there can be %d", n, len(dst))
	}
	dst = dst[:n]
	width := int(head & 31)
	if head&32 == 0 {
		if width == 0 {
			clear(dst)
			return dst, nil
		}
		return dst, unstuffNext(r, dst, width, layout)
	}
	size := int(r.byte()) // of the table
	if width == 0 || size < 2 || n == 0 {
		return nil, wrong("a table of %d values of %d bits for %d numbers", size, width, n)
	}
	lut = lut[:size]
	lut[0] = 0
	if err := unstuffNext(r, lut[1:], width, layout); err != nil {
		return nil, err
	}
	if err := unstuffNext(r, dst, bits.Len(uint(size-1)), layout); err != nil {
		return nil, err
	}
	for i, v := range dst {
		if v >= uint32(size) {
			return nil, wrong("number %d of a table of %d", v, size)
		}
		dst[i] = lut[v]
	}
	return dst, nil
}

// readCount reads the count of numbers, whose size is in the two highest bits of head.
func readCount(r *reader, head byte) (n uint32, err error) {
	switch head >> 6 {
	case 0:
		n = r.uint32()
	case 1:
		n = uint32(r.uint16())
	case 2:
		n = uint32(r.byte())
	default:
		return 0, wrong("the size of a count is not known")
	}
	if r.short {
		return 0, errShort()
	}
	return n, nil
}

func unstuffNext(r *reader, dst []uint32, width int, layout bitLayout) error {
	n := stuffedBytes(len(dst), width)
	if n > len(r.b)-r.at {
		return errShort()
	}
	layout(dst, r.b[r.at:], width)
	r.at += n
	return nil
}

// errShort returns the error for data that end too early.
func errShort() error { return wrong("the data are cut off") }

// appendBits appends numbers of width bits, as unstuff reads them.
func appendBits(dst []byte, numbers []uint32, width int) []byte {
	at := len(dst)
	total := stuffedBytes(len(numbers), width)
	dst = slices.Grow(dst, total+8)[:at+total+8]
	b := dst[at:]
	acc, n := uint64(0), 0
	for _, v := range numbers {
		acc |= uint64(v) << n
		if n += width; n >= 32 {
			binary.LittleEndian.PutUint32(b, uint32(acc))
			b = b[4:]
			acc >>= 32
			n -= 32
		}
	}
	binary.LittleEndian.PutUint64(b, acc)
	return dst[:at+total]
}

// appendStuffed appends numbers with their header, without a table. A width of 0 states that all are 0.
func appendStuffed(dst []byte, numbers []uint32, width int) []byte {
	return appendBits(appendCount(dst, byte(width), len(numbers)), numbers, width)
}

// appendCount appends the first byte of a header and the count of numbers.
func appendCount(dst []byte, head byte, n int) []byte {
	if n < 256 {
		return append(dst, head|2<<6, byte(n))
	}
	return binary.LittleEndian.AppendUint16(append(dst, head|1<<6), uint16(n))
}
