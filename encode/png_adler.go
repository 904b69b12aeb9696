package encode

import "hash/adler32"

// An adler is the sum of RFC 1950 over so many bytes, so that sums of pieces can be joined.
type adler struct {
	value uint32
	n     int64
}

func sumOf(b []byte) adler { return adler{adler32.Checksum(b), int64(len(b))} }

// append makes a the sum of its bytes and b's. The low half of a value is 1 plus the sum of the bytes, and the high half
// the sum of what the low half was after each: it has a's as often as b has bytes, and b's without the 1.
func (a *adler) append(b adler) {
	const mod = 65521
	lowA, lowB := uint64(a.value&0xffff), uint64(b.value&0xffff)
	n := uint64(b.n % mod)
	low := (lowA + lowB + mod - 1) % mod
	high := (uint64(a.value>>16) + uint64(b.value>>16) + n*(lowA+mod-1)) % mod
	*a = adler{uint32(high<<16 | low), a.n + b.n}
}
