package mosaic

import (
	"bytes"
	"fmt"
	"image"

	"github.com/geoexport/geoexport/raster"
)

// A Merger folds blocks into one, the topmost first. Whether a pixel holds data is decided for all its bands together.
// A Merger is made by NewMerger; its zero value is not usable. It belongs to one goroutine.
//
// A pixel of the result depends only on the blocks' pixels in that place and the order in which the blocks are added:
// neither on the bounds of the blocks, as long as they hold the pixel, nor on the bounds of the result.
type Merger struct {
	op     Operation
	result *raster.Block
	open   int // pixels that hold no data yet

	// sums are, for Sum, the sums of samples; for Mean and Blend, those of weighted differences from the first sample,
	// which the result holds meanwhile. Differences keep a constant constant. weights are the sums of weights.
	sums    []*raster.PlaneOf[float64]
	weights *raster.PlaneOf[float64]
}

// NewMerger returns a Merger whose result is a block of n bands over r, without data at first. The caller bounds the
// size of r. DefaultOperation is First.
//
//	First   the pixel of the first block that holds data there, all bands and the degree of validity
//	Last    that of the last one; adding blocks in reverse order for First gives the same result, and stops early
//	Min     the least sample, band by band, of all blocks that hold data there; NaN only if all are
//	Max     the largest
//	Mean    their mean
//	Sum     their sum
//	Blend   their mean, weighted by the weights given to Add; the first block's pixel where all weights are zero
//
// Mean, Sum and Blend add in float64, in the order of the blocks. Results are rounded half away from zero and clamped
// to the range of t. The mean of one sample, or of equal ones, is that sample. A pixel is as valid as the most valid
// one that it is made of. Samples of complex types are merged by First and Last only.
func NewMerger(op Operation, t raster.PixelType, n int, r image.Rectangle) *Merger {
	return NewMergerInto(op, raster.NewBlock(t, n, r))
}

// NewMergerInto returns a Merger whose result is the given block, in which no pixel may be valid yet: see NewMerger.
func NewMergerInto(op Operation, result *raster.Block) *Merger {
	if op == DefaultOperation {
		op = First
	}
	r := result.Bounds()
	m := &Merger{op: op, result: result, open: r.Dx() * r.Dy()}
	info := op.info()
	if info.sums {
		for range result.Bands {
			m.sums = append(m.sums, raster.NewPlane[float64](r))
		}
	}
	if info.weighs {
		m.weights = raster.NewPlane[float64](r)
	}
	return m
}

// Add puts b under the blocks added before. Its bounds must lie inside the result's, and its type and number of bands
// must be the same. The merger keeps no part of b.
//
// weights are the pixels' weights, which only Blend uses: see FeatherPolygon.Weights. They must be finite and not
// negative, and their plane must hold all of b's pixels; nil is a weight of 1 everywhere.
//
// The error is a *MergeError if b or weights do not fit, and an *UnsupportedError if the operation does not merge
// samples of b's type.
func (m *Merger) Add(b *raster.Block, weights *raster.PlaneOf[float32]) error {
	dst, r := m.result, b.Bounds()
	if b.Type != dst.Type || len(b.Bands) != len(dst.Bands) {
		return mergeError("%d bands of %v do not merge with %d of %v",
			len(b.Bands), b.Type, len(dst.Bands), dst.Type)
	}
	if !r.In(dst.Bounds()) {
		return mergeError("block %v reaches outside %v", r, dst.Bounds())
	}
	if weights != nil && !r.In(weights.Rect) {
		return mergeError("weights of %v do not hold all of %v", weights.Rect, r)
	}
	switch {
	case m.op == First:
		m.copyRuns(b, false)
	case m.op == Last:
		m.copyRuns(b, true)
	case b.Type.Complex():
		return &UnsupportedError{fmt.Sprintf("mosaic operation %v of %v", m.op, b.Type)}
	default:
		if m.op != Blend {
			weights = nil
		}
		m.fold(b, weights)
	}
	return nil
}

// A MergeError reports a block, or its weights, that a Merger cannot take.
type MergeError struct{ Reason string }

func (e *MergeError) Error() string { return "mosaic: " + e.Reason }

func mergeError(format string, args ...any) error { return &MergeError{fmt.Sprintf(format, args...)} }

// copyRuns copies the pixels that hold data in b: all of them if over is set, or else those that hold none in the
// result.
func (m *Merger) copyRuns(b *raster.Block, over bool) {
	l := newLayer(m, b, nil)
	for y := l.r.Min.Y; y < l.r.Max.Y; y++ {
		valid, held := l.validRow(y), l.heldRow(y)
		for x := 0; x < len(valid); {
			start := x
			if x == 0 && same(held, 0) && same(valid, valid[0]) && valid[0] != 0 {
				m.open -= len(held) // the usual row: all of it is taken
				x = len(valid)
			}
			for x < len(valid) && valid[x] != 0 && (over || held[x] == 0) {
				if held[x] == 0 {
					m.open--
				}
				x++
			}
			if start == x {
				x++
				continue
			}
			run := image.Rect(l.r.Min.X+start, y, l.r.Min.X+x, y+1)
			for i := range m.result.Bands {
				raster.Copy(m.result.Bands[i], b.Bands[i], run)
			}
			copy(held[start:x], valid[start:x])
		}
	}
}

// same reports whether all bytes of a row, of which there is one at least, are v. Comparing it with itself, one byte
// on, takes a fraction of the time of a loop.
func same(row []uint8, v uint8) bool {
	return row[0] == v && bytes.Equal(row[1:], row[:len(row)-1])
}

// Done reports whether no further block can change the result. Only First can know that before the last block.
func (m *Merger) Done() bool { return m.op == First && m.open == 0 }

// Result returns the merged block. Its validity plane is nil if every pixel is fully valid. The merger must not be used
// afterwards.
func (m *Merger) Result() *raster.Block {
	if m.sums != nil {
		m.finish()
	}
	if m.open == 0 && m.result.Opaque() {
		m.result.Valid = nil
	}
	return m.result
}
