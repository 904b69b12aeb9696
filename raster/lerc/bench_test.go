package lerc_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/geoexport/geoexport/raster/lerc"
)

// terrain returns a scene with slopes, noise and flat water.
func terrain[T lerc.Sample](width, height int, scale float64) *lerc.Image {
	pix := make([]T, width*height)
	seed := uint32(1)
	for i := range pix {
		seed = seed*1664525 + 1013904223
		x, y := float64(i%width), float64(i/width)
		v := 0.5 + 0.3*math.Sin(x/97)*math.Cos(y/71) + 0.1*math.Sin(x/13+y/29) + float64(seed>>8)/(1<<24)*0.01
		pix[i] = T(max(v, 0.3) * scale)
	}
	return &lerc.Image{Width: width, Height: height, Pix: pix}
}

type scene struct {
	name  string
	image *lerc.Image
}

func scenes() []scene {
	return []scene{
		{"uint8", terrain[uint8](1024, 1024, 250)},
		{"int16", terrain[int16](1024, 1024, 4000)},
		{"float32", terrain[float32](1024, 1024, 4000)},
	}
}

func size(m *lerc.Image) int64 { return int64(m.Width * m.Height * m.Type().Size()) }

func BenchmarkEncode(b *testing.B) {
	for _, s := range scenes() {
		for _, e := range []float64{0, 0.01, 1} {
			b.Run(fmt.Sprintf("%s/%g", s.name, e), func(b *testing.B) {
				b.SetBytes(size(s.image))
				var blob []byte
				for b.Loop() {
					var err error
					if blob, err = lerc.Append(blob[:0], s.image, &lerc.EncodeOptions{MaxZError: e}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	for _, s := range scenes() {
		for _, e := range []float64{0, 0.01, 1} {
			b.Run(fmt.Sprintf("%s/%g", s.name, e), func(b *testing.B) {
				blob, err := lerc.Append(nil, s.image, &lerc.EncodeOptions{MaxZError: e})
				if err != nil {
					b.Fatal(err)
				}
				b.SetBytes(size(s.image))
				decode := func() error { return nil }
				switch pix := s.image.Pix.(type) {
				case []uint8:
					dst := make([]uint8, len(pix))
					decode = func() error { return lerc.DecodeInto(dst, nil, blob, nil) }
				case []int16:
					dst := make([]int16, len(pix))
					decode = func() error { return lerc.DecodeInto(dst, nil, blob, nil) }
				case []float32:
					dst := make([]float32, len(pix))
					decode = func() error { return lerc.DecodeInto(dst, nil, blob, nil) }
				}
				b.ReportAllocs()
				for b.Loop() {
					if err := decode(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
