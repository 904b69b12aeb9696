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

var interpolationNames = [...]string{"Default", "Nearest", "Bilinear", "Cubic", "Majority"}

// String gives the name, such as "Bilinear".
func (i Interpolation) String() string {
	if int(i) < len(interpolationNames) {
		return interpolationNames[i]
	}
	return fmt.Sprintf("Interpolation(%d)", uint8(i))
}
