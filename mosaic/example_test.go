package mosaic_test

import (
	"context"
	"fmt"
	"image"
	"strings"
	"testing/fstest"
	"time"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

var wgs84, _ = srs.FromWKID(4326)

// tile returns a footprint of one degree by one degree.
func tile(west, south float64) mosaic.Footprint {
	return mosaic.Footprint{CRS: wgs84, Envelope: srs.Envelope{XMin: west, YMin: south, XMax: west + 1, YMax: south + 1}}
}

// Choosing the rasters of a view, and merging their pixels.
func Example() {
	catalog := mosaic.Slice{
		{ID: 1, Name: "spring", Footprint: tile(11, 46), Attrs: map[string]any{"Month": int64(4)}},
		{ID: 2, Name: "summer", Footprint: tile(11.5, 46), Attrs: map[string]any{"Month": int64(7)}},
		{ID: 3, Name: "elsewhere", Footprint: tile(70, 0), Attrs: map[string]any{"Month": int64(7)}},
	}
	rule := mosaic.Rule{Method: mosaic.Attribute, SortField: "Month", SortValue: 8.0}
	view := mosaic.View{CRS: wgs84, Envelope: srs.Envelope{XMin: 11, YMin: 46, XMax: 12.5, YMax: 47}}
	items, err := rule.Choose(context.Background(), catalog, view, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	// What reading and warping the rasters would give: digits are pixels, points hold no data.
	warped := map[string]string{"spring": "44..\n44..", "summer": ".777\n.7.7"}
	m := mosaic.NewMerger(rule.Operation, raster.U8, 1, image.Rect(0, 0, 4, 2))
	for _, it := range items {
		fmt.Println(it.Name)
		if err := m.Add(rastertest.Parse(warped[it.Name]), nil); err != nil {
			fmt.Println(err)
			return
		}
	}
	fmt.Println(rastertest.Text(m.Result()))
	// Output:
	// summer
	// spring
	// 4777
	// 47.7
}

// Items that a rule leaves out are reported with the reason.
func ExampleRule_Choose() {
	catalog := mosaic.Slice{
		{ID: 1, Name: "clear", Footprint: tile(11, 46), Attrs: map[string]any{"CloudCover": 0.05}},
		{ID: 2, Name: "cloudy", Footprint: tile(11, 46), Attrs: map[string]any{"CloudCover": 0.9}},
		{ID: 3, Name: "overview", Footprint: tile(11, 46), Attrs: map[string]any{"CloudCover": 0.0}, MinPS: 0.01},
	}
	rule := mosaic.Rule{Where: "CloudCover < 0.1"}
	view := mosaic.View{CRS: wgs84, Envelope: srs.Envelope{XMin: 11, YMin: 46, XMax: 12, YMax: 47}, Resolution: 0.001}
	_, err := rule.Choose(context.Background(), catalog, view, &mosaic.ChooseOptions{
		Offered: func(it *mosaic.Item, why mosaic.Reason) { fmt.Printf("%s: %v\n", it.Name, why) },
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// clear: it is drawn
	// cloudy: it does not meet where
	// overview: it is for other scales
}

func ExampleSlice() {
	catalog := mosaic.Slice{
		{ID: 1, Name: "west", Footprint: tile(179, -1)},
		{ID: 2, Name: "east", Footprint: tile(-180, -1)},
		{ID: 3, Name: "elsewhere", Footprint: tile(0, 0)},
	}
	acrossAntimeridian := srs.Envelope{XMin: 179.5, YMin: -1, XMax: 180.5, YMax: 0}
	for it, err := range catalog.Items(context.Background(), mosaic.Query{CRS: wgs84, Envelope: acrossAntimeridian}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(it.Name)
	}
	// Output:
	// west
	// east
}

func ExampleNewIndex() {
	var items []*mosaic.Item
	for x := range 360 {
		for y := range 180 {
			items = append(items, &mosaic.Item{ID: int64(len(items) + 1), Footprint: tile(float64(x-180), float64(y-90))})
		}
	}
	index, err := mosaic.NewIndex(items)
	if err != nil {
		fmt.Println(err)
		return
	}
	view := mosaic.View{CRS: wgs84, Envelope: srs.Envelope{XMin: 11.2, YMin: 46.2, XMax: 12.8, YMax: 46.8}}
	found, err := mosaic.Rule{}.Choose(context.Background(), index, view, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(found), "of", index.Len())
	// Output: 2 of 64800
}

func ExampleFolder() {
	fsys := fstest.MapFS{ // in practice os.DirFS(path)
		"a.tif":       {},
		"b.tif":       {},
		"catalog.csv": {Data: []byte("file,AcqDate,CloudCover\na.tif,2014-06-01,0.1\nb.tif,2014-08-20,0.3\n")},
	}
	// A Pool opens each file when it is needed, and keeps at most 100 open.
	pool := mosaic.NewPool(100, func(_ context.Context, name string) (raster.Dataset, error) {
		return rastertest.FromFunc( // in practice geotiff.OpenFile
			raster.NorthUp(wgs84, tile(float64(name[0]-'a'), 46).Envelope, image.Pt(100, 100)), 1,
			func(int, int, int) uint8 { return name[0] }), nil
	})
	defer pool.Close()
	catalog, err := mosaic.Folder(context.Background(), fsys, &mosaic.FolderOptions{Open: pool.Open})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, it := range catalog {
		fmt.Println(it.ID, it.Name, it.Footprint.Envelope, it.Attrs["AcqDate"].(time.Time).Format(time.DateOnly), it.Attrs["CloudCover"])
	}
	// Output:
	// 1 a 0,46,1,47 2014-06-01 0.1
	// 2 b 1,46,2,47 2014-08-20 0.3
}

func ExampleFeatures() {
	const stac = `{"type": "FeatureCollection", "features": [{
		"type": "Feature", "id": "LC08_L1TP_192028",
		"geometry": {"type": "Polygon", "coordinates": [[[11, 46], [12, 46], [12, 47], [11, 47], [11, 46]]]},
		"properties": {"datetime": "2014-10-20T10:00:00Z", "eo:cloud_cover": 7},
		"assets": {"visual": {"href": "https://example.com/LC08.tif", "roles": ["visual"]}}
	}]}`
	items, err := mosaic.Features(strings.NewReader(stac), &mosaic.FeatureOptions{
		Open: func(_ context.Context, location string) (raster.Dataset, error) {
			return nil, fmt.Errorf("opening %s", location) // in practice a Pool's method Open
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(items[0].Name, items[0].Footprint.Envelope, items[0].Time.From.Year(), items[0].Attrs["eo:cloud_cover"])
	_, err = items[0].Open(context.Background())
	fmt.Println(err)
	// Output:
	// LC08_L1TP_192028 11,46,12,47 2014 7
	// opening https://example.com/LC08.tif
}

func ExampleTileIndex() {
	// What gdaltindex -f GeoJSON index.geojson *.tif writes; it may be a Shapefile or a GeoPackage as well.
	fsys := fstest.MapFS{"index.geojson": {Data: []byte(`{"type": "FeatureCollection",
		"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32632"}},
		"features": [{"type": "Feature", "properties": {"location": "scene.tif"}, "geometry": {"type": "Polygon",
			"coordinates": [[[600000, 5100000], [700000, 5100000], [700000, 5200000], [600000, 5200000], [600000, 5100000]]]}}]}`)}}
	items, err := mosaic.TileIndex(context.Background(), fsys, "index.geojson", &mosaic.FeatureOptions{
		Open: func(context.Context, string) (raster.Dataset, error) { return nil, nil }, // in practice a Pool's method Open
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	wkid, _ := items[0].Footprint.CRS.WKID()
	fmt.Println(items[0].ID, items[0].Name, wkid, items[0].Footprint.Envelope)
	// Output: 1 scene.tif 32632 600000,5100000,700000,5200000
}

func ExampleMerger() {
	top, bottom := rastertest.Parse("99.."), rastertest.Parse("1111")
	for _, op := range []mosaic.Operation{mosaic.First, mosaic.Last, mosaic.Mean} {
		m := mosaic.NewMerger(op, raster.U8, 1, image.Rect(0, 0, 4, 1))
		for _, b := range []*raster.Block{top, bottom} {
			if m.Done() {
				break // nothing below shows
			}
			if err := m.Add(b, nil); err != nil {
				fmt.Println(err)
				return
			}
		}
		fmt.Println(op, rastertest.Text(m.Result()))
	}
	// Output:
	// First 9911
	// Last 1111
	// Mean 5511
}

func ExampleMethods() {
	for _, m := range mosaic.Methods() {
		fmt.Printf("%v: %s\n", m, m.Help())
	}
	// Output:
	// None: the raster with the lowest ID is on top
	// Center: the raster whose centre is nearest to the centre of the view is on top
	// Nadir: the raster whose nadir is nearest to the centre of the view is on top
	// Viewpoint: the raster whose nadir is nearest to the rule's viewpoint is on top
	// Attribute: the raster of which an attribute is nearest to the rule's value is on top
	// LockRaster: the rasters that the rule lists are drawn, the first on top
	// Northwest: the raster whose centre is nearest to the north-western corner of the catalogue is on top
	// Seamline: the raster with the lowest SOrder is on top, and each is cut at its seamline
}
