package adler32

import "encoding/binary"

const (
	modulus = 65521 // the largest prime below 2^16
	// steps is the number of words of 8 bytes that are summed in lanes of 16 bits before these are added up. The
	// largest lane holds 255·n·(n+1)/2 after n steps, which fits up to n = 22.
	steps = 16
	// rows is the number of groups of such words, 4 KiB, that are summed before the remainder is taken: far fewer
	// than would overflow 64 bits.
	rows = 32

	evenBytes = 0x00ff00ff00ff00ff
)

// checksumLanes is Checksum: a is 1 plus the sum of all bytes, b the sum of all values that a takes. It takes eight
// bytes at a time. n bytes x[i] turn a and b into
//
//	a + Σ x[i]   and   b + n·a + Σ (n-i)·x[i]
//
// For byte k of word t, out of n/8 words, n-i = 8·(n/8-t) - k. So the last sum is 8 times the sum of the words' running
// sums, less k times the sum of column k, for each of the eight columns.
func checksumLanes(p []byte) uint32 { return more(1, 0, p) }

// more returns the checksum of p after bytes with the sums a and b.
func more(a, b uint64, p []byte) uint32 {
	const group = 8 * steps
	for len(p) >= group {
		for row := 0; row < rows && len(p) >= group; row++ {
			var even, odd, runEven, runOdd uint64 // four columns each, the lowest one first
			q := (*[group]byte)(p)
			for i := 0; i < group; i += 16 {
				w := binary.LittleEndian.Uint64(q[i:])
				even += w & evenBytes
				odd += w >> 8 & evenBytes
				runEven += even
				runOdd += odd
				w = binary.LittleEndian.Uint64(q[i+8:])
				even += w & evenBytes
				odd += w >> 8 & evenBytes
				runEven += even
				runOdd += odd
			}
			p = p[group:]
			b += group*a + 8*(lanes(runEven)+lanes(runOdd)) - weighed(even, 0) - weighed(odd, 1)
			a += lanes(even) + lanes(odd)
		}
		a, b = a%modulus, b%modulus
	}
	for _, x := range p {
		a += uint64(x)
		b += a
	}
	return uint32(b%modulus<<16 | a%modulus)
}

// lanes returns the sum of the four lanes of 16 bits.
func lanes(w uint64) uint64 {
	w = w&0x0000ffff0000ffff + w>>16&0x0000ffff0000ffff
	return w&0xffffffff + w>>32
}

// weighed returns the sum of the four lanes, the first one times k, the second one times k+2 and so on.
func weighed(w uint64, k uint64) uint64 {
	return k*(w&0xffff) + (k+2)*(w>>16&0xffff) + (k+4)*(w>>32&0xffff) + (k+6)*(w>>48)
}
