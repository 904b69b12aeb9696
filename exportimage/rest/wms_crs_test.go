package rest

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/srs"
)

// The order of axes is that of PROJ's database:
//
//	for c in ...; do projinfo -o WKT2:2019 EPSG:$c | grep -m1 -A1 'AXIS'; done
func TestAxesOfReferences(t *testing.T) {
	north := map[string]bool{
		"EPSG:4326": true, "EPSG:4258": true, "EPSG:3035": true, "EPSG:31467": true, "EPSG:2193": true, "EPSG:2393": true, "EPSG:3034": true,
		"EPSG:32661": true, "EPSG:5513": true, "EPSG:3857": false, "EPSG:32633": false, "EPSG:25832": false, "EPSG:3031": false,
		"EPSG:3995": false, "EPSG:5041": false, "EPSG:2048": false, "EPSG:27700": false, "EPSG:2154": false, "ESRI:102100": false,
		"ESRI:54030": false, "CRS:84": false, "CRS:83": false, "CRS:27": false, "OGC:CRS84": false, "crs:84": false,
		"urn:ogc:def:crs:EPSG::4326": true, "urn:ogc:def:crs:OGC:1.3:CRS84": false, "urn:ogc:def:crs:EPSG:9.8:3857": false,
		"http://www.opengis.net/def/crs/EPSG/0/4326": true, "http://www.opengis.net/def/crs/OGC/1.3/CRS84": false,
		"epsg:4326": true,
	}
	for name, want := range north {
		c, err := parseWMSCRS(name, wms130)
		require.NoError(t, err, name)
		assert.Equal(t, want, c.northFirst, name)
		c, err = parseWMSCRS(name, wms111)
		require.NoError(t, err, name)
		assert.False(t, c.northFirst, "%s in 1.1.1", name)
	}
	for _, name := range []string{
		"4326", "EPSG:", "EPSG:0", "EPSG:-1", "EPSG:99999999999", "CRS:1", "AUTO2:42001,1,0,50", "IGNF:LAMB93", "EPSG:4326,EPSG:3857",
		"+proj=utm +zone=33", `GEOGCS["x"]`, `{"wkid":4326}`, "urn:ogc:def:crs:EPSG", "http://www.opengis.net/def/crs/EPSG/4326", "EPSG:5703",
	} {
		_, err := parseWMSCRS(name, wms130)
		code, _, _ := describeWMS(exportimage.AsError(err), wms130)
		assert.Equal(t, "InvalidCRS", code, name)
		_, err = parseWMSCRS(name, wms111)
		code, _, _ = describeWMS(exportimage.AsError(err), wms111)
		assert.Equal(t, "InvalidSRS", code, name)
	}
}

func TestBoxesOfMaps(t *testing.T) {
	latLon, err := parseWMSCRS("EPSG:4326", wms130)
	require.NoError(t, err)
	e, err := parseWMSBox("-10,20,30,40.5", latLon)
	require.NoError(t, err)
	assert.Equal(t, srs.Envelope{XMin: 20, YMin: -10, XMax: 40.5, YMax: 30}, e)
	for _, text := range []string{"", "1,2,3", "1,2,3,4,5", "1,2,x,4", "1,2,NaN,4", "1,2,Inf,4", "3,2,1,4", "1,2,1,4", "1,4,3,2", "1 2 3 4"} {
		_, err := parseWMSBox(text, latLon)
		assert.Error(t, err, text)
	}
	assert.Equal(t, srs.Envelope{XMin: -180, YMin: -20, XMax: 180, YMax: 10}, inOneTurn(srs.Envelope{XMin: 170, YMin: -20, XMax: 190, YMax: 10}))
	assert.Equal(t, srs.Envelope{XMin: -170, YMin: -90, XMax: -150, YMax: 90}, inOneTurn(srs.Envelope{XMin: 190, YMin: -91, XMax: 210, YMax: 91}))
	assert.Equal(t, srs.Envelope{XMin: -10, YMin: 1, XMax: 20, YMax: 2}, inOneTurn(srs.Envelope{XMin: -10, YMin: 1, XMax: 20, YMax: 2}))
}

func TestVersionsOfMaps(t *testing.T) {
	for asked, want := range map[string]string{
		"": wms130, "1.3.0": wms130, "1.3": wms130, "1.4.0": wms130, "2.0.0": wms130, "x": wms130, "1.1.1": wms111, "1.1.0": wms111, "1.0.0": wms111,
		"1.2.0": wms111, "1.1.2": wms111, "0.0.1": wms111,
	} {
		assert.Equal(t, want, wmsVersionOf(wmsParams{"VERSION": asked}), asked)
	}
	assert.Equal(t, wms111, wmsVersionOf(wmsParams{"WMTVER": "1.0.0"}))
	for _, ok := range []string{"1.3.0", "1.3", "1.1.1", "1.1.0", "1.0.0"} {
		assert.NoError(t, checkWMSVersion(wmsParams{"VERSION": ok}), ok)
	}
	for _, bad := range []string{"", "x", "1.3.1", "2.0.0", "0.9", "1.1.1.1", "-1", "1..1"} {
		assert.Error(t, checkWMSVersion(wmsParams{"VERSION": bad}), bad)
	}
}
