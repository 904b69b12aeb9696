package raster

import (
	"fmt"
	"image"
	"math"
)

// A NoDataRule selects pixels without data by the values of their bands.
type NoDataRule struct {
	// Values are what stands for no data: one value for all bands, or one for each. NaN matches NaN.
	Values []float64
	// All wants every band to match; otherwise any one is enough.
	All bool
}

// Mask returns b with the pixels that match the rule made invalid. Planes are shared with b, and so is the validity
// plane if no pixel matches. A value that the pixel type cannot hold matches nothing; a float32 sample matches the
// float32 nearest to the value, since that is what a file holds whose text has more digits.
//
// The number of values must be one or the number of bands.
func (r NoDataRule) Mask(b *Block) (*Block, error) {
	if n := len(r.Values); n != 1 && n != len(b.Bands) || len(b.Bands) > math.MaxUint16 {
		return nil, fmt.Errorf("raster: %d noData values for %d bands", n, len(b.Bands))
	}
	rect := b.Bounds()
	hits := make([]uint16, rect.Dx()*rect.Dy()) // how many bands match
	for i, p := range b.Bands {
		v := r.Values[0]
		if len(r.Values) > 1 {
			v = r.Values[i]
		}
		if err := countMatches(hits, p, v); err != nil {
			return nil, err
		}
	}
	need := uint16(1)
	if r.All {
		need = uint16(len(b.Bands))
	}
	var gone *image.Alpha
	for i, h := range hits {
		if h >= need {
			if gone == nil {
				gone = image.NewAlpha(rect)
			}
			gone.Pix[i] = 255
		}
	}
	if gone == nil {
		return b, nil
	}
	return &Block{Type: b.Type, Bands: b.Bands, Valid: without(b.Valid, gone)}, nil
}

func countMatches(hits []uint16, p Plane, v float64) error {
	switch p := p.(type) {
	case *PlaneOf[uint8]:
		matches(hits, p, v)
	case *PlaneOf[int8]:
		matches(hits, p, v)
	case *PlaneOf[uint16]:
		matches(hits, p, v)
	case *PlaneOf[int16]:
		matches(hits, p, v)
	case *PlaneOf[uint32]:
		matches(hits, p, v)
	case *PlaneOf[int32]:
		matches(hits, p, v)
	case *PlaneOf[float32]:
		matches(hits, p, float64(float32(v)))
	case *PlaneOf[float64]:
		matches(hits, p, v)
	default:
		return fmt.Errorf("raster: no noData test for complex samples")
	}
	return nil
}

func matches[T Real](hits []uint16, p *PlaneOf[T], v float64) {
	nan, i := v != v, 0
	for y := p.Rect.Min.Y; y < p.Rect.Max.Y; y++ {
		for _, s := range p.Row(y) {
			f := float64(s)
			if f == v || nan && f != f {
				hits[i]++
			}
			i++
		}
	}
}
