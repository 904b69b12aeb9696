package mosaic

import (
	"fmt"
	"image"

	"github.com/geoexport/geoexport/raster"
)

// A Merger folds blocks into one, the topmost first: a pixel is taken, all its bands together, from the first block in
// which it holds data. It belongs to one goroutine.
type Merger struct {
	result *raster.Block
	open   int // pixels that hold no data yet
}

// NewMerger starts with a block of n bands over r in which no pixel holds data. The caller guards the size of r.
func NewMerger(t raster.PixelType, n int, r image.Rectangle) *Merger {
	return &Merger{result: raster.NewBlock(t, n, r), open: r.Dx() * r.Dy()}
}

// Add puts b under what was added before. Its bounds must lie inside the result's, and its type and number of bands be
// the same. The merger keeps no part of b.
func (m *Merger) Add(b *raster.Block) error {
	dst, r := m.result, b.Bounds()
	if b.Type != dst.Type || len(b.Bands) != len(dst.Bands) {
		return fmt.Errorf("mosaic: %d bands of %v do not merge with %d of %v",
			len(b.Bands), b.Type, len(dst.Bands), dst.Type)
	}
	if !r.In(dst.Bounds()) {
		return fmt.Errorf("mosaic: block %v reaches outside %v", r, dst.Bounds())
	}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; {
			run := m.run(b, x, y)
			if run.take {
				for i := range dst.Bands {
					raster.Copy(dst.Bands[i], b.Bands[i], image.Rect(x, y, run.end, y+1))
				}
				m.claim(b.Valid, y, x, run.end)
			}
			x = run.end
		}
	}
	return nil
}

// run is a stretch of pixels of one row, up to end, that are all to be taken or all not.
type run struct {
	end  int
	take bool
}

func (m *Merger) run(b *raster.Block, x, y int) run {
	take := func(x int) bool {
		return m.result.Valid.Pix[m.result.Valid.PixOffset(x, y)] == 0 &&
			(b.Valid == nil || b.Valid.Pix[b.Valid.PixOffset(x, y)] != 0)
	}
	first, end := take(x), x+1
	for end < b.Bounds().Max.X && take(end) == first {
		end++
	}
	return run{end, first}
}

// claim marks the pixels of one stretch as held, as much as valid says.
func (m *Merger) claim(valid *image.Alpha, y, x0, x1 int) {
	i := m.result.Valid.PixOffset(x0, y)
	dst := m.result.Valid.Pix[i : i+x1-x0]
	if valid == nil {
		for i := range dst {
			dst[i] = 255
		}
	} else {
		i := valid.PixOffset(x0, y)
		copy(dst, valid.Pix[i:i+x1-x0])
	}
	m.open -= x1 - x0
}

// Done says whether no further block can change the result.
func (m *Merger) Done() bool { return m.open == 0 }

// Result is what was merged so far; its validity plane is nil if every pixel fully holds data. The merger must not be
// used afterwards.
func (m *Merger) Result() *raster.Block {
	if m.Done() && m.result.Opaque() {
		m.result.Valid = nil
	}
	return m.result
}
