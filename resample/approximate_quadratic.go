package resample

// predicted is the part of the tolerance by which a quadratic may miss the points that it is tested on.
const predicted = 0.1

// A quadratic is the surface of second order in x and in y through nine probes of a cell: its corners, the middles of
// its sides and its centre. Most cells of a map projection that are too large to be interpolated bilinearly follow it
// closely. Their quarters, whose corners are those probes, are then tested against the surface, and no further points
// are mapped.
type quadratic struct {
	left, top, size float64
	x, y            [3][3]float64 // source coordinates, row by row
}

// quadratic returns the quadratic of the i-th cell, whose corner is at left, top, and whether it misses the quarter
// points by little. Its error is of third order, and largest next to these points.
func (p *probes) quadratic(i, left, top, size int, tol float64) (q quadratic, ok bool) {
	q = quadratic{left: float64(left), top: float64(top), size: float64(size)}
	for j := range 3 {
		copy(q.x[j][:], p[2*j].xs[2*i:])
		copy(q.y[j][:], p[2*j].ys[2*i:])
	}
	flat := p.corners(i)
	m := flat.metric(size)
	for _, line := range []int{1, 3} {
		v := q.top + float64(q.size*float64(line)/4)
		xs := [2]float64{q.left + q.size/4, q.left + float64(q.size*3/4)}
		ys := [2]float64{v, v}
		q.Map(xs[:], ys[:])
		for n := range xs {
			if !m.within(p[line].xs[2*i+n]-xs[n], p[line].ys[2*i+n]-ys[n], tol*predicted) {
				return q, false
			}
		}
	}
	return q, true
}

// Map implements Mapping. It maps the places of the nine probes to the probes.
func (q *quadratic) Map(xs, ys []float64) {
	if len(xs) == 0 {
		return
	}
	w := lagrange((ys[0] - q.top) / q.size)
	var rowX, rowY [3]float64
	for n := range 3 {
		rowX[n] = weighted3(w, q.x[0][n], q.x[1][n], q.x[2][n])
		rowY[n] = weighted3(w, q.y[0][n], q.y[1][n], q.y[2][n])
	}
	for n, x := range xs {
		w := lagrange((x - q.left) / q.size)
		xs[n] = weighted3(w, rowX[0], rowX[1], rowX[2])
		ys[n] = weighted3(w, rowY[0], rowY[1], rowY[2])
	}
}

// lagrange returns the weights that values at 0, 1/2 and 1 have in the parabola through them, at u.
func lagrange(u float64) [3]float64 {
	return [3]float64{float64((float64(2*u) - 1) * (u - 1)), float64(4 * u * (1 - u)), float64(u * (float64(2*u) - 1))}
}

// weighted3 returns the sum of three values by their weights.
func weighted3(w [3]float64, a, b, c float64) float64 {
	return float64(w[0]*a) + float64(w[1]*b) + float64(w[2]*c)
}
