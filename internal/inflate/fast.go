package inflate

import (
	"encoding/binary"
	"math/bits"
)

const (
	// fastIn is the distance from the end of src at which the fast loop stops: it refills twice a round, each time 8
	// bytes that start up to 7 bytes later.
	fastIn = 16
	// fastOut is the distance from the end of dst at which the fast loop stops: a round writes up to 12 literals, and a
	// match of up to 258 bytes in words, the last of which may reach beyond the match; it writes two words in any case.
	fastOut = 12 + fastMatch
	// fastMatch is the most that a match may write: the longest one, and most of the 16 bytes that the kernel copies.
	fastMatch = 258 + 16
)

// plain is the method fast in Go, the twin of the kernel. It decodes symbols until dst has limit bytes or an end of src
// or dst is near. end reports that the block has ended.
//
// A round starts with at least 56 bits. Four times the index of the first table are 44 bits: enough for four entries of
// literals. A length takes up to 20 bits and a distance up to 28, before which the loop refills once more.
//
// It is one function, with four copies of the step for literals, because the bits and the places in both slices have to
// stay in registers: as functions, its steps would pass them through memory, symbol by symbol.
func (d *decoder) plain(t *tables, limit int) (end bool, err error) {
	dst, src := d.dst, d.src
	out, in := d.out, d.in
	hold, count := d.hold, d.count
	lastIn, lastOut := len(src)-fastIn, min(limit, len(dst)-fastOut)
	for in <= lastIn && out <= lastOut {
		// Bits above count are read again by the next refill, which sets them to the same.
		hold |= binary.LittleEndian.Uint64(src[in:]) << (count & 63)
		in += int(63-count) >> 3
		count |= 56

		p := (*[fastOut]byte)(dst[out:])
		e := t.lit[hold&(1<<litBits-1)]
		if e&entryLiterals != 0 {
			binary.LittleEndian.PutUint32(p[:], bits.RotateLeft32(e, -8))
			o := uint(e >> 6 & 3)
			hold >>= e & entryBits
			count -= uint(e & entryBits)
			e = t.lit[hold&(1<<litBits-1)]
			if e&entryLiterals != 0 {
				binary.LittleEndian.PutUint32(p[o:], bits.RotateLeft32(e, -8))
				o += uint(e >> 6 & 3)
				hold >>= e & entryBits
				count -= uint(e & entryBits)
				e = t.lit[hold&(1<<litBits-1)]
				if e&entryLiterals != 0 {
					binary.LittleEndian.PutUint32(p[o:], bits.RotateLeft32(e, -8))
					o += uint(e >> 6 & 3)
					hold >>= e & entryBits
					count -= uint(e & entryBits)
					e = t.lit[hold&(1<<litBits-1)]
					if e&entryLiterals != 0 {
						binary.LittleEndian.PutUint32(p[o:], bits.RotateLeft32(e, -8))
						o += uint(e >> 6 & 3)
						hold >>= e & entryBits
						count -= uint(e & entryBits)
						out += int(o)
						continue
					}
				}
			}
			out += int(o)
			hold |= binary.LittleEndian.Uint64(src[in:]) << (count & 63)
			in += int(63-count) >> 3
			count |= 56
		}

		if e&entryKind != 0 {
			if e&entryLink != 0 {
				hold >>= litBits
				count -= litBits
				e = t.lit[uint64(e>>16)+hold&(1<<(e>>8&15)-1)]
				if e&entryLiterals != 0 {
					dst[out] = byte(e >> 8)
					out++
					hold >>= e & entryBits
					count -= uint(e & entryBits)
					continue
				}
			}
			if e&entryEnd != 0 {
				hold >>= e & entryBits
				count -= uint(e & entryBits)
				end = true
				break
			}
			if e&entryWrong != 0 {
				d.in = in
				return false, d.wrong("no code for a literal or length")
			}
		}
		length := int(e>>16) + int(hold&(1<<(e&entryBits)-1)>>(e>>8&15))
		hold >>= e & entryBits
		count -= uint(e & entryBits)

		e = t.dist[hold&(1<<distBits-1)]
		if e&entryKind != 0 {
			if e&entryLink != 0 {
				hold >>= distBits
				count -= distBits
				e = t.dist[uint64(e>>16)+hold&(1<<(e>>8&15)-1)]
			}
			if e&entryWrong != 0 {
				d.in = in
				return false, d.wrong("no code for a distance")
			}
		}
		dist := int(e>>16) + int(hold&(1<<(e&entryBits)-1)>>(e>>8&15))
		hold >>= e & entryBits
		count -= uint(e & entryBits)
		from := out - dist
		if from < 0 {
			d.in = in
			return false, d.wrong("a distance to before the start")
		}

		to := (*[fastMatch]byte)(dst[out:])
		if dist >= 8 {
			// The source may overlap what this loop writes, but it is at least a word behind.
			like := (*[fastMatch]byte)(dst[from:])
			binary.LittleEndian.PutUint64(to[:], binary.LittleEndian.Uint64(like[:]))
			binary.LittleEndian.PutUint64(to[8:], binary.LittleEndian.Uint64(like[8:]))
			for i := 16; i < length && i <= fastMatch-8; i += 8 {
				binary.LittleEndian.PutUint64(to[i:], binary.LittleEndian.Uint64(like[i:]))
			}
		} else {
			// The pattern fills a word by repetition, and the word is written at steps of whole patterns.
			w := binary.LittleEndian.Uint64(dst[from:]) & (1<<(8*uint(dist)&63) - 1)
			w |= w << (8 * uint(dist) & 63)
			w |= w << (16 * uint(dist))
			w |= w << (32 * uint(dist))
			step := int(patternSteps[dist&7])
			for i := 0; i < length && i <= fastMatch-8; i += step {
				binary.LittleEndian.PutUint64(to[i:], w)
			}
		}
		out += length
	}
	d.out, d.in, d.hold, d.count = out, in, hold, count
	return end, nil
}

// patternSteps has for each distance under 8 its largest multiple that is not more than 8.
var patternSteps = [8]uint8{8, 8, 8, 6, 8, 5, 6, 7}
