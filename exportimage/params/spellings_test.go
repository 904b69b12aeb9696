package params

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
	"github.com/geoexport/geoexport/resample"
)

func TestShortAndHistoricNames(t *testing.T) {
	for text, want := range map[string]resample.Interpolation{
		"RSP_Bilinear": resample.Bilinear, "bilinear": resample.Bilinear, "BilinearInterpolation": resample.Bilinear,
		"RSP_Cubic": resample.Cubic, "cubic convolution": resample.Cubic, "RSP_Nearest": resample.Nearest,
		"NEAREST_NEIGHBOR": resample.Nearest, "NearestNeighbour": resample.Nearest, "Majority": resample.Majority,
	} {
		f := &Forgiven{}
		got, err := Interpolations.Read(text, f)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
		assert.Len(t, f.Notes(), 1, text)
	}
	for text, want := range map[string]mosaic.Method{
		"ByAttribute": mosaic.Attribute, "esriMosaicByAttribute": mosaic.Attribute, "Attribute": mosaic.Attribute,
		"Closest to Center": mosaic.Center, "North-West": mosaic.Northwest, "NORTH_WEST": mosaic.Northwest, "Lock Raster": mosaic.LockRaster,
		"None": mosaic.None, "Seamline": mosaic.Seamline,
	} {
		got, err := MosaicMethods.Parse(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
	for text, want := range map[string]mosaic.Operation{
		"First": mosaic.First, "last": mosaic.Last, "mt_First": mosaic.First, "MTFIRST": mosaic.First, "Average": mosaic.Mean, "Maximum": mosaic.Max,
	} {
		got, err := MosaicOperations.Parse(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
	for text, want := range map[string]exportimage.NoDataMatch{
		"esriNoMatchAny": exportimage.MatchAny, "MatchAny": exportimage.MatchAny, "esriNoDataMatch_All": exportimage.MatchAll,
	} {
		got, err := NoDataMatches.Parse(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
	for text, want := range map[string]raster.PixelType{
		"float32": raster.F32, "UInt8": raster.U8, "Byte": raster.U8, "PT_FLOAT": raster.F32, "16_BIT_SIGNED": raster.S16, "PT_UNKNOWN": raster.Unknown,
	} {
		got, err := PixelTypeParam.Parse(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
}

// A documented name is no other value's short one: what is offered needs no note.
func TestDocumentedNamesNeedNoNote(t *testing.T) {
	for _, info := range ExportImage().Infos() {
		for _, text := range info.Values {
			r, err := ParseRequest(url.Values{info.Name: {text}})
			require.NoError(t, err)
			assert.Empty(t, r.Forgiven, "%s=%s", info.Name, text)
		}
	}
}

func TestTimesAsProgramsWriteThem(t *testing.T) {
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339Nano, s)
		require.NoError(t, err)
		return v
	}
	from, to := at("2017-02-06T00:00:00Z"), at("2017-03-01T12:30:00Z")
	for _, text := range []string{
		"1486339200000,1488371400000", "1486339200000.0, 1.4883714e12", "2017-02-06, 2017-03-01T12:30:00Z",
		"2017-02-06t00:00:00z,2017-03-01 12:30", "2017/02/06, 12:00 AM,2017/03/01, 12:30 PM", "02/06/2017,03/01/2017 12:30:00",
		"'2017-02-06','2017-03-01 12:30:00'", "[1486339200000,1488371400000]", "2017-02-06T02:00:00+02:00,2017-03-01T12:30:00.000Z",
		"+1486339200000,+1488371400000",
	} {
		got, err := Time(text)
		require.NoError(t, err, text)
		assert.Equal(t, mosaic.TimeExtent{From: from, To: to}, got, text)
	}
	for text, want := range map[string]mosaic.TimeExtent{
		"1486339200000": {From: from, To: from}, "2017-02-06": {From: from, To: from}, "Feb 6, 2017": {From: from, To: from},
		"null,1488371400000": {To: to}, "2017-02-06,null": {From: from}, "2017-02-06,": {From: from}, "None,2017-03-01 12:30": {To: to},
		"undefined": {}, "null": {}, "None": {}, "-1,-1": {From: at("1969-12-31T23:59:59.999Z"), To: at("1969-12-31T23:59:59.999Z")},
		"1486339200000.5": {From: from.Add(500 * time.Microsecond), To: from.Add(500 * time.Microsecond)},
	} {
		got, err := Time(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
}

// Members that say nothing are no members, whatever the kind of nothing.
func TestEmptyMembersOfMosaicRule(t *testing.T) {
	for _, text := range []string{
		`{}`, `{"where":"","sortField":"","fids":null,"viewpoint":{},"itemRenderingRule":{},"multidimensionalDefinition":[]}`,
		`{"mosaicMethod":"","mosaicOperation":null,"ascending":"","sortValue":"","lockRasterIds":"","fids":"","viewpoint":""}`,
		`{"mosaicMethod":null,"method":"","itemRenderingRule":null,"multidimensionalDefinition":null}`, `null`, `None`, `undefined`,
	} {
		got, err := MosaicRule(text)
		require.NoError(t, err, text)
		assert.Equal(t, Mosaic{}, got, text)
	}
	got, err := MosaicRule(`{"method":"LockRaster","operation":"First","mosaicMethod":"esriMosaicLockRaster","lockRasterIds":[2.0]}`)
	require.NoError(t, err)
	assert.Equal(t, Mosaic{Rule: mosaic.Rule{Method: mosaic.LockRaster, Operation: mosaic.First, LockIDs: []int64{2}}}, got)
}

// What changes pixels and is not understood is an error that names it; the first by name, so that equal requests get equal
// errors.
func TestUnknownMembersOfMosaicRule(t *testing.T) {
	for range 20 {
		_, err := MosaicRule(`{"zone":1,"cellSize":3,"radius":2,"mosaicMethod":"esriMosaicNone"}`)
		assert.EqualError(t, err, `mosaicRule: member "cellsize" is not supported`)
	}
	_, err := MosaicRule(`{"itemRenderingRule":{"rasterFunction":"Stretch","place":1}}`)
	var e *exportimage.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, exportimage.Unsupported, e.Kind)
	assert.EqualError(t, err, `mosaicRule: itemRenderingRule: member "place" of a raster function is not supported`)
}

// The rule of single rasters is read in all the forms of functions.
func TestItemRenderingRule(t *testing.T) {
	for _, text := range []string{
		`{"itemRenderingRule":{"rasterFunction":"Slope"}}`, `{"ITEMRENDERINGRULE":"Slope"}`, `{'itemRenderingRule':{'rasterFunction':'Slope','rasterFunctionArguments':{}}}`,
		`{"itemRenderingRule":{"function":{"type":"SlopeFunction"},"arguments":{"DEM":{"isDataset":true,"type":"RasterFunctionVariable"}}}}`,
	} {
		got, err := MosaicRule(text)
		require.NoError(t, err, text)
		f, err := function.Resolve(got.ItemFunction, nil)
		require.NoError(t, err, text)
		assert.IsType(t, &function.Slope{}, f, text)
	}
	nested := func(n int) string {
		return `{"itemRenderingRule":` + strings.Repeat(`{"rasterFunction":"Stretch","rasterFunctionArguments":{"Raster":`, n) + `"$$"` + strings.Repeat(`}}`, n) + `}`
	}
	_, err := MosaicRule(nested(32))
	require.NoError(t, err, "as deep as a renderingRule")
	_, err = MosaicRule(nested(90))
	assert.ErrorContains(t, err, "nests deeper")
}

// An object whose members are empty is no function, as when no rule is chosen in a form.
func TestEmptyRenderingRules(t *testing.T) {
	for _, text := range []string{
		`{}`, `{"rasterfunction":""}`, `{"rasterFunction":null}`, `{'rasterFunction': None}`, `{"rasterFunction":"","rasterFunctionArguments":{}}`,
		`null`, `undefined`, `{"rasterFunction":"","variableName":""}`,
	} {
		got, err := RenderingRule(text)
		require.NoError(t, err, text)
		assert.Nil(t, got, text)
	}
	for _, text := range []string{`{"rasterFunction":"","rasterFunctionArguments":{"a":1}}`, `{"rasterFunctionArguments":{"a":1}}`, `{"x":1}`} {
		_, err := RenderingRule(text)
		assert.Error(t, err, text)
	}
}
