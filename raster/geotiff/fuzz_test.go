package geotiff_test

import (
	"context"
	"image"
	"testing"

	"github.com/geoexport/geoexport/internal/tiffmake"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/srs"
)

// FuzzOpen opens any bytes and reads a little of each level. It checks for panics, hangs, memory beyond the limits, and
// errors of other types than this package's (T80).
func FuzzOpen(f *testing.F) {
	for _, b := range hostile() {
		f.Add(b)
	}
	for i, typ := range allTypes {
		m := &tiffmake.File{
			BigEndian: i%2 == 1, Big: i%4 > 1, Size: image.Pt(20, 9), Type: typ, Bands: 1 + i%3, Planar: i%5 == 2,
			Compression: []int{tiffmake.None, tiffmake.LZW, tiffmake.Deflate, tiffmake.PackBits}[i%4],
			NoData:      "1", EPSG: 3857, Levels: []image.Point{{10, 5}},
			Sample: func(level, band, x, y int) float64 { return speckle(typ, level, band, x, y) },
		}
		if i%3 == 0 {
			m.Tile = image.Pt(16, 16)
		}
		if i%3 == 1 {
			m.Mask = func(_, x, y int) bool { return x > y }
		}
		if m.Compression == tiffmake.Deflate && typ > raster.U4 {
			m.Predictor = 2
		}
		if i%2 == 0 && m.Bands > 1 {
			m.ExtraSamples = []int{2}
		}
		f.Add(m.NorthUp(3, 4, 5).Bytes())
	}
	limits := geotiff.Limits{Directories: 20, Entries: 200, FieldBytes: 1 << 16, Bands: 64, BlockBytes: 1 << 20, ReadBytes: 1 << 22}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 1<<16 {
			t.Skip("large")
		}
		o := &geotiff.Options{Limits: limits, Affine: raster.Affine{A: 1, E: -1}}
		g, err := geotiff.Open(context.Background(), sourceOf(b), o)
		if err != nil {
			ours(t, err)
			return
		}
		defer g.Close()
		info := g.Info()
		for level, size := range info.Levels {
			for _, at := range []image.Point{{}, size.Sub(image.Pt(min(8, size.X), min(8, size.Y)))} {
				win := image.Rectangle{Min: at, Max: at.Add(image.Pt(8, 8))}.Intersect(image.Rectangle{Max: size})
				blk, err := g.Read(context.Background(), nil, level, win, nil)
				if err != nil {
					ours(t, err)
					continue
				}
				if blk.Bounds() != win || len(blk.Bands) != len(info.Bands) {
					t.Fatalf("read %v of %d bands, want %v of %d", blk.Bounds(), len(blk.Bands), win, len(info.Bands))
				}
			}
		}
	})
}

func ours(t *testing.T, err error) {
	t.Helper()
	// An error of package srs is allowed: neither the file nor this package is at fault.
	if !isReason[*geotiff.FormatError](err) && !isReason[*geotiff.UnsupportedError](err) &&
		!isReason[*geotiff.LimitError](err) && !isReason[*srs.UnknownError](err) && !isReason[*srs.UnsupportedError](err) {
		t.Fatalf("%T: %v", err, err)
	}
}
