package overview

import (
	"fmt"
	"image"
	"math"

	"github.com/geoexport/geoexport/raster"
)

// A Reduction is a way to make one pixel of four when a raster is halved. The zero value is Average.
type Reduction uint8

// The reductions. A pixel of the result is valid if at least half of its four pixels are, so that holes neither grow
// nor shrink; where any of them is soft, its validity is their mean instead. At odd edges, where there are fewer than
// four, the missing ones have no weight.
const (
	// Average takes the mean of the valid samples, weighted by their validity, rounded half away from zero for
	// integers. It is for quantities.
	Average Reduction = iota
	// Mode takes the most frequent of the valid samples, and of equally frequent ones the smallest. It is for
	// classes.
	Mode
	// Nearest takes the first sample of the four, valid or not, as resampling by nearest neighbour does.
	Nearest
)

// Halve returns the pixels r of a level, made from src, the level twice as fine. src must hold all pixels of that level
// from 2·r.Min to 2·r.Max, as far as the level goes. Complex samples are reduced by Nearest in any case.
func (d Reduction) Halve(src *raster.Block, r image.Rectangle) *raster.Block {
	out := &raster.Block{Type: src.Type, Bands: make([]raster.Plane, len(src.Bands))}
	if src.Valid != nil {
		out.Valid = d.halveValid(src.Valid, src.Bounds(), r)
	}
	for i, p := range src.Bands {
		switch p := p.(type) {
		case *raster.PlaneOf[uint8]:
			out.Bands[i] = halve(d, p, src.Valid, r)
		case *raster.PlaneOf[int8]:
			out.Bands[i] = halve(d, p, src.Valid, r)
		case *raster.PlaneOf[uint16]:
			out.Bands[i] = halve(d, p, src.Valid, r)
		case *raster.PlaneOf[int16]:
			out.Bands[i] = halve(d, p, src.Valid, r)
		case *raster.PlaneOf[uint32]:
			out.Bands[i] = halve(d, p, src.Valid, r)
		case *raster.PlaneOf[int32]:
			out.Bands[i] = halve(d, p, src.Valid, r)
		case *raster.PlaneOf[float32]:
			out.Bands[i] = halve(d, p, src.Valid, r)
		case *raster.PlaneOf[float64]:
			out.Bands[i] = halve(d, p, src.Valid, r)
		case *raster.PlaneOf[complex64]:
			out.Bands[i] = nearest(p, r)
		case *raster.PlaneOf[complex128]:
			out.Bands[i] = nearest(p, r)
		default:
			panic(fmt.Sprintf("overview: a plane of type %T", p))
		}
	}
	if out.Valid != nil && out.Valid.Opaque() {
		out.Valid = nil
	}
	return out
}

// quad returns the up to four pixels of a finer level under pixel (x, y), inside r.
func quad(x, y int, r image.Rectangle) image.Rectangle {
	return image.Rect(2*x, 2*y, 2*x+2, 2*y+2).Intersect(r)
}

func (d Reduction) halveValid(valid *image.Alpha, bounds, r image.Rectangle) *image.Alpha {
	out := image.NewAlpha(r)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			q := quad(x, y, bounds)
			sum, n, soft := 0, 0, false
			for v := q.Min.Y; v < q.Max.Y; v++ {
				for u := q.Min.X; u < q.Max.X; u++ {
					a := valid.Pix[valid.PixOffset(u, v)]
					sum, n = sum+int(a), n+1
					soft = soft || a != 0 && a != math.MaxUint8
				}
			}
			a := uint8((2*sum + n) / (2 * n))
			switch {
			case d == Nearest:
				a = valid.Pix[valid.PixOffset(q.Min.X, q.Min.Y)]
			case !soft && 2*sum >= n*math.MaxUint8:
				a = math.MaxUint8
			case !soft:
				a = 0
			case sum > 0:
				a = max(a, 1)
			}
			out.Pix[out.PixOffset(x, y)] = a
		}
	}
	return out
}

func halve[T raster.Real](d Reduction, p *raster.PlaneOf[T], valid *image.Alpha, r image.Rectangle) *raster.PlaneOf[T] {
	switch {
	case d == Nearest:
		return nearest(p, r)
	case d == Mode:
		return mode(p, valid, r)
	case valid == nil && image.Rectangle{Min: r.Min.Mul(2), Max: r.Max.Mul(2)}.In(p.Rect):
		return averageFull(p, r)
	}
	return average(p, valid, r)
}

func nearest[T raster.Sample](p *raster.PlaneOf[T], r image.Rectangle) *raster.PlaneOf[T] {
	out := raster.NewPlane[T](r)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		src, dst := p.Row(2 * y)[2*r.Min.X-p.Rect.Min.X:], out.Row(y)
		for i := range dst {
			dst[i] = src[2*i]
		}
	}
	return out
}

// averageFull does what average does, where all four samples are there and valid.
func averageFull[T raster.Real](p *raster.PlaneOf[T], r image.Rectangle) *raster.PlaneOf[T] {
	out := raster.NewPlane[T](r)
	whole := isInteger[T]()
	for y := r.Min.Y; y < r.Max.Y; y++ {
		off, dst := 2*r.Min.X-p.Rect.Min.X, out.Row(y)
		a := p.Row(2 * y)[off : off+2*len(dst)]
		b := p.Row(2*y + 1)[off : off+2*len(dst)]
		for i := range dst {
			v := (float64(a[2*i]) + float64(a[2*i+1]) + float64(b[2*i]) + float64(b[2*i+1])) / 4
			if whole {
				v = math.Round(v)
			}
			dst[i] = T(v)
		}
	}
	return out
}

func average[T raster.Real](p *raster.PlaneOf[T], valid *image.Alpha, r image.Rectangle) *raster.PlaneOf[T] {
	out := raster.NewPlane[T](r)
	whole := isInteger[T]()
	for y := r.Min.Y; y < r.Max.Y; y++ {
		dst := out.Row(y)
		for i := range dst {
			q := quad(r.Min.X+i, y, p.Rect)
			var sum, weight float64
			for v := q.Min.Y; v < q.Max.Y; v++ {
				row := p.Row(v)
				for u := q.Min.X; u < q.Max.X; u++ {
					w := 1.0
					if valid != nil {
						w = float64(valid.Pix[valid.PixOffset(u, v)])
					}
					if w > 0 { // what is not valid may be NaN
						sum += float64(float64(row[u-p.Rect.Min.X]) * w)
						weight += w
					}
				}
			}
			if weight == 0 {
				continue
			}
			m := sum / weight
			if whole {
				m = math.Round(m)
			}
			dst[i] = T(m)
		}
	}
	return out
}

func mode[T raster.Real](p *raster.PlaneOf[T], valid *image.Alpha, r image.Rectangle) *raster.PlaneOf[T] {
	out := raster.NewPlane[T](r)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		dst := out.Row(y)
		for i := range dst {
			q := quad(r.Min.X+i, y, p.Rect)
			var votes [4]T
			n := 0
			for v := q.Min.Y; v < q.Max.Y; v++ {
				row := p.Row(v)
				for u := q.Min.X; u < q.Max.X; u++ {
					if valid == nil || valid.Pix[valid.PixOffset(u, v)] != 0 {
						votes[n] = row[u-p.Rect.Min.X]
						n++
					}
				}
			}
			if n > 0 {
				dst[i] = winner(votes[:n])
			}
		}
	}
	return out
}

// winner returns the most frequent of a few votes, and the smallest of equally frequent ones.
func winner[T raster.Real](votes []T) T {
	best, most := votes[0], 0
	for _, v := range votes {
		count := 0
		for _, w := range votes {
			if w == v {
				count++
			}
		}
		if count > most || count == most && v < best {
			best, most = v, count
		}
	}
	return best
}

func isInteger[T raster.Real]() bool {
	half := 0.5
	return T(half) == 0
}
