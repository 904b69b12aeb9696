package resample

// maxTaps is the most samples that a kernel takes along one axis.
const maxTaps = 4

// A kernel is a separable weighting of the samples around a point.
type kernel struct {
	// taps is how many samples it takes along each axis.
	taps int
	// before is how many of the taps precede the pixel whose centre is at or before the point.
	before int
	// exact says that complete kernels are computed in whole numbers, as those of samples of 8 and 16 bits are.
	exact bool
	// majority says that all samples of the pixel's footprint have a vote. The one tap is the nearest sample.
	majority bool
	// antialias says that the kernel is widened where the picture is coarser than the source.
	antialias bool
	// weigh gives the weight of each tap for a point that lies t, in [0, 1), past the centre of the pixel before it.
	// That pixel is tap taps/2-1. The weights sum to one, but for rounding.
	weigh func(t float64) [maxTaps]float64
}

var (
	nearestKernel  = kernel{taps: 1, weigh: func(float64) [maxTaps]float64 { return [maxTaps]float64{1} }}
	bilinearKernel = kernel{taps: 2, weigh: func(t float64) [maxTaps]float64 { return [maxTaps]float64{1 - t, t} }}
	cubicKernel    = kernel{taps: 4, before: 1, weigh: cubicWeights}
)

// kernelOf is the kernel of an interpolation.
func kernelOf(o Options) (kernel, error) {
	var k kernel
	switch o.Interpolation {
	case Nearest:
		return nearestKernel, nil
	case Majority:
		k = nearestKernel
		k.majority = true
		return k, nil
	case Default, Bilinear:
		k = bilinearKernel
	case Cubic:
		k = cubicKernel
	default:
		return k, unsupported("interpolation %v", o.Interpolation)
	}
	k.antialias = o.Antialias
	return k, nil
}

// footprints says whether the kernel depends on the footprints of pixels.
func (k kernel) footprints() bool { return k.majority || k.antialias }

// cubicWeights is cubic convolution with a = -1/2: R. Keys, Cubic Convolution Interpolation for Digital Image Processing,
// IEEE Transactions on Acoustics, Speech, and Signal Processing 29 (1981), equation 15.
func cubicWeights(t float64) [maxTaps]float64 {
	tt := float64(t * t)
	return [maxTaps]float64{
		float64((float64((float64(-0.5*t)+1)*t) - 0.5) * t),
		float64((float64(1.5*t)-2.5)*tt) + 1,
		float64((float64((float64(-1.5*t)+2)*t) + 0.5) * t),
		float64((float64(0.5*t) - 0.5) * tt),
	}
}

// weightBits is the size of Cubic's weights as whole numbers: multiples of 2^-weightBits. Sixteen samples of 16 bits, whose
// weights have sizes that sum to at most 1.25² = 1.5625, come to less than 1.6·2^(16+22+22) < 2^63; four of 8 bits along
// one axis to less than 1.25·2^(8+22) < 2^31.
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
