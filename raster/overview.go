package raster

// levelSlack widens the wanted resolution a little, so that a request at exactly a level's own scale gets that level
// although its scale went through floating point. One millionth moves no sample by a visible amount.
const levelSlack = 1e-6

// ChooseLevel picks the level to resample from: the coarsest whose pixels are no larger than the wanted ones. scaleX and
// scaleY are how many pixels of the first level one wanted pixel spans; where they are not finite numbers above zero the
// answer is 0.
//
// Levels are compared axis by axis, by their real scales, not by powers of two. The choice is monotone: a larger scale
// never picks a finer level.
func ChooseLevel(levels []Level, scaleX, scaleY float64) int {
	best := 0
	for i := 1; i < len(levels); i++ {
		if l := levels[i]; l.ScaleX <= scaleX*(1+levelSlack) && l.ScaleY <= scaleY*(1+levelSlack) {
			best = i
		}
	}
	return best
}
