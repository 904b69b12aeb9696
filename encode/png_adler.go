package encode

import "github.com/geoexport/geoexport/internal/adler32"

// An adler is the checksum of RFC 1950 with the number of bytes it covers, so that checksums of pieces can be joined.
type adler struct {
	value uint32
	n     int64
}

func sumOf(b []byte) adler { return adler{adler32.Checksum(b), int64(len(b))} }

// append makes a the checksum of its bytes and then those of b. The low half of a value is 1 plus the sum of the bytes,
// the high half the sum of the low halves after each byte. So after b's bytes the high half is a's and b's, and a's low
// half, without the 1 that b's already has, once for each byte of b.
func (a *adler) append(b adler) {
	const mod = 65521
	lowA, lowB := uint64(a.value&0xffff), uint64(b.value&0xffff)
	n := uint64(b.n % mod)
	low := (lowA + lowB + mod - 1) % mod
	high := (uint64(a.value>>16) + uint64(b.value>>16) + n*(lowA+mod-1)) % mod
	*a = adler{uint32(high<<16 | low), a.n + b.n}
}
