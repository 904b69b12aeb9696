package rest

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// steps are the distances between lines of a graticule, in seconds of arc.
var steps = []float64{
	1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 2 * 3600, 5 * 3600, 10 * 3600, 20 * 3600, 30 * 3600,
}

// graticuleStep returns the distance of lines in seconds of arc: the least of which a map has at most 8 each way.
func graticuleStep(degrees float64) float64 {
	const most = 8
	for _, s := range steps {
		if degrees*3600/s <= most {
			return s
		}
	}
	return steps[len(steps)-1]
}

// addGraticule adds meridians and parallels, with their names. Of a map of less than a second of arc, there are none.
func (f *mapFrame) addGraticule(j *baseJSON) {
	e, ok := f.degrees()
	if !ok {
		return
	}
	degrees := corners(e)
	j.Degrees = &degrees
	step := graticuleStep(max(e.Width(), e.Height()))
	between := func(low, high float64, line func(v float64)) {
		for k := math.Ceil(low * 3600 / step); float64(k*step) <= high*3600; k++ {
			line(k * step / 3600)
		}
	}
	const parts = 128
	along := func(low, high float64, point func(v float64) [2]float64) (line [][2]float64) {
		for i := range parts + 1 {
			line = append(line, point(low+float64((high-low)*float64(i)/parts)))
		}
		return line
	}
	east := e.XMax
	if e.Width() == 360 {
		east -= step / 7200 // the last meridian is the first
	}
	between(e.XMin, east, func(lon float64) {
		lines := f.draw(along(e.YMin, e.YMax, func(lat float64) [2]float64 { return [2]float64{lon, lat} }))
		j.Graticule = append(j.Graticule, lines...)
		f.addLabels(j, lines, angle(lon, "E", "W"), func(x, y float64) float64 { return y })
	})
	between(e.YMin, e.YMax, func(lat float64) {
		if math.Abs(lat) == 90 {
			return // a point
		}
		lines := f.draw(along(e.XMin, e.XMax, func(lon float64) [2]float64 { return [2]float64{lon, lat} }))
		j.Graticule = append(j.Graticule, lines...)
		f.addLabels(j, lines, angle(lat, "N", "S"), func(x, y float64) float64 { return -x })
	})
}

// addLabels names lines at their points on the map that are foremost, where there is room, in pixels, for a name.
func (f *mapFrame) addLabels(j *baseJSON, lines [][]float64, text string, foremost func(x, y float64) float64) {
	for _, line := range lines {
		best, label := math.Inf(-1), baseLabel{Text: text}
		for i := 0; i+1 < len(line); i += 2 {
			x, y := min(max(line[i], 0), f.width), min(max(line[i+1], 0), f.height)
			if math.Abs(x-line[i])+math.Abs(y-line[i+1]) > 8 {
				continue // in the margin of another side
			}
			if v := foremost(x, y); v > best {
				best, label.X, label.Y = v, x, y
			}
		}
		tooNear := func(l baseLabel) bool { return math.Abs(l.X-label.X) < 48 && math.Abs(l.Y-label.Y) < 16 }
		if best > math.Inf(-1) && !slices.ContainsFunc(j.Labels, tooNear) {
			j.Labels = append(j.Labels, label)
		}
	}
}

// angle writes degrees with minutes and seconds where they are not 0.
func angle(degrees float64, positive, negative string) string {
	degrees -= float64(360 * math.Floor((degrees+180)/360))
	sign := positive
	if degrees < 0 {
		sign = negative
	}
	seconds := int(math.Round(math.Abs(degrees) * 3600))
	var text strings.Builder
	fmt.Fprintf(&text, "%d°", seconds/3600)
	if seconds%3600 != 0 {
		fmt.Fprintf(&text, "%02d′", seconds/60%60)
	}
	if seconds%60 != 0 {
		fmt.Fprintf(&text, "%02d″", seconds%60)
	}
	if seconds == 0 || seconds == 180*3600 && positive == "E" {
		return text.String()
	}
	return text.String() + sign
}
