package sidecar

import (
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
)

func TestParseMetadata(t *testing.T) {
	for _, c := range []struct {
		name, text string
		parse      func(text []byte, bands int) (*Metadata, error)
		want       map[int]*Band
		err        string
	}{
		{"empty", "", ParseGDALMetadata, nil, "no element GDALMetadata"},
		{"blank", "  \n", ParsePAM, nil, "no element PAMDataset"},
		{"no XML", "a < b", ParsePAM, nil, "syntax"},
		{"something else", "<html></html>", ParsePAM, nil, `element "html", want PAMDataset`},
		{"cut off", "<GDALMetadata><Item name='SCALE' sample='0' role='scale'>1</It", ParseGDALMetadata, nil, "unexpected EOF"},
		{"nothing said", "<GDALMetadata/>", ParseGDALMetadata, nil, ""},
		{"declaration and comment", `<?xml version="1.0"?><!-- x --><PAMDataset><!-- y --></PAMDataset>`, ParsePAM, nil, ""},
		{"another charset", `<?xml version="1.0" encoding="ISO-8859-1"?><PAMDataset/>`, ParsePAM, nil, "encoding"},
		{"document type", `<!DOCTYPE x [<!ENTITY a "b">]><PAMDataset/>`, ParsePAM, nil, "document type"},
		{"document type inside", `<PAMDataset><!DOCTYPE x></PAMDataset>`, ParsePAM, nil, "document type"},
		{"entity of its own", `<PAMDataset><SRS>&lol;</SRS></PAMDataset>`, ParsePAM, nil, "entity"},
		{"as deep as may be", "<PAMDataset>" + strings.Repeat("<a>", 63) + strings.Repeat("</a>", 63) + "</PAMDataset>", ParsePAM, nil, ""},
		{"deeper", "<PAMDataset>" + strings.Repeat("<a>", 64) + strings.Repeat("</a>", 64) + "</PAMDataset>", ParsePAM, nil, "deep"},
		{"far too deep", "<PAMDataset>" + strings.Repeat("<a>", 100000), ParsePAM, nil, "deep"},
		{"bands that there are not", `<PAMDataset><PAMRasterBand band="0"><Scale>2</Scale></PAMRasterBand><PAMRasterBand band="4"><Scale>2</Scale></PAMRasterBand>` +
			`<PAMRasterBand band="99999999999999999999"/><PAMRasterBand/></PAMDataset>`, ParsePAM, nil, ""},
		{"samples that there are not", `<GDALMetadata><Item sample="-1" role="scale">2</Item><Item sample="3" role="scale">2</Item><Item role="scale">2</Item></GDALMetadata>`,
			ParseGDALMetadata, nil, ""},
		{"domains of others", `<GDALMetadata><Item name="STATISTICS_MINIMUM" sample="0" domain="X">2</Item></GDALMetadata>`, ParseGDALMetadata, nil, ""},
		{"text around elements", `<PAMDataset>x<PAMRasterBand band="2">y<Scale>1<b>2</b>3</Scale>z</PAMRasterBand></PAMDataset>`, ParsePAM,
			map[int]*Band{1: {Scale: "13"}}, ""},
		{"categories", `<PAMDataset><PAMRasterBand band="1"><CategoryNames><Category>a</Category><x>y</x><Category/></CategoryNames></PAMRasterBand></PAMDataset>`,
			ParsePAM, map[int]*Band{0: {Categories: []string{"a", ""}}}, ""},
		{"letters of a locale", "<GDALMetadata><Item sample='0' role='unittype'>\xb0C</Item></GDALMetadata>", ParseGDALMetadata,
			map[int]*Band{0: {Unit: "\ufffdC"}}, ""},
		{"escaped twice", "<GDALMetadata><Item sample='0' role='description'>&amp;lt;&amp;amp;amp;</Item></GDALMetadata>", ParseGDALMetadata,
			map[int]*Band{0: {Name: "<&amp;"}}, ""},
		{"bad hexadecimals", `<PAMDataset><PAMRasterBand band="1"><NoDataValue le_hex_equiv="xyz">7</NoDataValue></PAMRasterBand></PAMDataset>`, ParsePAM,
			map[int]*Band{0: {NoData: "7"}}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, err := c.parse([]byte(c.text), 3)
			if c.err != "" {
				require.ErrorContains(t, err, c.err)
				return
			}
			require.NoError(t, err)
			if c.want == nil {
				assert.Empty(t, m.Bands)
				return
			}
			assert.Equal(t, c.want, m.Bands)
		})
	}
}

// TestDescribe checks that texts without a meaning are ignored with a note.
func TestDescribe(t *testing.T) {
	stats := func(s ...string) Band { return Band{Stats: [4]string(s)} }
	for _, c := range []struct {
		name  string
		band  Band
		want  raster.Band
		notes int
	}{
		{"nothing", Band{}, raster.Band{}, 0},
		{"all", Band{Name: "a", Unit: "m", Scale: " 2 ", Offset: "-1e3", Color: "Green", Stats: [4]string{"0", "1", "0.5", "0.25"}},
			raster.Band{Name: "a", Unit: "m", Scale: 2, Offset: -1000, Color: raster.ColorGreen, Stats: &raster.Statistics{Min: 0, Max: 1, Mean: 0.5, StdDev: 0.25}}, 0},
		{"no numbers", Band{Scale: "two", Offset: "nan"}, raster.Band{}, 3},
		{"infinite", Band{Scale: "1e999", Offset: "-inf"}, raster.Band{}, 3},
		{"scale 0", Band{Scale: "0"}, raster.Band{}, 1},
		{"colour that is not listed", Band{Color: "Hue"}, raster.Band{}, 0},
		{"palette without one", Band{Color: "Palette"}, raster.Band{}, 0},
		{"one statistic is missing", stats("1", "2", "", "0"), raster.Band{}, 0},
		{"statistics that are none", stats("1", "x", "1", "0"), raster.Band{}, 1},
		{"NaN statistics", stats("nan", "nan", "nan", "nan"), raster.Band{}, 1},
		{"infinite sum of finite statistics", stats("1e308", "1e308", "1e308", "0"), raster.Band{Stats: &raster.Statistics{Min: 1e308, Max: 1e308, Mean: 1e308}}, 0},
		{"least above largest", stats("2", "1", "1", "0"), raster.Band{}, 1},
		{"negative deviation", stats("1", "2", "1", "-1"), raster.Band{}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			info := raster.Info{Bands: make([]raster.Band, 1)}
			notes := (&Metadata{Bands: map[int]*Band{0: &c.band}}).Describe(&info)
			assert.Equal(t, c.want, info.Bands[0])
			assert.Len(t, notes, c.notes, "%q", notes)
		})
	}
}

// TestOverride checks that Override keeps the texts that the other metadata lack.
func TestOverride(t *testing.T) {
	m := &Metadata{Bands: map[int]*Band{0: {Name: "a", Scale: "2", Stats: [4]string{"1", "2", "3", "4"}}}}
	m.Override(&Metadata{SRS: "x", Bands: map[int]*Band{0: {Scale: "3", Categories: []string{}}, 2: {Unit: "m"}}})
	assert.Equal(t, &Metadata{SRS: "x", Bands: map[int]*Band{
		0: {Name: "a", Scale: "3", Stats: [4]string{"1", "2", "3", "4"}, Categories: []string{}}, 2: {Unit: "m"},
	}}, m)
}

func fuzzMetadata(f *testing.F, parse func(text []byte, bands int) (*Metadata, error)) {
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 1<<16 {
			t.Skip("large")
		}
		m, err := parse(text, 3)
		if err != nil {
			return
		}
		size := len(m.SRS) + len(m.GeoTransform)
		for i, b := range m.Bands {
			if i < 0 || i > 2 {
				t.Fatalf("band %d of 3", i)
			}
			for _, s := range append(append(b.Categories, b.Name, b.Unit, b.Scale, b.Offset, b.Color, b.NoData), b.Stats[:]...) {
				size += len(s)
				if !utf8.ValidString(s) {
					t.Fatalf("%q is no UTF-8", s)
				}
			}
		}
		if size > 3*len(text)+100 { // an invalid byte becomes three bytes, and a noData value in hexadecimal up to 24
			t.Fatalf("%d bytes became %d", len(text), size)
		}
		info := raster.Info{Bands: make([]raster.Band, 3)}
		m.Describe(&info)
		for _, b := range info.Bands {
			if b.Scale-b.Scale != 0 || b.Offset-b.Offset != 0 || b.Stats != nil && b.Stats.Min > b.Stats.Max {
				t.Fatalf("%+v", b)
			}
		}
		ParseGeoTransform(m.GeoTransform)
	})
}

func FuzzGDALMetadata(f *testing.F) {
	f.Add([]byte(`<GDALMetadata><Item name="SCALE" sample="0" role="scale">0.01</Item><Item name="STATISTICS_MINIMUM" sample="1">1</Item></GDALMetadata>`))
	f.Add([]byte(`<!DOCTYPE a [<!ENTITY b "c">]><GDALMetadata>&b;</GDALMetadata>`))
	f.Add([]byte("<GDALMetadata><Item sample='2' role='unittype' domain=''>\xb0C&amp;lt;</Item><![CDATA[x]]></GDALMetadata>"))
	f.Add([]byte(strings.Repeat("<GDALMetadata>", 70)))
	fuzzMetadata(f, ParseGDALMetadata)
}

func FuzzPAM(f *testing.F) {
	for _, name := range []string{"meta_pam.tif.aux.xml", "georef_pam.tif.aux.xml", "georef_pam_gcp.tif.aux.xml"} {
		b, err := os.ReadFile("../geotiff/testdata/" + name)
		require.NoError(f, err)
		f.Add(b)
	}
	f.Add([]byte(`<PAMDataset><GeoTransform>1,2,0,nan,0,-4</GeoTransform><PAMRasterBand band="3"><NoDataValue le_hex_equiv="000000E0FFFFEFC7">0</NoDataValue></PAMRasterBand></PAMDataset>`))
	fuzzMetadata(f, ParsePAM)
}

// TestLongTag: a tag of very many attributes, each of which the decoder would keep, is refused; a long text is not.
func TestLongTag(t *testing.T) {
	for _, attributes := range []string{strings.Repeat(`a="" `, 20_000), strings.Repeat(`a=">" `, 20_000), strings.Repeat(`a='"<>' `, 20_000)} {
		_, err := ParseGDALMetadata([]byte("<GDALMetadata><Item "+attributes+"/></GDALMetadata>"), 1)
		require.ErrorContains(t, err, "tag")
	}
	long := strings.Repeat("'>\"", 100_000)
	_, err := ParseGDALMetadata([]byte("<GDALMetadata><!-- it's --><Item name=\"a>b\">"+long+"</Item></GDALMetadata>"), 1)
	require.NoError(t, err)
}
