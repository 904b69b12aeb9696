package lerc

import "math"

// From version 5 on, a micro-block may hold the differences between the kth samples and those before them, of the same
// pixels. A decoder adds a difference to the sample that it has decoded, so that the differences are taken from there:
// then errors do not add up.

// takesDiffs reports whether micro-blocks may hold differences. With loss, values for no data would not be restored
// exactly.
func (w *bandWriter[T]) takesDiffs() bool {
	return w.version >= versionDiff && w.depth > 1 && w.maxZError > 0 && (!w.pass || w.keepsInts())
}

// keepsInts reports that samples are whole numbers of a type of them, none of which is lost.
func (w *bandWriter[T]) keepsInts() bool { return !w.typ.Float() && w.maxZError == 0.5 }

// chooseDiff returns the way to store the differences, if that is smaller than p and keeps the bound. Its numbers are set,
// and so are the decoded samples, for the next differences.
func (w *bandWriter[T]) chooseDiff(p *blockPlan, n, k int) (d blockPlan, ok bool) {
	if d, ok = w.planDiff(n); !ok {
		return d, false
	}
	if d.coded > 0 && d.width > 0 && repeats(w.numbers[:n]) {
		w.planTable(&d, n)
	}
	if d.kind == blockRaw || d.bytes >= p.bytes || !w.restore(&d, n, k, true) {
		return d, false
	}
	w.before, w.after = w.after, w.before
	return d, true
}

// planDiff sets the numbers of the differences to the samples before, and returns the way to store them; ok is false
// if they do not fit into 32 bits.
func (w *bandWriter[T]) planDiff(n int) (p blockPlan, ok bool) {
	if w.keepsInts() {
		return w.planDiffInts(n)
	}
	lo, hi := math.Inf(1), math.Inf(-1)
	for i, v := range w.values[:n] {
		d := float64(v) - float64(w.before[i])
		lo, hi = min(lo, d), max(hi, d)
	}
	t := w.typ
	if !t.Float() {
		t = Int32
	}
	if least, most := t.limits(); !(lo >= least && hi <= most) {
		return p, false
	}
	if t == Float32 {
		lo = float64(float32(lo)) // as it is stored
	}
	p = w.plan(lo, hi, n, t)
	if p.width == 0 {
		clear(w.numbers[:n])
		return p, true
	}
	scale := 1 / (2 * w.maxZError)
	for i, v := range w.values[:n] {
		d := float64(v) - float64(w.before[i]) - lo
		w.numbers[i] = uint32(int64(float64(max(d, 0)*scale) + 0.5))
	}
	return p, true
}

// planDiffInts is planDiff without loss.
func (w *bandWriter[T]) planDiffInts(n int) (p blockPlan, ok bool) {
	lo, hi := int64(math.MaxInt64), int64(math.MinInt64)
	for i, v := range w.values[:n] {
		d := int64(v) - int64(w.before[i])
		lo, hi = min(lo, d), max(hi, d)
	}
	if lo < math.MinInt32 || hi > math.MaxInt32 {
		return p, false
	}
	for i, v := range w.values[:n] {
		w.numbers[i] = uint32(int64(v) - int64(w.before[i]) - lo)
	}
	return w.plan(float64(lo), float64(hi), n, Int32), true
}

// restore sets after to the n samples that a decoder makes of a plan and its numbers, and reports whether they keep the
// bound. Sums of differences below the type's least number do not: Esri's decoder lets them wrap around.
func (w *bandWriter[T]) restore(p *blockPlan, n, k int, diff bool) bool {
	if p.kind == blockRaw || w.keepsInts() {
		copy(w.after[:n], w.values[:n])
		return true
	}
	low, step, top, most := p.low, 2*w.maxZError, float64(w.highs[k]), w.options.MaxZError
	if p.kind == blockZero {
		low = 0
	}
	least, _ := w.typ.limits()
	scaled := p.kind == blockBits
	for i, v := range w.values[:n] {
		sum := low
		if scaled {
			sum += float64(float64(w.numbers[i]) * step)
		}
		if diff {
			sum += float64(w.before[i])
		}
		if sum = min(sum, top); sum < least {
			return false
		}
		w.after[i] = T(sum)
		if d := float64(w.after[i]) - float64(v); diff && !(math.Abs(d) <= most) {
			return false
		}
	}
	return true
}
