package srs_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/srs"
)

// TestTextIsReadAsTheSameCRS: Parse of Text is the CRS itself, whatever form it came from.
func TestTextIsReadAsTheSameCRS(t *testing.T) {
	for _, form := range []string{
		"4326", "EPSG:4326", "3857", "102100", "ESRI:102100", "900913", "26711", "32618", "ESRI:54030", "104905",
		`{"wkid":102100,"latestWkid":3857}`, `{"wkid":102100}`, `{"wkid":999999,"latestWkid":3857}`,
		"urn:ogc:def:crs:EPSG::25832", "http://www.opengis.net/def/crs/EPSG/0/27700", "OGC:CRS84",
		"+proj=utm +zone=33 +datum=WGS84", "+proj=laea +lat_0=52 +lon_0=10 +ellps=GRS80 +units=m",
		`GEOGCS["own",DATUM["own",SPHEROID["own",6378137,298.3]],PRIMEM["Greenwich",0],UNIT["Degree",0.0174532925199433]]`,
		`{"wkt":"GEOGCS[\"own\",DATUM[\"own\",SPHEROID[\"own\",6378137,298.3]],PRIMEM[\"Greenwich\",0],UNIT[\"Degree\",0.0174532925199433]]"}`,
		`PROJCS["own",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137,298.257223563]],` +
			`PRIMEM["Greenwich",0],UNIT["Degree",0.0174532925199433]],PROJECTION["Mercator"],PARAMETER["Central_Meridian",7],UNIT["Meter",1]]`,
	} {
		c, err := srs.Parse(form)
		require.NoError(t, err, form)
		text := c.Text()
		again, err := srs.Parse(text)
		if assert.NoError(t, err, "%s: %s", form, text) {
			assert.Equal(t, c, again, "%s: %s", form, text)
		}
	}
	assert.Empty(t, srs.CRS{}.Text())
	assert.Equal(t, "4326", srs.WGS84().Text())
}
