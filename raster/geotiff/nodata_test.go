package geotiff

import (
	"image"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/geoexport/geoexport/raster"
)

// markSlow applies the rule of the package comment pixel by pixel.
func markSlow(t raster.PixelType, noData []*float64, bands [][]float64, valid []uint8) []uint8 {
	unsigned := t == raster.U8 || t == raster.U16 || t == raster.U32
	out := make([]uint8, len(valid))
	for i := range valid {
		hits, nans, asked := 0, 0, 0
		for n, b := range bands {
			if noData[n] != nil {
				asked++
			}
			switch {
			case b[i] != b[i]:
				nans++
			case noData[n] != nil && b[i] == *noData[n]:
				hits++
			}
		}
		if out[i] = valid[i]; nans > 0 || hits > 0 && (hits == asked || !unsigned) {
			out[i] = 0
		}
	}
	return out
}

// TestMark compares noDataRule with markSlow, for all types.
func TestMark(t *testing.T) {
	types := []raster.PixelType{raster.U8, raster.S8, raster.U16, raster.S16, raster.U32, raster.S32, raster.F32, raster.F64,
		raster.C64, raster.C128}
	rapid.Check(t, func(t *rapid.T) {
		typ := rapid.SampledFrom(types).Draw(t, "type")
		values := []float64{0, 1, 2}
		if !typ.Integer() {
			values = append(values, math.NaN(), math.Inf(-1))
		}
		r := image.Rect(0, 0, rapid.IntRange(1, 7).Draw(t, "w"), rapid.IntRange(1, 4).Draw(t, "h")).Add(image.Pt(5, 6))
		n := r.Dx() * r.Dy()
		var bands [][]float64
		var planes []raster.Plane
		for range rapid.IntRange(1, 4).Draw(t, "bands") {
			b := rapid.SliceOfN(rapid.SampledFrom(values), n, n).Draw(t, "band")
			p := raster.NewPlanes(typ, 1, r)[0]
			for i, v := range b {
				pixel := image.Rect(0, 0, 1, 1).Add(r.Min).Add(image.Pt(i%r.Dx(), i/r.Dx()))
				fill((&raster.Block{Bands: []raster.Plane{p}}).Sub(pixel).Bands[0], v)
			}
			bands, planes = append(bands, b), append(planes, p)
		}
		noData := make([]*float64, len(bands))
		for i := range noData {
			if rapid.Bool().Draw(t, "has noData") {
				v := rapid.SampledFrom(values).Draw(t, "noData")
				noData[i] = &v
			}
		}
		var info []raster.Band
		for _, v := range noData {
			info = append(info, raster.Band{NoData: v})
		}
		before := raster.AllValid(r)
		if rapid.Bool().Draw(t, "has alpha") {
			copy(before.Pix, rapid.SliceOfN(rapid.SampledFrom([]uint8{0, 7, 255}), n, n).Draw(t, "alpha"))
		}
		want := markSlow(typ, noData, bands, before.Pix)
		valid := before
		if before.Opaque() && rapid.Bool().Draw(t, "nil") {
			valid = nil
		}
		m := marker{rule: newNoDataRule(typ, info, true, false), valid: valid}
		for _, p := range planes {
			m.add(p)
		}
		got := m.result(r)
		if got == nil {
			got = raster.AllValid(r)
		}
		require.Equal(t, want, got.Pix)
	})
}
