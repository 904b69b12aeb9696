package exportimage_test

import (
	"fmt"
	"image"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/lerc"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

// A LERC answer has the pixels of the export, within the tolerance, and is invalid where they hold no data.
func TestLERCHasThePixels(t *testing.T) {
	for _, c := range []struct {
		query string
		bound float64
		typ   lerc.Type
	}{
		{"", 0, lerc.Float32},
		{"&compression=LERC&compressionTolerance=0&lercVersion=2&pixelType=F32", 0, lerc.Float32},
		{"&compressionTolerance=0.01&lercVersion=2", 0.01, lerc.Float32},
		{"&compressionTolerance=3&pixelType=S16&noData=7", 3, lerc.Int16},
		{"&compressionTolerance=0.5&pixelType=U8&bandIds=0,0", 0, lerc.Uint8},
	} {
		s, raw := service(ramp(t))
		query := "bbox=-8,-8,120,120&bboxSR=3857&size=128,128" + c.query
		want, _ := export(t, s, raw, query)
		got, err := s.Export(t.Context(), parse(t, query+"&format=lerc"))
		require.NoError(t, err, c.query)
		assert.Equal(t, "application/octet-stream", got.MediaType)
		assert.NotContains(t, fmt.Sprint(got.Trace.Ignored), "compressionTolerance", c.query)
		m, err := lerc.Decode(got.Data, nil)
		require.NoError(t, err, c.query)
		require.Equal(t, c.typ, m.Type(), c.query)
		require.Equal(t, [3]int{128, 128, len(want.Bands)}, [3]int{m.Width, m.Height, m.Bands}, c.query)
		wide, err := raster.Convert(want, raster.F64)
		require.NoError(t, err)
		for k, p := range wide.Bands {
			for i, v := range p.(*raster.PlaneOf[float64]).Pix {
				require.Equal(t, want.Valid == nil || want.Valid.Pix[i] >= 128, m.Valid == nil || m.Valid[i] != 0,
					"%s: pixel %d", c.query, i)
				if m.Valid != nil && m.Valid[i] != 0 && !(math.Abs(numberAt(m.Pix, k*128*128+i)-v) <= c.bound) {
					t.Fatalf("%s: sample %d is %v, want %v", c.query, i, numberAt(m.Pix, k*128*128+i), v)
				}
			}
		}
		require.NotNil(t, m.Valid, "the box reaches beyond the raster")
	}
}

// numberAt returns a sample.
func numberAt(pix any, i int) float64 {
	switch pix := pix.(type) {
	case []uint8:
		return float64(pix[i])
	case []int16:
		return float64(pix[i])
	case []float32:
		return float64(pix[i])
	case []float64:
		return pix[i]
	}
	return math.NaN()
}

// Version 1 is answered with Lerc1 where that holds the image, and else with Lerc2, which the trace states; other formats
// have no use for either parameter.
func TestLERCVersionIsTraced(t *testing.T) {
	s, _ := service(ramp(t))
	for query, want := range map[string]string{
		"format=lerc&lercVersion=1&pixelType=U32":          "[] [lercVersion: Lerc2, since Lerc1 cannot hold the image: sample",
		"format=lerc&lercVersion=1":                        "[] []",
		"format=lerc&lercVersion=2&compressionTolerance=1": "[] []",
		"format=png&lercVersion=2":                         "lercVersion: not for format png",
		"format=png&compressionTolerance=2":                "compressionTolerance: not for format png",
	} {
		query += "&size=9,9"
		if strings.Contains(query, "U32") {
			query += `&renderingRule={"rasterFunction":"Arithmetic","outputPixelType":"U32",` +
				`"rasterFunctionArguments":{"Raster":"$$","Raster2":16777217,"Operation":1}}`
		}
		got, err := s.Export(t.Context(), parse(t, query))
		require.NoError(t, err)
		assert.Contains(t, fmt.Sprint(got.Trace.Ignored, got.Trace.Notes), want, query)
		if got.Format == "lerc" {
			h, err := lerc.DecodeHeader(got.Data)
			require.NoError(t, err)
			assert.Equal(t, want == "[] []" && !strings.Contains(query, "=2"), h.Version == 0, query)
		}
	}
	for _, version := range []int{-1, 3} {
		req := parse(t, "format=lerc&size=9,9")
		req.LERCVersion = version
		_, err := s.Export(t.Context(), req)
		assert.ErrorContains(t, err, "lercVersion")
	}
}

// LERC waits in memory, which the plan counts: no export takes more than it reserves.
func TestLERCTakesNoMoreThanIsReserved(t *testing.T) {
	g := raster.NorthUp(crs(t, 3857), srs.Envelope{XMax: 512, YMax: 512}, image.Pt(512, 512))
	at := func(_, x, y int) uint8 { return uint8(x*x*31 + y*y*17 + x*y) }
	noise := rastertest.FillBlock(image.Rect(0, 0, 512, 512), 1, at)
	s := &exportimage.Service{Catalog: mosaic.Slice{item(1, rastertest.New(g, noise))}}
	s.Limits.Side, s.Limits.Pixels, s.Limits.Workers, s.Limits.Bytes = 4300, 4300*4000, 1, 1<<30
	for _, query := range []string{
		"size=2500,2000&pixelType=F32", "size=4300,4000&lercVersion=1&compressionTolerance=200",
	} {
		query = "bbox=0,0,512,512&adjustAspectRatio=false&interpolation=RSP_NearestNeighbor&format=lerc&" + query
		req := parse(t, query)
		need, err := s.MemoryNeed(t.Context(), req)
		require.NoError(t, err)
		peak := peakHeap(func() {
			_, err := s.ExportTo(t.Context(), io.Discard, req)
			require.NoError(t, err)
		})
		t.Logf("%s: %.0f MB, %.0f reserved", query, float64(peak)/1e6, float64(need)/1e6)
		assert.LessOrEqual(t, peak, uint64(need), query)
	}
}
