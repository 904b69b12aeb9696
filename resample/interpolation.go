package resample

import "fmt"

// Interpolation says how a pixel is made from the source samples around a point.
type Interpolation uint8

// The interpolations.
const (
	Default  Interpolation = iota // not stated; Warp takes it as Bilinear
	Nearest                       // the sample whose pixel holds the point
	Bilinear                      // four samples
	Cubic                         // sixteen samples: cubic convolution with a = -0.5
	Majority                      // the most frequent of the samples in the pixel's footprint
)

// interpolations holds the name and the kernel of each Interpolation. Another one takes a constant above and a line
// here.
var interpolations = [...]struct {
	name     string
	kernel   kernel
	majority bool // see method
}{
	Default:  {name: "Default", kernel: bilinearKernel},
	Nearest:  {name: "Nearest", kernel: nearestKernel},
	Bilinear: {name: "Bilinear", kernel: bilinearKernel},
	Cubic:    {name: "Cubic", kernel: cubicKernel},
	Majority: {name: "Majority", kernel: nearestKernel, majority: true},
}

// Known reports whether i is one of the constants.
func (i Interpolation) Known() bool { return int(i) < len(interpolations) }

// String returns the name, such as "Bilinear".
func (i Interpolation) String() string {
	if int(i) < len(interpolations) {
		return interpolations[i].name
	}
	return fmt.Sprintf("Interpolation(%d)", uint8(i))
}
