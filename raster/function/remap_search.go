package function

import (
	"image"
	"math"
	mathbits "math/bits"
	"slices"

	"github.com/geoexport/geoexport/raster"
)

// A rangeSearch finds what a rangeTable does, faster, for samples of one type: samples become keys, integers in the same
// order, and most keys are found by the part of the line in which they lie.
type rangeSearch struct {
	bounds  []uint64 // the first keys of results, but for the first result; after cut as distances from origin
	results []result // one more
	// The line from origin, which is below bounds[0] if a key is, up to the last bound is cut into parts that are 1<<shift
	// long. parts[i] is the number of bounds before part i, with the bit mixed if there are bounds in it, too.
	origin, span uint64
	shift        uint
	parts        []uint32
	values       raster.Plane // of results, in the type of what comes out
	masks        []uint8      // 0 where a result is none
	drop         bool         // one of them is
	own          []float64    // values in F64
	keeps        []uint64     // all bits are set where a result keeps the sample
	keep         bool         // one of them does
}

// mixed marks parts of the line that keys of several results share.
const mixed = 1 << 31

// newRangeSearch returns a search for samples of type from, whose results are of type to.
func newRangeSearch(t *rangeTable, from, to raster.PixelType) *rangeSearch {
	s := &rangeSearch{results: t.at[:1:1]}
	next := func(key uint64, r result) {
		if n := len(s.bounds); n > 0 && s.bounds[n-1] == key {
			s.results[n] = r
		} else {
			s.bounds, s.results = append(s.bounds, key), append(s.results, r)
		}
	}
	for i, c := range t.cuts {
		from, after, ok := keysAt(c, from)
		if !ok { // it is above all samples
			break
		}
		next(from, t.at[2*i+1])
		next(after, t.at[2*i+2])
	}
	s.cut()
	n := len(s.results)
	s.values, s.masks = raster.NewPlanes(to, 1, image.Rect(0, 0, n, 1))[0], make([]uint8, n)
	s.own, s.keeps = make([]float64, n), make([]uint64, n)
	for i, r := range s.results {
		s.masks[i] = math.MaxUint8
		s.own[i] = r.value
		if r.keeps {
			s.keep, s.keeps[i] = true, math.MaxUint64
		}
	}
	storeRow(s.values, 0, s.own, s.masks, clamps, to)
	for i, r := range s.results {
		if r.none {
			s.masks[i], s.drop = 0, true
		}
	}
	return s
}

// cut sets the parts of the line.
func (s *rangeSearch) cut() {
	n := len(s.bounds)
	if n == 0 {
		return
	}
	s.origin = s.bounds[0] - min(s.bounds[0], 1)
	for i := range s.bounds {
		s.bounds[i] -= s.origin
	}
	s.span = s.bounds[n-1]
	s.shift = uint(max(0, mathbits.Len64(s.span)-min(mathbits.Len(uint(256*n)), 14)))
	s.parts = make([]uint32, (s.span>>s.shift)+2)
	at := 0
	for i := range s.parts {
		for at < n && s.bounds[at]>>s.shift < uint64(i) {
			at++
		}
		s.parts[i] = uint32(at)
		if at < n && s.bounds[at]>>s.shift == uint64(i) {
			s.parts[i] |= mixed
		}
	}
}

// find fills at with the numbers of the results of row y of a plane. Keys before and after all bounds are
// moved to the ends of the line, so that none needs a branch.
func (s *rangeSearch) find(at []uint32, p raster.Plane, y int) {
	if len(s.bounds) == 0 {
		clear(at)
		return
	}
	switch p := p.(type) {
	case *raster.PlaneOf[uint8]:
		findWhole(s, at, p.Row(y))
	case *raster.PlaneOf[int8]:
		findWhole(s, at, p.Row(y))
	case *raster.PlaneOf[uint16]:
		findWhole(s, at, p.Row(y))
	case *raster.PlaneOf[int16]:
		findWhole(s, at, p.Row(y))
	case *raster.PlaneOf[uint32]:
		findWhole(s, at, p.Row(y))
	case *raster.PlaneOf[int32]:
		findWhole(s, at, p.Row(y))
	case *raster.PlaneOf[float32]:
		s.findSingle(at, p.Row(y))
	case *raster.PlaneOf[float64]:
		s.findDouble(at, p.Row(y))
	}
}

func findWhole[T uint8 | int8 | uint16 | int16 | uint32 | int32](s *rangeSearch, at []uint32, src []T) {
	src = src[:len(at)]
	origin, span, shift, parts := s.origin, s.span, s.shift&63, s.parts
	for x, v := range src {
		key := min(max(wholeKey(int64(v)), origin)-origin, span)
		i := parts[key>>shift]
		if i >= mixed {
			i = s.within(key)
		}
		at[x] = i
	}
}

func (s *rangeSearch) findSingle(at []uint32, src []float32) {
	src = src[:len(at)]
	origin, span, shift, parts := s.origin, s.span, s.shift&63, s.parts
	for x, v := range src {
		key := min(max(singleKey(v), origin)-origin, span)
		i := parts[key>>shift]
		if i >= mixed {
			i = s.within(key)
		}
		at[x] = i
	}
}

func (s *rangeSearch) findDouble(at []uint32, src []float64) {
	src = src[:len(at)]
	origin, span, shift, parts := s.origin, s.span, s.shift&63, s.parts
	for x, v := range src {
		key := min(max(doubleKey(v), origin)-origin, span)
		i := parts[key>>shift]
		if i >= mixed {
			i = s.within(key)
		}
		at[x] = i
	}
}

// within returns the number of the result of a key, as a distance from origin, in a part that several results share.
func (s *rangeSearch) within(key uint64) uint32 {
	part := key >> s.shift
	i, end := s.parts[part]&^mixed, s.parts[part+1]&^mixed
	for end-i > 8 {
		if mid := (i + end) / 2; key >= s.bounds[mid] {
			i = mid + 1
		} else {
			end = mid
		}
	}
	for i < end && key >= s.bounds[i] {
		i++
	}
	return i
}

// run is the step of a Remap: a run that agrees with one by a rangeTable's row.
func (s *rangeSearch) run(t raster.PixelType) runFunc {
	return func(_ Cell, in []*raster.Block, rect image.Rectangle) (*raster.Block, error) {
		out := raster.NewBlock(t, 1, rect)
		w := rect.Dx()
		at := make([]uint32, w)
		var buf []float64
		if s.keep {
			buf = make([]float64, 2*w)
		}
		src := in[0].Bands[0]
		for y := rect.Min.Y; y < rect.Max.Y; y++ {
			valid := raster.AlphaRow(out.Valid, y, rect)
			leastValid(valid, in, y)
			s.find(at, src, y)
			if !s.keep {
				s.store(out.Bands[0], y, valid, at)
				continue
			}
			dst := buf[w:]
			for x, v := range loadRow(buf[:w], src, y) {
				i := at[x]
				keeps := s.keeps[i]
				dst[x] = math.Float64frombits(math.Float64bits(v)&keeps | math.Float64bits(s.own[i])&^keeps)
				valid[x] &= s.masks[i]
			}
			storeRow(out.Bands[0], y, dst, valid, clamps, t)
		}
		return out, nil
	}
}

// store stores the values of results as row y of a plane.
func (s *rangeSearch) store(p raster.Plane, y int, valid []uint8, at []uint32) {
	switch p := p.(type) {
	case *raster.PlaneOf[uint8]:
		gather(p, y, valid, at, s)
	case *raster.PlaneOf[int8]:
		gather(p, y, valid, at, s)
	case *raster.PlaneOf[uint16]:
		gather(p, y, valid, at, s)
	case *raster.PlaneOf[int16]:
		gather(p, y, valid, at, s)
	case *raster.PlaneOf[uint32]:
		gather(p, y, valid, at, s)
	case *raster.PlaneOf[int32]:
		gather(p, y, valid, at, s)
	case *raster.PlaneOf[float32]:
		gather(p, y, valid, at, s)
	case *raster.PlaneOf[float64]:
		gather(p, y, valid, at, s)
	}
}

func gather[T raster.Real](p *raster.PlaneOf[T], y int, valid []uint8, at []uint32, s *rangeSearch) {
	values, masks := s.values.(*raster.PlaneOf[T]).Pix, s.masks
	dst := p.Row(y)[:len(at)]
	if !s.drop {
		for x, i := range at {
			dst[x] = values[i]
		}
		return
	}
	valid = valid[:len(at)]
	for x, i := range at {
		dst[x] = values[i]
		valid[x] &= masks[i]
	}
}

// wholeKey returns the key of a whole number.
func wholeKey(v int64) uint64 { return uint64(v) ^ signBit }

// singleKey returns the key of a number. Numbers order as their bits do, after the sign is turned, and all bits where it is
// set. Zeros of both signs have one key, and keys of NaN are beyond those of infinities.
func singleKey(v float32) uint64 {
	b := math.Float32bits(v + 0)
	return uint64(b ^ (uint32(int32(b)>>31) | 1<<31))
}

func doubleKey(v float64) uint64 {
	b := math.Float64bits(v + 0)
	return b ^ (uint64(int64(b)>>63) | signBit)
}

// keysAt returns the key of the least sample of a type that is c or more, and of the least one above c. ok is false if there
// is neither.
func keysAt(c float64, t raster.PixelType) (from, after uint64, ok bool) {
	switch t {
	case raster.F64:
		from = doubleKey(c)
		return from, from + 1, true
	case raster.F32:
		near := float32(c)
		key := singleKey(near)
		switch {
		case float64(near) < c:
			return key + 1, key + 1, true
		case float64(near) > c:
			return key, key, true
		}
		return key, key + 1, true
	}
	lo, hi := t.Range()
	if c > hi {
		return 0, 0, false
	}
	c = max(c, lo-1)
	return wholeKey(int64(math.Ceil(c))), wholeKey(int64(math.Floor(c)) + 1), true
}

// searched reports whether a type has so many values that a search is better than a table of all of them.
func searched(t raster.PixelType) bool {
	return slices.Contains([]raster.PixelType{raster.U16, raster.S16, raster.U32, raster.S32, raster.F32, raster.F64}, t)
}

// signBit is the sign of a number, and of a whole number.
const signBit = 1 << 63
