package jpegdec

import (
	"bytes"
	"image"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestStandardTables checks a stream whose Huffman tables are taken out: the standard library's encoder uses those of the
// standard, so the result must be the same.
func TestStandardTables(t *testing.T) {
	size := image.Pt(37, 29)
	for _, gray := range []bool{false, true} {
		src := encoded(t, size, gray, 40, 80)
		n := 3
		if gray {
			n = 1
		}
		o := Options{MaxWidth: size.X, MaxHeight: size.Y}
		want, err := decode(new(Decoder), src, size, n, o)
		require.NoError(t, err)
		var without []byte
		for _, s := range segments(src) {
			if !bytes.HasPrefix(s, []byte{0xff, 0xc4}) {
				without = append(without, s...)
			}
		}
		require.Less(t, len(without), len(src)-200)
		got, err := decode(new(Decoder), without, size, n, o)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
}
