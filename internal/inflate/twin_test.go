package inflate

import (
	"bytes"
	"compress/flate"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// RequireTwins fails the test unless the kernel and its twin in Go turn src into the same bytes or the same error, and
// leave what follows them alone.
func RequireTwins(t *testing.T, room int, src []byte) {
	t.Helper()
	var n [2]int
	var err [2]error
	var dst [2][]byte
	for i := range dst {
		after := bytes.Repeat([]byte{0xa5}, room+512)
		dst[i] = after[:room:room]
		d := &decoder{twin: i == 1}
		n[i], err[i] = d.zlib(dst[i], src, nil)
		require.Equal(t, bytes.Repeat([]byte{0xa5}, 512), after[room:], "twin %d: beyond the end", i)
	}
	require.Equal(t, err[1], err[0])
	if err[0] != nil {
		return // what was decoded is undefined
	}
	require.Equal(t, n[1], n[0])
	require.True(t, bytes.Equal(dst[1][:n[1]], dst[0][:n[0]]))
}

// packed returns deflate data of runs, of repetitions at small and at large distances, and of literals with codes of
// all lengths.
func packed(t *testing.T, r *rand.Rand) []byte {
	b := make([]byte, 0, 1<<16)
	for len(b) < 1<<15 {
		n := 1 + r.IntN(300)
		if back := 1 + r.IntN(1+r.IntN(1+r.IntN(40_000))); back <= len(b) && r.IntN(3) > 0 {
			for range n {
				b = append(b, b[len(b)-back])
			}
			continue
		}
		for range n {
			b = append(b, byte(r.ExpFloat64()*float64(1+n/4)))
		}
	}
	var out bytes.Buffer
	out.Write([]byte{0x78, 0x9c})
	w, err := flate.NewWriter(&out, 1+r.IntN(9))
	require.NoError(t, err)
	_, err = w.Write(b)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return out.Bytes()
}

// The kernel is its twin, on streams that are whole, cut off, and damaged, with room for all, for a part and for more.
func TestTwins(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	damaged, times := 0, 60
	for range times {
		src := packed(t, r)
		RequireTwins(t, 1<<17, src)
		RequireTwins(t, r.IntN(1<<15), src)
		RequireTwins(t, 1<<16, src[:r.IntN(len(src))])
		for range 10 {
			b := bytes.Clone(src)
			b[2+r.IntN(len(b)-2)] ^= 1 << r.IntN(8)
			RequireTwins(t, 1<<16, b)
			if _, err := Zlib(make([]byte, 1<<16), b); err != nil {
				damaged++
			}
		}
	}
	require.Greater(t, damaged, times)
}
