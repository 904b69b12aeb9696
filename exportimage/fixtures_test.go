package exportimage_test

import (
	"context"
	"fmt"
	"image"
	"io"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

func crs(t testing.TB, wkid int) srs.CRS {
	c, err := srs.FromWKID(wkid)
	require.NoError(t, err)
	return c
}

// item puts a dataset into a catalogue.
func item(id int64, ds raster.Dataset) *mosaic.Item {
	g := ds.Info().Grid
	return &mosaic.Item{
		ID: id, Name: fmt.Sprintf("raster %d", id),
		Footprint: mosaic.Footprint{CRS: g.CRS, Envelope: g.Envelope()},
		Open:      func(context.Context) (raster.Dataset, error) { return ds, nil },
	}
}

// service serves datasets, the first on top. Besides the default formats it has "raw", which holds every type and keeps
// the last picture's pixels in *raw.
func service(datasets ...raster.Dataset) (s *exportimage.Service, raw **raster.Block) {
	var catalog mosaic.Slice
	for i, ds := range datasets {
		catalog = append(catalog, item(int64(i+1), ds))
	}
	raw = new(*raster.Block)
	formats := encode.Default()
	formats["raw"] = rawFormat(raw)
	return &exportimage.Service{Name: "test", Catalog: catalog, Formats: formats}, raw
}

func rawFormat(raw **raster.Block) encode.Format {
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
			if err := whole.Add(moved(b, image.Pt(0, y)), nil); err != nil {
				return err
			}
			y += h
		}
		*raw = whole.Result()
		return nil
	}
	return f
}

// moved is a copy of b that starts at min.
func moved(b *raster.Block, min image.Point) *raster.Block {
	by := min.Sub(b.Bounds().Min)
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

// ramp is RAMP of docs/cases.md: 512² F32 in 3857, 1 m pixels from (0,512), value = column + 1000·row.
func ramp(t testing.TB) *rastertest.Memory {
	g := raster.NorthUp(crs(t, 3857), srs.Envelope{XMax: 512, YMax: 512}, image.Pt(512, 512))
	return rastertest.FromFunc(g, 1, func(_, x, y int) float32 { return float32(x + 1000*y) })
}

// world is WORLD of docs/cases.md, at a tenth: 360×180 U8 in 4326, value = column mod 256.
func world(t testing.TB) *rastertest.Memory {
	g := raster.NorthUp(crs(t, 4326), srs.Envelope{XMin: -180, YMin: -90, XMax: 180, YMax: 90}, image.Pt(360, 180))
	return rastertest.FromFunc(g, 1, func(_, x, y int) uint8 { return uint8(x) })
}

// parse reads a query string as a request.
func parse(t testing.TB, query string) exportimage.Request {
	v, err := url.ParseQuery(query)
	require.NoError(t, err)
	r, err := exportimage.ParseRequest(v)
	require.NoError(t, err, query)
	return r
}

// export exports a query in format raw and gives its pixels.
func export(t testing.TB, s *exportimage.Service, raw **raster.Block, query string) (*raster.Block, exportimage.Result) {
	res, err := s.Export(context.Background(), parse(t, query+"&format=raw"))
	require.NoError(t, err, query)
	return *raw, res
}
