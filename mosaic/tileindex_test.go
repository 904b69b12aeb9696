package mosaic

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/internal/sqlitefile"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/srs"
)

// indexes returns the tile indexes of testdata, decompressed. Other things may lie there: what rapid and fuzzing leave.
func indexes(t testing.TB) fstest.MapFS {
	out := fstest.MapFS{}
	for _, name := range []string{"index.dbf", "index.geojson", "index.gpkg.gz", "index.prj", "index.shp", "late.gpkg.gz"} {
		data, err := os.ReadFile("testdata/" + name)
		require.NoError(t, err)
		if base, ok := strings.CutSuffix(name, ".gz"); ok {
			z, err := gzip.NewReader(bytes.NewReader(data))
			require.NoError(t, err)
			data, err = io.ReadAll(z)
			require.NoError(t, err)
			name = base
		}
		out[name] = &fstest.MapFile{Data: data}
	}
	return out
}

func opens(_ context.Context, location string) (raster.Dataset, error) {
	return nil, fmt.Errorf("%w %s", errOpened, location)
}

func readIndex(t testing.TB, fsys fs.FS, name string) ([]*Item, error) {
	return TileIndex(t.Context(), fsys, name, &FeatureOptions{Open: opens})
}

// The three kinds of index of the same rasters agree; the numbers are those of ogrinfo -al.
func TestTileIndexesAgree(t *testing.T) {
	fsys := indexes(t)
	inFile := map[string]int{"index.gpkg": 4326, "index.shp": 3857, "index.geojson": 4326}
	corner := map[string][2]float64{
		"index.gpkg":    {-34.8831986222605, -8.0416771945225},
		"index.geojson": {-34.8831986222605, -8.0416771945225},
		"index.shp":     {-3883179.90787066, -898149.0698581},
	}
	for name, code := range inFile {
		items, err := readIndex(t, fsys, name)
		require.NoError(t, err, name)
		require.Len(t, items, 3, name)
		crs, err := srs.FromWKID(code)
		require.NoError(t, err)
		for i, want := range []string{"olinda_coarse.tif", "olinda_east_utm24.tif", "olinda_west.tif"} {
			it := items[i]
			assert.Equal(t, int64(i+1), it.ID, name)
			assert.Equal(t, want, it.Name, name)
			assert.Equal(t, want, it.Attrs["location"], name)
			// That of the .prj file has no code.
			same, err := srs.NewTransformer(it.Footprint.CRS, crs)
			require.NoError(t, err)
			box, err := same.Envelope(it.Footprint.Envelope)
			require.NoError(t, err)
			assert.InDeltaSlice(t, corners(it.Footprint.Envelope), corners(box), 1e-6, name)
			assert.Len(t, it.Footprint.Ring, 4, name)
			_, err = it.Open(t.Context())
			require.ErrorContains(t, err, "opened "+want)
		}
		assert.Equal(t, "EPSG:31984", items[1].Attrs["srs"], name)
		got := items[1].Footprint.Ring[3]
		assert.InDelta(t, corner[name][0], got[0], 1e-8, name)
		assert.InDelta(t, corner[name][1], got[1], 1e-8, name)
		index, err := NewIndex(items)
		require.NoError(t, err)
		// In the north-west corner of the box around the rasters there is only the coarse one, although the boxes of
		// others reach there.
		q := Query{CRS: wgs84(t), Envelope: srs.Envelope{XMin: -34.917, YMin: -7.9497, XMax: -34.9163, YMax: -7.949}}
		for it, err := range index.Items(t.Context(), q) {
			require.NoError(t, err)
			assert.Equal(t, "olinda_coarse.tif", it.Name, name)
		}
	}
}

func corners(e srs.Envelope) []float64 { return []float64{e.XMin, e.YMin, e.XMax, e.YMax} }

// changed is the folder with one file's bytes changed.
func changed(fsys fstest.MapFS, name string, change func(b []byte) []byte) fstest.MapFS {
	out := maps.Clone(fsys)
	data := []byte(nil)
	if f := fsys[name]; f != nil {
		data = bytes.Clone(f.Data)
	}
	out[name] = &fstest.MapFile{Data: change(data)}
	return out
}

func TestTileIndexesThatAreWrong(t *testing.T) {
	fsys := indexes(t)
	set := func(at int, to ...byte) func([]byte) []byte {
		return func(b []byte) []byte { copy(b[at:], to); return b }
	}
	replace := func(from, to string) func([]byte) []byte {
		return func(b []byte) []byte {
			if !bytes.Contains(b, []byte(from)) {
				panic(from)
			}
			return bytes.ReplaceAll(b, []byte(from), []byte(to))
		}
	}
	is := func(s string) func([]byte) []byte { return func([]byte) []byte { return []byte(s) } }
	const record = 100 + 8 // the first shape
	for name, c := range map[string]struct {
		index, file string
		change      func([]byte) []byte
		want        string
	}{
		"another format":      {"index.shp", "index.shp", is("fgb\x03fgb\x01"), "neither a Shapefile, a GeoPackage nor GeoJSON"},
		"empty":               {"index.shp", "index.shp", is(""), "neither a Shapefile, a GeoPackage nor GeoJSON"},
		"shp cut off":         {"index.shp", "index.shp", func(b []byte) []byte { return b[:300] }, "item 2: its shape is cut off"},
		"shp too few":         {"index.shp", "index.shp", func(b []byte) []byte { return b[:100+8+128] }, "it has 1 shapes, and its table 3 rows"},
		"a point":             {"index.shp", "index.shp", set(record, 1), "item 1: its shape is of type 1, no polygon"},
		"no shape":            {"index.shp", "index.shp", set(record, 0), "item 1: it has no polygon"},
		"too many points":     {"index.shp", "index.shp", set(record+40, 255, 255, 255, 255), "item 1: its geometry is malformed"},
		"too many parts":      {"index.shp", "index.shp", set(record+36, 255, 255, 255, 255), "item 1: its geometry is malformed"},
		"part out of bounds":  {"index.shp", "index.shp", set(record+44, 9), "item 1: its geometry is malformed"},
		"a corner not finite": {"index.shp", "index.shp", set(record+48+16, 0, 0, 0, 0, 0, 0, 0xf0, 0x7f), "item 1: its polygon has no area"},
		"prj":                 {"index.shp", "index.prj", is("nonsense"), "srs"},
		"dbf cut off":         {"index.shp", "index.dbf", func(b []byte) []byte { return b[:200] }, "its table is cut off"},
		"dbf columns":         {"index.shp", "index.dbf", set(32+16, 255, 0), "columns are longer than a row"},
		"dbf encoding":        {"index.shp", "index.cpg", is("Klingon"), `text in encoding "Klingon" is not supported`},
		"dbf not UTF-8":       {"index.shp", "index.dbf", replace("olinda_west", "olind\xe4west"), ""},
		"no location":         {"index.shp", "index.dbf", replace("location", "position"), `it has no column "location", but ["position" "srs"]`},
		"empty location":      {"index.shp", "index.dbf", replace("olinda_west.tif", "               "), `item 3: it has no value in column "location"`},

		"gpkg without layers": {"index.gpkg", "index.gpkg", replace("gpkg_geometry_columns", "gpkg_geometry_kolumns"), "table gpkg_geometry_columns"},
		"gpkg geometry":       {"index.gpkg", "index.gpkg", replace("GP\x00\x03", "GQ\x00\x03"), "item 1: its geometry is malformed"},
		"gpkg extended":       {"index.gpkg", "index.gpkg", replace("GP\x00\x03", "GP\x00\x23"), "extended type"},
		"gpkg empty":          {"index.gpkg", "index.gpkg", replace("GP\x00\x03", "GP\x00\x13"), "item 1: it has no polygon"},
		"gpkg being written":  {"index.gpkg", "index.gpkg-journal", is("x"), `"index.gpkg-journal" beside it shows`},
		"gpkg log":            {"index.gpkg", "index.gpkg-wal", is(strings.Repeat("x", 32)), `its write-ahead log begins with`},
		"gpkg cut off":        {"index.gpkg", "index.gpkg", func(b []byte) []byte { return b[:20000] }, "is not in the file"},
		"gpkg line string":    {"index.gpkg", "index.gpkg", replace("\x01\x03\x00\x00\x00\x01\x00\x00\x00\x05", "\x01\x02\x00\x00\x00\x01\x00\x00\x00\x05"), "of type 2, no polygon"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readIndex(t, changed(fsys, c.file, c.change), c.index)
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, c.want)
			assert.Regexp(t, "^mosaic: ", err.Error())
		})
	}
	without := maps.Clone(fsys)
	delete(without, "index.prj")
	_, err := readIndex(t, without, "index.shp")
	require.ErrorIs(t, err, srs.ErrNotStated)
	_, err = readIndex(t, fsys, "none.shp")
	require.ErrorIs(t, err, fs.ErrNotExist)
	_, err = TileIndex(t.Context(), fsys, "index.gpkg", nil)
	require.ErrorContains(t, err, "Open is missing")
	_, err = TileIndex(t.Context(), fsys, "index.gpkg", &FeatureOptions{Open: opens, Layer: "other"})
	require.ErrorContains(t, err, `it has no layer "other", but ["index"]`)
	_, err = TileIndex(t.Context(), fsys, "index.gpkg", &FeatureOptions{Open: opens, MaxBytes: 1000})
	require.ErrorContains(t, err, `"index.gpkg" is longer than 1000 bytes`)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, name := range []string{"index.gpkg", "index.shp"} {
		_, err = TileIndex(ctx, fsys, name, &FeatureOptions{Open: opens})
		require.ErrorIs(t, err, context.Canceled)
	}
}

func TestDeletedRowsAreLeftOut(t *testing.T) {
	items, err := readIndex(t, changed(indexes(t), "index.dbf", func(b []byte) []byte {
		b[binary.LittleEndian.Uint16(b[8:])] = '*'
		return b
	}), "index.shp")
	require.NoError(t, err)
	require.Len(t, items, 2)
	assert.Equal(t, int64(2), items[0].ID)
}

// shape is a Shapefile's polygon of the given rings.
func shape(rings ...Ring) []byte {
	b := binary.LittleEndian.AppendUint32(nil, 5)
	b = append(b, make([]byte, 32)...)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(rings)))
	n := 0
	for _, r := range rings {
		n += len(r)
	}
	b = binary.LittleEndian.AppendUint32(b, uint32(n))
	n = 0
	for _, r := range rings {
		b = binary.LittleEndian.AppendUint32(b, uint32(n))
		n += len(r)
	}
	for _, p := range slices.Concat(rings...) {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(p[0]))
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(p[1]))
	}
	return b
}

func TestShapesKeepTheirOuterRings(t *testing.T) {
	clockwise := Ring{{0, 0}, {0, 4}, {4, 4}, {4, 0}, {0, 0}}
	hole := Ring{{1, 1}, {2, 1}, {2, 2}, {1, 2}, {1, 1}}
	other := Ring{{10, 0}, {10, 4}, {14, 4}, {14, 0}, {10, 0}}
	for _, c := range []struct{ rings, want []Ring }{
		{[]Ring{clockwise}, []Ring{clockwise}},
		{[]Ring{clockwise, hole}, []Ring{clockwise}},
		{[]Ring{hole, clockwise, other}, []Ring{clockwise, other}},
		{[]Ring{hole}, []Ring{hole}}, // the wrong way round
	} {
		got, err := shapePolygon(shape(c.rings...))
		require.NoError(t, err)
		assert.Equal(t, c.want, got)
	}
}

// wkb is a polygon, or several, behind a GeoPackage's header.
func wkb(parts ...string) []byte {
	b := []byte("GP\x00\x01\x00\x00\x00\x00")
	for _, p := range parts {
		b = append(b, p...)
	}
	return b
}

func TestWellKnownBinary(t *testing.T) {
	zero := string(make([]byte, 8))
	one := "\x3f\xf0\x00\x00\x00\x00\x00\x00"
	for name, c := range map[string]struct {
		b    []byte
		want []Ring
	}{
		"big endian": {wkb("\x00\x00\x00\x00\x03\x00\x00\x00\x01\x00\x00\x00\x02", zero, one, one, zero), []Ring{{{0, 1}, {1, 0}}}},
		"with Z":     {wkb("\x00\x00\x00\x03\xeb\x00\x00\x00\x01\x00\x00\x00\x01", zero, one, one), []Ring{{{0, 1}}}},
		"older Z":    {wkb("\x00\x80\x00\x00\x03\x00\x00\x00\x01\x00\x00\x00\x01", zero, one, one), []Ring{{{0, 1}}}},
		"ZM":         {wkb("\x00\x00\x00\x0b\xbb\x00\x00\x00\x01\x00\x00\x00\x01", zero, one, one, one), []Ring{{{0, 1}}}},
		"a hole": {wkb("\x00\x00\x00\x00\x03\x00\x00\x00\x02\x00\x00\x00\x01", zero, one, "\x00\x00\x00\x01", one, one),
			[]Ring{{{0, 1}}}},
		"two": {wkb("\x00\x00\x00\x00\x06\x00\x00\x00\x02",
			"\x00\x00\x00\x00\x03\x00\x00\x00\x01\x00\x00\x00\x01", zero, one,
			"\x00\x00\x00\x00\x03\x00\x00\x00\x01\x00\x00\x00\x01", one, one), []Ring{{{0, 1}}, {{1, 1}}}},
		"more than there is":      {wkb("\x00\x00\x00\x00\x03\xff\xff\xff\xff"), nil},
		"more points":             {wkb("\x00\x00\x00\x00\x03\x00\x00\x00\x01\xff\xff\xff\xff"), nil},
		"something behind":        {wkb("\x00\x00\x00\x00\x03\x00\x00\x00\x00x"), nil},
		"collections in the same": {wkb("\x00\x00\x00\x00\x06\x00\x00\x00\x01\x00\x00\x00\x00\x06\x00\x00\x00\x00"), nil},
	} {
		got, err := gpkgPolygon(c.b)
		assert.Equal(t, c.want, got, name)
		assert.Equal(t, c.want == nil, err != nil, "%s: %v", name, err)
	}
}

func FuzzShapefile(f *testing.F) {
	fsys := indexes(f)
	f.Add(fsys["index.shp"].Data, fsys["index.dbf"].Data, "")
	f.Add(fsys["index.shp"].Data, fsys["index.dbf"].Data, "UTF-8")
	f.Fuzz(func(t *testing.T, shp, dbf []byte, cpg string) {
		if len(shp)+len(dbf) > 1<<16 || !bytes.HasPrefix(shp, shapeMagic) {
			t.Skip("too long, or no Shapefile")
		}
		items, err := readIndex(t, fstest.MapFS{
			"a.shp": {Data: shp}, "a.dbf": {Data: dbf}, "a.cpg": {Data: []byte(cpg)}, "a.prj": fsys["index.prj"],
		}, "a.shp")
		checkFuzzed(t, items, err)
	})
}

func FuzzGeoPackage(f *testing.F) {
	fsys := indexes(f)
	f.Add(fsys["index.gpkg"].Data)
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<18 || !bytes.HasPrefix(data, []byte(sqlitefile.Magic)) {
			t.Skip("too long, or no GeoPackage")
		}
		items, err := readIndex(t, fstest.MapFS{"a.gpkg": {Data: data}}, "a.gpkg")
		checkFuzzed(t, items, err)
	})
}

// checkFuzzed wants items that an index takes, but for footprints beyond the bounds of their system and IDs twice.
func checkFuzzed(t *testing.T, items []*Item, err error) {
	if err != nil {
		assert.Nil(t, items)
		return
	}
	for _, it := range items {
		require.NotEmpty(t, it.Name)
		require.False(t, it.Footprint.CRS.IsZero())
		require.False(t, it.Footprint.Envelope.Empty() || !it.Footprint.Envelope.Finite(), "%v", it.Footprint)
	}
	if _, err := NewIndex(items); err != nil {
		require.ErrorAs(t, err, new(*ItemError))
	}
}

func FuzzPolygon(f *testing.F) {
	for _, s := range []string{"POLYGON((0 0, 1 0, 1 1, 0 0))", "multipolygon Z (((0 0 1, 1 0 1, 1 1 1)), ((2 2 2,3 2 2,3 3 2)))", "POLYGON EMPTY"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 1<<12 {
			t.Skip("too long")
		}
		outer, err := parsePolygon(s)
		if err == nil {
			assert.NotEmpty(t, outer)
			assert.False(t, slices.ContainsFunc(outer, func(r Ring) bool { return len(r) == 0 }))
		}
	})
}

func TestPolygonText(t *testing.T) {
	square := Ring{{0, 0}, {1, 0}, {1, 1}}
	for s, want := range map[string][]Ring{
		"POLYGON((0 0,1 0,1 1))":                                      {square},
		" polygon ( ( 0 0 , 1 0,1 1 ) , (5 5, 6 6, 7 7)) ":            {square},
		"POLYGON ZM ((0 0 7 8,1 0 7 8,1 1 7 8))":                      {square},
		"MULTIPOLYGON(((0 0,1 0,1 1)),((0 0,1 0,1 1),(5 5,6 6,7 7)))": {square, square},
	} {
		got, err := parsePolygon(s)
		require.NoError(t, err, s)
		assert.Equal(t, want, got, s)
	}
	for s, want := range map[string]string{
		"":                        `"" is no POLYGON or MULTIPOLYGON`,
		"POINT(1 2)":              `"POINT" is no POLYGON or MULTIPOLYGON`,
		"POLYGON EMPTY":           "a POLYGON EMPTY is not supported",
		"POLYGON((0 0,1 x,1 1))":  `malformed at "1 x,1 1))", where a point should be`,
		"POLYGON((0 0,1 0,1 1)":   "malformed at the end, where ) should be",
		"POLYGON((0 0,1 0,1 1))x": `malformed at "x", where nothing more should be`,
		"POLYGON(0 0,1 0,1 1)":    `malformed at "0 0,1 0,1 ", where ( should be`,
		"POLYGON((0 0,1))":        "where a point should be",
	} {
		_, err := parsePolygon(s)
		require.ErrorContains(t, err, want, s)
	}
}
