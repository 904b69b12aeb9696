package lerc

import (
	"bytes"
	"math"
	"slices"

	"github.com/geoexport/geoexport/internal/portable"
)

// isWhole reports whether a sample is a whole number that can be quantised with a step of 1 and restored exactly.
func isWhole[T Sample](v T) bool {
	switch v := any(v).(type) {
	case float32:
		return v >= -1<<23 && v <= 1<<23 && v == float32(int32(v))
	case float64:
		return v >= -1<<53 && v <= 1<<53 && v == float64(int64(v))
	}
	return true
}

// prepare settles the validity of a band, the range of its samples and the error that they may have.
func (w *bandWriter[T]) prepare(pix []T, mask []uint8, noData float64) error {
	w.pix, w.ok, w.pass, w.noDataIn, w.noDataOut = pix, mask, false, 0, 0
	w.valid = w.pixels()
	if mask != nil {
		if w.valid -= bytes.Count(mask, []byte{invalid}); w.valid == w.pixels() {
			w.ok = nil
		}
	}
	mixed := false
	if w.typ.Float() || !math.IsNaN(noData) {
		var err error
		if mixed, err = w.dropInvalid(noData); err != nil {
			return err
		}
	}
	w.ranges(noData, mixed)
	w.settleError(mixed)
	if mixed {
		w.mapNoData(noData)
	}
	return nil
}

// dropInvalid makes pixels invalid whose samples all are NaN or noData, and replaces NaN by noData elsewhere. mixed
// reports that a valid pixel has a sample without data.
func (w *bandWriter[T]) dropInvalid(noData float64) (mixed bool, err error) {
	none, marks := toSample[T](0), !math.IsNaN(noData)
	if marks {
		none = toSample[T](noData)
	}
	own := false // whether pix and ok are copies
	for i := range w.pixels() {
		if w.ok != nil && w.ok[i] == invalid {
			continue
		}
		n := 0
		for _, v := range w.pix[i*w.depth:][:w.depth] {
			if v != v || marks && v == none {
				n++
			}
		}
		if n == 0 {
			continue
		}
		if n < w.depth && !marks {
			return false, cannotEncode("Image.Pix",
				"some of the %d samples of pixel %d are NaN, which needs Image.NoData", w.depth, i)
		}
		if !own {
			own = true
			w.copyInput()
		}
		if n == w.depth {
			w.ok[i] = invalid
			w.valid--
			continue
		}
		mixed = true
		replaceNaN(w.pix[i*w.depth:][:w.depth], none)
	}
	if w.valid == w.pixels() {
		w.ok = nil
	}
	return mixed, nil
}

// copyInput copies the validity and, if they may have to be changed, the samples.
func (w *bandWriter[T]) copyInput() {
	if w.ok = slices.Clone(w.ok); w.ok == nil {
		w.ok = make([]uint8, w.pixels())
		setValid(w.ok)
	}
	if w.depth > 1 {
		w.pix = slices.Clone(w.pix)
	}
}

// replaceNaN replaces samples that are NaN.
func replaceNaN[T Sample](samples []T, by T) {
	for k, v := range samples {
		if v != v {
			samples[k] = by
		}
	}
}

// ranges finds the range of samples. Those without data do not count if mixed is set.
func (w *bandWriter[T]) ranges(noData float64, mixed bool) {
	w.lows, w.highs = make([]T, w.depth), make([]T, w.depth)
	w.lo, w.hi, w.whole = 0, 0, true
	if w.valid == 0 {
		return
	}
	if w.depth == 1 && w.ok == nil {
		w.lows[0], w.highs[0] = rangeOf(w.pix)
		w.whole = !w.typ.Float() || !slices.ContainsFunc(w.pix, func(v T) bool { return !isWhole(v) })
	} else {
		for k := range w.depth {
			if w.ok == nil && !mixed {
				w.lows[k], w.highs[k] = rangeOfEach(w.pix[k:], w.depth)
			} else {
				w.lows[k], w.highs[k] = w.rangeOfSample(k, toSample[T](noData), mixed)
			}
		}
		if w.ok == nil && !mixed && w.typ.Float() {
			w.whole = !slices.ContainsFunc(w.pix, func(v T) bool { return !isWhole(v) })
		}
	}
	w.lo, w.hi = float64(slices.Min(w.lows)), float64(slices.Max(w.highs))
}

// rangeOfSample returns the range of the kth sample of all valid pixels. Those that are none do not count if mixed is
// set; if there are no others, none is the range.
func (w *bandWriter[T]) rangeOfSample(k int, none T, mixed bool) (lo, hi T) {
	lo, hi = none, none
	some := false
	for i := range w.pixels() {
		v := w.pix[i*w.depth+k]
		if w.ok != nil && w.ok[i] == invalid || mixed && v == none {
			continue
		}
		if !some {
			some, lo, hi = true, v, v
		}
		if v < lo {
			lo = v
		}
		if v > hi {
			hi = v
		}
		w.whole = w.whole && isWhole(v)
	}
	return lo, hi
}

// rangeOfEach is rangeOf for each depth-th sample, from the first on.
func rangeOfEach[T Sample](pix []T, depth int) (lo, hi T) {
	lo, hi = pix[0], pix[0]
	for i := 0; i < len(pix); i += depth {
		v := pix[i]
		if v < lo {
			lo = v
		}
		if v > hi {
			hi = v
		}
	}
	return lo, hi
}

// rangeOf returns the least and the greatest of samples of which none is NaN.
func rangeOf[T Sample](pix []T) (lo, hi T) {
	lo, hi = pix[0], pix[0]
	if TypeOf[T]().Size() == 1 {
		for _, v := range pix {
			lo, hi = min(lo, v), max(hi, v) // without jumps; floating-point samples would take longer so
		}
		return lo, hi
	}
	for _, v := range pix {
		if v < lo {
			lo = v
		}
		if v > hi {
			hi = v
		}
	}
	return lo, hi
}

// settleError sets the error that the header states, which decides the step of quantisation.
func (w *bandWriter[T]) settleError(mixed bool) {
	w.exact, w.violated, w.careful = false, false, false
	z := w.options.MaxZError
	if w.whole || !w.typ.Float() {
		w.maxZError = max(0.5, math.Floor(z))
		return
	}
	w.maxZError = z
	if z == 0 || mixed || w.lo == w.hi {
		// A value for no data needs to be restored exactly.
		w.maxZError = 0
		return
	}
	for _, c := range [...]float64{0.5, 0.25, 0.05, 0.025, 0.005, 0.0025, 0.0005, 0.00025, 0.00005} {
		if c > z && w.onGrid(2*c, z) {
			w.maxZError, w.exact = c, true
			return
		}
	}
	if w.onGrid(2*z, z/1024) {
		w.exact = true
		return
	}
	w.settleSafe()
}

// onGrid reports whether some of the samples are multiples of step, with an error of at most tolerance, counted from
// the least one. It only says that an attempt is worth it.
func (w *bandWriter[T]) onGrid(step, tolerance float64) bool {
	const some = 1024
	stride := max(1, len(w.pix)/some) | 1
	for i := 0; i < len(w.pix); i += stride {
		if w.ok != nil && w.ok[i/w.depth] == invalid {
			continue
		}
		n := (float64(w.pix[i]) - w.lo) / step
		if math.Abs(n-math.Round(n))*step > tolerance {
			return false
		}
	}
	return true
}

// settleSafe sets an error that leaves room for rounding, or 0 if there is none. A decoded sample is
//
//	low + number × 2 × error, rounded to float64 twice, and then to the type.
//
// With numbers below 2^30 the rounding of float64 makes the number itself wrong by less than 2^-21, and the sum by less
// than two units in the last place.
func (w *bandWriter[T]) settleSafe() {
	z := w.options.MaxZError
	far := max(math.Abs(w.lo), math.Abs(w.hi))
	w.room = w.roundingAt(far)
	if w.careful = w.room > z/64 && !w.options.Lerc1; w.careful {
		// Few samples may be far away, such as values for no data. Micro-blocks of such samples are stored as they are.
		w.room = w.worthyRoom(far)
	}
	if w.maxZError = z - w.room - float64(z/(1<<20)); !(w.maxZError > z/4) {
		w.maxZError, w.careful = 0, false // a smaller step takes more bits than are gained
	}
}

// roundingAt returns the most by which a decoded sample can be off by rounding, if it is not greater than far plus the
// bound.
func (w *bandWriter[T]) roundingAt(far float64) float64 {
	far += w.options.MaxZError
	room := float64(2 * (math.Nextafter(far, math.Inf(1)) - far))
	if w.typ == Float32 {
		f := float32(far)
		room += float64(float64(math.Nextafter32(f, float32(math.Inf(1)))-f) / 2)
	}
	return room
}

// worthyRoom returns the room for rounding with which samples take about the fewest bits: more room makes all numbers
// larger, less room leaves more samples as they are.
func (w *bandWriter[T]) worthyRoom(far float64) float64 {
	counts, extra := w.exponents()
	kept := 0.0
	for _, bits := range extra {
		kept += bits
	}
	z := w.options.MaxZError
	best, least := math.Inf(1), kept
	below := 0
	for e, n := range counts {
		if n == 0 {
			continue
		}
		below, kept = below+n, kept-extra[e]
		room := w.roundingAt(min(math.Ldexp(1, e-1022), far))
		if !(room < z*3/4) {
			break
		}
		bits := float64(-float64(below)*portable.Log(1-room/z)/math.Ln2) + kept
		if bits < least {
			best, least = room, bits
		}
	}
	return best
}

// exponents counts samples by the exponent of 2 of the largest in a row of a micro-block, and how many more bits they
// take if they are stored as they are. Rows whose samples are all the same take few bits in any case.
func (w *bandWriter[T]) exponents() (counts [2048]int, extra [2048]float64) {
	size := float64(8 * w.typ.Size())
	for k := range w.depth {
		for y := range w.height {
			for x := 0; x < w.width; x += smallBlock {
				n, lo, hi := w.rangeOfRow(y*w.width+x, y*w.width+min(x+smallBlock, w.width), k)
				if lo == hi {
					continue
				}
				e := math.Float64bits(max(math.Abs(lo), math.Abs(hi))) >> 52
				counts[e] += n
				bits := portable.Log((hi-lo)/(2*w.options.MaxZError)+1) / math.Ln2
				extra[e] += float64(float64(n) * max(0, size-bits))
			}
		}
	}
	return counts, extra
}

// rangeOfRow returns the number and range of the kth samples of the valid pixels of a row.
func (w *bandWriter[T]) rangeOfRow(from, to, k int) (n int, lo, hi float64) {
	for i := from; i < to; i++ {
		if w.ok != nil && w.ok[i] == invalid {
			continue
		}
		v := float64(w.pix[i*w.depth+k])
		if n++; n == 1 {
			lo, hi = v, v
		}
		lo, hi = min(lo, v), max(hi, v)
	}
	return n, lo, hi
}

// fallBack settles an error after the attempt failed that settleError had made.
func (w *bandWriter[T]) fallBack() {
	w.exact, w.violated = false, false
	w.settleSafe()
}

// mapNoData replaces the value for no data by one just below the range of samples, where it costs few bits and is
// restored exactly, if the type has room. Otherwise nothing may be lost.
func (w *bandWriter[T]) mapNoData(noData float64) {
	w.pass, w.noDataOut, w.noDataIn = true, noData, noData
	none := toSample[T](noData)
	least, most := w.typ.limits()
	if !w.typ.Float() {
		switch below, above := w.lo-math.Floor(w.maxZError)-1, w.hi+1; {
		case below >= least:
			w.noDataIn = below
		case w.lo-1 >= least:
			w.maxZError, w.noDataIn = 0.5, w.lo-1
		case above <= most:
			w.maxZError, w.noDataIn = 0.5, above
		default:
			w.maxZError = 0.5
		}
	} else if w.whole {
		w.whole = isWhole(none)
		if below := w.lo - float64(4*w.maxZError); below >= -1<<23 {
			w.noDataIn, w.whole = below, true
		}
		if !w.whole {
			w.maxZError = 0
		}
	}
	in := toSample[T](w.noDataIn)
	if float64(in) >= w.lo && float64(in) <= w.hi {
		w.noDataIn, in = noData, none // the samples that are equal to it hold no data, whatever the range says
		if w.maxZError = 0.5; w.typ.Float() && !w.whole {
			w.maxZError = 0
		}
	}
	for i, v := range w.pix {
		if v == none && (w.ok == nil || w.ok[i/w.depth] != invalid) {
			w.pix[i] = in
			k := i % w.depth
			w.lows[k], w.highs[k] = min(w.lows[k], in), max(w.highs[k], in)
		}
	}
	w.lo, w.hi = float64(slices.Min(w.lows)), float64(slices.Max(w.highs))
}
