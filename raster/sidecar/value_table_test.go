package sidecar_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/sidecar"
)

// values is a table that GDAL 3.6 has made of a text:
//
//	printf 'VALUE,COUNT,CLASS,RED,PART\n1,120.5,Wald,0,0.25\n200,7,Wasser äußen,255,1\n' > v.csv
//	echo 'Integer(9),Real(12.1),String(20),Integer(3),Real(6.2)' > v.csvt
//	ogr2ogr -f "ESRI Shapefile" v.dbf v.csv -lco ENCODING=UTF-8
const values = "A34LHgIAAADBADMAAAAAAAAAAAAAAAAAAAAAAAAAAABWQUxVRQAAAAAAAE4AAAAACQAAAAAAAAAAAAAAAAAAAENPVU5UAAAAAAAA" +
	"TgAAAAAMAQAAAAAAAAAAAAAAAAAAQ0xBU1MAAAAAAABDAAAAABQAAAAAAAAAAAAAAAAAAABSRUQAAAAAAAAAAE4AAAAAAwAAAAAA" +
	"AAAAAAAAAAAAAFBBUlQAAAAAAAAATgAAAAAGAgAAAAAAAAAAAAAAAAAADSAgICAgICAgIDEgICAgICAgMTIwLjVXYWxkICAgICAg" +
	"ICAgICAgICAgICAgMCAgMC4yNSAgICAgICAyMDAgICAgICAgICA3LjBXYXNzZXIgw6R1w59lbiAgICAgIDI1NSAgMS4wMBo="

func TestValueTables(t *testing.T) {
	dbf, err := base64.StdEncoding.DecodeString(values)
	require.NoError(t, err)
	fsys := fstest.MapFS{"a.tif.vat.dbf": {Data: dbf}, "a.tif.vat.cpg": {Data: []byte("UTF-8")}, "b.vat.dbf": {Data: dbf[:100]}}
	got, err := sidecar.ReadValueTable(t.Context(), sidecar.In(fsys, "a.tif"), 1<<20)
	require.NoError(t, err)
	assert.Equal(t, &raster.AttributeTable{
		Columns: []raster.AttributeColumn{{Name: "VALUE", Type: "Integer", Usage: "MinMax"}, {Name: "COUNT", Type: "Real", Usage: "PixelCount"},
			{Name: "CLASS", Type: "String", Usage: "Generic"}, {Name: "RED", Type: "Integer", Usage: "Red"}, {Name: "PART", Type: "Real", Usage: "Generic"}},
		Rows: [][]string{{"1", "120.5", "Wald", "0", "0.25"}, {"200", "7", "Wasser äußen", "255", "1"}},
	}, got)

	_, err = sidecar.ReadValueTable(t.Context(), sidecar.In(fsys, "b.tif"), 1<<20)
	require.ErrorContains(t, err, "cut off")
	none, err := sidecar.ReadValueTable(t.Context(), sidecar.In(fsys, "c.tif"), 1<<20)
	require.NoError(t, err)
	assert.Nil(t, none)
	_, err = sidecar.ReadValueTable(t.Context(), sidecar.In(fsys, "a.tif"), 10)
	var long *sidecar.SizeError
	require.ErrorAs(t, err, &long)
	fsys["a.tif.vat.cpg"].Data = []byte(strings.Repeat("?", 9))
	_, err = sidecar.ReadValueTable(t.Context(), sidecar.In(fsys, "a.tif"), 1<<20)
	require.ErrorContains(t, err, "not supported")

	m := &sidecar.Metadata{}
	m.AddValueTable(got)
	m.AddValueTable(&raster.AttributeTable{})
	assert.Equal(t, got, m.Bands[0].Table, "the first table counts")
}
