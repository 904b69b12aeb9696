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

// chooseDiff returns the way to store the differences, if that is smaller than p and keeps the bound. Its numbers and its
// table are set, and so are the decoded samples, for the next differences; otherwise those of p are as they were.
func (w *bandWriter[T]) chooseDiff(p *blockPlan, n, k int) (d blockPlan, ok bool) {
	w.swapNumbers()
	if d, ok = w.planDiff(n); ok && d.kind != blockRaw && d.bytes < p.bytes && w.restore(&d, n, k, true) {
		w.before, w.after = w.after, w.before
		return d, true
	}
	w.swapNumbers()
	return d, false
}

// swapNumbers changes between two memories for numbers and their table.
func (w *bandWriter[T]) swapNumbers() {
	w.numbers, w.others = w.others, w.numbers
	w.sorted, w.otherSorted = w.otherSorted, w.sorted
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
	if p.coded > 0 && repeats(w.numbers[:n]) {
		w.planTable(&p, n)
	}
	return p, true
}

// planDiffInts is planDiff without loss.
func (w *bandWriter[T]) planDiffInts(n int) (p blockPlan, ok bool) {
	lo, hi := int64(math.MaxInt64), int64(math.MinInt64)
	for i, v := range w.values[:n] {
		d := int64(v) - int64(w.before[i])
		lo, hi = min(lo, d), max(hi, d)
		w.numbers[i] = uint32(d)
	}
	if lo < math.MinInt32 || hi > math.MaxInt32 {
		return p, false
	}
	p = w.plan(float64(lo), float64(hi), n, Int32)
	table := p.width > 0 && repeats(w.numbers[:n])
	if w.counting && !table {
		return p, true
	}
	for i := range w.numbers[:n] {
		w.numbers[i] -= uint32(lo)
	}
	if table {
		w.planTable(&p, n)
	}
	return p, true
}

// restore sets after to the n samples that a decoder makes of a plan and its numbers, and reports whether they keep the
// bound. Sums of differences below the type's least number do not: Esri's decoder lets them wrap around.
func (w *bandWriter[T]) restore(p *blockPlan, n, k int, diff bool) bool {
	switch {
	case p.kind == blockRaw || w.keepsInts():
		copy(w.after[:n], w.values[:n])
		return true
	case p.kind != blockBits && !diff:
		low := p.low
		if p.kind == blockZero {
			low = 0
		}
		v := T(min(low, float64(w.highs[k])))
		for i := range w.after[:n] {
			w.after[i] = v
		}
		return true
	case w.typ.Float():
		return w.restoreFloats(p, n, k, diff)
	}
	return w.restoreInts(p, n, k, diff)
}

// restoreInts is restore for types of whole numbers. Without sums that are too small the bound is kept in any case.
func (w *bandWriter[T]) restoreInts(p *blockPlan, n, k int, diff bool) bool {
	least, _ := w.typ.limits()
	low, step, top := int64(p.low), int64(2*w.maxZError), int64(w.highs[k])
	numbers, after := w.numbers[:n], w.after[:n]
	if !diff {
		for i, v := range numbers {
			after[i] = T(min(low+int64(v)*step, top))
		}
		return true
	}
	before, lowest := w.before[:n], int64(math.MaxInt64)
	for i, v := range numbers {
		sum := min(low+int64(v)*step+int64(before[i]), top)
		lowest = min(lowest, sum)
		after[i] = T(sum)
	}
	return lowest >= int64(least)
}

// restoreFloats is restore for floating-point types. Differences are rounded once more, so that the bound is checked.
func (w *bandWriter[T]) restoreFloats(p *blockPlan, n, k int, diff bool) bool {
	low, step, top, most := p.low, 2*w.maxZError, float64(w.highs[k]), w.options.MaxZError
	numbers, after := w.numbers[:n], w.after[:n]
	if !diff {
		for i, v := range numbers {
			after[i] = T(min(low+float64(float64(v)*step), top))
		}
		return true
	}
	before, values := w.before[:n], w.values[:n]
	for i, v := range numbers {
		after[i] = T(min(low+float64(float64(v)*step)+float64(before[i]), top))
		if !(math.Abs(float64(after[i])-float64(values[i])) <= most) {
			return false
		}
	}
	return true
}
