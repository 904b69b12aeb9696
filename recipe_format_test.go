package geoexport_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/exportimage/rest"
	"github.com/geoexport/geoexport/internal/servicetest"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

// The toy format is a plain portable graymap, https://netpbm.sourceforge.net/doc/pgm.html. This is all that a file with
// a new format holds.

var pgm = encode.Format{
	Name: "pgm", MediaType: "image/x-portable-graymap", Ext: "pgm", Types: []raster.PixelType{raster.U8}, Bands: 1, Encode: encodePGM,
}

func encodePGM(w io.Writer, m *raster.Image, _ *encode.Options) error {
	if _, err := fmt.Fprintf(w, "P2 %d %d 255\n", m.Grid.Size.X, m.Grid.Size.Y); err != nil {
		return err
	}
	for strip, err := range m.Strips {
		if err != nil {
			return err
		}
		p := strip.Bands[0].(*raster.PlaneOf[uint8])
		for y := p.Rect.Min.Y; y < p.Rect.Max.Y; y++ {
			if _, err := fmt.Fprintln(w, p.Row(y)); err != nil {
				return err
			}
		}
	}
	return nil
}

// A line in a service's formats makes the toy a format like the others, in requests and descriptions.
func TestFormatIsOneFileAndOneLine(t *testing.T) {
	crs, err := srs.FromWKID(3857)
	require.NoError(t, err)
	block := rastertest.Parse("12\n34")
	grid := raster.NorthUp(crs, srs.Envelope{XMax: 2, YMax: 2}, block.Bounds().Size())
	service, _ := servicetest.Service(rastertest.New(grid, block))
	service.Formats[pgm.Name] = pgm // the line

	h := rest.NewHandler(service, nil)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/exportImage?f=image&format=PGM&bbox=0,0,2,2&size=2,2", nil))
	assert.Equal(t, pgm.MediaType, w.Header().Get("Content-Type"))
	assert.Equal(t, "P2 2 2 255\n[1 2]\n[3 4]\n", w.Body.String())

	w = httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/?f=json", nil))
	var description struct{ SupportedImageFormatTypes string }
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &description))
	assert.Contains(t, description.SupportedImageFormatTypes, "PGM")
}
