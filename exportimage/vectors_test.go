package exportimage_test

import (
	"bytes"
	"image"
	"image/png"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

// Answers of public ArcGIS servers: a result page of gis.maine.gov, and an export of ags.cuzk.cz, whose box passed
// through the server's own datum step, about 0.1 m from ours over this box.
func TestExtentsOfServers(t *testing.T) {
	for _, c := range []struct {
		query string
		want  [4]float64 // width and height alone if the first two are zero
		tol   float64
	}{
		{"bbox=381000,4837750,537000,4954000&bboxSR=26919&imageSR=26919", [4]float64{381000, 4817875, 537000, 4973875}, 1e-9},
		{"bbox=381000,4837750,537000,4954000&bboxSR=26919&imageSR=26919&adjustAspectRatio=false", [4]float64{381000, 4837750, 537000, 4954000}, 0},
		{"bbox=14.30410,48.80550,14.32590,48.81630&bboxSR=4326&imageSR=5514&size=800,600", [4]float64{0, 0, 1880.117, 1410.088}, 0.1},
	} {
		s, _ := service(world(t))
		res, err := s.Plan(t.Context(), parse(t, c.query))
		require.NoError(t, err)
		got := res.Envelope
		sides := [4]float64{got.XMin, got.YMin, got.XMax, got.YMax}
		if c.want[0] == 0 {
			sides = [4]float64{0, 0, got.XMax - got.XMin, got.YMax - got.YMin}
		}
		for i := range sides {
			assert.InDelta(t, c.want[i], sides[i], c.tol, c.query)
		}
	}
}

// bboxSR does not imply imageSR: each is the service's where it is not stated.
func TestReferencesHaveDefaultsOfTheirOwn(t *testing.T) {
	s, _ := service(world(t))
	res, err := s.Plan(t.Context(), parse(t, "bbox=0,0,1e6,1e6&bboxSR=102100"))
	require.NoError(t, err)
	assert.Equal(t, crs(t, 4326), res.CRS)
}

// T43: one value of noData is that of any band, a list is of all of them, unless noDataInterpretation states otherwise.
func TestT43NoDataOfAnyOrAllBands(t *testing.T) {
	g := raster.NorthUp(crs(t, 3857), srs.Envelope{XMax: 3, YMax: 1}, image.Pt(3, 1))
	s, raw := service(rastertest.FromFunc(g, 3, func(band, x, _ int) uint8 {
		return [][3]uint8{{0, 10, 10}, {0, 0, 0}, {5, 5, 5}}[x][band]
	}))
	for query, want := range map[string][3]bool{
		"noData=0":     {false, false, true},
		"noData=0,0,0": {true, false, true},
		"noData=0&noDataInterpretation=esriNoDataMatchAll":                            {true, false, true},
		"noData=0.000000, 0.000000, 0.000000&noDataInterpretation=esriNoDataMatchAny": {false, false, true},
		"noData=0,10,10": {false, true, true},
		"noData=300":     {true, true, true}, // which no byte is
	} {
		b, _ := export(t, s, raw, "bbox=0,0,3,1&size=3,1&interpolation=RSP_NearestNeighbor&"+url.PathEscape(query))
		for x, there := range want {
			assert.Equal(t, there, b.Valid == nil || b.Valid.AlphaAt(x, 0).A != 0, "%s: %d", query, x)
		}
	}
}

// One band as png8 is grey, the samples themselves: QGIS reads bands so.
func TestPNG8OfOneBandIsItsSamples(t *testing.T) {
	s, _ := service(bands3(t))
	s.Formats = nil
	res, err := s.Export(t.Context(), parse(t, "format=png8&bandIds=2&pixelType=U8&"+whole16))
	require.NoError(t, err)
	img, err := png.Decode(bytes.NewReader(res.Data))
	require.NoError(t, err)
	grey, ok := img.(*image.Gray)
	require.True(t, ok, "%T", img)
	for y := range 16 {
		for x := range 16 {
			require.Equal(t, uint8(x+y), grey.GrayAt(x, y).Y)
		}
	}
}
