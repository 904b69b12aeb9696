// Command encode writes GeoTIFF files for run.sh, which reads them with GDAL: a matrix of small ones, or one large one several
// times to measure the time.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"image"
	"image/color"
	"iter"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/srs"
)

var compressions = map[string]geotiff.Compression{
	"NONE": geotiff.None, "LZW": geotiff.LZW, "DEFLATE": geotiff.Deflate, "ZSTD": geotiff.ZSTD, "JPEG": geotiff.JPEG,
	"LERC": geotiff.LERC, "LERC_DEFLATE": geotiff.LERC, "LERC_ZSTD": geotiff.LERC,
}

// insideLERC are the compressions of what LERC has coded.
var insideLERC = map[string]geotiff.Compression{"LERC_DEFLATE": geotiff.Deflate, "LERC_ZSTD": geotiff.ZSTD}

func main() {
	dir := flag.String("matrix", "", "write the small files to this `folder`, with what they should hold")
	in := flag.String("raw", "", "encode the samples of this `file`, band after band")
	typ := flag.String("type", "U8", "`type` of its samples: U8 or F32")
	width := flag.Int("width", 0, "its `columns`")
	bands := flag.Int("bands", 1, "its `bands`")
	compression := flag.String("compression", "NONE", "`name`")
	predictor := flag.Int("predictor", 1, "1, 2 or 3")
	times := flag.Int("times", 5, "repetitions")
	workers := flag.Int("workers", 2, "tiles at once")
	flag.Parse()
	var err error
	if *dir != "" {
		err = matrix(*dir)
	} else {
		o := &geotiff.EncodeOptions{Compression: compressions[*compression], Predictor: *predictor, Workers: *workers, SpoolBytes: 1 << 30}
		err = measure(*in, *typ, *width, *bands, o, *times)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// An entry is what a file of the matrix should hold.
type entry struct {
	File, Type, Compression string
	Predictor, EPSG         int
	Affine                  raster.Affine
	Size                    image.Point
	Bands                   int
	NoData                  *float64
	Alpha, Mask, Overviews  bool
	Lossy                   bool
	Colors                  [][3]uint8
	// Samples[band] and Valid are row after row; a complex sample is two numbers.
	Samples [][]float64
	Valid   []uint8
}

// A matrixWriter writes the files of the matrix to a folder. After an error it does nothing.
type matrixWriter struct {
	dir     string
	entries []entry
	err     error
}

func matrix(dir string) error {
	m := &matrixWriter{dir: dir}
	for typ := raster.U1; typ <= raster.C128; typ++ {
		for _, name := range []string{"NONE", "LZW", "DEFLATE", "ZSTD", "LERC", "LERC_DEFLATE", "LERC_ZSTD"} {
			if compressions[name] == geotiff.LERC && (typ < raster.U8 || typ.Complex()) {
				continue
			}
			for _, predictor := range predictors(typ, name) {
				m.lossless(typ, name, predictor)
			}
		}
	}
	m.palettes()
	m.photos()
	if m.err != nil {
		return m.err
	}
	text, err := json.Marshal(m.entries)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "matrix.json"), text, 0o666)
}

// add writes the file of an entry, whose other fields it fills in.
func (m *matrixWriter) add(b *raster.Block, e entry, validity geotiff.Validity, palette color.Palette) {
	if m.err == nil {
		m.err = m.write(b, e, validity, palette)
	}
}

func (m *matrixWriter) write(b *raster.Block, e entry, validity geotiff.Validity, palette color.Palette) error {
	crs, err := srs.FromWKID(e.EPSG)
	if err != nil {
		return err
	}
	n := len(m.entries) + 1
	e.File = fmt.Sprintf("%03d_%v_%s.tif", n, b.Type, strings.ToLower(e.Compression))
	e.Type, e.Size, e.Bands = b.Type.String(), b.Bounds().Size(), len(b.Bands)
	f, err := os.Create(filepath.Join(m.dir, e.File))
	if err != nil {
		return err
	}
	defer f.Close()
	picture := &raster.Image{Grid: raster.Grid{CRS: crs, Affine: e.Affine, Size: e.Size}, Type: b.Type, Bands: e.Bands,
		NoData: e.NoData, Opaque: b.Valid == nil, Palette: palette, Strips: strips(b)}
	o := &geotiff.EncodeOptions{Compression: compressions[e.Compression], Predictor: e.Predictor, Validity: validity,
		LERCCompression: insideLERC[e.Compression],
		Overviews:       e.Overviews, BigTIFF: n%5 == 0}
	if err := geotiff.Encode(f, picture, o); err != nil {
		return fmt.Errorf("%s: %w", e.File, err)
	}
	for _, p := range b.Bands {
		e.Samples = append(e.Samples, numbers(p))
	}
	if b.Valid != nil {
		e.Valid = b.Valid.Pix
	}
	m.entries = append(m.entries, e)
	return f.Close()
}

var (
	north   = raster.Affine{A: 10, C: 500000, E: -10, F: 6000000}
	turned  = raster.Affine{A: 8, B: 6, C: 500000, D: 6, E: -8, F: 6000000}
	degrees = raster.Affine{A: 0.01, C: 10, E: -0.01, F: 50}
)

// predictors returns those that a compression may have for samples of a type.
func predictors(typ raster.PixelType, compression string) []int {
	switch {
	case compression == "NONE" || compressions[compression] == geotiff.LERC || typ < raster.U8 || typ.Complex():
		return []int{1}
	case typ.Integer():
		return []int{1, 2}
	}
	return []int{1, 2, 3}
}

// lossless adds files of noise: several numbers of bands, a mask, noData, alpha.
func (m *matrixWriter) lossless(typ raster.PixelType, compression string, predictor int) {
	e := entry{Compression: compression, Predictor: predictor, EPSG: 32633, Affine: north}
	for _, bands := range []int{1, 3, 4} {
		m.add(noise(typ, bands, image.Pt(300, 70), false), e, 0, nil)
	}
	e.Mask, e.Affine, e.EPSG = true, turned, 3857
	m.add(noise(typ, 2, image.Pt(290, 300), true), e, 0, nil)
	if typ < raster.U8 || typ.Complex() {
		return
	}
	e.Mask, e.NoData, e.EPSG, e.Affine, e.Overviews = false, new(77.0), 4326, degrees, true
	m.add(noise(typ, 1, image.Pt(700, 530), true), e, 0, nil)
	if typ != raster.U8 && typ != raster.U16 {
		return
	}
	e.NoData, e.Alpha = nil, true
	m.add(noise(typ, 3, image.Pt(600, 310), true), e, geotiff.ValidityAlpha, nil)
	e.Alpha, e.Mask = false, true
	m.add(noise(typ, 3, image.Pt(600, 610), true), e, 0, nil)
}

// palettes adds files with a colour table.
func (m *matrixWriter) palettes() {
	palette := color.Palette{color.NRGBA{R: 255, A: 255}, color.NRGBA{G: 100, B: 7, A: 255}, color.NRGBA{R: 1, G: 2, B: 3, A: 255}}
	e := entry{Compression: "LZW", EPSG: 32633, Affine: north, Mask: true}
	for _, c := range palette {
		rgb := c.(color.NRGBA)
		e.Colors = append(e.Colors, [3]uint8{rgb.R, rgb.G, rgb.B})
	}
	for _, typ := range []raster.PixelType{raster.U2, raster.U4, raster.U8} {
		m.add(noise(typ, 1, image.Pt(300, 70), true), e, 0, palette)
	}
}

// photos adds files in JPEG, without and with a mask.
func (m *matrixWriter) photos() {
	for _, bands := range []int{1, 3} {
		e := entry{Compression: "JPEG", EPSG: 32633, Affine: north, Lossy: true, Overviews: true}
		m.add(smooth(bands, image.Pt(1000, 700)), e, 0, nil)
		e.Mask = true
		b := smooth(bands, image.Pt(1000, 700))
		b.Valid = image.NewAlpha(b.Bounds())
		for i := range b.Valid.Pix {
			if x, y := i%1000-500, i/1000-300; x*x+y*y > 40000 {
				b.Valid.Pix[i] = 255
			}
		}
		m.add(b, e, 0, nil)
	}
}

// noise returns samples all over the range of a type, with holes if wanted.
func noise(typ raster.PixelType, bands int, size image.Point, holes bool) *raster.Block {
	random := rand.New(rand.NewPCG(uint64(typ), uint64(bands)))
	b := raster.NewBlock(raster.F64, bands, image.Rectangle{Max: size})
	lo, hi := typ.Range()
	if !typ.Integer() {
		lo, hi = -1e6, 1e6
	}
	for _, p := range b.Bands {
		pix := p.(*raster.PlaneOf[float64]).Pix
		for i := range pix {
			pix[i] = math.Floor(lo + random.Float64()*(hi-lo+1))
			if pix[i] == 77 {
				pix[i] = 78 // 77 is the noData of some files
			}
		}
	}
	if !holes {
		b.Valid = nil
	} else {
		for i := range b.Valid.Pix {
			if random.IntN(4) > 0 {
				b.Valid.Pix[i] = 255
			}
		}
	}
	if !typ.Complex() {
		out, err := raster.Convert(b, typ)
		if err != nil {
			panic(err)
		}
		return out
	}
	out := raster.NewBlock(typ, bands, b.Bounds())
	out.Valid = b.Valid
	for i, p := range b.Bands {
		for j, v := range p.(*raster.PlaneOf[float64]).Pix {
			switch q := out.Bands[i].(type) {
			case *raster.PlaneOf[complex64]:
				q.Pix[j] = complex(float32(v), float32(-v/4))
			case *raster.PlaneOf[complex128]:
				q.Pix[j] = complex(v, -v/4)
			}
		}
	}
	return out
}

func smooth(bands int, size image.Point) *raster.Block {
	b := raster.NewBlock(raster.U8, bands, image.Rectangle{Max: size})
	b.Valid = nil
	for band, p := range b.Bands {
		pix := p.(*raster.PlaneOf[uint8]).Pix
		for i := range pix {
			x, y := float64(i%size.X), float64(i/size.X)
			pix[i] = uint8(128 + 100*math.Sin((x+60*float64(band))/40)*math.Cos(y/33))
		}
	}
	return b
}

// strips yields a block in strips of uneven heights.
func strips(b *raster.Block) iter.Seq2[*raster.Block, error] {
	return func(yield func(*raster.Block, error) bool) {
		r := b.Bounds()
		for y, h := 0, 1; y < r.Max.Y; y, h = y+h, h*2 {
			h = min(h, r.Max.Y-y)
			if !yield(b.Sub(image.Rect(0, y, r.Max.X, y+h)), nil) {
				return
			}
		}
	}
}

func numbers(p raster.Plane) []float64 {
	switch p := p.(type) {
	case *raster.PlaneOf[uint8]:
		return floats(p.Pix)
	case *raster.PlaneOf[int8]:
		return floats(p.Pix)
	case *raster.PlaneOf[uint16]:
		return floats(p.Pix)
	case *raster.PlaneOf[int16]:
		return floats(p.Pix)
	case *raster.PlaneOf[uint32]:
		return floats(p.Pix)
	case *raster.PlaneOf[int32]:
		return floats(p.Pix)
	case *raster.PlaneOf[float32]:
		return floats(p.Pix)
	case *raster.PlaneOf[float64]:
		return p.Pix
	case *raster.PlaneOf[complex64]:
		return parts(p.Pix)
	case *raster.PlaneOf[complex128]:
		return parts(p.Pix)
	}
	return nil
}

func floats[T raster.Real](pix []T) []float64 {
	out := make([]float64, len(pix))
	for i, v := range pix {
		out[i] = float64(v)
	}
	return out
}

func parts[T complex64 | complex128](pix []T) []float64 {
	var out []float64
	for _, v := range pix {
		out = append(out, real(complex128(v)), imag(complex128(v)))
	}
	return out
}

// measure prints the fastest of some repetitions in seconds, and the size of the file.
func measure(path, typ string, width, bands int, o *geotiff.EncodeOptions, times int) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	t, _ := raster.ParsePixelType(typ)
	if t != raster.U8 && t != raster.F32 {
		return fmt.Errorf("type %s", typ)
	}
	size := image.Pt(width, len(raw)/t.Size()/bands/width)
	b := raster.NewBlock(t, bands, image.Rectangle{Max: size})
	b.Valid = nil
	for _, p := range b.Bands {
		switch p := p.(type) {
		case *raster.PlaneOf[uint8]:
			raw = raw[copy(p.Pix, raw):]
		case *raster.PlaneOf[float32]:
			for i := range p.Pix {
				p.Pix[i] = math.Float32frombits(uint32(raw[4*i]) | uint32(raw[4*i+1])<<8 | uint32(raw[4*i+2])<<16 | uint32(raw[4*i+3])<<24)
			}
			raw = raw[4*len(p.Pix):]
		}
	}
	best := math.Inf(1)
	var out bytes.Buffer
	for range times {
		out.Reset()
		start := time.Now()
		m := &raster.Image{Grid: raster.Grid{Affine: raster.Affine{A: 1, E: -1}, Size: size}, Type: t, Bands: bands, Opaque: true, Strips: strips(b)}
		if err := geotiff.Encode(&out, m, o); err != nil {
			return err
		}
		best = min(best, time.Since(start).Seconds())
	}
	fmt.Println(best, out.Len())
	return nil
}
