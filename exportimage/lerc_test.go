package exportimage_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/lerc"
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

// Version 1 is answered with Lerc2, and the trace says so; other formats have no use for either parameter.
func TestLERCVersionIsTraced(t *testing.T) {
	s, _ := service(ramp(t))
	for query, want := range map[string]string{
		"format=lerc&lercVersion=1":                        "[lercVersion: the answer is Lerc2",
		"format=lerc&lercVersion=2&compressionTolerance=1": "[]",
		"format=png&lercVersion=2":                         "lercVersion: not for format png",
		"format=png&compressionTolerance=2":                "compressionTolerance: not for format png",
	} {
		got, err := s.Export(t.Context(), parse(t, query+"&size=9,9"))
		require.NoError(t, err)
		assert.Contains(t, fmt.Sprint(got.Trace.Ignored), want, query)
		if got.Format == "lerc" {
			assert.Equal(t, "Lerc2 ", string(got.Data[:6]))
		}
	}
}
