//go:build !purego

package adler32

// Checksum returns the checksum of p.
func Checksum(p []byte) uint32 {
	const (
		group = 16
		most  = 1 << 20 // bytes in a call, whose sums then are far from 64 bits
	)
	a, b := uint64(1), uint64(0)
	for len(p) >= group {
		n := min(len(p), most) &^ (group - 1)
		// Byte i of n adds itself to a, and itself n-i times to b: as often as there are bytes from it on in its group, and
		// once for each byte of the later ones.
		sum, before, weighed := sumSSE2(&p[0], n)
		b = (b + uint64(n)*a + group*before + weighed) % modulus
		a = (a + sum) % modulus
		p = p[n:]
	}
	return more(a, b, p)
}
