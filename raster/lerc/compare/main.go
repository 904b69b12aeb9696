// Command compare encodes and decodes images for compare.py, which measures it: see README.md.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/geoexport/geoexport/raster/lerc"
)

// A job is a line of JSON on standard input. The answer is a line, too.
type job struct {
	Do            string // "encode" writes Blob, "decode" writes Raw and Mask; both do it Times times
	Type          string
	Width, Height int
	Bands, Depth  int
	MaxZError     float64
	Version       int // of Lerc2; 1 for Lerc1
	Times         int
	// Raw has samples, least significant byte first, in the order of lerc.Image.Pix; Mask a byte for each pixel, or
	// nothing; Blob is LERC.
	Raw, Mask, Blob string
}

// A machine does jobs.
type machine struct{ in *json.Decoder }

func main() {
	m := &machine{json.NewDecoder(bufio.NewReader(os.Stdin))}
	for {
		var j job
		if err := m.in.Decode(&j); err == io.EOF {
			return
		} else if err != nil {
			log.Fatal(err)
		}
		if err := m.run(&j); err != nil {
			log.Fatal(err)
		}
		fmt.Println("done")
	}
}

func (m *machine) run(j *job) error {
	switch j.Type {
	case "int8":
		return run[int8](m, j)
	case "uint8":
		return run[uint8](m, j)
	case "int16":
		return run[int16](m, j)
	case "uint16":
		return run[uint16](m, j)
	case "int32":
		return run[int32](m, j)
	case "uint32":
		return run[uint32](m, j)
	case "float32":
		return run[float32](m, j)
	case "float64":
		return run[float64](m, j)
	}
	return fmt.Errorf("no type %q", j.Type)
}

// ready answers that files were read, so that what follows can be measured, and waits for a line.
func (m *machine) ready() error {
	fmt.Println("ready")
	var start struct{}
	return m.in.Decode(&start)
}

func run[T lerc.Sample](m *machine, j *job) error {
	if j.Do == "encode" {
		return encode[T](m, j)
	}
	return decode[T](m, j)
}
