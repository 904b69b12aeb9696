package rest_test

import (
	"encoding/xml"
	"image"
	"image/color"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage/rest"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

// square is a raster of bytes in 3857.
func square(t *testing.T, value func(x, y int) uint8) *rastertest.Memory {
	g := raster.NorthUp(crs(t, 3857), srs.Envelope{XMax: 30, YMax: 10}, image.Pt(30, 10))
	return rastertest.FromFunc(g, 1, func(_, x, y int) uint8 { return value(x, y) })
}

// A table as GDAL has it becomes a table as ArcGIS has it.
func TestAttributeTables(t *testing.T) {
	column := func(name, kind, usage string) raster.AttributeColumn {
		return raster.AttributeColumn{Name: name, Type: kind, Usage: usage}
	}
	for name, c := range map[string]struct {
		table      *raster.AttributeTable
		categories []string
		palette    color.Palette
		want       string
	}{
		"GDAL": {&raster.AttributeTable{
			Columns: []raster.AttributeColumn{column("code", "Integer", "MinMax"), column("pixels", "Integer", "PixelCount"), column("label", "String", "Name"),
				column("r", "Integer", "Red"), column("area", "Real", "Generic")},
			Rows: [][]string{{"3", "17", `a "wood" <x>`, "200", "2.5"}, {"9", "", "water"}},
		}, nil, nil, `{"objectIdFieldName":"OBJECTID","fields":[{"name":"OBJECTID","type":"esriFieldTypeOID","alias":"OBJECTID"},{"name":"Value","type":"esriFieldTypeInteger","alias":"Value"},
			{"name":"Count","type":"esriFieldTypeInteger","alias":"Count"},{"name":"label","type":"esriFieldTypeString","alias":"label"},{"name":"Red","type":"esriFieldTypeInteger","alias":"Red"},
			{"name":"area","type":"esriFieldTypeDouble","alias":"area"}],"features":[{"attributes":{"OBJECTID":1,"Value":3,"Count":17,"label":"a \"wood\" <x>","Red":200,"area":2.5}},
			{"attributes":{"OBJECTID":2,"Value":9,"label":"water"}}]}`},
		"Esri, with a palette and names elsewhere": {&raster.AttributeTable{
			Columns: []raster.AttributeColumn{column("OBJECTID", "Integer", "Generic"), column("VALUE", "Integer", "Generic"), column("COUNT", "Real", "Generic")},
			Rows:    [][]string{{"7", "1", "12"}, {"8", "200", "1"}},
		}, []string{"", "one"}, color.Palette{color.Black, color.NRGBA{1, 2, 3, 255}}, `{"objectIdFieldName":"OBJECTID","fields":[{"name":"OBJECTID","type":"esriFieldTypeOID","alias":"OBJECTID"},
			{"name":"Value","type":"esriFieldTypeInteger","alias":"Value"},{"name":"COUNT","type":"esriFieldTypeDouble","alias":"COUNT"},{"name":"ClassName","type":"esriFieldTypeString","alias":"ClassName"},
			{"name":"Red","type":"esriFieldTypeInteger","alias":"Red"},{"name":"Green","type":"esriFieldTypeInteger","alias":"Green"},{"name":"Blue","type":"esriFieldTypeInteger","alias":"Blue"}],
			"features":[{"attributes":{"OBJECTID":1,"Value":1,"COUNT":12,"ClassName":"one","Red":1,"Green":2,"Blue":3}},{"attributes":{"OBJECTID":2,"Value":200,"COUNT":1}}]}`},
		"ranges": {&raster.AttributeTable{
			Columns: []raster.AttributeColumn{column("from", "Real", "Min"), column("to", "Real", "Max")}, Rows: [][]string{{"0", "1.5"}},
		}, nil, nil, `{"objectIdFieldName":"OBJECTID","fields":[{"name":"OBJECTID","type":"esriFieldTypeOID","alias":"OBJECTID"},{"name":"from","type":"esriFieldTypeDouble","alias":"from"},
			{"name":"to","type":"esriFieldTypeDouble","alias":"to"}],"features":[{"attributes":{"OBJECTID":1,"from":0,"to":1.5}}]}`},
	} {
		ds := square(t, func(x, y int) uint8 { return uint8(x / 10) })
		ds.Palette = c.palette
		ds.Bands = []raster.Band{{Table: c.table, Categories: c.categories}}
		s, _ := service(ds)
		h := rest.NewHandler(s, nil)
		assert.JSONEq(t, c.want, get(h, "/rasterAttributeTable?f=json").Body.String(), name)
		assert.Equal(t, true, decode[map[string]any](t, h, "/?f=json")["hasRasterAttributeTable"], name)
		assert.Contains(t, get(h, "/rasterAttributeTable?f=html").Body.String(), "<pre>", name)
	}
}

// A legend shows the classes that have names, or those that occur.
func TestLegendsOfClasses(t *testing.T) {
	palette := make(color.Palette, 256)
	for i := range palette {
		palette[i] = color.NRGBA{uint8(i), uint8(255 - i), 7, 255}
	}
	ds := square(t, func(x, y int) uint8 { return uint8(x / 10 * 100) })
	ds.Palette = palette
	s, _ := service(ds)
	l := decode[legend](t, rest.NewHandler(s, nil), "/legend?f=json")
	labels, colors := l.colors(t)
	assert.Equal(t, "Unique Values", l.Layers[0].LegendType)
	assert.Equal(t, []string{"0", "100", "200"}, labels)
	assert.Equal(t, []color.NRGBA{{0, 255, 7, 255}, {100, 155, 7, 255}, {200, 55, 7, 255}}, colors)

	ds.Bands = []raster.Band{{Table: &raster.AttributeTable{
		Columns: []raster.AttributeColumn{{Name: "Value", Type: "Integer"}, {Name: "Class_name", Type: "String"}},
		Rows:    [][]string{{"100", "wood"}, {"0", "water"}, {"x", "broken"}},
	}}}
	s, _ = service(ds)
	labels, _ = decode[legend](t, rest.NewHandler(s, nil), "/legend?f=json").colors(t)
	assert.Equal(t, []string{"wood", "water"}, labels)
	assert.Contains(t, get(rest.NewHandler(s, nil), "/legend?f=html").Body.String(), `src="data:image/png;base64,`)
}

// A legend of a rule shows what comes out of it.
func TestLegendsOfRules(t *testing.T) {
	s, _ := service(square(t, func(x, y int) uint8 { return uint8(x / 10) }))
	h := rest.NewHandler(s, nil)
	colormap := ruled(`{"rasterFunction":"Colormap","rasterFunctionArguments":{"Colormap":[[0,255,0,0],[1,0,255,0],[2,0,0,255],[9,9,9,9]]}}`)
	labels, colors := decode[legend](t, h, "/legend?f=json&"+colormap).colors(t)
	assert.Equal(t, []string{"0", "1", "2"}, labels)
	assert.Equal(t, []color.NRGBA{{255, 0, 0, 255}, {0, 255, 0, 255}, {0, 0, 255, 255}}, colors)

	remapped := ruled(`{"rasterFunction":"Colormap","rasterFunctionArguments":{"Colormap":[[4,255,0,0],[5,0,255,0]],"Raster":{"rasterFunction":"Remap","rasterFunctionArguments":{"InputRanges":[0,1,1,3],"OutputValues":[4,5]},"outputPixelType":"U8"}}}`)
	labels, colors = decode[legend](t, h, "/legend?f=json&"+remapped).colors(t)
	assert.Equal(t, []string{"4", "5"}, labels)
	assert.Equal(t, []color.NRGBA{{255, 0, 0, 255}, {0, 255, 0, 255}}, colors)

	s, _ = service(bands3(t))
	h = rest.NewHandler(s, nil)
	ndvi := ruled(`{"rasterFunction":"BandArithmetic","rasterFunctionArguments":{"Method":0,"BandIndexes":"b1 - b2"}}`)
	l := decode[legend](t, h, "/legend?f=json&"+ndvi)
	labels, colors = l.colors(t)
	assert.Equal(t, "Stretched", l.Layers[0].LegendType)
	assert.Equal(t, []string{"High : 15", "", "Low : -15"}, labels)
	assert.Equal(t, []color.NRGBA{{212, 212, 212, 255}, {125, 125, 125, 255}, {39, 39, 39, 255}}, colors)
	l = decode[legend](t, h, "/legend?f=json&"+ruled(`{"rasterFunction":"ExtractBand","rasterFunctionArguments":{"BandIds":[2,0,1]}}`))
	labels, _ = l.colors(t)
	assert.Equal(t, []string{"Red: Band_3", "Green: Band_1", "Blue: Band_2"}, labels)
}

// stating is a dataset with another description.
type stating struct {
	raster.Dataset
	info raster.Info
}

func (d stating) Info() raster.Info { return d.info }

func ruled(text string) string { return url.Values{"renderingRule": {text}}.Encode() }

func TestKeyProperties(t *testing.T) {
	plain := square(t, func(x, y int) uint8 { return 0 })
	ds := stating{plain, plain.Info()}
	ds.info.Metadata = map[string]string{"SENSORNAME": "Landsat 8", "CloudCover": "12.5", "AREA_OR_POINT": "Area"}
	ds.info.Bands = []raster.Band{{Name: "nir", Unit: "W", Scale: 0.5, Offset: 3, Metadata: map[string]string{"wavelength": "0.865", "fwhm": "0.028", "wavelength_units": "Micrometers"}}}
	s, _ := service(ds)
	assert.JSONEq(t, `{"SensorName":"Landsat 8","CloudCover":12.5,"BandProperties":[{"BandName":"nir","Unit":"W","Scale":0.5,"Offset":3,"WavelengthMin":851,"WavelengthMax":879}]}`,
		get(rest.NewHandler(s, nil), "/keyProperties?f=json").Body.String())
	ds.info.Bands = []raster.Band{{Name: "nir", Metadata: map[string]string{"WavelengthMin": "845", "WavelengthMax": "885"}}}
	s, _ = service(ds, ds)
	assert.JSONEq(t, `{"BandProperties":[{"BandName":"nir","WavelengthMin":845,"WavelengthMax":885}]}`,
		get(rest.NewHandler(s, nil), "/keyProperties?f=json").Body.String(), "what is known of one raster is not so of several")
}

// The metadata document is XML of ISO 19139 with what is known, whatever the texts are.
func TestISOMetadata(t *testing.T) {
	s, _ := service(bands3(t))
	s.Name, s.Description, s.Copyright = `a <b> & "c"`, strings.Repeat("é<", 100_000)+"\x00\ufffe", "nobody"
	day := time.Date(2020, 6, 1, 0, 0, 0, 0, time.UTC)
	s.Catalog.(mosaic.Slice)[0].Time = mosaic.TimeExtent{From: day, To: day}
	w := get(rest.NewHandler(s, nil), "/info/metadata")
	require.Equal(t, http.StatusOK, w.Code)
	assert.Equal(t, "text/xml; charset=utf-8", w.Header().Get("Content-Type"))
	assert.Less(t, w.Body.Len(), 500_000)
	var doc struct {
		XMLName  xml.Name
		Title    string   `xml:"identificationInfo>MD_DataIdentification>citation>CI_Citation>title>CharacterString"`
		Abstract string   `xml:"identificationInfo>MD_DataIdentification>abstract>CharacterString"`
		Credit   string   `xml:"identificationInfo>MD_DataIdentification>credit>CharacterString"`
		Code     string   `xml:"referenceSystemInfo>MD_ReferenceSystem>referenceSystemIdentifier>RS_Identifier>code>CharacterString"`
		North    float64  `xml:"identificationInfo>MD_DataIdentification>extent>EX_Extent>geographicElement>EX_GeographicBoundingBox>northBoundLatitude>Decimal"`
		Begin    string   `xml:"identificationInfo>MD_DataIdentification>extent>EX_Extent>temporalElement>EX_TemporalExtent>extent>TimePeriod>beginPosition"`
		Sizes    []int    `xml:"spatialRepresentationInfo>MD_GridSpatialRepresentation>axisDimensionProperties>MD_Dimension>dimensionSize>Integer"`
		Bands    []string `xml:"contentInfo>MD_CoverageDescription>dimension>MD_Band>descriptor>CharacterString"`
	}
	require.NoError(t, xml.Unmarshal(w.Body.Bytes(), &doc))
	assert.Equal(t, xml.Name{Space: "http://www.isotc211.org/2005/gmd", Local: "MD_Metadata"}, doc.XMLName)
	assert.Equal(t, s.Name, doc.Title)
	assert.Less(t, len(doc.Abstract), 70_000)
	assert.Equal(t, []any{"nobody", "3857", "2020-06-01T00:00:00Z"}, []any{doc.Credit, doc.Code, doc.Begin})
	assert.InDelta(t, 16/111319.490793, doc.North, 1e-9)
	assert.Equal(t, []int{16, 16}, doc.Sizes)
	assert.Equal(t, []string{"Band_1", "Band_2", "Band_3"}, doc.Bands)
	assert.Equal(t, http.StatusNotImplemented, get(rest.NewHandler(s, nil), "/info/metadata?format=fgdc").Code)
}
