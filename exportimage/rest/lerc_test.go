package rest_test

import (
	"encoding/json"
	"math"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/exportimage/rest"
	"github.com/geoexport/geoexport/raster/lerc"
)

// lercBox is a box of 64 by 64 pixels of the ramp and of what lies to the left of it and below.
const lercBox = "/exportImage?f=image&format=lerc&size=64,64&interpolation=RSP_NearestNeighbor&bbox=-16,-16,48,48"

// TestLERC asks for the same pixels of the ramp, whose samples are column + 1000·row, in all ways that LERC has.
func TestLERC(t *testing.T) {
	s, _ := service(ramp(t))
	s.Formats = nil
	h := rest.NewHandler(s, nil)
	decode := func(query string) (*lerc.Header, *lerc.Image) {
		w := get(h, lercBox+query)
		require.Equal(t, http.StatusOK, w.Code, "%s: %s", query, w.Body)
		require.Equal(t, "application/octet-stream", w.Header().Get("Content-Type"), query)
		header, err := lerc.DecodeHeader(w.Body.Bytes())
		require.NoError(t, err, query)
		require.Equal(t, w.Body.Len(), header.Size, query)
		m, err := lerc.Decode(w.Body.Bytes(), nil)
		require.NoError(t, err, query)
		return &header, m
	}
	_, exact := decode("&pixelType=F64")
	truth := exact.Pix.([]float64)
	for _, c := range []struct {
		query   string
		version int // 0 is Lerc1
		typ     lerc.Type
		bands   int
		bound   float64
	}{
		{"", 4, lerc.Float32, 1, 0},
		{"&lercVersion=2", 4, lerc.Float32, 1, 0},
		{"&lercVersion=1", 0, lerc.Float32, 1, 0},
		{"&lercVersion=1&compressionTolerance=0.25", 0, lerc.Float32, 1, 0.25},
		{"&lercVersion=1&compressionTolerance=10&bandIds=0,0", 0, lerc.Float32, 2, 10},
		{"&compression=LERC&compressionTolerance=0.01", 4, lerc.Float32, 1, 0.01},
		{"&compressionTolerance=.5&bandIds=0,0,0", 4, lerc.Float32, 3, 0.5},
		// What does not fit is the type's nearest number.
		{"&pixelType=U16", 4, lerc.Uint16, 1, math.Inf(1)},
		{"&pixelType=U16&lercVersion=1", 0, lerc.Float32, 1, math.Inf(1)},
		{"&pixelType=S16&compressionTolerance=0.9", 4, lerc.Int16, 1, math.Inf(1)},
		{"&pixelType=S32&compressionTolerance=100", 4, lerc.Int32, 1, 100},
		{"&pixelType=S32&lercVersion=1", 0, lerc.Float32, 1, 0},
		{"&pixelType=U32", 4, lerc.Uint32, 1, 0},
		{"&pixelType=F64&compressionTolerance=1e-3", 4, lerc.Float64, 1, 1e-3},
		{"&pixelType=U8&lercVersion=2", 4, lerc.Uint8, 1, math.Inf(1)},
		{"&pixelType=S8", 4, lerc.Int8, 1, math.Inf(1)},
		{"&pixelType=U4", 4, lerc.Uint8, 1, math.Inf(1)},
	} {
		header, m := decode(c.query)
		assert.Equal(t, [5]int{c.version, 64, 64, c.bands, 1},
			[5]int{header.Version, m.Width, m.Height, m.Bands, m.Depth}, c.query)
		assert.Equal(t, c.typ, m.Type(), c.query)
		require.Len(t, m.Valid, 64*64, "%s: bands share a mask", c.query)
		for i, v := range m.Valid {
			require.Equal(t, i%64 >= 16 && i/64 < 48, v != 0, "%s: pixel %d", c.query, i)
		}
		worst := 0.0
		for i, v := range lercFloats(m.Pix) {
			if at := i % (64 * 64); m.Valid[at] != 0 {
				worst = max(worst, math.Abs(v-truth[at]))
			}
		}
		assert.LessOrEqual(t, worst, c.bound, c.query)
		assert.False(t, c.bound >= 10 && !math.IsInf(c.bound, 0) && worst == 0, "%s: nothing is lost", c.query)
	}

	// A value without data is invalid, and the others are as before.
	none := truth[5*64+20]
	_, m := decode("&noData=" + jsonText(t, none))
	for i, v := range m.Valid {
		require.Equal(t, i%64 >= 16 && i/64 < 48 && truth[i] != none, v != 0, "pixel %d", i)
	}
}

func jsonText(t *testing.T, v any) string {
	b, err := json.Marshal(v)
	require.NoError(t, err)
	return string(b)
}

// lercFloats returns samples as float64.
func lercFloats(pix any) (out []float64) {
	switch pix := pix.(type) {
	case []int8:
		return widen(pix)
	case []uint8:
		return widen(pix)
	case []int16:
		return widen(pix)
	case []uint16:
		return widen(pix)
	case []int32:
		return widen(pix)
	case []uint32:
		return widen(pix)
	case []float32:
		return widen(pix)
	}
	return pix.([]float64)
}

func widen[T lerc.Sample](pix []T) (out []float64) {
	for _, v := range pix {
		out = append(out, float64(v))
	}
	return out
}

// TestLERCErrors: errors name the parameter, and what there is instead.
func TestLERCErrors(t *testing.T) {
	s, _ := service(ramp(t))
	s.Formats = nil
	h := rest.NewHandler(s, nil)
	for _, c := range []struct {
		query string
		code  int
		want  string
	}{
		{"&lercVersion=3", http.StatusBadRequest, "lercVersion: 3 is neither 1 nor 2"},
		{"&lercVersion=0", http.StatusBadRequest, "lercVersion: 0 is neither 1 nor 2"},
		{"&lercVersion=two", http.StatusBadRequest, "lercVersion: "},
		{"&compressionTolerance=-1", http.StatusBadRequest, "compressionTolerance: -1 is below 0"},
		{"&compressionTolerance=x", http.StatusBadRequest, "compressionTolerance: "},
		{"&pixelType=C64", http.StatusNotImplemented, "format lerc does not hold pixels of type C64"},
	} {
		w := get(h, lercBox+c.query)
		assert.Equal(t, c.code, w.Code, c.query)
		assert.Contains(t, w.Body.String(), c.want, c.query)
	}
}

// TestLERCIsAnnounced: clients look at currentVersion and supportedImageFormatTypes before they ask for LERC.
func TestLERCIsAnnounced(t *testing.T) {
	s, _ := service(ramp(t))
	for _, served := range []bool{true, false} {
		s.Formats = encode.Default()
		if !served {
			delete(s.Formats, "lerc")
		}
		h := rest.NewHandler(s, nil)
		var d struct {
			CurrentVersion            float64
			SupportedImageFormatTypes string
		}
		require.NoError(t, json.Unmarshal(get(h, "/?f=json").Body.Bytes(), &d))
		assert.Equal(t, served, d.CurrentVersion >= 10.5, "%v", d.CurrentVersion)
		if w := get(h, lercBox); served {
			assert.Contains(t, d.SupportedImageFormatTypes, "LERC")
			assert.Equal(t, http.StatusOK, w.Code)
		} else {
			assert.NotContains(t, d.SupportedImageFormatTypes, "LERC")
			assert.Equal(t, http.StatusNotImplemented, w.Code)
			assert.Contains(t, w.Body.String(), "format")
		}
	}
}
