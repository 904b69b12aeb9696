package geotiff

import (
	"bytes"
	"fmt"
	"image"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
)

// fastLayouts returns all layouts that unpackFast supports.
func fastLayouts(width int) []*layout {
	kinds := []struct {
		typ          raster.PixelType
		bits, format int
	}{
		{raster.U8, 8, formatUint}, {raster.S8, 8, formatInt}, {raster.U16, 16, formatUint}, {raster.S16, 16, formatInt},
		{raster.U32, 32, formatUint}, {raster.S32, 32, formatInt}, {raster.F32, 32, formatFloat},
	}
	var all []*layout
	for _, k := range kinds {
		for bands := 1; bands <= 5; bands++ {
			for _, predictor := range []int{predictorNone, predictorHorizontal} {
				all = append(all, &layout{bands: bands, bits: k.bits, format: k.format, typ: k.typ, predictor: predictor,
					block: image.Pt(width, 3), rowBytes: width * bands * k.bits / 8})
			}
		}
	}
	return append(all, &layout{bands: 1, bits: 32, format: formatFloat, typ: raster.F32, predictor: predictorFloat,
		block: image.Pt(width, 3), rowBytes: width * 4})
}

// TestUnpackFast compares unpackFast with undoPredictor and unpack, for blocks of all widths, also beyond the image's
// edge, and for planes that are part of larger ones.
func TestUnpackFast(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for width := 1; width < 40; width++ {
		for _, l := range fastLayouts(width) {
			require.True(t, unpacksFast(l))
			for _, cut := range []int{0, min(3, width-1)} {
				name := fmt.Sprintf("%v, %d bands, width %d, predictor %d, %d cut off", l.typ, l.bands, width, l.predictor, cut)
				raw := make([]byte, 3*l.rowBytes)
				for i := range raw {
					raw[i] = byte(rnd.Uint32())
				}
				r := image.Rect(10, 20, 10+width-cut, 23)
				var got []raster.Plane
				for range l.bands {
					p := raster.NewPlanes(l.typ, 1, r.Inset(-5))[0]
					if l.typ != raster.F32 {
						fill(p, 99)
					}
					got = append(got, (&raster.Block{Bands: []raster.Plane{p}}).Sub(r).Bands[0])
				}
				unpackFast(l, bytes.Clone(raw), got)
				(&pixels{layout: l}).undoPredictor(raw)
				for b, want := range unpack(l, raw, r) {
					for y := r.Min.Y; y < r.Max.Y; y++ {
						require.Equal(t, rowBits(want, y), rowBits(got[b], y), name)
					}
				}
			}
		}
	}
}

// rowBits returns a row of a plane in a form in which equal NaNs are equal.
func rowBits(p raster.Plane, y int) string {
	switch p := p.(type) {
	case *raster.PlaneOf[uint8]:
		return fmt.Sprint(p.Row(y))
	case *raster.PlaneOf[int8]:
		return fmt.Sprint(p.Row(y))
	case *raster.PlaneOf[uint16]:
		return fmt.Sprint(p.Row(y))
	case *raster.PlaneOf[int16]:
		return fmt.Sprint(p.Row(y))
	case *raster.PlaneOf[uint32]:
		return fmt.Sprint(p.Row(y))
	case *raster.PlaneOf[int32]:
		return fmt.Sprint(p.Row(y))
	case *raster.PlaneOf[float32]:
		return fmt.Sprint(p.Row(y))
	}
	panic("another type")
}

func BenchmarkUnpack(b *testing.B) {
	for _, l := range fastLayouts(256) {
		if l.bands != 1 && l.bands != 3 || l.typ != raster.U8 && l.typ != raster.U16 {
			continue
		}
		raw := make([]byte, 256*l.rowBytes)
		r := image.Rect(0, 0, 256, 256)
		name := fmt.Sprintf("%v/%d bands/predictor %d", l.typ, l.bands, l.predictor)
		planes := unpack(l, raw, r)
		b.Run(name+"/fast", func(b *testing.B) {
			b.SetBytes(int64(len(raw)))
			for b.Loop() {
				unpackFast(l, raw, planes)
			}
		})
		b.Run(name+"/slow", func(b *testing.B) {
			b.SetBytes(int64(len(raw)))
			for b.Loop() {
				(&pixels{layout: l}).undoPredictor(raw)
				unpack(l, raw, r)
			}
		})
	}
}
