// Command compare warps what compare.py hands over, measures how long that takes, and hands the image back. See the
// README beside this file.
package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"image"
	"os"
	"runtime"
	"sync"
	"time"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/resample"
	"github.com/geoexport/geoexport/srs"
)

// A job is one image to make. Samples are little endian, band after band.
type job struct {
	Source, Output, Mask string // files; the last two may be empty
	Type                 string
	Bands                int
	From, To             grid
	NoData               *float64
	Interpolation        string
	Exact                bool // map every pixel, approximate nothing
	Goroutines           int
	Runs                 int // how often to warp
}

type grid struct {
	WKT           string
	Transform     [6]float64 // in GDAL's order
	Width, Height int
}

func (g grid) affine() raster.Affine {
	t := g.Transform
	return raster.Affine{C: t[0], A: t[1], B: t[2], F: t[3], D: t[4], E: t[5]}
}

func (g grid) bounds() image.Rectangle { return image.Rect(0, 0, g.Width, g.Height) }

// tolerance is that of an export, in pixels of the image.
const tolerance = 1.0 / 1024

func main() {
	flag.Parse()
	if err := run(flag.Arg(0)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(name string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	var j job
	if err := json.Unmarshal(text, &j); err != nil {
		return err
	}
	runtime.GOMAXPROCS(max(1, j.Goroutines))
	src, err := j.source()
	if err != nil {
		return err
	}
	m, err := j.mapping()
	if err != nil {
		return err
	}
	var o resample.Options
	for o.Interpolation.String() != j.Interpolation {
		if o.Interpolation++; o.Interpolation > resample.Majority {
			return fmt.Errorf("no interpolation %q", j.Interpolation)
		}
	}
	dst := raster.NewBlock(src.Type, j.Bands, j.To.bounds())
	best := time.Duration(1 << 62)
	for range j.Runs {
		began := time.Now()
		if err := warp(dst, src, m, o, j.Goroutines); err != nil {
			return err
		}
		best = min(best, time.Since(began))
	}
	fmt.Println(float64(j.To.Width*j.To.Height) / 1e6 / best.Seconds())
	return j.write(dst)
}

// warp makes strips of 64 rows, each from the window of the source that it needs, as an export does.
func warp(dst, src *raster.Block, m resample.Mapping, o resample.Options, goroutines int) error {
	const rows = 64
	r := dst.Bounds()
	failures := make([]error, max(1, goroutines))
	var wg sync.WaitGroup
	for n := range failures {
		wg.Go(func() {
			for y := r.Min.Y + n*rows; y < r.Max.Y; y += len(failures) * rows {
				strip := dst.Sub(image.Rect(r.Min.X, y, r.Max.X, min(y+rows, r.Max.Y)))
				window := o.SourceWindow(m, strip.Bounds(), src.Bounds())
				if err := o.Warp(strip, src.Sub(window), m); err != nil {
					failures[n] = err
					return
				}
			}
		})
	}
	wg.Wait()
	for _, err := range failures {
		if err != nil {
			return err
		}
	}
	return nil
}

func (j *job) source() (*raster.Block, error) {
	typ, ok := raster.ParsePixelType(j.Type)
	if !ok {
		return nil, fmt.Errorf("no pixel type %q", j.Type)
	}
	data, err := os.ReadFile(j.Source)
	if err != nil {
		return nil, err
	}
	b := raster.NewBlock(typ, j.Bands, j.From.bounds())
	b.Valid = nil
	in := bytes.NewReader(data)
	for _, p := range b.Bands {
		if err := binary.Read(in, binary.LittleEndian, pix(p)); err != nil {
			return nil, err
		}
	}
	if j.NoData == nil {
		return b, nil
	}
	return raster.NoDataRule{Values: []float64{*j.NoData}, All: true}.Mask(b)
}

func (j *job) mapping() (resample.Mapping, error) {
	from, err := srs.FromWKT(j.From.WKT)
	if err != nil {
		return nil, err
	}
	to, err := srs.FromWKT(j.To.WKT)
	if err != nil {
		return nil, err
	}
	t, err := srs.NewTransformer(to, from)
	if err != nil {
		return nil, err
	}
	inverse, ok := j.From.affine().Inverse()
	if !ok {
		return nil, fmt.Errorf("the source's grid has no inverse")
	}
	placement := resample.Placement{DstToMap: j.To.affine(), MapToSrc: inverse}
	if t.Separable() {
		x := func(vs []float64) { t.Transform(vs, make([]float64, len(vs))) }
		y := func(vs []float64) { t.Transform(make([]float64, len(vs)), vs) }
		return placement.Separable(x, y), nil
	}
	transform := func(xs, ys []float64) { t.Transform(xs, ys) }
	m := placement.Through(transform)
	if j.Exact {
		return m, nil
	}
	return resample.Approximate(m, tolerance), nil
}

func (j *job) write(b *raster.Block) error {
	if j.Output == "" {
		return nil
	}
	var out bytes.Buffer
	for _, p := range b.Bands {
		if err := binary.Write(&out, binary.LittleEndian, pix(p)); err != nil {
			return err
		}
	}
	if err := os.WriteFile(j.Output, out.Bytes(), 0o644); err != nil {
		return err
	}
	return os.WriteFile(j.Mask, b.Valid.Pix, 0o644)
}

// pix returns a plane's samples.
func pix(p raster.Plane) any {
	switch p := p.(type) {
	case *raster.PlaneOf[uint8]:
		return p.Pix
	case *raster.PlaneOf[uint16]:
		return p.Pix
	case *raster.PlaneOf[int16]:
		return p.Pix
	case *raster.PlaneOf[float32]:
		return p.Pix
	}
	panic(fmt.Sprintf("compare: %T", p))
}
