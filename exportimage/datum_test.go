package exportimage_test

import (
	"errors"
	"fmt"
	"image"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

// wantError returns an error as the service's, of a kind.
func wantError(t testing.TB, err error, kind exportimage.Kind) *exportimage.Error {
	t.Helper()
	e, ok := errors.AsType[*exportimage.Error](err)
	require.True(t, ok, "%v", err)
	assert.Equal(t, kind, e.Kind, "%v", err)
	return e
}

// explained is export with Request.Explain.
func explained(t testing.TB, s *exportimage.Service, raw **raster.Block, query string) (*raster.Block, exportimage.Result) {
	r := parse(t, query)
	r.Explain = true
	if r.Format == "" {
		r.Format = "raw"
	}
	res, err := s.Export(t.Context(), r)
	require.NoError(t, err)
	return *raw, res
}

// slope is a raster of a degree east of 2° W in a reference, whose samples are longitudes there, in ten-thousandths of a
// degree from 2° W.
func slope(t testing.TB, code int) *rastertest.Memory {
	g := raster.NorthUp(crs(t, code), srs.Envelope{XMin: -2, YMin: 52, XMax: -1, YMax: 52.25}, image.Pt(1000, 250))
	return rastertest.FromFunc(g, 1, func(_, x, _ int) float32 { return (float32(x) + 0.5) * 10 })
}

// The rasters, and the box, come to the image by the operation that the request names, and the trace says so.
func TestDatumTransformation(t *testing.T) {
	s, raw := service(slope(t, 4277))
	middle := -1.5
	for _, c := range []struct {
		param string
		wkid  int
		back  bool
	}{
		{"1314", 1314, false}, {"1195", 1195, false}, {"5622", 5622, false},
		{`{"wkid":1195}`, 1195, false}, {`{"wkid":9999,"latestWkid":1195}`, 1195, false}, {`{"wkid":1195,"latestWkid":99999}`, 1195, false},
		{`{"geoTransforms":[{"wkid":1195,"transformForward":true}]}`, 1195, false},
		{`{"geoTransforms":[{"wkid":1195,"forward":true,"name":"OSGB_1936_To_WGS_1984_1"}]}`, 1195, false},
		{`[{'wkid':'1195'}]`, 1195, false},
		{`{"wkt":"` + strings.ReplaceAll(osgb, `"`, `\"`) + `"}`, 1195, false}, {osgb, 1195, false},
	} {
		got, res := explained(t, s, raw, "bbox=-1.51,52.1,-1.49,52.11&imageSR=4326&size=20,10&adjustAspectRatio=false&datumTransformation="+
			url.QueryEscape(c.param)+"&bboxSR=4326")
		operation, err := srs.OperationFromWKID(c.wkid)
		require.NoError(t, err)
		tr, err := srs.Options{Operations: []srs.Operation{operation}}.NewTransformer(crs(t, 4326), crs(t, 4277))
		require.NoError(t, err)
		x, y := []float64{middle + 0.0005}, []float64{52.1055}
		tr.Transform(x, y)
		assert.InDelta(t, (x[0]+2)*1e4, got.Bands[0].(*raster.PlaneOf[float32]).Row(4)[10], 0.02, c.param) // 0.2 m
		require.Len(t, res.Trace.Rasters, 1)
		if strings.Contains(c.param, "GEOGTRAN") {
			assert.Equal(t, []string{"OSGB"}, res.Trace.Rasters[0].DatumOperations, c.param)
		} else {
			assert.Contains(t, strings.Join(res.Trace.Rasters[0].DatumOperations, ""), fmt.Sprintf("[%d]", c.wkid), c.param)
		}
		assert.Contains(t, res.Trace.Plan, "from its datum by ")
		assert.Empty(t, res.Trace.DatumOperations)
	}
	// The box takes it, too, and back.
	for way, names := range map[string]string{"false": "inverse of OSGB36 to WGS 84 (1)", "true": ""} {
		r := parse(t, `bbox=-1.51,52.1,-1.49,52.11&bboxSR=4326&imageSR=4277&size=20,10&adjustAspectRatio=false&datumTransformation=`+
			url.QueryEscape(`{"geoTransforms":[{"wkid":1195,"transformForward":`+way+`}]}`))
		r.Explain = true
		res, err := s.Export(t.Context(), r)
		if names == "" {
			e := wantError(t, err, exportimage.Invalid)
			assert.Equal(t, "datumTransformation", e.Param)
			assert.ErrorContains(t, err, "OSGB36")
			continue
		}
		require.NoError(t, err)
		require.Len(t, res.Trace.DatumOperations, 1)
		assert.Contains(t, res.Trace.DatumOperations[0], names)
		tr, err := srs.Options{Operations: r.DatumTransformation}.NewTransformer(crs(t, 4326), crs(t, 4277))
		require.NoError(t, err)
		want, err := tr.Envelope(srs.Envelope{XMin: -1.51, YMin: 52.1, XMax: -1.49, YMax: 52.11})
		require.NoError(t, err)
		assert.InDelta(t, want.XMin, res.Envelope.XMin, 1e-12)
	}
}

const osgb = `GEOGTRAN["OSGB",GEOGCS["GCS_OSGB_1936",DATUM["D_OSGB_1936",SPHEROID["Airy_1830",6377563.396,299.3249646]],` +
	`PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",` +
	`SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],` +
	`METHOD["Geocentric_Translation"],PARAMETER["X_Axis_Translation",375.0],PARAMETER["Y_Axis_Translation",-111.0],` +
	`PARAMETER["Z_Axis_Translation",431.0]]`

// What is wrong with a datum transformation is said by name.
func TestDatumTransformationRefused(t *testing.T) {
	s, _ := service(slope(t, 4277))
	for _, c := range []struct {
		param string
		kind  exportimage.Kind
		says  string
	}{
		{"1", exportimage.Invalid, "not known"},
		{"1173", exportimage.Invalid, "North American Datum 1927"}, // NAD27 to WGS 84: not from OSGB36
		{`{"geoTransforms":[{"wkid":1195,"transformForward":false}]}`, exportimage.Invalid, "OSGB"},
		{`{"geoTransforms":[{"wkid":1195},{"wkid":1195}]}`, exportimage.Invalid, "leads"},
		{"7709", exportimage.Invalid, "European Terrestrial"},
		{"5339", exportimage.Unsupported, "OSTN02_NTv2.gsb"},
		{"9084", exportimage.Unsupported, "New Zealand Deformation Model"},
		{`{"geoTransforms":7}`, exportimage.Invalid, "list"},
		{`{"geoTransforms":[7,{"wkid":1195}]}`, exportimage.Invalid, "transformation 1"},
		{`{"wkid":1195,"mood":1}`, exportimage.Invalid, "mood"},
		{`{"wkid":1195,"forward":true,"transformForward":false}`, exportimage.Invalid, "contradicts"},
		{`{"name":"x"}`, exportimage.Invalid, "neither"},
		{`{"wkt":"PROJCS[1]"}`, exportimage.Invalid, "GEOGTRAN"},
		{"OSGB", exportimage.Invalid, "datumTransformation"},
	} {
		err := exportErr(s, "bbox=-1.51,52.1,-1.49,52.11&bboxSR=4326&imageSR=4326&size=20,10&datumTransformation="+url.QueryEscape(c.param))
		e := wantError(t, err, c.kind)
		assert.Equal(t, "datumTransformation", e.Param, c.param)
		assert.ErrorContains(t, err, c.says, c.param)
	}
}

// Rasters on another datum than the operation's are taken as they would be without it, with a note; where no datum
// changes, it is listed as ignored.
func TestDatumTransformationOfSomeRasters(t *testing.T) {
	s, raw := service(slope(t, 4277), slope(t, 4258))
	_, res := export(t, s, raw, "bbox=-1.51,52.1,-1.49,52.11&bboxSR=4326&imageSR=4326&size=20,10&datumTransformation=1195")
	require.Len(t, res.Trace.Notes, 1)
	assert.Contains(t, res.Trace.Notes[0], "datumTransformation: not used for raster")
	assert.Contains(t, res.Trace.Notes[0], "ETRS89")
	assert.Empty(t, res.Trace.Ignored)

	s, raw = service(slope(t, 4277))
	_, res = export(t, s, raw, "size=20,10&datumTransformation=1195")
	require.Len(t, res.Trace.Ignored, 1)
	assert.Contains(t, res.Trace.Ignored[0], "datumTransformation")

	_, res = export(t, s, raw, "bbox=-1.51,52.1,-1.49,52.11&bboxSR=4258&imageSR=4326&size=20,10&datumTransformation=1195")
	require.Len(t, res.Trace.Notes, 1)
	assert.Contains(t, res.Trace.Notes[0], "not used for the box")

	s.Defaults = parse(t, "datumTransformation=1195")
	_, res = explained(t, s, raw, "bbox=-1.51,52.1,-1.49,52.11&bboxSR=4326&imageSR=4326&size=20,10")
	assert.Contains(t, res.Trace.Rasters[0].DatumOperations[0], "[1195]")
}
