// Package servicetest makes image services for tests: small rasters in memory whose values encode their position, and a
// format that hands back the pixels.
package servicetest

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"io"
	"log/slog"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/params"
	"github.com/geoexport/geoexport/internal/portable"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/srs"
	"github.com/geoexport/geoexport/testdata"
)

// CRS returns the spatial reference with the given code.
func CRS(t testing.TB, wkid int) srs.CRS {
	c, err := srs.FromWKID(wkid)
	require.NoError(t, err)
	return c
}

// Item returns a catalogue item for a dataset.
func Item(id int64, ds raster.Dataset) *mosaic.Item {
	g := ds.Info().Grid
	return &mosaic.Item{
		ID: id, Name: fmt.Sprintf("raster %d", id),
		Footprint: mosaic.Footprint{CRS: g.CRS, Envelope: g.Envelope()},
		Open:      func(context.Context) (raster.Dataset, error) { return ds, nil },
	}
}

// Service returns a service of datasets, the first on top. Besides the default formats it has "raw", which holds every
// type and stores the last image's pixels in *raw.
func Service(datasets ...raster.Dataset) (s *exportimage.Service, raw **raster.Block) {
	var catalog mosaic.Slice
	for i, ds := range datasets {
		catalog = append(catalog, Item(int64(i+1), ds))
	}
	raw = new(*raster.Block)
	formats := encode.Default()
	formats["raw"] = RawFormat(raw)
	return &exportimage.Service{Name: "test", Catalog: catalog, Formats: formats}, raw
}

// RawFormat returns a format that holds every type and stores the last image's pixels in *raw.
func RawFormat(raw **raster.Block) encode.Format {
	f := encode.Format{Name: "raw", MediaType: "application/octet-stream", Ext: "raw", Alpha: true}
	for t := raster.U1; t <= raster.C128; t++ {
		f.Types = append(f.Types, t)
	}
	f.Encode = func(_ io.Writer, p *raster.Image, _ *encode.Options) error {
		whole := mosaic.NewMerger(mosaic.First, p.Type, p.Bands, image.Rectangle{Max: p.Grid.Size})
		y := 0
		for b, err := range p.Strips {
			if err != nil {
				return err
			}
			h := b.Bounds().Dy()
			if err := whole.Add(Moved(b, image.Pt(0, y)), nil); err != nil {
				return err
			}
			y += h
		}
		*raw = whole.Result()
		return nil
	}
	return f
}

// Moved returns a copy of b whose bounds start at corner.
func Moved(b *raster.Block, corner image.Point) *raster.Block {
	by := corner.Sub(b.Bounds().Min)
	out := &raster.Block{Type: b.Type}
	for _, p := range b.Bands {
		out.Bands = append(out.Bands, movedPlane(p, by))
	}
	if b.Valid != nil {
		v := *b.Valid
		v.Rect = v.Rect.Add(by)
		out.Valid = &v
	}
	return out
}

func movedPlane(p raster.Plane, by image.Point) raster.Plane {
	switch p := p.(type) {
	case *raster.PlaneOf[uint8]:
		return &raster.PlaneOf[uint8]{Pix: p.Pix, Stride: p.Stride, Rect: p.Rect.Add(by)}
	case *raster.PlaneOf[int16]:
		return &raster.PlaneOf[int16]{Pix: p.Pix, Stride: p.Stride, Rect: p.Rect.Add(by)}
	case *raster.PlaneOf[int32]:
		return &raster.PlaneOf[int32]{Pix: p.Pix, Stride: p.Stride, Rect: p.Rect.Add(by)}
	case *raster.PlaneOf[float32]:
		return &raster.PlaneOf[float32]{Pix: p.Pix, Stride: p.Stride, Rect: p.Rect.Add(by)}
	}
	panic(fmt.Sprintf("no test uses a %T", p))
}

// Ramp returns RAMP of docs/cases.md: 512² F32 in 3857, 1 m pixels from (0,512), value = column + 1000·row.
func Ramp(t testing.TB) *rastertest.Memory {
	g := raster.NorthUp(CRS(t, 3857), srs.Envelope{XMax: 512, YMax: 512}, image.Pt(512, 512))
	return rastertest.FromFunc(g, 1, func(_, x, y int) float32 { return float32(x + 1000*y) })
}

// World returns WORLD of docs/cases.md at a tenth of its size: 360×180 U8 in 4326, value = column mod 256.
func World(t testing.TB) *rastertest.Memory {
	g := raster.NorthUp(CRS(t, 4326), srs.Envelope{XMin: -180, YMin: -90, XMax: 180, YMax: 90}, image.Pt(360, 180))
	return rastertest.FromFunc(g, 1, func(_, x, y int) uint8 { return uint8(x) })
}

// Classes returns a service of a raster with three classes, which have colours and names.
func Classes(t testing.TB) *exportimage.Service {
	g := raster.NorthUp(CRS(t, 3857), srs.Envelope{XMax: 30, YMax: 10}, image.Pt(30, 10))
	ds := rastertest.FromFunc(g, 1, func(_, x, y int) uint8 { return uint8(x / 10) })
	ds.Palette = color.Palette{color.NRGBA{10, 20, 30, 255}, color.NRGBA{200, 0, 0, 255}, color.NRGBA{0, 0, 250, 255}}
	ds.Bands = []raster.Band{{Name: "cover", Categories: []string{"water", "", "wood"}, Unit: "class"}}
	s, _ := Service(ds)
	s.Formats = nil
	return s
}

// Bands3 returns a raster of three bands of bytes: the column, the row and their sum, 16 by 16 pixels of 1 m.
func Bands3(t testing.TB) *rastertest.Memory {
	g := raster.NorthUp(CRS(t, 3857), srs.Envelope{XMax: 16, YMax: 16}, image.Pt(16, 16))
	return rastertest.FromFunc(g, 3, func(b, x, y int) uint8 { return uint8([]int{x, y, x + y}[b]) })
}

// Scene returns a raster of three bands in UTM zone 33 with overviews, with a texture that differs at every pixel.
func Scene(t testing.TB) *rastertest.Memory {
	const side = 600
	g := raster.NorthUp(CRS(t, 32633), srs.Envelope{XMin: 5e5, YMin: 53e5, XMax: 5e5 + 10*side, YMax: 53e5 + 10*side},
		image.Pt(side, side))
	texture := func(scale int) func(band, x, y int) uint8 {
		return func(band, x, y int) uint8 {
			x, y = x*scale, y*scale
			return uint8(128 + 100*portable.Sin(float64(x+40*band)/7)*portable.Cos(float64(y)/11) +
				float64((x*7+y*13)%16))
		}
	}
	ds := rastertest.FromFunc(g, 3, texture(1))
	ds.AddLevel(rastertest.FillBlock(image.Rect(0, 0, side/2, side/2), 3, texture(2)))
	return ds
}

// Square16 returns a raster of 16 by 16 pixels of 1 m, with the value at(column, row) in each.
func Square16[T raster.Real](t testing.TB, at func(x, y int) T) *rastertest.Memory {
	g := raster.NorthUp(CRS(t, 3857), srs.Envelope{XMax: 16, YMax: 16}, image.Pt(16, 16))
	return rastertest.FromFunc(g, 1, func(_, x, y int) T { return at(x, y) })
}

// Parse parses a query string into a request.
func Parse(t testing.TB, query string) exportimage.Request {
	v, err := url.ParseQuery(query)
	require.NoError(t, err)
	r, err := params.ParseRequest(v)
	require.NoError(t, err, query)
	return r
}

// Export exports the image that query describes in format raw, which Service has, and returns its pixels.
func Export(t testing.TB, s *exportimage.Service, raw **raster.Block, query string) (*raster.Block, exportimage.Result) {
	res, err := s.Export(context.Background(), Parse(t, query+"&format=raw"))
	require.NoError(t, err, query)
	return *raw, res
}

// Demo returns a service of one of the demo's rasters, which has the format raw as well.
func Demo(t testing.TB, name string) (*exportimage.Service, **raster.Block) {
	f, err := testdata.Demo.Open("demo/" + name)
	require.NoError(t, err)
	st, err := f.Stat()
	require.NoError(t, err)
	ds, err := geotiff.Open(context.Background(), source.FromReaderAt(f.(io.ReaderAt), st.Size()), nil)
	require.NoError(t, err)
	t.Cleanup(func() { ds.Close(); f.Close() })
	s, raw := Service()
	s.Catalog = mosaic.Slice{Item(1, ds)}
	return s, raw
}

// ExportError exports the image that query describes and returns the error.
func ExportError(s *exportimage.Service, query string) error {
	v, err := url.ParseQuery(query)
	if err != nil {
		return err
	}
	return ExportValues(s, v)
}

// ExportValues exports the image that parameters describe, a small one unless they set its size, and returns the error.
func ExportValues(s *exportimage.Service, v url.Values) error {
	r, err := params.ParseRequest(v)
	if err != nil {
		return err
	}
	if r.Size == (image.Point{}) {
		r.Size = image.Pt(8, 8)
	}
	_, err = s.Export(context.Background(), r)
	return err
}

// Logger returns a logger that writes text to w.
func Logger(w io.Writer) *slog.Logger { return slog.New(slog.NewTextHandler(w, nil)) }
