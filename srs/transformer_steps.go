package srs

import "math"

// Steps returns how far the image of a point moves if the point moves by dx along x, and if it moves by dy along y, at the
// point whose image is (x, y). ok is false if the point or its surroundings have no image.
//
// The steps are central differences. A step of a coarse image may leave the domain of a projection; it is then replaced by
// a 16th of it, and so on down to a 65536th, and scaled up again. Where the target's x repeats, the shorter way counts.
func (t *Transformer) Steps(x, y, dx, dy float64) (alongX, alongY [2]float64, ok bool) {
	const least = 1.0 / (1 << 16)
	px, py := []float64{x}, []float64{y}
	t.Inverse().Transform(px, py)
	t = t.Unwrapped()
	for part := 1.0; part >= least; part /= 16 {
		hx, hy := dx*part/2, dy*part/2
		xs := []float64{px[0] - hx, px[0] + hx, px[0], px[0]}
		ys := []float64{py[0], py[0], py[0] - hy, py[0] + hy}
		t.Transform(xs, ys)
		if period := t.to.period; period > 0 && !t.Separable() {
			for i := range xs {
				xs[i] = near(xs[i], x, period)
			}
		}
		alongX = [2]float64{(xs[1] - xs[0]) / part, (ys[1] - ys[0]) / part}
		alongY = [2]float64{(xs[3] - xs[2]) / part, (ys[3] - ys[2]) / part}
		area := math.Abs(float64(alongX[0]*alongY[1]) - float64(alongY[0]*alongX[1]))
		if area > 0 && !math.IsInf(area, 0) {
			return alongX, alongY, true
		}
	}
	return alongX, alongY, false
}
