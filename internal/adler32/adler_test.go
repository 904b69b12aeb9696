package adler32

import (
	"bytes"
	"hash/adler32"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// Both ways agree with the standard library, for all lengths, for the largest bytes, and beyond the pieces in which the
// sums are taken.
func TestChecksum(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	random := make([]byte, 5000)
	for i := range random {
		random[i] = byte(r.Uint32())
	}
	full := bytes.Repeat([]byte{255}, 3<<20+77)
	for n := range 700 {
		for _, b := range [][]byte{random[n%5:][:n], full[:n]} {
			require.Equal(t, adler32.Checksum(b), Checksum(b), "%d bytes", n)
			require.Equal(t, adler32.Checksum(b), checksumLanes(b), "%d bytes", n)
		}
	}
	for _, b := range [][]byte{random, full, full[:1<<20], full[:1<<20+1], full[:1<<20+15]} {
		require.Equal(t, adler32.Checksum(b), Checksum(b))
		require.Equal(t, adler32.Checksum(b), checksumLanes(b))
	}
}

func BenchmarkChecksum(b *testing.B) {
	p := bytes.Repeat([]byte{1, 77, 254}, 1<<14)
	for _, f := range []struct {
		name string
		do   func([]byte) uint32
	}{{"used", Checksum}, {"lanes", checksumLanes}, {"standard library", adler32.Checksum}} {
		b.Run(f.name, func(b *testing.B) {
			b.SetBytes(int64(len(p)))
			for b.Loop() {
				f.do(p)
			}
		})
	}
}
