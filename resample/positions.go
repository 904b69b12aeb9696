package resample

// positions are where the kernel stands for the pixels of a row.
type positions struct {
	axes   *axes   // if the mapping is separable, else nil
	points *points // if it is not, else nil
}

// at returns where the kernel of pixel i stands.
func (p positions) at(i int) point {
	if p.axes != nil {
		return p.axes.at(i)
	}
	return p.points.at(i)
}

// covers returns how the kernels of the row lie in the source's rectangle. With axes it is so along x alone.
func (p positions) covers() []run {
	if p.axes != nil {
		return p.axes.covers
	}
	return p.points.covers
}

// copying reports whether the row is a piece of a row of the source.
func (p positions) copying() bool { return p.axes != nil && p.axes.copying }

// maskNearest gives pixels lo to hi the validity of their nearest samples.
func (p positions) maskNearest(valid []uint8, lo, hi int) {
	if p.axes != nil {
		p.axes.maskNearest(valid, lo, hi)
		return
	}
	p.points.maskNearest(valid, lo, hi)
}

// solidRun returns where the run of pixels from lo on ends whose samples are known to hold data fully.
func (p positions) solidRun(lo, hi int) int {
	if p.axes != nil {
		return p.axes.solidRun(lo, hi)
	}
	return p.points.solidRun(lo, hi)
}
