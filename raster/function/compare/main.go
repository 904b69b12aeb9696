// Command compare runs a raster function on what compare.py hands over, and hands the result back. See the README beside
// this file.
package main

import (
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"image"
	"os"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
)

// A job is one image to compute. Samples are little endian, band after band, and all of them hold data.
type job struct {
	Rule                 json.RawMessage
	Source, Output, Mask string // files; without Output nothing is written
	Type                 string
	Bands                int
	Width, Height        int
	Cell                 float64
	Strip                int // rows computed at a time
	Runs                 int // how often to compute the image
}

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
	src, err := j.source()
	if err != nil {
		return err
	}
	f, err := function.Parse(string(j.Rule))
	if err != nil {
		return err
	}
	p, err := function.Compile(f, map[function.Leaf]function.Samples{
		function.Source{}: {Type: src.Type, Bands: make([]function.Band, j.Bands)},
	})
	if err != nil {
		return err
	}
	read := p.Reads()[0]
	src = src.Select(read.Bands)
	var strips []*raster.Block
	for range j.Runs {
		strips = nil
		for y := 0; y < j.Height; y += j.Strip {
			strip := image.Rect(0, y, j.Width, min(y+j.Strip, j.Height))
			in := map[function.Leaf]*raster.Block{read.Leaf: src.Sub(read.Grow(strip))}
			out, err := p.Run(in, function.Cell{Width: j.Cell, Height: j.Cell})
			if err != nil {
				return err
			}
			if j.Output != "" {
				strips = append(strips, out)
			}
		}
	}
	if j.Output == "" {
		return nil
	}
	return j.write(strips)
}

// source reads the samples into a block that also has room for every margin, in which there is no data.
func (j *job) source() (*raster.Block, error) {
	const margin = 8
	typ, ok := raster.ParsePixelType(j.Type)
	if !ok {
		return nil, fmt.Errorf("no pixel type %q", j.Type)
	}
	f, err := os.Open(j.Source)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	all := image.Rect(0, 0, j.Width, j.Height)
	b := raster.NewBlock(typ, j.Bands, all.Inset(-margin))
	for y := range j.Height {
		row := raster.AlphaRow(b.Valid, y, all)
		for x := range row {
			row[x] = 255
		}
	}
	for _, p := range b.Bands {
		for y := range j.Height {
			if err := binary.Read(f, binary.LittleEndian, inner(p, y, margin)); err != nil {
				return nil, err
			}
		}
	}
	return b, nil
}

func (j *job) write(strips []*raster.Block) error {
	out, err := os.Create(j.Output)
	if err != nil {
		return err
	}
	defer out.Close()
	var mask []byte
	for _, s := range strips {
		r := s.Bounds()
		for y := r.Min.Y; y < r.Max.Y; y++ {
			mask = append(mask, raster.AlphaRow(s.CopyValid(), y, r)...)
			if err := binary.Write(out, binary.LittleEndian, inner(s.Bands[0], y, 0)); err != nil {
				return err
			}
		}
	}
	return os.WriteFile(j.Mask, mask, 0o644)
}

// inner returns a row of a plane without so many samples at both ends.
func inner(p raster.Plane, y, margin int) any {
	switch p := p.(type) {
	case *raster.PlaneOf[uint8]:
		return cut(p.Row(y), margin)
	case *raster.PlaneOf[uint16]:
		return cut(p.Row(y), margin)
	case *raster.PlaneOf[int16]:
		return cut(p.Row(y), margin)
	case *raster.PlaneOf[float32]:
		return cut(p.Row(y), margin)
	}
	panic(fmt.Sprintf("compare: %T", p))
}

func cut[T any](row []T, margin int) []T { return row[margin : len(row)-margin] }
