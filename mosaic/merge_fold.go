package mosaic

import (
	"bytes"
	"fmt"
	"image"
	"slices"

	"github.com/geoexport/geoexport/raster"
)

// fold merges a block by an operation that computes with samples.
func (m *Merger) fold(b *raster.Block, weights *raster.PlaneOf[float32]) {
	l := newLayer(m, b, weights)
	for i := range b.Bands {
		l.band(i, b.Bands[i])
	}
	l.claim()
}

// A layer is one block being merged into the result.
type layer struct {
	m       *Merger
	r       image.Rectangle
	valid   *image.Alpha
	weights *raster.PlaneOf[float32]
	opaque  []uint8
	ones    []float32
}

func newLayer(m *Merger, b *raster.Block, weights *raster.PlaneOf[float32]) *layer {
	l := &layer{m: m, r: b.Bounds(), valid: b.Valid, weights: weights}
	if l.valid == nil {
		l.opaque = bytes.Repeat([]byte{255}, l.r.Dx())
	}
	return l
}

// The rows of a block, and the rows of the result in the same place, from the block's left side on.

func (l *layer) validRow(y int) []uint8 {
	if l.valid == nil {
		return l.opaque
	}
	return raster.AlphaRow(l.valid, y, l.r)
}

func (l *layer) heldRow(y int) []uint8 {
	return raster.AlphaRow(l.m.result.Valid, y, l.r)
}

func (l *layer) weightRow(y int) []float32 {
	if l.weights == nil {
		if l.ones == nil { // only some operations weigh
			l.ones = slices.Repeat([]float32{1}, l.r.Dx())
		}
		return l.ones
	}
	return row(l.weights, l.r, y)
}

func row[T raster.Sample](p *raster.PlaneOf[T], r image.Rectangle, y int) []T {
	return p.Row(y)[r.Min.X-p.Rect.Min.X : r.Max.X-p.Rect.Min.X]
}

func (l *layer) band(i int, from raster.Plane) {
	switch to := l.m.result.Bands[i].(type) {
	case *raster.PlaneOf[uint8]:
		foldBand(l, i, to, from)
	case *raster.PlaneOf[int8]:
		foldBand(l, i, to, from)
	case *raster.PlaneOf[uint16]:
		foldBand(l, i, to, from)
	case *raster.PlaneOf[int16]:
		foldBand(l, i, to, from)
	case *raster.PlaneOf[uint32]:
		foldBand(l, i, to, from)
	case *raster.PlaneOf[int32]:
		foldBand(l, i, to, from)
	case *raster.PlaneOf[float32]:
		foldBand(l, i, to, from)
	case *raster.PlaneOf[float64]:
		foldBand(l, i, to, from)
	default:
		panic(fmt.Sprintf("mosaic: %T in a block of real samples", to))
	}
}

func foldBand[T raster.Real](l *layer, i int, dst *raster.PlaneOf[T], from raster.Plane) {
	src := from.(*raster.PlaneOf[T])
	for y := l.r.Min.Y; y < l.r.Max.Y; y++ {
		in, out, valid, held := row(src, l.r, y), row(dst, l.r, y), l.validRow(y), l.heldRow(y)
		switch l.m.op {
		case Min:
			foldMin(out, in, valid, held)
		case Max:
			foldMax(out, in, valid, held)
		case Sum:
			foldSum(row(l.m.sums[i], l.r, y), in, valid)
		default:
			foldMean(out, row(l.m.sums[i], l.r, y), in, l.weightRow(y), valid, held)
		}
	}
}

func foldMin[T raster.Real](out, in []T, valid, held []uint8) {
	for x, v := range in {
		if valid[x] != 0 && (held[x] == 0 || v < out[x] || out[x] != out[x]) {
			out[x] = v
		}
	}
}

func foldMax[T raster.Real](out, in []T, valid, held []uint8) {
	for x, v := range in {
		if valid[x] != 0 && (held[x] == 0 || v > out[x] || out[x] != out[x]) {
			out[x] = v
		}
	}
}

func foldSum[T raster.Real](sums []float64, in []T, valid []uint8) {
	for x, v := range in {
		if valid[x] != 0 {
			sums[x] += float64(v)
		}
	}
}

// foldMean keeps the first sample in out, and adds the weighted differences of the others from it to sums.
func foldMean[T raster.Real](out []T, sums []float64, in []T, weights []float32, valid, held []uint8) {
	for x, v := range in {
		switch {
		case valid[x] == 0:
		case held[x] == 0:
			out[x] = v
		case v != out[x]: // infinities do not differ from themselves
			sums[x] += float64(float64(weights[x]) * (float64(v) - float64(out[x])))
		}
	}
}

// claim marks the block's pixels as held, once all bands are merged.
func (l *layer) claim() {
	for y := l.r.Min.Y; y < l.r.Max.Y; y++ {
		held := l.heldRow(y)
		for x, v := range l.validRow(y) {
			if v != 0 && held[x] == 0 {
				l.m.open--
			}
			held[x] = max(held[x], v)
		}
		if l.m.weights == nil {
			continue
		}
		sums, weights := row(l.m.weights, l.r, y), l.weightRow(y)
		for x, v := range l.validRow(y) {
			if v != 0 {
				sums[x] += float64(weights[x])
			}
		}
	}
}

// finish converts sums to samples.
func (m *Merger) finish() {
	wide := &raster.Block{Type: raster.F64, Valid: m.result.Valid}
	for i, sums := range m.sums {
		if m.weights != nil {
			m.finishMean(i, sums)
		}
		wide.Bands = append(wide.Bands, sums)
	}
	t := m.result.Type
	m.sums, m.weights = nil, nil
	// There is no error: neither type is complex, and no sum of integers is NaN.
	m.result, _ = raster.Convert(wide, t)
}

func (m *Merger) finishMean(i int, sums *raster.PlaneOf[float64]) {
	switch first := m.result.Bands[i].(type) {
	case *raster.PlaneOf[uint8]:
		addFirst(sums, m.weights, first)
	case *raster.PlaneOf[int8]:
		addFirst(sums, m.weights, first)
	case *raster.PlaneOf[uint16]:
		addFirst(sums, m.weights, first)
	case *raster.PlaneOf[int16]:
		addFirst(sums, m.weights, first)
	case *raster.PlaneOf[uint32]:
		addFirst(sums, m.weights, first)
	case *raster.PlaneOf[int32]:
		addFirst(sums, m.weights, first)
	case *raster.PlaneOf[float32]:
		addFirst(sums, m.weights, first)
	case *raster.PlaneOf[float64]:
		addFirst(sums, m.weights, first)
	}
}

// addFirst turns sums of differences from the first samples into means. All planes have the result's bounds.
func addFirst[T raster.Real](sums, weights *raster.PlaneOf[float64], first *raster.PlaneOf[T]) {
	for i, w := range weights.Pix {
		if s := sums.Pix[i]; s != 0 && w > 0 || s != s {
			sums.Pix[i] = float64(first.Pix[i]) + s/w
		} else {
			sums.Pix[i] = float64(first.Pix[i])
		}
	}
}
