package geotiff

import "encoding/binary"

// An lzwEncoder finds the code of a string and the byte after it in a hash table with open addressing. An entry has 20
// bits of key (the code of the string, and the byte) above the 12 bits of the code of the longer string. 0 marks a free
// entry, since no longer string has code 0. At most 4093-257 codes are stored in 2^13 entries.
type lzwEncoder struct {
	table [1 << lzwHashBits]uint32
}

const (
	lzwHashBits = 13
	lzwLast     = 4093 // the last entry before the table is cleared, as in libtiff
)

// append appends src in the coding of section 13 of TIFF 6.0: codes of 9 to 12 bits, most significant bit first,
// which become wider as soon as entry 511, 1023 or 2047 is made. That is one code earlier than in other formats, so
// readers of TIFF cannot read streams of compress/lzw.
func (e *lzwEncoder) append(dst, src []byte) []byte {
	clear(e.table[:])
	var (
		hold  uint64 // codes that have not been written yet, the last one in the lowest bits
		count uint   // number of bits in hold
		width uint   = 9
		next  uint32 = lzwFirst // number of the entry to be made next
	)
	put := func(code uint32) {
		hold, count = hold<<width|uint64(code), count+width
		if count >= 32 {
			count -= 32
			dst = binary.BigEndian.AppendUint32(dst, uint32(hold>>count))
		}
	}
	put(lzwClear)
	if len(src) > 0 {
		prefix := uint32(src[0])
	bytes:
		for _, c := range src[1:] {
			key := prefix<<8 | uint32(c)
			at := key * 0x9E3779B1 >> (32 - lzwHashBits) // Fibonacci hashing
			for e.table[at] != 0 {
				if e.table[at]>>12 == key {
					prefix = e.table[at] & 0xfff
					continue bytes
				}
				at = (at + 1) % (1 << lzwHashBits)
			}
			put(prefix)
			prefix = uint32(c)
			e.table[at] = key<<12 | next
			next++
			switch {
			case next > lzwLast:
				put(lzwClear)
				clear(e.table[:])
				width, next = 9, lzwFirst
			case next == 1<<width:
				width++
			}
		}
		put(prefix)
		// A decoder makes an entry for this code too.
		if next++; next > lzwLast {
			put(lzwClear)
			width = 9
		} else if next == 1<<width {
			width++
		}
	}
	put(lzwEnd)
	hold <<= 32 - count
	var tail [4]byte
	binary.BigEndian.PutUint32(tail[:], uint32(hold))
	return append(dst, tail[:(count+7)/8]...)
}
