package exportimage_test

import (
	"bytes"
	"fmt"
	"image"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/raster/source"
)

// Coverage is the fraction of pixels that hold data: of a drawn image by counting, of a plan by its rasters' extents.
func TestCoverage(t *testing.T) {
	s, raw := service(ramp(t)) // 0,0,512,512
	for box, want := range map[string]float64{
		"0,0,512,512": 1, "-256,0,256,512": 0.5, "-256,-256,256,256": 0.25, "600,600,1112,1112": 0, "-512,-512,1024,1024": 1. / 9,
	} {
		query := "bbox=" + box + "&size=96,96&interpolation=RSP_NearestNeighbor"
		block, _ := export(t, s, raw, query)
		req := parse(t, query)
		req.Format = "raw"
		res, err := s.Export(t.Context(), req)
		require.NoError(t, err)
		assert.InDelta(t, want, res.Trace.Coverage, 1e-9, box)
		assert.Equal(t, want > 0, res.Trace.Covered, box)
		held := 96 * 96
		if block.Valid != nil {
			held -= bytes.Count(block.Valid.Pix, []byte{0})
		}
		assert.InDelta(t, float64(held)/(96*96), res.Trace.Coverage, 1e-9)
		plan, err := s.Plan(t.Context(), req)
		require.NoError(t, err)
		assert.InDelta(t, want, plan.Trace.Coverage, 0.04, "%s: a pixel more on each side", box)
	}
}

// A box that lies elsewhere is noted, with the reference in which it would lie on the rasters.
func TestABoxElsewhereIsNoted(t *testing.T) {
	s, _ := service(scene(t)) // 500000,5300000,506000,5306000 in 32633, at 15 degrees east
	for query, want := range map[string]string{
		"bbox=15.01,47.855,15.07,47.89": "bbox: it lies outside all rasters, which are within 500000,5300000,506000,5306000 of EPSG:32633; " +
			"bboxSR was not stated, so that it is in EPSG:32633; it would lie on them in EPSG:4326",
		"bbox=1671000,6083000,1679000,6088000": "it would lie on them in EPSG:3857",
		"bbox=15.01,47.855,15.07,47.89&bboxSR=3857": "bbox: it lies outside all rasters, which are within " +
			"500000,5300000,506000,5306000 of EPSG:32633; it would lie on them in EPSG:4326",
		"bbox=1,2,3,4": "of EPSG:32633; bboxSR was not stated, so that it is in EPSG:32633",
	} {
		for _, explain := range []func(exportimage.Request) (exportimage.Result, error){
			func(r exportimage.Request) (exportimage.Result, error) { return s.Export(t.Context(), r) },
			func(r exportimage.Request) (exportimage.Result, error) { return s.Plan(t.Context(), r) },
		} {
			res, err := explain(parse(t, query+"&size=32,32"))
			require.NoError(t, err, query)
			assert.Zero(t, res.Trace.Coverage)
			assert.Contains(t, fmt.Sprint(res.Trace.Notes), want, query)
		}
	}
	res, err := s.Export(t.Context(), parse(t, "bbox=15.01,47.855,15.07,47.89&bboxSR=4326&size=32,32"))
	require.NoError(t, err)
	assert.Positive(t, res.Trace.Coverage)
	assert.Empty(t, res.Trace.Notes)
}

// A value that no pixel can have is noted and changes no pixel; one that only the source has masks, and is in no tag.
func TestNoDataThatTheTypeCannotHold(t *testing.T) {
	s, _ := service(world(t)) // U8
	tiff := func(query string) ([]byte, exportimage.Trace) {
		res, err := s.Export(t.Context(), parse(t, "bbox=-40,-20,40,20&bboxSR=4326&size=80,40&format=tiff"+query))
		require.NoError(t, err, query)
		return res.Data, res.Trace
	}
	plain, _ := tiff("")
	for _, v := range []string{"3.4e38", "-9999", "0.5", "300", "-1,-1,-1"} {
		got, trace := tiff("&noData=" + v)
		assert.Equal(t, plain, got, v)
		require.Len(t, trace.Notes, 1, v)
		assert.Contains(t, trace.Notes[0], "no sample of type U8 has this value, so it was ignored")
	}
	_, trace := tiff("&noData=7")
	assert.Empty(t, trace.Notes)

	g := raster.NorthUp(crs(t, 4326), world(t).Info().Grid.Envelope(), image.Pt(36, 18))
	s, _ = service(rastertest.FromFunc(g, 1, func(_, x, _ int) float32 {
		if x == 20 {
			return -9999
		}
		return float32(x)
	}))
	res, err := s.Export(t.Context(), parse(t, "size=36,18&format=tiff&pixelType=U8&noData=-9999&interpolation=RSP_NearestNeighbor"))
	require.NoError(t, err)
	assert.Equal(t, []string{"noData -9999: pixels of type U8 cannot have this value, so that those without data are only masked"}, res.Trace.Notes)
	f, err := geotiff.Open(t.Context(), source.FromReaderAt(bytes.NewReader(res.Data), int64(len(res.Data))), nil)
	require.NoError(t, err)
	assert.Nil(t, f.Info().Bands[0].NoData)
	b, err := f.Read(t.Context(), nil, 0, image.Rect(0, 0, 36, 18), nil)
	require.NoError(t, err)
	assert.Zero(t, b.Valid.AlphaAt(20, 5).A)
	assert.EqualValues(t, 255, b.Valid.AlphaAt(21, 5).A)
}

// The method Attribute without a field takes the service's, or leaves rasters in the catalogue's order; the trace says which.
func TestAttributeWithoutAField(t *testing.T) {
	s, raw := service(world(t))
	plain, _ := export(t, s, raw, "size=36,18")
	req := parse(t, "size=36,18&format=raw")
	req.MosaicRule = mosaic.Rule{Method: mosaic.Attribute}
	res, err := s.Export(t.Context(), req)
	require.NoError(t, err)
	assert.Equal(t, plain, *raw)
	assert.Contains(t, fmt.Sprint(res.Trace.Forgiven), "rasters are in the catalogue's order")

	s.Defaults.MosaicRule = mosaic.Rule{Method: mosaic.Attribute, SortField: "Nothing"}
	_, err = s.Export(t.Context(), req)
	assert.ErrorContains(t, err, "Nothing", "the service's own field")
}
