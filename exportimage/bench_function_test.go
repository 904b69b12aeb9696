package exportimage_test

import (
	"context"
	"fmt"
	"image"
	"math"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

// BenchmarkTileOfFunction exports tiles of 256² pixels of warped heights, plain and by a function in turns, and reports the
// ratio of the shortest times, which other programs disturb least.
func BenchmarkTileOfFunction(b *testing.B) {
	const side, pixel = 1500, 10
	g := raster.NorthUp(crs(b, 32633), srs.Envelope{XMin: 5e5, YMin: 53e5, XMax: 5e5 + pixel*side, YMax: 53e5 + pixel*side}, image.Pt(side, side))
	s, _ := service(rastertest.FromFunc(g, 1, func(_, x, y int) float32 {
		return float32(900 + 300*math.Sin(float64(x)/31)*math.Cos(float64(y)/17) + 80*math.Sin(float64(x+2*y)/7))
	}))
	s.Limits.Workers = 1
	d, err := s.Describe(b.Context())
	require.NoError(b, err)
	t, err := srs.NewTransformer(d.CRS, crs(b, 3857))
	require.NoError(b, err)
	e, err := t.Envelope(d.Extent)
	require.NoError(b, err)
	x, y := e.Center()
	box := fmt.Sprintf("bbox=%f,%f,%f,%f&bboxSR=3857&imageSR=3857&size=256,256&renderingRule=", x-1900, y-1900, x+1900, y+1900)
	for _, name := range []string{"Hillshade", "Slope", "Aspect"} {
		for _, format := range []string{"png", "tiff"} {
			b.Run(name+" "+format, func(b *testing.B) {
				least := [2]time.Duration{math.MaxInt64, math.MaxInt64}
				var requests [2]exportimage.Request
				for i, rule := range []string{"None", name} {
					requests[i] = parse(b, box+url.QueryEscape(`{"rasterFunction":"`+rule+`"}`)+"&format="+format)
				}
				for b.Loop() {
					for i, req := range requests {
						start := time.Now()
						_, err := s.Export(context.Background(), req)
						require.NoError(b, err)
						least[i] = min(least[i], time.Since(start))
					}
				}
				b.ReportMetric(least[1].Seconds()*1e3, "ms")
				b.ReportMetric(float64(least[1])/float64(least[0]), "times-plain")
			})
		}
	}
}
