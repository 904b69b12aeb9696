package grid

import (
	"math"
	"math/bits"
)

// Limits bound the resources that a hostile file can make opening and reading use. Each limit is checked before memory
// is allocated by the number that it bounds; a zero field means its default. Besides the samples of a window, a read
// takes up to about 1 MiB, or one row of all bands if that is more, which counts against the context's budget: see
// raster.WithBudget. The index of a text takes up to 2 MiB.
type Limits struct {
	Side      int   // width or height, in pixels; default 2^31-1
	Pixels    int64 // width times height; default 2^40
	Bands     int   // default 65535
	TextBytes int64 // size of a header or of another text beside the file; default 4 MiB
	ReadBytes int64 // size of the samples of one Read; default 1 GiB
}

func (l Limits) withDefaults() Limits {
	set(&l.Side, math.MaxInt32)
	set(&l.Pixels, 1<<40)
	set(&l.Bands, math.MaxUint16)
	set(&l.TextBytes, 4<<20)
	set(&l.ReadBytes, 1<<30)
	return l
}

func set[T int | int64](v *T, def T) {
	if *v == 0 {
		*v = def
	}
}

// checkSize checks the size that a header states.
func (l *Limits) checkSize(width, height, bands int64) error {
	for _, side := range [...]struct {
		name string
		n    int64
	}{{"columns", width}, {"rows", height}, {"bands", bands}} {
		if side.n < 1 {
			return &FormatError{Name: side.name, Value: show(side.n), Reason: "there must be at least one"}
		}
	}
	switch {
	case max(width, height) > int64(l.Side):
		return &LimitError{"Side", "the longer side", uint64(max(width, height)), int64(l.Side)}
	case bands > int64(l.Bands):
		return &LimitError{"Bands", "bands", uint64(bands), int64(l.Bands)}
	}
	if n := mul(uint64(width), uint64(height)); l.Pixels < 0 || n > uint64(l.Pixels) {
		return &LimitError{"Pixels", "width times height", n, l.Pixels}
	}
	return nil
}

// mul returns a·b, or the largest uint64 if the product overflows, so that comparisons with limits stay correct.
func mul(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	if hi != 0 {
		return math.MaxUint64
	}
	return lo
}

// add returns a+b, or the largest uint64 if the sum overflows.
func add(a, b uint64) uint64 {
	sum, carry := bits.Add64(a, b, 0)
	if carry != 0 {
		return math.MaxUint64
	}
	return sum
}
