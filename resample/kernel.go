package resample

// maxTaps is the most samples that a kernel takes along one axis.
const maxTaps = 4

// A kernel is a separable weighting of the samples around a point. Its support is fixed: it is not widened when a picture
// is shrunk.
type kernel struct {
	// taps is how many samples it takes along each axis.
	taps int
	// weights gives the weight of each tap for a point that lies t, in [0, 1), past the centre of the pixel before it.
	// That pixel is tap taps/2-1. The weights sum to one, but for rounding.
	weights func(t float64) [maxTaps]float64
}

var (
	nearestKernel  = kernel{taps: 1, weights: func(float64) [maxTaps]float64 { return [maxTaps]float64{1} }}
	bilinearKernel = kernel{taps: 2, weights: func(t float64) [maxTaps]float64 { return [maxTaps]float64{1 - t, t} }}
	cubicKernel    = kernel{taps: 4, weights: cubicWeights}
)

// kernelOf is the kernel of an interpolation.
func kernelOf(i Interpolation) (kernel, error) {
	switch i {
	case Nearest:
		return nearestKernel, nil
	case Default, Bilinear:
		return bilinearKernel, nil
	case Cubic:
		return cubicKernel, nil
	}
	return kernel{}, UnsupportedError("interpolation " + i.String())
}

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

// before is how many of the taps precede the pixel whose centre is at or before the point.
func (k kernel) before() int {
	return max(0, k.taps/2-1)
}
