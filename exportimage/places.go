package exportimage

import (
	"math"
	"slices"

	"github.com/geoexport/geoexport/internal/portable"
	"github.com/geoexport/geoexport/srs"
)

// places returns the places of a request for samples, whose geometry is in a CRS.
func (r SamplesRequest) places(crs srs.CRS) ([][2]float64, error) {
	g := r.Geometry
	switch {
	case r.Count < 0 || r.Count > maxSamples:
		return nil, invalid("sampleCount", "%d is not from 1 to %d", r.Count, maxSamples)
	case !finite(r.Distance) || r.Distance < 0:
		return nil, invalid("sampleDistance", "%v is no distance", r.Distance)
	}
	fill(&r.Count, 100)
	for _, part := range g.Parts {
		for _, v := range part {
			if !finite(v[:]...) {
				return nil, invalid("geometry", "the coordinates must be finite numbers")
			}
		}
	}
	var out [][2]float64
	var err error
	switch g.Type {
	case PointGeometry, MultipointGeometry:
		out = slices.Concat(g.Parts...)
	case PolylineGeometry:
		out, err = r.along()
	case EnvelopeGeometry:
		var e srs.Envelope
		if e, err = g.box(crs); err != nil {
			return nil, &Error{Kind: Invalid, Param: "geometry", Err: err}
		}
		g.Parts = [][][2]float64{boxRing(e)}
		out, err = r.inside(g)
		if g.Envelope.XMax < e.XMax { // it was turned
			for i := range out {
				out[i][0] = wrapped(out[i][0], crs)
			}
		}
	case PolygonGeometry:
		out, err = r.inside(g)
	default:
		return nil, invalid("geometry", "it is missing: samples are taken at places")
	}
	if err == nil && len(out) > maxSamples {
		err = &Error{Kind: TooLarge, Param: "geometry", Err: errTooManySamples}
	}
	return out, err
}

var errTooManySamples = clientWording("more than 1000 samples are asked for")

// along returns places on the lines of a polyline: at equal distances from the start of the first to the end of the last,
// as if they were one line.
func (r SamplesRequest) along() ([][2]float64, error) {
	length := 0.0
	for _, part := range r.Geometry.Parts {
		for i := 1; i < len(part); i++ {
			length += portable.Hypot(part[i][0]-part[i-1][0], part[i][1]-part[i-1][1])
		}
	}
	step := r.Distance
	if step == 0 {
		step = length / float64(max(1, r.Count-1))
	}
	if !(length > 0) || math.IsInf(length, 0) {
		return nil, invalid("geometry", "the line has no length")
	}
	if length/step >= maxSamples {
		return nil, &Error{Kind: TooLarge, Param: "sampleDistance", Err: errTooManySamples}
	}
	n := int(math.Floor(length/step*(1+1e-12))) + 1
	out := make([][2]float64, 0, n)
	before := 0.0 // length of the parts before the current one
	for _, part := range r.Geometry.Parts {
		for i := 1; i < len(part); i++ {
			a, b := part[i-1], part[i]
			side := portable.Hypot(b[0]-a[0], b[1]-a[1])
			for len(out) < n && float64(step*float64(len(out))) <= before+float64(side*(1+1e-12)) && side > 0 {
				f := math.Min(1, (float64(step*float64(len(out)))-before)/side)
				out = append(out, [2]float64{a[0] + float64(f*(b[0]-a[0])), a[1] + float64(f*(b[1]-a[1]))})
			}
			before += side
		}
	}
	return out, nil
}

// maxCells bounds the lattice over an area, and maxCrossings the work to find which of it lies inside.
const (
	maxCells     = 1 << 20
	maxCrossings = 1 << 26
)

// inside returns places inside an area, by the even-odd rule: the middles of the cells of a lattice over its box, about as
// large as one place's share.
func (r SamplesRequest) inside(g Geometry) ([][2]float64, error) {
	e, area := boxOf(g.Parts), 0.0
	for _, ring := range g.Parts {
		area += ringArea(ring)
	}
	area = math.Abs(area)
	// Rings that cross, or holes that do not run the other way, enclose another area than the sum of theirs.
	if seen := seenArea(g.Parts, e); math.Abs(seen-area) > seen/16 {
		area = seen
	}
	switch {
	case math.IsInf(area, 0):
		return nil, invalid("geometry", "the area is too large")
	case !(area > 0):
		return nil, invalid("geometry", "the area is empty")
	}
	step := [2]float64{r.Distance, r.Distance}
	if r.Distance == 0 {
		share := area / float64(r.Count)
		step = [2]float64{math.Sqrt(share), math.Sqrt(share)}
		if w, h := e.Width(), e.Height(); h < step[1] { // a single row, whose places are farther apart
			step = [2]float64{share / h, h}
		} else if w < step[0] {
			step = [2]float64{w, share / w}
		}
	}
	columns, rows := math.Max(1, math.Round(e.Width()/step[0])), math.Max(1, math.Round(e.Height()/step[1]))
	vertices := 0
	for _, ring := range g.Parts {
		vertices += len(ring)
	}
	if columns*rows > maxCells || rows*float64(vertices) > maxCrossings {
		return nil, &Error{Kind: TooLarge, Param: "geometry", Err: errTooManySamples}
	}
	var out [][2]float64
	for row := range int(rows) {
		y := e.YMax - float64((float64(row)+0.5)/rows*e.Height())
		crossings := crossingsAt(g.Parts, y)
		for column := range int(columns) {
			x := e.XMin + float64((float64(column)+0.5)/columns*e.Width())
			if at, _ := slices.BinarySearch(crossings, x); at%2 == 1 {
				if out = append(out, [2]float64{x, y}); len(out) > maxSamples {
					return nil, &Error{Kind: TooLarge, Param: "geometry", Err: errTooManySamples}
				}
			}
		}
	}
	if len(out) == 0 {
		return nil, invalid("sampleCount", "the area is too narrow for samples that far apart: ask for more")
	}
	return out, nil
}

// seenArea returns about the area that rings enclose by the even-odd rule, from lines through it.
func seenArea(rings [][][2]float64, e srs.Envelope) (area float64) {
	const lines = 64
	step := e.Height() / lines
	for i := range lines {
		at := crossingsAt(rings, e.YMin+float64((float64(i)+0.5)*step))
		for j := 1; j < len(at); j += 2 {
			area += float64((at[j] - at[j-1]) * step)
		}
	}
	return area
}

func boxOf(parts [][][2]float64) srs.Envelope {
	far := math.Inf(1)
	e := srs.Envelope{XMin: far, YMin: far, XMax: -far, YMax: -far}
	for _, part := range parts {
		for _, v := range part {
			e.XMin, e.XMax = min(e.XMin, v[0]), max(e.XMax, v[0])
			e.YMin, e.YMax = min(e.YMin, v[1]), max(e.YMax, v[1])
		}
	}
	return e
}

// ringArea returns the area of a ring, positive if it runs against the clock, so that holes, which run the other way, are
// taken off.
func ringArea(ring [][2]float64) float64 {
	sum := 0.0
	for i := 1; i < len(ring); i++ {
		x0, y0 := ring[i-1][0]-ring[0][0], ring[i-1][1]-ring[0][1]
		x1, y1 := ring[i][0]-ring[0][0], ring[i][1]-ring[0][1]
		sum += float64(x0*y1) - float64(x1*y0)
	}
	return sum / 2
}

// crossingsAt returns where rings cross the line of a y, in order. Places between an odd number and the next are inside.
func crossingsAt(rings [][][2]float64, y float64) []float64 {
	var out []float64
	for _, ring := range rings {
		for i := 1; i < len(ring); i++ {
			a, b := ring[i-1], ring[i]
			if (a[1] > y) != (b[1] > y) {
				out = append(out, a[0]+float64((y-a[1])/(b[1]-a[1])*(b[0]-a[0])))
			}
		}
	}
	slices.Sort(out)
	return out
}
