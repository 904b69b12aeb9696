package resample

// axes holds where the kernel stands for the pixels of a row if the mapping is separable: along x once for all rows,
// along y for the row at hand.
type axes struct {
	*method
	src     *source
	columns []place
	covers  []run // of the columns
	row     place
	weights weightTable[[maxTaps]float64, [maxTaps]int32] // of the columns

	aligned bool // the columns are neighbours in the source, and on centres unless the kernel takes a single sample
	copying bool // and so is the row: it is a piece of a row of the source
}

// newAxes places the kernel along x.
func newAxes(m *method, src *source, xs []float64) *axes {
	a := &axes{method: m, src: src, columns: make([]place, len(xs)), aligned: true}
	a.weights = newWeightTable[[maxTaps]float64, [maxTaps]int32](m, len(xs))
	last := -1
	for i, x := range xs {
		p := a.locate(snap(x), src.x)
		a.columns[i] = p
		a.covers = appendPixel(a.covers, i, p.cover)
		if p.cover == outside {
			continue
		}
		if a.weights.floats != nil {
			a.weights.floats[i] = a.weigh(fraction(p.frac))
		}
		if a.weights.integers != nil {
			cubicIntegers(&a.weights.integers[i], p.frac)
		}
		if !a.single() && p.frac != 0 || last >= 0 && int(p.first-a.columns[last].first) != i-last {
			a.aligned = false
		}
		last = i
	}
	return a
}

// setRow places the kernel along y.
func (a *axes) setRow(y float64) {
	a.row = a.locate(snap(y), a.src.y)
	a.copying = a.aligned && (a.single() || a.row.frac == 0) && !a.majority && a.loops != wideLoops
}

// at returns where the kernel of pixel i stands.
func (a *axes) at(i int) point {
	return point{a.columns[i].first, a.row.first, a.columns[i].frac, a.row.frac}
}

// maskNearest gives pixels lo to hi the validity of their nearest samples, if the kernel takes a single sample or the
// row is copied.
func (a *axes) maskNearest(valid []uint8, lo, hi int) {
	valid = valid[lo:hi]
	if a.copying {
		x, y := a.copyFrom(lo)
		copy(valid, a.src.mask.Pix[a.src.offset(x, y):])
		return
	}
	mask := a.src.mask.Pix[a.src.offset(0, a.row.first):]
	cols := a.columns[lo:hi][:len(valid)]
	for i := range valid {
		valid[i] = mask[cols[i].first]
	}
}

// copyFrom returns the sample that pixel i is a copy of, if the row is copied.
func (a *axes) copyFrom(i int) (x, y int32) {
	return a.columns[i].first + int32(a.before), a.row.first + int32(a.before)
}

// solidRun returns where the run of pixels from lo on ends whose samples are known to hold data fully. All kernels from
// lo to hi must be inside the source.
func (a *axes) solidRun(lo, hi int) int {
	flags := a.src.solid.row(a.row.first)
	cols := a.columns[:hi]
	for lo < len(cols) && flags[cols[lo].first>>solidBits]&solidFull != 0 {
		lo++
	}
	return lo
}
