package exportimage

import (
	"image"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// The area of a union is that of counting pixels.
func TestUnionArea(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		var rects []image.Rectangle
		seen := map[image.Point]bool{}
		for range r.IntN(7) {
			rect := image.Rect(r.IntN(20), r.IntN(20), r.IntN(20), r.IntN(20))
			if rect.Empty() {
				continue
			}
			rects = append(rects, rect)
			for y := rect.Min.Y; y < rect.Max.Y; y++ {
				for x := rect.Min.X; x < rect.Max.X; x++ {
					seen[image.Pt(x, y)] = true
				}
			}
		}
		require.EqualValues(t, len(seen), unionArea(rects), "%v", rects)
	}
}
