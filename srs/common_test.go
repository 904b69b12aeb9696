package srs_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/srs"
)

func TestCommonReferences(t *testing.T) {
	for wkid, c := range map[int]srs.CRS{4326: srs.WGS84(), 3857: srs.WebMercator()} {
		got, _ := c.WKID()
		assert.Equal(t, wkid, got)
		parsed, err := srs.Parse(fmt.Sprint(wkid))
		require.NoError(t, err)
		assert.Equal(t, parsed, c)
	}
	assert.Panics(t, func() { srs.Must(srs.FromWKID(-1)) })
}

func TestEnvelopeText(t *testing.T) {
	for _, e := range []srs.Envelope{
		{}, {XMin: -180, YMin: -90, XMax: 180, YMax: 90}, {XMin: 1e300, YMin: -0.1, XMax: math.MaxFloat64, YMax: math.SmallestNonzeroFloat64},
	} {
		var back srs.Envelope
		_, err := fmt.Sscanf(e.String(), "%g,%g,%g,%g", &back.XMin, &back.YMin, &back.XMax, &back.YMax)
		require.NoError(t, err, e)
		assert.Equal(t, e, back)
	}
	assert.Equal(t, "-117,34,-116,35.25", fmt.Sprint(srs.Envelope{XMin: -117, YMin: 34, XMax: -116, YMax: 35.25}))
}

func TestEnvelopeContains(t *testing.T) {
	box := srs.Envelope{XMin: 0, YMin: 0, XMax: 4, YMax: 2}
	for e, want := range map[srs.Envelope]bool{
		box: true, {XMin: 1, YMin: 1, XMax: 2, YMax: 2}: true, {XMin: 1, YMin: 1, XMax: 1, YMax: 1}: true,
		{XMin: -1, YMin: 0, XMax: 1, YMax: 1}: false, {XMin: 0, YMin: 0, XMax: 5, YMax: 1}: false,
		{XMin: 0, YMin: 0, XMax: 4, YMax: 3}: false, {XMin: 5, YMin: 5, XMax: 6, YMax: 6}: false,
	} {
		assert.Equal(t, want, box.Contains(e), e)
	}
	assert.False(t, box.Contains(srs.Envelope{XMin: math.NaN(), XMax: 1, YMax: 1}))
	assert.False(t, srs.Envelope{XMin: math.NaN(), XMax: 9, YMax: 9}.Contains(box))
}

// The forms of OGC's URIs, of its Name Type Specification (09-048) and of GML 2 and 3.
func TestURIs(t *testing.T) {
	for text, want := range map[string]int{
		"http://www.opengis.net/def/crs/EPSG/0/3857":   3857,
		"https://www.opengis.net/def/crs/EPSG/0/4326":  4326,
		"http://opengis.net/def/crs/EPSG/9.9.1/32618":  32618,
		"http://www.opengis.net/def/crs/OGC/1.3/CRS84": 4326,
		"http://www.opengis.net/def/crs/OGC/0/CRS84":   4326,
		"HTTP://WWW.OPENGIS.NET/def/crs/epsg/0/3857":   3857,
		"http://www.opengis.net/def/crs/ESRI/0/102100": 102100,
		"http://www.opengis.net/gml/srs/epsg.xml#4326": 4326,
		" http://www.opengis.net/def/crs/EPSG/0/3857 ": 3857,
		"http://www.opengis.net/def/crs/EPSG/0/3857/":  3857,
		"urn:ogc:def:crs:OGC:1.3:CRS84":                4326,
		"urn:x-ogc:def:crs:EPSG:3857":                  3857,
		"urn:x-ogc:def:crs:EPSG:6.9:3857":              3857,
	} {
		c, err := srs.Parse(text)
		require.NoError(t, err, text)
		got, _ := c.WKID()
		assert.Equal(t, want, got, text)
	}
	for _, text := range []string{
		"http://www.opengis.net/def/crs/EPSG/0/", "http://www.opengis.net/def/crs/EPSG/4326", "http://www.opengis.net/def/uom/EPSG/0/4326",
		"http://example.com/def/crs/EPSG/0/4326", "http://www.opengis.net/def/crs/EPSG/0/4326/x", "http://www.opengis.net/def/crs/OGC/1.3/CRS83",
		"http://www.opengis.net/gml/srs/epsg.xml", "http://", "http://www.opengis.net/def/crs/IGNF/0/4326", "http://www.opengis.net/def/crs/EPSG/0/999999",
	} {
		_, err := srs.Parse(text)
		require.Error(t, err, text)
	}
}
