package geotiff

import (
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
)

// TestGoldenMetadata reads files that GDAL wrote; see testdata/generate_sidecars.sh for what went in.
func TestGoldenMetadata(t *testing.T) {
	number := func(v float64) *float64 { return &v }
	for file, want := range map[string][]raster.Band{
		"meta_tag.tif": {
			{Name: `height <above> "sea" & land é`, Color: raster.ColorGray, Scale: 0.25, Offset: -100, Unit: "m", NoData: number(80),
				Stats: &raster.Statistics{Min: 1, Max: 199, Mean: 70.5, StdDev: 12.25}},
			{Color: raster.ColorRed, NoData: number(80)},
		},
		"meta_pam.tif": {
			{Name: "height", Color: raster.ColorGray, Unit: "ft", NoData: number(80), Categories: []string{"none", "", "wood <old>"},
				Stats: &raster.Statistics{Min: 2, Max: 198, Mean: 60.5, StdDev: 11.25}},
			{Scale: 0.5, Offset: 3, NoData: number(87)},
			{Color: raster.ColorBlue},
		},
	} {
		f, err := OpenFile("testdata/"+file, nil)
		require.NoError(t, err)
		assert.Equal(t, want, f.Info().Bands, file)
		assert.Empty(t, f.Info().Warnings, file)
		require.NoError(t, f.Close())
	}
}

func TestParseMetadata(t *testing.T) {
	for _, c := range []struct {
		name, text string
		parse      func(text []byte, bands int) (*metadata, error)
		want       map[int]*bandMetadata
		err        string
	}{
		{"empty", "", parseGDALMetadata, nil, "no element GDALMetadata"},
		{"blank", "  \n", parsePAM, nil, "no element PAMDataset"},
		{"no XML", "a < b", parsePAM, nil, "syntax"},
		{"something else", "<html></html>", parsePAM, nil, `element "html", want PAMDataset`},
		{"cut off", "<GDALMetadata><Item name='SCALE' sample='0' role='scale'>1</It", parseGDALMetadata, nil, "unexpected EOF"},
		{"nothing said", "<GDALMetadata/>", parseGDALMetadata, nil, ""},
		{"declaration and comment", `<?xml version="1.0"?><!-- x --><PAMDataset><!-- y --></PAMDataset>`, parsePAM, nil, ""},
		{"another charset", `<?xml version="1.0" encoding="ISO-8859-1"?><PAMDataset/>`, parsePAM, nil, "encoding"},
		{"document type", `<!DOCTYPE x [<!ENTITY a "b">]><PAMDataset/>`, parsePAM, nil, "document type"},
		{"document type inside", `<PAMDataset><!DOCTYPE x></PAMDataset>`, parsePAM, nil, "document type"},
		{"entity of its own", `<PAMDataset><SRS>&lol;</SRS></PAMDataset>`, parsePAM, nil, "entity"},
		{"as deep as may be", "<PAMDataset>" + strings.Repeat("<a>", 63) + strings.Repeat("</a>", 63) + "</PAMDataset>", parsePAM, nil, ""},
		{"deeper", "<PAMDataset>" + strings.Repeat("<a>", 64) + strings.Repeat("</a>", 64) + "</PAMDataset>", parsePAM, nil, "deep"},
		{"far too deep", "<PAMDataset>" + strings.Repeat("<a>", 100000), parsePAM, nil, "deep"},
		{"bands that there are not", `<PAMDataset><PAMRasterBand band="0"><Scale>2</Scale></PAMRasterBand><PAMRasterBand band="4"><Scale>2</Scale></PAMRasterBand>` +
			`<PAMRasterBand band="99999999999999999999"/><PAMRasterBand/></PAMDataset>`, parsePAM, nil, ""},
		{"samples that there are not", `<GDALMetadata><Item sample="-1" role="scale">2</Item><Item sample="3" role="scale">2</Item><Item role="scale">2</Item></GDALMetadata>`,
			parseGDALMetadata, nil, ""},
		{"domains of others", `<GDALMetadata><Item name="STATISTICS_MINIMUM" sample="0" domain="X">2</Item></GDALMetadata>`, parseGDALMetadata, nil, ""},
		{"text around elements", `<PAMDataset>x<PAMRasterBand band="2">y<Scale>1<b>2</b>3</Scale>z</PAMRasterBand></PAMDataset>`, parsePAM,
			map[int]*bandMetadata{1: {scale: "13"}}, ""},
		{"categories", `<PAMDataset><PAMRasterBand band="1"><CategoryNames><Category>a</Category><x>y</x><Category/></CategoryNames></PAMRasterBand></PAMDataset>`,
			parsePAM, map[int]*bandMetadata{0: {categories: []string{"a", ""}}}, ""},
		{"letters of a locale", "<GDALMetadata><Item sample='0' role='unittype'>\xb0C</Item></GDALMetadata>", parseGDALMetadata,
			map[int]*bandMetadata{0: {unit: "\ufffdC"}}, ""},
		{"escaped twice", "<GDALMetadata><Item sample='0' role='description'>&amp;lt;&amp;amp;amp;</Item></GDALMetadata>", parseGDALMetadata,
			map[int]*bandMetadata{0: {name: "<&amp;"}}, ""},
		{"bad hexadecimals", `<PAMDataset><PAMRasterBand band="1"><NoDataValue le_hex_equiv="xyz">7</NoDataValue></PAMRasterBand></PAMDataset>`, parsePAM,
			map[int]*bandMetadata{0: {noData: "7"}}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, err := c.parse([]byte(c.text), 3)
			if c.err != "" {
				require.ErrorContains(t, err, c.err)
				return
			}
			require.NoError(t, err)
			if c.want == nil {
				assert.Empty(t, m.bands)
				return
			}
			assert.Equal(t, c.want, m.bands)
		})
	}
}

// TestDescribeBands: texts that mean nothing are left aside, and said to be.
func TestDescribeBands(t *testing.T) {
	stats := func(s ...string) bandMetadata { return bandMetadata{stats: [4]string(s)} }
	for _, c := range []struct {
		name     string
		band     bandMetadata
		want     raster.Band
		warnings int
	}{
		{"nothing", bandMetadata{}, raster.Band{}, 0},
		{"all", bandMetadata{name: "a", unit: "m", scale: " 2 ", offset: "-1e3", color: "Green", stats: [4]string{"0", "1", "0.5", "0.25"}},
			raster.Band{Name: "a", Unit: "m", Scale: 2, Offset: -1000, Color: raster.ColorGreen, Stats: &raster.Statistics{Min: 0, Max: 1, Mean: 0.5, StdDev: 0.25}}, 0},
		{"no numbers", bandMetadata{scale: "two", offset: "nan"}, raster.Band{}, 3},
		{"infinite", bandMetadata{scale: "1e999", offset: "-inf"}, raster.Band{}, 3},
		{"scale 0", bandMetadata{scale: "0"}, raster.Band{}, 1},
		{"colour that is not listed", bandMetadata{color: "Hue"}, raster.Band{}, 0},
		{"palette without one", bandMetadata{color: "Palette"}, raster.Band{}, 0},
		{"one statistic is missing", stats("1", "2", "", "0"), raster.Band{}, 0},
		{"statistics that are none", stats("1", "x", "1", "0"), raster.Band{}, 1},
		{"NaN statistics", stats("nan", "nan", "nan", "nan"), raster.Band{}, 1},
		{"infinite sum of finite statistics", stats("1e308", "1e308", "1e308", "0"), raster.Band{Stats: &raster.Statistics{Min: 1e308, Max: 1e308, Mean: 1e308}}, 0},
		{"least above largest", stats("2", "1", "1", "0"), raster.Band{}, 1},
		{"negative deviation", stats("1", "2", "1", "-1"), raster.Band{}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := &File{info: raster.Info{Bands: make([]raster.Band, 1)}, alpha: -1}
			f.describeBands(&metadata{bands: map[int]*bandMetadata{0: &c.band}})
			assert.Equal(t, c.want, f.info.Bands[0])
			assert.Len(t, f.info.Warnings, c.warnings, "%q", f.info.Warnings)
		})
	}
}

// TestOverride: what one source does not say stays as another has it.
func TestOverride(t *testing.T) {
	m := &metadata{bands: map[int]*bandMetadata{0: {name: "a", scale: "2", stats: [4]string{"1", "2", "3", "4"}}}}
	m.override(&metadata{srs: "x", bands: map[int]*bandMetadata{0: {scale: "3", categories: []string{}}, 2: {unit: "m"}}})
	assert.Equal(t, &metadata{srs: "x", bands: map[int]*bandMetadata{
		0: {name: "a", scale: "3", stats: [4]string{"1", "2", "3", "4"}, categories: []string{}}, 2: {unit: "m"},
	}}, m)
}

func fuzzMetadata(f *testing.F, parse func(text []byte, bands int) (*metadata, error)) {
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 1<<16 {
			t.Skip("large")
		}
		m, err := parse(text, 3)
		if err != nil {
			return
		}
		size := len(m.srs) + len(m.geoTransform)
		for i, b := range m.bands {
			if i < 0 || i > 2 {
				t.Fatalf("band %d of 3", i)
			}
			for _, s := range append(append(b.categories, b.name, b.unit, b.scale, b.offset, b.color, b.noData), b.stats[:]...) {
				size += len(s)
				if !utf8.ValidString(s) {
					t.Fatalf("%q is no UTF-8", s)
				}
			}
		}
		if size > 3*len(text)+100 { // a broken letter becomes three bytes, and a noData value in hexadecimals up to 24
			t.Fatalf("%d bytes became %d", len(text), size)
		}
		file := &File{info: raster.Info{Bands: make([]raster.Band, 3)}, alpha: -1}
		file.describeBands(m)
		for _, b := range file.info.Bands {
			if b.Scale-b.Scale != 0 || b.Offset-b.Offset != 0 || b.Stats != nil && b.Stats.Min > b.Stats.Max {
				t.Fatalf("%+v", b)
			}
		}
		file.pamAffine(m)
	})
}

func FuzzGDALMetadata(f *testing.F) {
	f.Add([]byte(`<GDALMetadata><Item name="SCALE" sample="0" role="scale">0.01</Item><Item name="STATISTICS_MINIMUM" sample="1">1</Item></GDALMetadata>`))
	f.Add([]byte(`<!DOCTYPE a [<!ENTITY b "c">]><GDALMetadata>&b;</GDALMetadata>`))
	f.Add([]byte("<GDALMetadata><Item sample='2' role='unittype' domain=''>\xb0C&amp;lt;</Item><![CDATA[x]]></GDALMetadata>"))
	f.Add([]byte(strings.Repeat("<GDALMetadata>", 70)))
	fuzzMetadata(f, parseGDALMetadata)
}

func FuzzPAM(f *testing.F) {
	for _, name := range []string{"meta_pam.tif.aux.xml", "georef_pam.tif.aux.xml", "georef_pam_gcp.tif.aux.xml"} {
		b, err := os.ReadFile("testdata/" + name)
		require.NoError(f, err)
		f.Add(b)
	}
	f.Add([]byte(`<PAMDataset><GeoTransform>1,2,0,nan,0,-4</GeoTransform><PAMRasterBand band="3"><NoDataValue le_hex_equiv="000000E0FFFFEFC7">0</NoDataValue></PAMRasterBand></PAMDataset>`))
	fuzzMetadata(f, parsePAM)
}
