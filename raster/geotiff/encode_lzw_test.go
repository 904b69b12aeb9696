package geotiff

import (
	"bytes"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/image/tiff/lzw"
	"pgregory.net/rapid"
)

// lzwRoundTrip compresses src, and decodes it with our own decoder and with that of golang.org/x/image.
func lzwRoundTrip(t require.TestingT, src []byte) {
	packed := new(lzwEncoder).append([]byte("before"), src)
	require.Equal(t, "before", string(packed[:6]))
	packed = packed[6:]
	got := make([]byte, len(src))
	require.NoError(t, decodeLZW(got, packed, BlockShape{}))
	require.True(t, bytes.Equal(src, got), "ours")
	other := lzw.NewReader(bytes.NewReader(packed), lzw.MSB, 8)
	got, err := io.ReadAll(other)
	require.NoError(t, err)
	require.True(t, bytes.Equal(src, got), "x/image")
}

func TestLZWEncoderAgainstTwoDecoders(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, 40_000)
	for i := range noise {
		noise[i] = byte(random.Uint32())
	}
	// Try all lengths, so that the stream ends in every state of the table, also where the width changes or the table
	// is cleared.
	for n := range 8000 {
		if n > 300 && n < 3700 && n%17 != 0 || n > 4000 && n%31 != 0 {
			continue
		}
		lzwRoundTrip(t, noise[:n])
	}
	lzwRoundTrip(t, noise)
	lzwRoundTrip(t, make([]byte, 1<<20))
	lzwRoundTrip(t, bytes.Repeat([]byte("abracadabra "), 10_000))
	rapid.Check(t, func(t *rapid.T) {
		letters := rapid.SliceOfN(rapid.ByteRange(0, byte(rapid.IntRange(0, 255).Draw(t, "top"))), 0, 20_000)
		lzwRoundTrip(t, letters.Draw(t, "src"))
	})
}
