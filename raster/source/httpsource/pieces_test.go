package httpsource

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/geoexport/geoexport/raster/source"
)

func TestPieces(t *testing.T) {
	at := func(bounds ...int64) (ranges []source.Range) {
		for i := 0; i < len(bounds); i += 2 {
			ranges = append(ranges, source.Range{Offset: bounds[i], Buffer: make([]byte, bounds[i+1]-bounds[i])})
		}
		return ranges
	}
	for name, row := range map[string]struct {
		ranges []source.Range
		want   []piece
	}{
		"none":     {nil, nil},
		"one":      {at(5, 8), []piece{{5, 8, 0, 1}}},
		"near":     {at(5, 8, 10, 12), []piece{{5, 12, 0, 2}}},
		"far":      {at(5, 8, 20, 22), []piece{{5, 8, 0, 1}, {20, 22, 1, 2}}},
		"overlap":  {at(5, 18, 6, 8, 17, 19), []piece{{5, 19, 0, 3}}},
		"long":     {at(0, 90), []piece{{0, 30, 0, 1}, {30, 60, 0, 1}, {60, 90, 0, 1}}},
		"together": {at(0, 30, 30, 60), []piece{{0, 30, 0, 1}, {30, 60, 1, 2}}},
	} {
		assert.Equal(t, row.want, pieces(row.ranges, 4, 40), name)
	}
}

// TestPiecesCover: pieces hold all bytes of their ranges, none is too long, and each range lies in its pieces.
func TestPiecesCover(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var ranges []source.Range
		wanted := map[int64]bool{}
		off := int64(0)
		for range rapid.IntRange(0, 12).Draw(t, "ranges") {
			off += rapid.Int64Range(0, 50).Draw(t, "step")
			n := rapid.Int64Range(1, 120).Draw(t, "length")
			ranges = append(ranges, source.Range{Offset: off, Buffer: make([]byte, n)})
			for i := off; i < off+n; i++ {
				wanted[i] = true
			}
		}
		gap, longest := rapid.Int64Range(0, 30).Draw(t, "gap"), rapid.Int64Range(1, 80).Draw(t, "longest")
		got := map[int64]bool{}
		for _, p := range pieces(ranges, gap, longest) {
			assert.LessOrEqual(t, p.to-p.from, longest)
			for _, r := range ranges[p.first:p.last] {
				for i := max(p.from, r.Offset); i < min(p.to, r.Offset+int64(len(r.Buffer))); i++ {
					got[i] = true
				}
			}
		}
		assert.Equal(t, wanted, got)
	})
}
