package horn

import "math"

// Percents computes slopes in hundredths of rise over run. Those that are too large for float32 become its largest number,
// and pixels of which none can be computed become 0, also in valid.
func (r Rows) Percents(dst []float32, valid []uint8) {
	r.runs(len(dst), func(from, to int, part Rows) {
		done := assembledPercents(dst[from:to], part)
		part.part(done, to-from-done).percents(dst[from+done:to], valid[from+done:to])
	})
}

func (r Rows) percents(dst []float32, valid []uint8) {
	if len(dst) == 0 {
		return
	}
	w := newWalk(r.Above, r.At, r.Below, r.FX, r.FY)
	n := len(dst)
	valid, above, at, below := valid[:n], r.Above[2:n+2], r.At[2:n+2], r.Below[2:n+2]
	for x := range dst {
		v := percent(w.next(float64(above[x]), float64(at[x]), float64(below[x])))
		if !(v <= math.MaxFloat32) {
			v, valid[x] = steepest(v, valid[x], dst)
		}
		dst[x] = float32(v)
	}
}

// PercentsOf does what Percents does, from gradients.
func PercentsOf[T float32 | float64](dst []T, valid []uint8, east, south []float64) {
	east, south, valid = east[:len(dst)], south[:len(dst)], valid[:len(dst)]
	for x := range dst {
		v := percent(east[x], south[x])
		if !(v <= math.MaxFloat32) {
			v, valid[x] = steepest(v, valid[x], dst)
		}
		dst[x] = T(v)
	}
}

func percent(p, q float64) float64 { return float64(100 * math.Sqrt(float64(p*p)+float64(q*q))) }

// steepest returns the nearest number to v that a row holds, and its validity: that of the pixel, or 0 if v is infinite or no
// number.
func steepest[T float32 | float64](v float64, valid uint8, _ []T) (float64, uint8) {
	switch {
	case v-v != 0:
		return 0, 0
	case T(v)-T(v) != 0:
		return math.MaxFloat32, valid
	}
	return v, valid
}
