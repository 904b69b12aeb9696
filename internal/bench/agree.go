package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"math"
	"os"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/source"
)

// Agreement is how alike the pixels of two pictures are.
type Agreement struct {
	Equal   float64 // part of the pixels all of whose bands are equal
	Near    float64 // part of the pixels none of whose bands differs by more than 1
	Largest float64 // difference of a band of a pixel
	Mean    float64 // difference of a band
}

// samples are the pixels of a picture, a row after the other, the bands of a pixel together.
type samples struct {
	size   image.Point
	bands  int
	values []float32
}

// agreementOf compares the pictures in two files.
func agreementOf(a, b string) (Agreement, error) {
	x, err := readPicture(a)
	if err != nil {
		return Agreement{}, err
	}
	y, err := readPicture(b)
	if err != nil {
		return Agreement{}, err
	}
	return agree(x, y)
}

// agree compares pictures of one size and one number of bands.
func agree(a, b samples) (Agreement, error) {
	if a.size != b.size || a.bands != b.bands {
		return Agreement{}, fmt.Errorf("pictures of %v and %v pixels, with %d and %d bands", a.size, b.size, a.bands, b.bands)
	}
	if len(a.values) == 0 || len(a.values) != len(b.values) {
		return Agreement{}, errors.New("pictures without pixels")
	}
	var r Agreement
	equal, near, sum := 0, 0, 0.0
	for i := 0; i < len(a.values); i += a.bands {
		worst := 0.0
		for k := i; k < i+a.bands; k++ {
			d := math.Abs(float64(a.values[k]) - float64(b.values[k]))
			if math.IsNaN(d) {
				d = 0
				if math.IsNaN(float64(a.values[k])) != math.IsNaN(float64(b.values[k])) {
					d = math.Inf(1)
				}
			}
			sum += d
			worst = max(worst, d)
		}
		if worst == 0 {
			equal++
		}
		if worst <= 1 {
			near++
		}
		r.Largest = max(r.Largest, worst)
	}
	pixels := float64(len(a.values) / a.bands)
	r.Equal, r.Near, r.Mean = float64(equal)/pixels, float64(near)/pixels, sum/float64(len(a.values))
	return r, nil
}

// readPicture reads a PNG or JPEG as three bands, and a GeoTIFF as it is.
func readPicture(name string) (samples, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return samples{}, err
	}
	switch {
	case bytes.HasPrefix(data, []byte("\x89PNG")):
		m, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			return samples{}, err
		}
		return colors(m), nil
	case bytes.HasPrefix(data, []byte("\xff\xd8")):
		m, err := jpeg.Decode(bytes.NewReader(data))
		if err != nil {
			return samples{}, err
		}
		return colors(m), nil
	}
	f, err := geotiff.Open(context.Background(), source.FromReaderAt(bytes.NewReader(data), int64(len(data))), nil)
	if err != nil {
		return samples{}, err
	}
	defer f.Close()
	block, err := f.Read(context.Background(), nil, 0, image.Rectangle{Max: f.Info().Grid.Size}, nil)
	if err != nil {
		return samples{}, err
	}
	return planes(block)
}

// colors returns red, green and blue of a picture.
func colors(m image.Image) samples {
	r := m.Bounds()
	flat := image.NewRGBA(r)
	draw.Draw(flat, r, image.NewUniform(color.Black), image.Point{}, draw.Src)
	draw.Draw(flat, r, m, r.Min, draw.Over)
	s := samples{size: r.Size(), bands: 3}
	for i := 0; i < len(flat.Pix); i += 4 {
		for _, v := range flat.Pix[i : i+3] {
			s.values = append(s.values, float32(v))
		}
	}
	return s
}

// planes returns the bands of a block of bytes or of floats.
func planes(b *raster.Block) (samples, error) {
	r := b.Bounds()
	s := samples{size: r.Size(), bands: len(b.Bands), values: make([]float32, r.Dx()*r.Dy()*len(b.Bands))}
	for k, band := range b.Bands {
		switch p := band.(type) {
		case *raster.PlaneOf[uint8]:
			interleave(s, k, p)
		case *raster.PlaneOf[float32]:
			interleave(s, k, p)
		default:
			return samples{}, fmt.Errorf("samples of type %T are not compared", band)
		}
	}
	return s, nil
}

// interleave writes a band into samples.
func interleave[T uint8 | float32](s samples, band int, p *raster.PlaneOf[T]) {
	at := band
	for y := p.Rect.Min.Y; y < p.Rect.Max.Y; y++ {
		for _, v := range p.Row(y) {
			s.values[at] = float32(v)
			at += s.bands
		}
	}
}
