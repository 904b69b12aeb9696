package worldfile_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/worldfile"
)

// TestMetadataBeside checks that what GDAL and ArcGIS write beside a picture counts: georeference, spatial reference,
// noData, colours and more. gdalinfo 3.6 reports the same for these files, except for Esri's coefficients, which GDAL
// reads from 3.7 on.
func TestMetadataBeside(t *testing.T) {
	grey := image.NewGray(image.Rect(0, 0, 4, 1))
	copy(grey.Pix, []byte{0, 1, 2, 3})
	colours := image.NewRGBA(image.Rect(0, 0, 4, 1))
	copy(colours.Pix, []byte{0, 0, 0, 255, 0, 7, 0, 255, 1, 0, 0, 255, 9, 9, 9, 255})
	const place = "<GeoTransform>500000,10,0,4000000,0,-10</GeoTransform>"
	const reference = "<SRS>EPSG:32633</SRS>"
	const world = "10\n0\n0\n-10\n5\n-5\n"
	utm := raster.Affine{A: 10, C: 500000, E: -10, F: 4000000}
	for _, c := range []struct {
		name    string
		picture image.Image
		xml     string
		world   bool
		affine  raster.Affine
		valid   []uint8 // nil: all
		err     string
	}{
		{"place and reference", grey, place + reference, false, utm, nil, ""},
		{"before the world file", grey, place + reference, true, utm, nil, ""},
		{"reference alone", grey, reference, true, raster.Affine{A: 10, E: -10}, nil, ""},
		{"Esri's coefficients", grey, `<Metadata domain="xml:ESRI" format="xml"><GeodataXform type="typens:PolynomialXform"><PolynomialOrder>1</PolynomialOrder>` +
			`<SpatialReference><WKT>EPSG:32633</WKT></SpatialReference><CoeffX><Double>500000</Double><Double>10</Double><Double>0</Double></CoeffX>` +
			`<CoeffY><Double>4000000</Double><Double>0</Double><Double>10</Double></CoeffY></GeodataXform></Metadata>`, false, utm, nil, ""},
		{"noData", grey, place + reference + `<PAMRasterBand band="1"><NoDataValue>2</NoDataValue></PAMRasterBand>`, false, utm, []uint8{255, 255, 0, 255}, ""},
		{"noData of three bands", colours, place + reference + `<PAMRasterBand band="1"><NoDataValue>0</NoDataValue></PAMRasterBand>` +
			`<PAMRasterBand band="2"><NoDataValue>0</NoDataValue></PAMRasterBand><PAMRasterBand band="3"><NoDataValue>0</NoDataValue></PAMRasterBand>`,
			false, utm, []uint8{0, 255, 255, 255}, ""},
		{"no GeoTransform", grey, "<GeoTransform>1,2,3</GeoTransform>" + reference, true, raster.Affine{}, nil, `GeoTransform "1,2,3"`},
		{"no reference", grey, place + "<SRS>nonsense</SRS>", false, raster.Affine{}, nil, ".aux.xml beside a.png: srs"},
		{"no colour", grey, place + reference + `<PAMRasterBand band="1"><ColorTable><Entry c1="300" c2="0" c3="0"/></ColorTable></PAMRasterBand>`,
			false, raster.Affine{}, nil, "colour 0 has a component"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b bytes.Buffer
			require.NoError(t, png.Encode(&b, c.picture))
			fsys := fstest.MapFS{"a.png": {Data: b.Bytes()}, "a.png.aux.xml": {Data: []byte("<PAMDataset>" + c.xml + "</PAMDataset>")}}
			if c.world {
				fsys["a.pgw"] = &fstest.MapFile{Data: []byte(world)}
			}
			p, err := worldfile.Open(t.Context(), fsys, "a.png", nil)
			if c.err != "" {
				require.ErrorContains(t, err, c.err)
				return
			}
			require.NoError(t, err)
			info := p.Info()
			assert.Empty(t, info.Notes)
			assert.Equal(t, c.affine, info.Grid.Affine)
			code, _ := info.Grid.CRS.WKID()
			assert.Equal(t, 32633, code)
			block, err := p.Read(t.Context(), nil, 0, image.Rect(0, 0, 4, 1), nil)
			require.NoError(t, err)
			if c.valid == nil {
				assert.Nil(t, block.Valid)
			} else {
				assert.Equal(t, c.valid, block.Valid.Pix)
			}
		})
	}
}

// TestColoursBeside checks the colour table, names and statistics of an .aux.xml file.
func TestColoursBeside(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, image.NewGray(image.Rect(0, 0, 4, 1))))
	p, err := worldfile.Open(t.Context(), fstest.MapFS{"a.png": {Data: b.Bytes()}, "a.pgw": {Data: []byte("1\n0\n0\n-1\n0\n0\n")},
		"a.png.aux.xml": {Data: []byte(`<PAMDataset><SRS>EPSG:3857</SRS><Metadata><MDI key="AREA">north</MDI></Metadata><PAMRasterBand band="1">` +
			`<Description>classes</Description><ColorTable><Entry c1="1" c2="2" c3="3"/><Entry c1="4" c2="5" c3="6" c4="7"/></ColorTable>` +
			`<CategoryNames><Category>none</Category><Category>forest</Category></CategoryNames>` +
			`<GDALRasterAttributeTable><FieldDefn index="0"><Name>VALUE</Name><Type>0</Type><Usage>5</Usage></FieldDefn>` +
			`<FieldDefn index="1"><Name>CLASS</Name><Type>2</Type><Usage>2</Usage></FieldDefn><Row index="0"><F>1</F><F>forest</F></Row></GDALRasterAttributeTable>` +
			`<Metadata><MDI key="SOURCE">survey</MDI></Metadata></PAMRasterBand><PAMRasterBand band="2"><Description>none</Description></PAMRasterBand></PAMDataset>`)}}, "a.png", nil)
	require.NoError(t, err)
	info := p.Info()
	assert.Equal(t, color.Palette{color.RGBA{1, 2, 3, 255}, color.NRGBA{4, 5, 6, 7}}, info.Palette)
	band := info.Bands[0]
	assert.Equal(t, raster.ColorPalette, band.Color)
	assert.Equal(t, "classes", band.Name)
	assert.Equal(t, []string{"none", "forest"}, band.Categories)
	assert.Equal(t, map[string]string{"AREA": "north"}, info.Metadata)
	assert.Equal(t, map[string]string{"SOURCE": "survey"}, band.Metadata)
	require.Equal(t, 1, band.Table.Column("Name"))
	assert.Equal(t, raster.AttributeColumn{Name: "VALUE", Type: "Integer", Usage: "MinMax"}, band.Table.Columns[0])
	assert.Equal(t, [][]string{{"1", "forest"}}, band.Table.Rows)
}

// Esri's table of values beside a picture of one band counts, and one that cannot be read is left aside.
func TestTableOfValuesBeside(t *testing.T) {
	header := append([]byte{3, 95, 7, 26, 1, 0, 0, 0, 65, 0, 3, 0}, make([]byte, 20)...) // of a dBASE file with a row of 3 bytes
	column := append([]byte("VALUE"), make([]byte, 27)...)
	column[11], column[16] = 'N', 2
	table := append(append(header, column...), "\r 12"...)
	for name, c := range map[string]struct {
		picture image.Image
		data    []byte
		rows    [][]string
		notes   string
	}{
		"one band":    {image.NewGray(image.Rect(0, 0, 2, 2)), table, [][]string{{"12"}}, ""},
		"three bands": {image.NewRGBA(image.Rect(0, 0, 2, 2)), table, nil, ""},
		"no table":    {image.NewGray(image.Rect(0, 0, 2, 2)), []byte("x"), nil, ".vat.dbf beside the image is left aside"},
	} {
		var b bytes.Buffer
		require.NoError(t, png.Encode(&b, c.picture))
		fsys := fstest.MapFS{"a.png": {Data: b.Bytes()}, "a.pgw": {Data: []byte("10\n0\n0\n-10\n5\n-5\n")}, "a.png.vat.dbf": {Data: c.data}}
		p, err := worldfile.Open(t.Context(), fsys, "a.png", nil)
		require.NoError(t, err, name)
		info := p.Info()
		if c.rows == nil {
			assert.Nil(t, info.Bands[0].Table, name)
		} else {
			require.NotNil(t, info.Bands[0].Table, name)
			assert.Equal(t, c.rows, info.Bands[0].Table.Rows)
		}
		assert.Contains(t, strings.Join(info.Notes, "\n"), c.notes, name)
	}
}
