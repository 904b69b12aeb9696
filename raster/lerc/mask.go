package lerc

import "encoding/binary"

// A mask is one bit for each pixel, the first one most significant, packed by runs: a count of 16 bits says how many
// bytes follow as they are, or, negated, how often the next byte is repeated. The count maskEnd ends it.

const (
	maskEnd    = -32768
	maskMost   = 32767 // the largest count
	maskRepeat = 5     // a run of fewer equal bytes is not worth its count
)

const (
	valid   = 255
	invalid = 0
)

// unpackMask reads a mask into a byte for each pixel, and returns the number of valid ones.
func unpackMask(dst, src []byte) (count int, err error) {
	at := 0 // pixel
	for {
		if len(src) < 2 {
			return 0, wrong("the mask is cut off")
		}
		n := int(int16(binary.LittleEndian.Uint16(src)))
		src = src[2:]
		if n == maskEnd {
			break
		}
		run, size := n, n
		if n <= 0 {
			run, size = -n, 1
		}
		if size > len(src) || run > (len(dst)+7)/8-at/8 {
			return 0, wrong("the mask is longer than the image")
		}
		if n > 0 {
			for _, b := range src[:size] {
				count += unpackByte(dst, at, b)
				at += 8
			}
		} else {
			count += repeatByte(dst, at, src[0], run)
			at += 8 * run
		}
		src = src[size:]
	}
	if at < len(dst) {
		return 0, wrong("the mask is shorter than the image")
	}
	return count, nil
}

// repeatByte unpacks a byte of a mask several times, also zero times after the last pixel.
func repeatByte(dst []byte, at int, b byte, times int) (count int) {
	if b == 0 || b == 0xff {
		part := dst[min(at, len(dst)):min(at+8*times, len(dst))]
		if b == 0 {
			clear(part)
			return 0
		}
		setValid(part)
		return len(part)
	}
	for range times {
		count += unpackByte(dst, at, b)
		at += 8
	}
	return count
}

// setValid marks all pixels as valid.
func setValid(dst []byte) {
	for i := range dst {
		dst[i] = valid
	}
}

// unpackByte unpacks a byte of a mask, as far as there are pixels, and returns the number of valid ones.
func unpackByte(dst []byte, at int, b byte) (count int) {
	part := dst[at:min(at+8, len(dst))]
	for i := range part {
		bit := b >> (7 - i) & 1
		part[i] = -bit
		count += int(bit)
	}
	return count
}

// packMask appends a mask.
func packMask(dst []byte, mask []uint8) []byte {
	b := make([]byte, (len(mask)+7)/8)
	for i, v := range mask {
		if v != invalid {
			b[i>>3] |= 128 >> (i & 7)
		}
	}
	put := func(n int, with ...byte) {
		dst = append(binary.LittleEndian.AppendUint16(dst, uint16(int16(n))), with...)
	}
	from := 0 // the first byte that is not written yet
	literal := func(end int) {
		for from < end {
			n := min(end-from, maskMost)
			put(n, b[from:from+n]...)
			from += n
		}
	}
	for i := 0; i < len(b); {
		n := 1
		for i+n < len(b) && b[i+n] == b[i] && n < maskMost {
			n++
		}
		if n >= maskRepeat {
			literal(i)
			put(-n, b[i])
			from = i + n
		}
		i += n
	}
	literal(len(b))
	put(maskEnd)
	return dst
}
