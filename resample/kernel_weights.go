package resample

// cubicWeights returns keys at distances 1+t, t, 1-t and 2-t.
func cubicWeights(t float64) [maxTaps]float64 {
	tt := float64(t * t)
	return [maxTaps]float64{
		float64((float64((float64(-0.5*t)+1)*t) - 0.5) * t),
		float64((float64(1.5*t)-2.5)*tt) + 1,
		float64((float64((float64(-1.5*t)+2)*t) + 0.5) * t),
		float64((float64(0.5*t) - 0.5) * tt),
	}
}

// weightBits is the size of Cubic's weights as whole numbers: multiples of 2^-weightBits. Sixteen samples of 16 bits,
// whose weights have sizes that sum to at most 1.25² = 1.5625, come to less than 1.6·2^(16+22+22) < 2^63; four of 8
// bits along one axis to less than 1.25·2^(8+22) < 2^31.
const weightBits = 22

// cubicIntegers writes cubicWeights in whole numbers, for f in 2^-snapBits. Three are rounded, half up, to multiples of
// 2^-weightBits, and the second is what these leave of one, so that a result of 16 bits is off by less than
// 65535·3·2^-23 < 1/32 along one axis, one of 8 bits by less than 1/8000.
func cubicIntegers(w *[maxTaps]int32, f int32) {
	// In t = f·2^-20, the weights times 2 are -t³+2t²-t, -3t³+4t²+t and t³-t²: here times 2^60. Sums wrap around, their
	// results are below 2^62 in size.
	const round, down = 1 << (60 - weightBits), 61 - weightBits
	t := int64(f)
	t2 := t * t
	t3 := t2 * t
	t, t2 = t<<(2*snapBits), t2<<snapBits
	w0 := int32((2*t2 - t3 - t + round) >> down)
	w2 := int32((4*t2 - 3*t3 + t + round) >> down)
	w3 := int32((t3 - t2 + round) >> down)
	w[0], w[1], w[2], w[3] = w0, 1<<weightBits-w0-w2-w3, w2, w3
}

// A weightTable holds the weights of a row of kernels whose loops look them up: in double precision or as whole
// numbers, or neither for other loops.
type weightTable[F, I any] struct {
	floats   []F
	integers []I
}

// newWeightTable returns a table for n kernels.
func newWeightTable[F, I any](m *method, n int) (t weightTable[F, I]) {
	switch {
	case m.loops != cubicLoops:
	case m.exact:
		t.integers = make([]I, n)
	default:
		t.floats = make([]F, n)
	}
	return t
}
