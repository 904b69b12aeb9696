package resample

// maxTaps is the most samples along one axis that a kernel with loops of its own takes.
const maxTaps = 4

// A kernel weights the samples around a point by their distance from it, along x and along y separately: a sample's
// weight is the product of both. Support and at define it, and are enough. The other fields make a kernel fast.
type kernel struct {
	// support is the distance, in pixels, from which on samples have no weight. It is more than 1/2, so that the sample
	// whose pixel holds the point has some, or 1/2 with loops that take that sample.
	support float64
	// at returns the weight of a sample at distance d, which is at least 0 and less than support. Weights that do not sum
	// to one are divided by their sum.
	at func(d float64) float64

	// loops are the loops written for this kernel, whose support then is 1/2 or a whole number up to maxTaps/2.
	loops loops
	// weigh, for kernels with loops, returns the weights of the stencil's taps about a point that lies t, in [0, 1), past
	// the centre of the pixel before it. They are those of at, and sum to one, both but for rounding.
	weigh func(t float64) [maxTaps]float64
}

// loops are the inner loops of a kernel, which newSampler chooses.
type loops uint8

const (
	wideLoops     loops = iota // sum up any number of taps: see wideKernels
	nearestLoops               // take one sample as it is
	bilinearLoops              // interpolate by differences
	cubicLoops                 // look weights up: see weightTable
)

var (
	nearestKernel = kernel{support: 0.5, at: one, loops: nearestLoops, weigh: func(float64) [maxTaps]float64 {
		return [maxTaps]float64{1}
	}}
	bilinearKernel = kernel{support: 1, at: triangle, loops: bilinearLoops, weigh: func(t float64) [maxTaps]float64 {
		return [maxTaps]float64{1 - t, t}
	}}
	cubicKernel = kernel{support: 2, at: keys, loops: cubicLoops, weigh: cubicWeights}
)

// one returns the weight of Nearest.
func one(float64) float64 { return 1 }

// triangle returns the weight of Bilinear.
func triangle(d float64) float64 { return 1 - d }

// keys returns the weight of cubic convolution with a = -1/2: R. Keys, Cubic Convolution Interpolation for Digital
// Image Processing, IEEE Transactions on Acoustics, Speech, and Signal Processing 29 (1981), equation 15.
func keys(d float64) float64 {
	if d < 1 {
		return float64(float64((float64(1.5*d)-2.5)*d)*d) + 1
	}
	return float64((float64((float64(-0.5*d)+2.5)*d)-4)*d) + 2
}

// weight returns the weight of a sample at any distance.
func (k *kernel) weight(d float64) float64 {
	if d >= k.support {
		return 0
	}
	return k.at(d)
}

// single reports whether the kernel takes one sample as it is, so that no new values are made.
func (k *kernel) single() bool { return k.loops == nearestLoops }

// A method is how Warp makes pixels: a kernel, and how it is used.
type method struct {
	kernel
	stencil
	majority  bool // take the most frequent sample of the pixel's footprint; the kernel's one if it has none
	antialias bool // widen the kernel where the destination is coarser than the source
	exact     bool // complete kernels are computed in whole numbers, if they have loops: samples are of 8 or 16 bits
}

// newMethod returns the method of using a kernel plainly.
func newMethod(k kernel) method { return method{kernel: k, stencil: newStencil(k)} }

// method returns what the options ask for.
func (o Options) method() (method, error) {
	if int(o.Interpolation) >= len(interpolations) {
		return method{}, unsupported("interpolation %v", o.Interpolation)
	}
	i := interpolations[o.Interpolation]
	m := newMethod(i.kernel)
	m.majority = i.majority
	m.antialias = o.Antialias && !m.single()
	return m, nil
}

// footprints reports whether pixels depend on their footprints.
func (m *method) footprints() bool { return m.majority || m.antialias }

// wide reports whether kernels may have to be summed by the wide loops.
func (m *method) wide() bool { return m.antialias || m.loops == wideLoops }
