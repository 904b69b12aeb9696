//go:build linux

package postgis

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/params"
	"github.com/geoexport/geoexport/internal/tiffmake"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/mosaic/mosaictest"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/srs"
)

const olinda = "../../../testdata/demo/olinda_mosaic"

// hardPlaces is a folder of rasters where boxes in longitude and latitude are odd, with attributes of all kinds.
func hardPlaces(t *testing.T) string {
	dir := t.TempDir()
	for _, r := range []struct {
		name        string
		epsg        int
		x, y, pixel float64
	}{
		{"utm33", 32633, 450e3, 5300e3, 2000},
		{"ring", 32633, 450e3, 5300e3, 10e3},
		{"utm1", 32601, 150e3, 7000e3, 25e3},   // across the antimeridian
		{"antimeridian", 4326, 178, 10, 1},     // from 178 to 182
		{"beyond", 4326, 190, -10, 1},          // wholly beyond 180
		{"kite", 4326, 176, 40, 2},             // with a ring across the antimeridian
		{"mercator", 3857, 2e6, 6e6, 50e3},     //
		{"world", 4326, -180, 90, 90},          // upright, half of it below the pole: see Size
		{"southpole", 3031, -1e6, 1e6, 500e3},  // around the pole
		{"polarring", 3031, -1e6, 1e6, 500e3},  // with a ring around the pole
		{"northpole", 3413, -2e6, -1e6, 250e3}, // beside the pole, with a ring
	} {
		size := image.Pt(4, 4)
		if r.name == "world" {
			size.Y = 2
		}
		ringed := slices.Contains([]string{"ring", "kite", "polarring", "northpole"}, r.name)
		f := &tiffmake.File{Size: size, EPSG: r.epsg, Geographic: r.epsg == 4326, NoData: "0",
			Sample: func(_, _, x, y int) float64 {
				if ringed && (x%3 == 0 || y%3 == 0) {
					return 0 // rings go around the pixels in the middle
				}
				return float64(len(r.name)*16 + y*4 + x)
			}}
		require.NoError(t, os.WriteFile(filepath.Join(dir, r.name+".tif"), f.NorthUp(r.x, r.y, r.pixel).Bytes(), 0o600))
	}
	var table strings.Builder
	table.WriteString(`file,objectid,Month,Cloud,Note,ZOrder,MinPS,MaxPS,starttime,endtime,footprint_wkt
ring.tif,7,1,0.5,"it's",,,1e6,2014-01-01,2014-02-01,"POLYGON((460000 5300000,489000 5285000,481000 5262000,453000 5262000))"
kite.tif,3,6,1,,-2,,,,2015-06-01T12:30:00Z,"POLYGON((176 36,180 40,-176 36,180 32))"
polarring.tif,9,9,2.25,b,1,0.001,,,,"POLYGON((-800000 -900000,900000 -800000,800000 900000,-900000 800000))"
northpole.tif,10,,,,,,,,,"POLYGON((-1950000 -1800000,-1200000 -1950000,-1050000 -1200000,-1800000 -1100000))"
world.tif,20,,,a,5,,,2015-01-01,,
`)
	for i, name := range []string{"utm33", "utm1", "antimeridian", "beyond", "mercator", "southpole"} {
		fmt.Fprintf(&table, "%s.tif,%d,%d,,,,,,,,\n", name, 30+i, 12-i)
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "catalog.csv"), []byte(table.String()), 0o600))
	return dir
}

// both are the catalogue of a folder in the database, and in memory.
func both(t *testing.T, folder string) (*Catalog, *mosaic.Index) {
	t.Helper()
	db := database(t)
	files := newFiles()
	t.Cleanup(func() { assert.NoError(t, files.Close()) })
	n, err := Load(t.Context(), db, folder, files.Open)
	require.NoError(t, err)
	items, err := mosaic.Folder(t.Context(), os.DirFS(folder), &mosaic.FolderOptions{Open: func(ctx context.Context, name string) (raster.Dataset, error) {
		return files.Open(ctx, filepath.Join(folder, name))
	}})
	require.NoError(t, err)
	require.Len(t, items, n)
	index, err := mosaic.NewIndex(items)
	require.NoError(t, err)
	return NewCatalog(db, files.Open), index
}

func TestConformance(t *testing.T) {
	for name, folder := range map[string]string{"hard places": hardPlaces(t), "olinda": olinda} {
		t.Run(name, func(t *testing.T) {
			c, _ := both(t, folder)
			mosaictest.Test(t, c)
		})
	}
}

// all collects what a catalogue yields, in the order of IDs.
func all(t *testing.T, c mosaic.Catalog, q mosaic.Query) (items []*mosaic.Item) {
	t.Helper()
	for it, err := range c.Items(t.Context(), q) {
		require.NoError(t, err)
		items = append(items, it)
	}
	slices.SortFunc(items, func(a, b *mosaic.Item) int { return int(a.ID - b.ID) })
	return items
}

// Items read back from rows equal those that were written, to the last digit.
func TestThereAndBack(t *testing.T) {
	c, index := both(t, hardPlaces(t))
	want, got := all(t, index, mosaic.Query{}), all(t, c, mosaic.Query{})
	require.Len(t, got, len(want))
	for i, it := range want {
		w, g := stated(it), stated(got[i])
		if z, ok := w.Attrs["ZOrder"].(int64); ok { // which is a number of any kind in the table
			assert.EqualValues(t, z, g.Attrs["ZOrder"])
			g.Attrs["ZOrder"] = z
		}
		if len(w.Attrs) == 0 && len(g.Attrs) == 0 {
			w.Attrs = g.Attrs
		}
		assert.Equal(t, w, g)
	}
}

// stated returns an item with what it states alone, without functions.
func stated(it *mosaic.Item) (out mosaic.Item) {
	from, to := reflect.ValueOf(it).Elem(), reflect.ValueOf(&out).Elem()
	for i := range from.NumField() {
		if to.Field(i).CanSet() && from.Field(i).Kind() != reflect.Func {
			to.Field(i).Set(from.Field(i))
		}
	}
	return out
}

// A straight edge of a footprint is bent in the table. What lies inside it by a metre is found all the same.
func TestEdges(t *testing.T) {
	c, index := both(t, hardPlaces(t))
	for _, it := range all(t, index, mosaic.Query{}) {
		if it.Footprint.CRS.Geographic() {
			continue
		}
		for i, b := range it.Footprint.Ring {
			a := it.Footprint.Ring[(i+len(it.Footprint.Ring)-1)%len(it.Footprint.Ring)]
			for s := 0.005; s < 1; s += 0.01 {
				x, y := a[0]+s*(b[0]-a[0]), a[1]+s*(b[1]-a[1])
				q := mosaic.Query{CRS: it.Footprint.CRS, Envelope: srs.Envelope{XMin: x - 1, YMin: y - 1, XMax: x + 1, YMax: y + 1}}
				found := slices.ContainsFunc(all(t, c, q), func(f *mosaic.Item) bool { return f.ID == it.ID })
				require.True(t, found, "%s is not found at %v %v", it.Name, x, y)
			}
		}
	}
}

// Boxes are looked up in the spatial index, also in two parts.
func TestBoxesUseTheIndex(t *testing.T) {
	c, _ := both(t, hardPlaces(t))
	tx, err := c.db.Begin(t.Context())
	require.NoError(t, err)
	defer tx.Rollback(context.Background())
	_, err = tx.Exec(t.Context(), "SET LOCAL enable_seqscan = off") // the table is small
	require.NoError(t, err)
	rows, err := tx.Query(t.Context(), "EXPLAIN "+selectItems+whereBoxes+byID, 170.0, 0.0, 180.0, 10.0, -180.0, 0.0, -170.0, 10.0)
	require.NoError(t, err)
	var plan strings.Builder
	for rows.Next() {
		var line string
		require.NoError(t, rows.Scan(&line))
		plan.WriteString(line + "\n")
	}
	require.NoError(t, rows.Err())
	assert.Equal(t, 2, strings.Count(plan.String(), "Index Scan on raster_footprint"), "%s", plan.String())
}

// Where the catalogue is kept makes no difference to an image.
func TestSamePictures(t *testing.T) {
	for folder, queries := range map[string][]string{
		olinda: {
			"",
			`mosaicRule={"mosaicMethod":"esriMosaicCenter","mosaicOperation":"MT_BLEND"}`,
			`mosaicRule={"mosaicMethod":"esriMosaicLockRaster","lockRasterIds":[3,1]}`,
			`mosaicRule={"mosaicMethod":"esriMosaicNone","where":"epsg > 30000 AND name LIKE 'Olinda%25'"}`,
		},
		hardPlaces(t): {
			"bbox=160,-80,200,80",
			"bbox=-180,-90,180,90&size=300,150",
			`bbox=170,30,190,50&mosaicRule={"mosaicMethod":"esriMosaicAttribute","sortField":"Month","sortValue":6,"mosaicOperation":"MT_BLEND"}`,
			`bbox=-180,-90,180,-60&time=1388534400000,1391212800000`,
			`bbox=10,40,20,50&mosaicRule={"mosaicMethod":"esriMosaicNone","where":"Cloud < 2 OR Note = 'a'"}`,
		},
	} {
		c, index := both(t, folder)
		inDatabase, inMemory := &exportimage.Service{Catalog: c}, &exportimage.Service{Catalog: index}
		for _, query := range queries {
			v, err := url.ParseQuery("imageSR=4326&bboxSR=4326&" + query)
			require.NoError(t, err)
			req, err := params.ParseRequest(v)
			require.NoError(t, err)
			want, err := inMemory.Export(t.Context(), req)
			require.NoError(t, err, query)
			got, err := inDatabase.Export(t.Context(), req)
			require.NoError(t, err, query)
			assert.True(t, want.Trace.Covered, query)
			assert.True(t, bytes.Equal(want.Data, got.Data), query)
		}
	}
}

// The same for boxes anywhere. Rasters that one catalogue finds and the other does not hold no data there.
func TestSamePicturesAnywhere(t *testing.T) {
	c, index := both(t, hardPlaces(t))
	inDatabase, inMemory := &exportimage.Service{Catalog: c}, &exportimage.Service{Catalog: index}
	rnd := rand.New(rand.NewPCG(6, 1))
	covered := 0
	for range 150 {
		code, x, y, span := 4326, 180.0, 90.0, 20.0
		if rnd.IntN(2) == 0 {
			code, x, y, span = 3857, 20037508, 2e7, 2e6
		}
		crs, err := srs.FromWKID(code)
		require.NoError(t, err)
		cx, cy, w, h := (rnd.Float64()*4-2)*x, (rnd.Float64()*2-1)*y, rnd.Float64()*span, rnd.Float64()*span
		req := exportimage.Request{
			BBox: srs.Envelope{XMin: cx - w, YMin: cy - h, XMax: cx + w, YMax: cy + h}, BBoxSR: crs, ImageSR: crs,
			Size: image.Pt(20, 20), Aspect: exportimage.ExactBox,
			MosaicRule: mosaic.Rule{Where: "OBJECTID <> 20"}, // without the world
		}
		want, err := inMemory.Export(t.Context(), req)
		require.NoError(t, err)
		got, err := inDatabase.Export(t.Context(), req)
		require.NoError(t, err)
		assert.True(t, bytes.Equal(want.Data, got.Data), "%v in %v", req.BBox, crs)
		if want.Trace.Covered {
			covered++
		}
	}
	assert.Greater(t, covered, 20)
}

// Loading again replaces a folder's rows, and other folders' rasters count on from its IDs.
func TestLoadTwice(t *testing.T) {
	c, index := both(t, olinda)
	files := newFiles()
	defer files.Close()
	hard := hardPlaces(t)
	for _, folder := range []string{olinda, hard, hard} {
		_, err := Load(t.Context(), c.db, folder, files.Open)
		require.NoError(t, err)
	}
	items := all(t, c, mosaic.Query{})
	require.Len(t, items, 3+11)
	assert.Equal(t, all(t, index, mosaic.Query{})[2].Name, items[2].Name)
	assert.EqualValues(t, 3+3, items[3].ID, "the lowest of the other folder")
}

// A row that points nowhere fails the export, with the item's name.
func TestRowThatPointsNowhere(t *testing.T) {
	c, _ := both(t, olinda)
	_, err := c.db.Exec(t.Context(), `UPDATE raster SET path = '/none.tif' WHERE id = 2`)
	require.NoError(t, err)
	_, err = (&exportimage.Service{Catalog: c}).Export(t.Context(), exportimage.Request{})
	require.ErrorContains(t, err, "olinda_east_utm24")
	_, err = c.db.Exec(t.Context(), `UPDATE raster SET crs = 'nonsense' WHERE id = 2`)
	require.NoError(t, err)
	_, err = (&exportimage.Service{Catalog: c}).Export(t.Context(), exportimage.Request{})
	require.ErrorContains(t, err, `item 2 "olinda_east_utm24"`)
}
