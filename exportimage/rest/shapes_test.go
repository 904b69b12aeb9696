package rest_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
	"github.com/geoexport/geoexport/internal/servicetest"
	"github.com/geoexport/geoexport/mosaic"
)

// scenes is a service of three rasters on one place, of the values 10, 20 and 30, with the attributes that programs use.
func scenes(t testing.TB) *exportimage.Service {
	s, _ := service()
	var items mosaic.Slice
	for i, c := range []struct {
		year  int64
		date  time.Time
		cloud float64
	}{
		{2020, time.Date(2017, 1, 15, 0, 0, 0, 0, time.UTC), 0.05}, {2021, time.Date(2017, 2, 6, 0, 0, 0, 0, time.UTC), 0.3},
		{2022, time.Date(2017, 8, 20, 0, 0, 0, 0, time.UTC), 0.01},
	} {
		it := servicetest.Item(int64(i+1), servicetest.Square16(t, func(int, int) uint8 { return uint8(10 * (i + 1)) }))
		it.Name = "Scene_" + string(rune('A'+i))
		it.Time = mosaic.TimeExtent{From: c.date, To: c.date}
		it.Attrs = map[string]any{
			"Year": c.year, "AcquisitionDate": c.date, "CloudCover": c.cloud, "Category": int64(1), "Best": int64(3 - i), "Tag": "Dataset",
		}
		items = append(items, it)
	}
	s.Catalog = items
	return s
}

// Requests as public programs write them, and the raster that each wants on top.
func TestRulesAsProgramsWriteThem(t *testing.T) {
	h := rest.NewHandler(scenes(t), nil)
	for _, c := range []struct {
		query string
		want  uint8
	}{
		{`mosaicRule={'mosaicMethod' : 'esriMosaicLockRaster', 'lockRasterIds' : [2]}&renderingRule={'rasterFunction': 'None'}&imageSR={'wkid': 3857}`, 20},
		{`mosaicRule={"mosaicMethod":"esriMosaicLockRaster","lockRasterIds":"3","ascending":"true"}`, 30},
		{`mosaicRule={"mosaicMethod":"esriMosaicLockRaster","lockRasterIds":[3.0,1.0],"ascending":True,"isSlice":null}`, 30},
		{`mosaicRule={u'mosaicMethod': u'esriMosaicLockRaster', u'lockRasterIds': [2L, 1L]}`, 20},
		{`mosaicRule={"mosaicMethod":["esriMosaicLockRaster"],"lockRasterIds":2}`, 20},
		{`mosaicRule={"ascending":true,"mosaicMethod":"esriMosaicAttribute","sortValue":null,"where":"(Year = 2021)"}`, 20},
		{`mosaicRule={"mosaicMethod":"esriMosaicAttribute","where":"Year=2022"}`, 30},
		{`mosaicRule={mosaicMethod:'esriMosaicAttribute',sortField:'AcquisitionDate',sortValue:'2017/02/06, 12:00 AM',ascending:true,mosaicOperation:'MT_FIRST',where:'CloudCover<=0.3'}&time=0,1514764800000`, 20},
		{`mosaicRule={"mosaicMethod":"ByAttribute","sortField":"Year","sortValue":"3000","mosaicOperation":"First"}`, 30},
		{`mosaicRule={"mosaicMethod":"esriMosaicLockRaster","lockRasterIds":[2],"method":"esriMosaicLockRaster","operation":"MT_FIRST","multidimensionalDefinition":[]}`, 20},
		{`mosaicRule={"mosaicMethod":"esriMosaicAttribute","sortField":"cloudcover","sortValue":"0"}&time=2017-01-01,2017-03-01`, 10},
		{`mosaicRule={"where":"AcquisitionDate > date '02/01/2017'","mosaicMethod":"esriMosaicNone"}`, 20},
		{`mosaicRule={"where":"EXTRACT(MONTH FROM AcquisitionDate) = 8"}`, 30},
		{`mosaicRule={"where":"Year %25 2 = 1"}`, 20},
		{`mosaicRule={"where":"LOWER(Name) LIKE 'scene_b%25'"}`, 20},
		{`mosaicRule={"where":"AcquisitionDate BETWEEN timestamp '2017-02-01 00:00:00' AND timestamp '2017-02-28 23:59:59'"}`, 20},
		{`mosaicRule={"where":"(Category = 1) AND (CloudCover <=0.025)"}`, 30},
		{`time=1.4863392e12`, 20}, {`time=2017-08-20t00:00:00z`, 30}, {`time=08/20/2017,null`, 30},
		{`mosaicRule={"mosaicMethod":"esriMosaicNone","sortField":"*","ascending":true}`, 10},
		{`mosaicRule=null&renderingRule={}&time=undefined&noData=None`, 10},
	} {
		query := strings.NewReplacer(" ", "%20", `"`, "%22", "'", "%27", "{", "%7B", "}", "%7D", "<", "%3C").Replace(c.query)
		w := get(h, "/exportImage?f=image&format=bip&size=16,16&bbox=0,0,16,16&"+query)
		if strings.Contains(c.query, "isSlice") {
			require.Equal(t, http.StatusOK, w.Code, "a member that is null is none: %s", w.Body)
		}
		require.Equal(t, http.StatusOK, w.Code, "%s: %s", c.query, w.Body)
		assert.Equal(t, c.want, w.Body.Bytes()[0], c.query)
	}
	for query, want := range map[string]string{
		`mosaicRule={"where":"beginyear = 2024"}`:                                "there is no field",
		`mosaicRule={"mosaicMethod":"esriMosaicNone","isSlice":false}`:           "isslice",
		`mosaicRule={"mosaicMethod":"esriMosaicLockRaster","lockRasterIds":"b"}`: "lockRasterIds",
		`mosaicRule=$2`:          "mosaicRule",
		`interpolation=RSP_Best`: "interpolation",
	} {
		w := get(h, "/exportImage?f=image&format=bip&size=16,16&"+strings.NewReplacer(" ", "%20", `"`, "%22").Replace(query))
		assert.GreaterOrEqual(t, w.Code, 400, query)
		assert.Contains(t, w.Body.String(), want, query)
	}
}

// Requests of elevation scripts, whose interpolation begins with the blank of ArcGIS's form as a plus sign that is encoded.
func TestElevationScripts(t *testing.T) {
	s, _ := service(ramp(t))
	h := rest.NewHandler(s, nil)
	const base = "/exportImage?f=image&format=bip&bbox=10,10,74,74&size=64,64&"
	first := get(h, base+"interpolation=RSP_BilinearInterpolation")
	require.Equal(t, http.StatusOK, first.Code)
	want := first.Body.Bytes()
	for _, query := range []string{
		"interpolation=%2BRSP_BilinearInterpolation&noDataInterpretation=esriNoDataMatchAny", "interpolation=+RSP_BilinearInterpolation",
		"interpolation=RSP_Bilinear", "interpolation=%2Bbilinear&noData=3.4e+38", "noData=3.4e%2B38&noDataInterpretation=esriNoMatchAny",
		"noData=&time=&bboxSR=&mosaicRule=&renderingRule=&pixelType=&lercVersion=&interpolation=%2B%20RSP_Bilinear",
		"pixelType=float32&adjustAspectRatio=%2Bfalse",
	} {
		w := get(h, base+query)
		require.Equal(t, http.StatusOK, w.Code, "%s: %s", query, w.Body)
		assert.Equal(t, want, w.Body.Bytes(), query)
	}
	body := url.Values{"f": {"image"}, "format": {"+bip"}, "bbox": {`{'xmin': 10, 'ymin': 10.0, 'xmax': '74', 'ymax': 74}`}, "size": {"64.0 64.0"}}
	w := post(h, "/exportImage", "application/x-www-form-urlencoded", body.Encode())
	require.Equal(t, http.StatusOK, w.Code, w.Body)
	assert.Equal(t, want, w.Body.Bytes())
}
