package encode

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"runtime"
	"testing"

	"github.com/klauspost/compress/flate"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/internal/pngfilter"
	"github.com/geoexport/geoexport/raster"
)

// benchImages returns blocks of one band, of three bands, and of three bands with a soft edge.
func benchImages(side int) map[string]*raster.Block {
	size := image.Pt(side, side)
	at := photo(size)
	return map[string]*raster.Block{
		"grey": block(raster.U8, 1, size, at, nil),
		"rgb":  block(raster.U8, 3, size, at, nil),
		"rgba": block(raster.U8, 3, size, at, ring(size)),
	}
}

// stdImage returns a block as an image of the kind for which image/png has a fast path.
func stdImage(b *raster.Block) image.Image {
	p := imageOf(b, nil)
	r := image.Rectangle{Max: p.Grid.Size}
	if grey(p) {
		pix := gathered(p, 1, grey8)
		return &image.Gray{Pix: pix, Stride: r.Dx(), Rect: r}
	}
	pix := gathered(p, 4, rgba8)
	return &image.NRGBA{Pix: pix, Stride: 4 * r.Dx(), Rect: r}
}

func bench(b *testing.B, raw int, encode func(w io.Writer) error) {
	var buf bytes.Buffer
	b.SetBytes(int64(raw))
	b.ReportAllocs()
	for b.Loop() {
		buf.Reset()
		require.NoError(b, encode(&buf))
	}
	b.ReportMetric(float64(buf.Len()), "bytes")
}

func BenchmarkPNG(b *testing.B) {
	encode := Default()["png"].Encode
	for _, side := range []int{256, 400, 1024} {
		images := benchImages(side)
		for _, kind := range []string{"grey", "rgb", "rgba"} {
			blk := images[kind]
			raw := side * side * map[string]int{"grey": 1, "rgb": 3, "rgba": 4}[kind]
			name := fmt.Sprintf("%s/%d", kind, side)
			b.Run(name+"/ours", func(b *testing.B) {
				p := imageOf(blk, nil)
				bench(b, raw, func(w io.Writer) error { return encode(w, p, nil) })
			})
			b.Run(name+"/std", func(b *testing.B) {
				m := stdImage(blk)
				bench(b, raw, func(w io.Writer) error { return png.Encode(w, m) })
			})
		}
	}
}

func BenchmarkFormats(b *testing.B) {
	formats := Default()
	images := benchImages(400)
	for _, name := range []string{"png8", "png24", "png32", "jpg", "gif", "bmp"} {
		b.Run(name, func(b *testing.B) {
			p := imageOf(images["rgba"], nil)
			bench(b, 400*400*4, func(w io.Writer) error { return formats[name].Encode(w, p, nil) })
		})
	}
}

// filtered returns the rows of an image as they go to the compressor.
func filtered(b *raster.Block) []byte {
	p := imageOf(b, nil)
	pixel, fill := 3, rowFunc(rgb8)
	if grey(p) {
		pixel, fill = 1, grey8
	} else if b.Valid != nil {
		pixel, fill = 4, rgba8
	}
	n := pixel * (1 + p.Grid.Size.X)
	cur, prev := make([]byte, n), make([]byte, n)
	var f pngfilter.Chooser
	var out []byte
	_ = eachRow(p, func(b *raster.Block, y int) error {
		fill(cur[pixel:], b, y)
		out = append(out, f.Filter(cur, prev, pixel)...)
		cur, prev = prev, cur
		return nil
	})
	return out
}

func BenchmarkDeflateLevels(b *testing.B) {
	images := benchImages(400)
	for _, kind := range []string{"grey", "rgb", "rgba"} {
		rows := filtered(images[kind])
		for _, level := range []int{flate.HuffmanOnly, 1, 2, 3, 4, 5, 6} {
			b.Run(fmt.Sprintf("%s/%d", kind, level), func(b *testing.B) {
				z, err := flate.NewWriter(nil, level)
				require.NoError(b, err)
				bench(b, len(rows), func(w io.Writer) error {
					z.Reset(w)
					if _, err := z.Write(rows); err != nil {
						return err
					}
					return z.Close()
				})
			})
		}
	}
}

func BenchmarkJPEG(b *testing.B) {
	encode := Default()["jpg"].Encode
	for _, side := range []int{256, 1024} {
		images := benchImages(side)
		for _, kind := range []string{"grey", "rgb"} {
			p, m := imageOf(images[kind], nil), stdImage(images[kind])
			for _, workers := range []int{1, 2} {
				b.Run(fmt.Sprintf("%s/%d/ours with %d", kind, side, workers), func(b *testing.B) {
					bench(b, side*side, func(w io.Writer) error { return encode(w, p, &Options{Workers: workers}) })
				})
			}
			b.Run(fmt.Sprintf("%s/%d/std", kind, side), func(b *testing.B) {
				bench(b, side*side, func(w io.Writer) error { return jpeg.Encode(w, m, nil) })
			})
		}
	}
}

// BenchmarkSoak writes image after image with the same formats. What it allocates for each, and holds in the end,
// is the same after 10 and after 10 000 (-benchtime 10x, 10000x).
func BenchmarkSoak(b *testing.B) {
	formats := Default()
	p := imageOf(benchImages(256)["rgba"], nil)
	for _, name := range []string{"png", "png8", "jpg", "gif", "bmp"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				require.NoError(b, formats[name].Encode(io.Discard, p, nil))
			}
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			b.ReportMetric(float64(m.HeapAlloc), "heap-bytes")
		})
	}
}
