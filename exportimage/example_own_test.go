package exportimage_test

import (
	"context"
	"errors"
	"fmt"
	"image"
	"iter"
	"log"
	"math"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/srs"
)

// waves is a raster that is computed and not read: a Dataset of a program's own.
type waves struct{}

// wavesGrid has one pixel a degree.
var wavesGrid = raster.NorthUp(srs.WGS84(), srs.Envelope{XMin: -180, YMin: -90, XMax: 180, YMax: 90}, image.Pt(360, 180))

func (waves) Info() raster.Info {
	return raster.Info{
		Grid: wavesGrid, Type: raster.F32, Bands: []raster.Band{{Name: "height"}}, Levels: []image.Point{wavesGrid.Size},
	}
}

func (waves) Read(
	_ context.Context, dst *raster.Block, level int, win image.Rectangle, bands []int,
) (*raster.Block, error) {
	if level != 0 || win.Empty() || !win.In(wavesGrid.Bounds()) {
		return nil, fmt.Errorf("waves have no window %v of level %d", win, level)
	}
	if bands == nil {
		bands = []int{0}
	}
	if dst == nil {
		dst = raster.NewBlock(raster.F32, len(bands), win)
	}
	dst.Valid = nil // every pixel holds data
	for _, plane := range dst.Bands {
		p := plane.(*raster.PlaneOf[float32])
		for y := win.Min.Y; y < win.Max.Y; y++ {
			for i, row := 0, p.Row(y); i < len(row); i++ {
				row[i] = float32(math.Sin(float64(win.Min.X+i)/20) * math.Cos(float64(y)/20))
			}
		}
	}
	return dst, nil
}

// A Dataset of a program's own needs two methods; rastertest.Test checks that it keeps what they promise.
func ExampleService_ownDataset() {
	service := &exportimage.Service{Name: "waves", Catalog: mosaic.Of("waves", waves{})}
	block, _, err := service.Render(context.Background(), exportimage.Request{
		BBox: srs.Envelope{XMin: 0, YMin: 0, XMax: 4, YMax: 2}, Size: image.Pt(4, 2),
	})
	if err != nil {
		log.Fatal(err)
	}
	values, err := raster.Values[float32](block, 0)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%v %.3f\n", block.Type, values)
	// Output: F32 [-0.127 -0.113 -0.098 -0.083 -0.107 -0.095 -0.083 -0.070]
}

// archive is a catalogue of a program's own: it makes an item for each day of a year when it is asked, and holds none.
type archive struct{ year int }

func (a archive) Items(_ context.Context, q mosaic.Query) iter.Seq2[*mosaic.Item, error] {
	return func(yield func(*mosaic.Item, error) bool) {
		for day := range 365 {
			it := *mosaic.Of(fmt.Sprintf("%d, day %d", a.year, day+1), waves{})[0]
			it.ID = int64(day + 1)
			it.Attrs = map[string]any{"Day": int64(day + 1)}
			if !yield(&it, nil) {
				return
			}
		}
	}
}

// A catalogue of a program's own, such as a table of a database, needs one method; mosaictest.Test checks that it keeps what
// that promises.
func ExampleService_ownCatalog() {
	service := &exportimage.Service{Name: "archive", Catalog: archive{2026}}
	res, err := service.Export(context.Background(), exportimage.Request{
		Size: image.Pt(36, 18), MosaicRule: mosaic.Rule{Where: "Day = 200"},
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range res.Trace.Rasters {
		fmt.Println(r.ID, r.Name)
	}
	// Output: 200 2026, day 200
}

// A raster that fails is an error with its name, or is left out and listed if the service says so.
func ExampleService_failingDataset() {
	items := mosaic.Of("waves", waves{})
	lost := *items[0]
	lost.ID, lost.Name = 2, "lost"
	lost.Open = func(context.Context) (raster.Dataset, error) { return nil, errors.New("the disk /dev/sdb is gone") }
	service := &exportimage.Service{Name: "sea", Catalog: append(items, &lost)}
	req := exportimage.Request{MosaicRule: mosaic.Rule{Method: mosaic.Attribute, SortField: "OBJECTID", Descending: true}}

	_, err := service.Export(context.Background(), req)
	if r, ok := errors.AsType[*exportimage.RasterError](err); ok {
		fmt.Println("name:", r.Name)
		fmt.Println("for the log:", r)
		fmt.Println("for anyone:", r.Public())
	}
	service = &exportimage.Service{Name: "sea", Catalog: service.Catalog, SkipUnreadable: true}
	res, err := service.Export(context.Background(), req)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("drawn:", res.Trace.Rasters[0].Name, "left out:", res.Trace.Skipped[0].Name)
	// Output:
	// name: lost
	// for the log: raster "lost": cannot open it: the disk /dev/sdb is gone
	// for anyone: raster "lost": cannot open it
	// drawn: waves left out: lost
}

// Limits bound what one request costs. The error says which limit it is, what was asked for, and what is allowed.
func ExampleLimitError() {
	service := &exportimage.Service{
		Name: "waves", Catalog: mosaic.Of("waves", waves{}), Limits: exportimage.Limits{Side: 2000},
	}
	_, err := service.Export(context.Background(), exportimage.Request{Size: image.Pt(3000, 10)})
	if e, ok := errors.AsType[*exportimage.LimitError](err); ok {
		fmt.Println(e.Limit, e.Asked, e.Allowed, exportimage.AsError(err).Kind)
	}
	// Output: Side 3000 2000 invalid
}

// A service in one line: a file, a folder, a pattern, a tile index, a STAC document or a URL.
func ExampleOpen() {
	service, err := exportimage.Open(context.Background(), "../testdata/demo/world.tif")
	if err != nil {
		log.Fatal(err)
	}
	defer service.Close()
	d, err := service.Describe(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(service.Name, d.CRS, d.PixelType, len(d.Bands), "bands")
	// Output: world EPSG:4326 U8 3 bands
}
