package resample

import (
	"image"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/geoexport/geoexport/raster"
)

// A solid never reports that samples fully hold data if one of them does not, nor that they hold none if one does. For
// a full mask it always reports the former.
func TestSolid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(lo, hi int, name string) int { return rapid.IntRange(lo, hi).Draw(t, name) }
		r := image.Rect(-3, -5, draw(-2, 40, "x"), draw(-4, 40, "y"))
		mask := image.NewAlpha(r.Inset(-draw(0, 3, "frame"))) // empty all around
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				mask.Pix[mask.PixOffset(x, y)] = 255
			}
		}
		if blank := draw(r.Min.X, r.Max.X, "blank"); blank%2 == 0 { // nothing from there on
			for y := r.Min.Y; y < r.Max.Y; y++ {
				clear(raster.AlphaRow(mask, y, image.Rect(blank, y, r.Max.X, y+1)))
			}
		}
		for range draw(0, 3, "holes") {
			x, y := draw(r.Min.X, r.Max.X-1, "hx"), draw(r.Min.Y, r.Max.Y-1, "hy")
			mask.Pix[mask.PixOffset(x, y)] = uint8(draw(0, 255, "alpha"))
		}
		s := newSolid(mask, r)
		for y := range r.Dy() - maxTaps + 1 {
			for x := range r.Dx() - maxTaps + 1 {
				full, empty := true, true
				for i := range maxTaps * maxTaps {
					a := mask.AlphaAt(r.Min.X+x+i%maxTaps, r.Min.Y+y+i/maxTaps).A
					full, empty = full && a == 255, empty && a == 0
				}
				switch s.at(int32(x), int32(y)) {
				case solidFull:
					require.True(t, full)
				case solidEmpty:
					require.True(t, empty)
				default:
					require.Zero(t, s.at(int32(x), int32(y)))
				}
			}
		}
		for i := range mask.Pix {
			mask.Pix[i] = 255
		}
		s = newSolid(mask, r)
		require.Equal(t, solidFull, s.at(int32(r.Dx()-1), int32(r.Dy()-1)))
	})
}

// Snapping rounds to 2^-20, half to even; a coordinate that cannot be snapped is on no axis.
func TestSnap(t *testing.T) {
	for x, want := range map[float64]int64{
		0: 0, 1: 1 << 20, -1: -1 << 20, 0x1p-21: 0, 0x3p-21: 2, -0x1p-21: 0, -0x3p-21: -2, 0x1.1p-21: 1, -0x1.1p-21: -1,
		12345678.25: 12345678<<20 + 1<<18, -0x1p31: -1 << 51, 0x1p31 - 1: 1<<51 - 1<<20,
	} {
		require.Equal(t, want, snap(x), x)
	}
	all := newAxis(-1<<31, 1<<31-1)
	for _, x := range []float64{nan(), 1 / zero, -1 / zero, 1e10, -1e10, 1e300, -1e300, 0x1p32, -0x1p32, 0x1p33, -0x1p33} {
		require.False(t, all.has(snap(x)>>snapBits), x)
	}
}

var zero = 0.0

func nan() float64 { return zero / zero }
