package exportimage

import (
	"cmp"
	"math"
	"slices"

	"github.com/geoexport/geoexport/srs"
)

// around returns the smallest box around boxes in a CRS whose x repeats after period, or never if that is 0. Rasters on
// both sides of the antimeridian thus make a narrow box across it instead of one around the Earth.
func around(boxes []srs.Envelope, period float64) srs.Envelope {
	plain := boxes[0]
	for _, b := range boxes[1:] {
		plain = plain.Union(b)
	}
	if period == 0 {
		return plain
	}
	// On the circle, the box extends from the end of the widest gap between boxes to its start.
	sides := make([][2]float64, len(boxes)) // starts in [0, period), with the ends after them
	end := math.Inf(-1)                     // of the boxes up to here
	for i, b := range boxes {
		start := b.XMin - float64(period*math.Floor(b.XMin/period))
		sides[i] = [2]float64{start, start + b.Width()}
		end = max(end, sides[i][1]-period)
	}
	slices.SortFunc(sides, func(a, b [2]float64) int { return cmp.Compare(a[0], b[0]) })
	gap, from := 0.0, 0.0
	for _, s := range sides {
		if g := s[0] - end; g > gap {
			gap, from = g, s[0]
		}
		end = max(end, s[1])
	}
	width := period - gap
	if width > plain.Width()*(1-1e-9) { // the plain union is no wider
		return plain
	}
	plain.XMin = from - float64(period*math.Floor(from/period+0.5))
	plain.XMax = plain.XMin + width
	return plain
}
