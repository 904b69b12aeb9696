package lerc

import "encoding/binary"

// fletcherWords is the most words before the sums of 32 bits have to be folded.
const fletcherWords = 359

// fletcher32 returns the checksum of the format: Fletcher's, over big-endian words of 16 bits, starting from ones.
// Where the sums are folded matters: after a last odd byte they are folded once only, and may keep 17 bits.
func fletcher32(b []byte) uint32 {
	a, s := uint32(0xffff), uint32(0xffff)
	for len(b) >= 2 {
		words := b[:min(2*fletcherWords, len(b)&^1)]
		b = b[len(words):]
		for ; len(words) >= 8; words = words[8:] { // four words together
			v := binary.BigEndian.Uint64(words)
			w, x, y, z := uint32(v>>48), uint32(v>>32&0xffff), uint32(v>>16&0xffff), uint32(v&0xffff)
			s += 4*(a+w) + 3*x + 2*y + z
			a += w + x + y + z
		}
		for ; len(words) >= 2; words = words[2:] {
			a += uint32(words[0])<<8 | uint32(words[1])
			s += a
		}
		a, s = a&0xffff+a>>16, s&0xffff+s>>16
	}
	if len(b) == 1 {
		a += uint32(b[0]) << 8
		s += a
	}
	a, s = a&0xffff+a>>16, s&0xffff+s>>16
	return s<<16 | a
}
