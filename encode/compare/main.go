// Command compare encodes the samples that compare.py hands over, and prints the time. See the README beside this file.
package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"image"
	"iter"
	"os"
	"runtime"
	"time"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/raster"
)

// A job is one image to write. Samples are little endian, band after band, then a plane of validity in bytes if Alpha.
type job struct {
	Source, Output string // files; the latter may be empty
	Type           string
	Bands          int
	Alpha          bool
	Width, Height  int
	Format         string
	Options        encode.Options
	Cores          int
	Runs           int // number of times to encode
}

func main() {
	flag.Parse()
	if err := run(flag.Arg(0)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run prints the time of the fastest run, in seconds.
func run(name string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	var j job
	if err := json.Unmarshal(text, &j); err != nil {
		return err
	}
	runtime.GOMAXPROCS(j.Cores)
	b, err := j.source()
	if err != nil {
		return err
	}
	format, ok := encode.Default()[j.Format]
	if !ok {
		return fmt.Errorf("no format %q", j.Format)
	}
	m := &raster.Image{
		Grid: raster.Grid{Size: b.Bounds().Size()}, Type: b.Type, Bands: j.Bands, Opaque: !j.Alpha, Strips: strips(b),
	}
	var out bytes.Buffer
	best := time.Duration(1 << 62)
	for range j.Runs {
		out.Reset()
		began := time.Now()
		if err := format.Encode(&out, m, &j.Options); err != nil {
			return err
		}
		best = min(best, time.Since(began))
	}
	fmt.Println(best.Seconds())
	if j.Output == "" {
		return nil
	}
	return os.WriteFile(j.Output, out.Bytes(), 0o644)
}

// strips yields b in strips as an export does.
func strips(b *raster.Block) iter.Seq2[*raster.Block, error] {
	const pixels = 1 << 16
	return func(yield func(*raster.Block, error) bool) {
		r := b.Bounds()
		rows := max(1, pixels/r.Dx())
		for y := r.Min.Y; y < r.Max.Y; y += rows {
			if !yield(b.Sub(image.Rect(r.Min.X, y, r.Max.X, min(y+rows, r.Max.Y))), nil) {
				return
			}
		}
	}
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
	b := raster.NewBlock(typ, j.Bands, image.Rect(0, 0, j.Width, j.Height))
	in := bytes.NewReader(data)
	for _, p := range b.Bands {
		switch p := p.(type) {
		case *raster.PlaneOf[uint8]:
			err = binary.Read(in, binary.LittleEndian, p.Pix)
		case *raster.PlaneOf[uint16]:
			err = binary.Read(in, binary.LittleEndian, p.Pix)
		default:
			err = fmt.Errorf("samples of type %v", typ)
		}
		if err != nil {
			return nil, err
		}
	}
	if !j.Alpha {
		b.Valid = nil
		return b, nil
	}
	return b, binary.Read(in, binary.LittleEndian, b.Valid.Pix)
}
