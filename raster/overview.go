package raster

import "image"

// levelSlack widens the wanted resolution a little, so that a request at exactly a level's own scale gets that level
// although its scale went through floating point. One millionth moves no sample by a visible amount.
const levelSlack = 1e-6

// ChooseLevel picks the level to resample from: the coarsest whose pixels are no larger than the wanted ones. scaleX and
// scaleY are how many pixels of the first level one wanted pixel spans; where they are not finite numbers above zero the
// answer is 0.
//
// Levels are compared by their real sizes, axis by axis, not by powers of two, since 1001 pixels have an overview of 501.
// The choice is monotone: a larger scale never picks a finer level.
func ChooseLevel(levels []image.Point, scaleX, scaleY float64) int {
	best := 0
	for l := 1; l < len(levels); l++ {
		if float64(levels[0].X) <= scaleX*(1+levelSlack)*float64(levels[l].X) &&
			float64(levels[0].Y) <= scaleY*(1+levelSlack)*float64(levels[l].Y) {
			best = l
		}
	}
	return best
}
