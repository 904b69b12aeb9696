package overview

import "image"

// A Level is one resolution of a raster.
type Level struct {
	Size image.Point // in pixels
	// ScaleX and ScaleY are the number of pixels of the first level that one pixel spans, along columns and along rows.
	// For stored overviews they are the ratio of the sizes, since those show the whole raster: 1001 pixels have an
	// overview of 501 with a scale of 1.998. For virtual levels they are powers of two.
	ScaleX, ScaleY float64
}

// levelSlack widens the wanted resolution a little, so that a request at exactly a level's own scale gets that level
// although its scale went through floating point. One millionth moves no sample by a visible amount.
const levelSlack = 1e-6

// Choose returns the index of the level to resample from: the coarsest whose pixels are no larger than the wanted ones.
// scaleX and scaleY are the number of pixels of the first level that one wanted pixel spans; where they are not finite
// numbers above zero the answer is 0.
//
// Levels are compared axis by axis, by their real scales, not by powers of two. The choice is monotone: a larger scale
// never picks a finer level.
func Choose(levels []Level, scaleX, scaleY float64) int {
	best := 0
	for i := 1; i < len(levels); i++ {
		if l := levels[i]; l.ScaleX <= scaleX*(1+levelSlack) && l.ScaleY <= scaleY*(1+levelSlack) {
			best = i
		}
	}
	return best
}
