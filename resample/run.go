package resample

// A run is pixels lo to hi of a row, whose kernels are covered alike.
type run struct {
	lo, hi int
	cover  cover
}

// appendPixel appends pixel i, the next one.
func appendPixel(rs []run, i int, c cover) []run { return appendRun(rs, run{i, i + 1, c}) }

// appendRun appends a run, the next one, to the last one if they are alike.
func appendRun(rs []run, r run) []run {
	if n := len(rs) - 1; n >= 0 && rs[n].cover == r.cover {
		rs[n].hi = r.hi
		return rs
	}
	return append(rs, r)
}
