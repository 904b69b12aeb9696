package exportimage_test

import (
	"fmt"
	"image"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/servicetest"
	"github.com/geoexport/geoexport/srs"
)

// BenchmarkMemory reports what an export allocates beside its answer when the service is warm.
func BenchmarkMemory(b *testing.B) {
	s, _ := servicetest.Demo(b, "world.tif")
	for _, side := range []int{256, 1024} {
		for _, format := range []string{"png", "jpg", "tiff"} {
			b.Run(fmt.Sprintf("%d %s", side, format), func(b *testing.B) {
				req := exportimage.Request{BBox: srs.Envelope{XMin: 0, YMin: 40, XMax: 20, YMax: 60}, Size: image.Pt(side, side), Format: format}
				extra := uint64(0)
				for b.Loop() {
					var before, after runtime.MemStats
					runtime.ReadMemStats(&before)
					res, err := s.Export(b.Context(), req)
					runtime.ReadMemStats(&after)
					require.NoError(b, err)
					extra = after.TotalAlloc - before.TotalAlloc - uint64(len(res.Data))
				}
				b.ReportMetric(float64(extra)/1e3, "extra-kB")
			})
		}
	}
}
