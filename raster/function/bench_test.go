package function

import (
	"image"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
)

// BenchmarkFunctions computes 2048 by 2048 pixels in strips of 32 rows, on one core. The program compare does so beside
// gdaldem and numpy.
func BenchmarkFunctions(b *testing.B) {
	heights := worlds{Source{}: {raster.F32, 1}}
	bands := worlds{Source{}: {raster.U8, 4}}
	for _, c := range []struct {
		name string
		f    Function
		in   worlds
	}{
		{"hillshade", NewHillshade(nil), heights},
		{"slope", NewSlope(nil), heights},
		{"aspect", &Aspect{}, heights},
		{"NDVI", &NDVI{InfraredBandID: 3}, bands},
		{"NDVI of F32", &NDVI{InfraredBandID: 3}, worlds{Source{}: {raster.F32, 4}}},
		{"remap of U8", &Remap{Ranges: []ValueRange{{0, 50}, {50, 100}, {100, 200}}, Values: []float64{1, 2, 3}}, bands},
		{"remap of F32", &Remap{Ranges: []ValueRange{{0, 50}, {50, 100}, {100, 200}}, Values: []float64{1, 2, 3}, DropUnmatched: true}, heights},
		{"stretch of F32", &Stretch{Type: StretchMinMax}, heights},
	} {
		b.Run(c.name, func(b *testing.B) {
			p, err := c.in.compile(c.f)
			require.NoError(b, err)
			read := p.Reads()[0]
			strip := image.Rect(0, 0, 2048, 32)
			block := c.in[Source{}].block(b, read.Bands, read.Grow(strip))
			raster.SetAllValid(block.Valid)
			blocks := map[Leaf]*raster.Block{Source{}: block}
			for b.Loop() {
				for range 2048 / 32 {
					if _, err := p.Run(blocks, Cell{Width: 30, Height: 30}); err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(2048*2048/1e6*float64(b.N)/b.Elapsed().Seconds(), "Mpx/s")
		})
	}
}
