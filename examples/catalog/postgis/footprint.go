package postgis

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/srs"
)

// codeLonLat is the spatial reference of the table's column footprint.
const codeLonLat = 4326

// margin is by how many degrees boxes and footprints are widened, so that the rounding of coordinates loses no item: a
// millimetre. A box's image falls short of the truth by up to relativeMargin of its size.
const (
	margin         = 1e-8
	relativeMargin = 1e-6
)

func widened(e srs.Envelope) srs.Envelope {
	dx, dy := margin+e.Width()*relativeMargin, margin+e.Height()*relativeMargin
	return srs.Envelope{XMin: e.XMin - dx, YMin: e.YMin - dy, XMax: e.XMax + dx, YMax: e.YMax + dy}
}

// turns returns the multiple of 360 degrees that brings a longitude between -180 and 180.
func turns(x float64) float64 { return -360 * math.Floor((x+180)/360) }

// inTurn shifts a box by multiples of 360 degrees until its left side is between -180 and 180. A box of 360 degrees or
// more becomes the whole world.
func inTurn(e srs.Envelope) srs.Envelope {
	if e.Width() >= 360 {
		e.XMin, e.XMax = -180, 180
		return e
	}
	t := turns(e.XMin)
	e.XMin, e.XMax = e.XMin+t, e.XMax+t
	return e
}

// lonLatBoxes returns the box of a query in longitude and latitude, in two parts if it crosses the antimeridian;
// otherwise both are the same. It reports false if no place on Earth is in the box.
func lonLatBoxes(q mosaic.Query) (boxes [2]srs.Envelope, ok bool, err error) {
	t, err := toLonLat(q.CRS)
	if err != nil {
		return boxes, false, err
	}
	e, err := t.Envelope(q.Envelope)
	if err != nil || q.Envelope.Empty() {
		return boxes, false, nil
	}
	e = inTurn(widened(e))
	west, east := e, e
	if e.XMax > 180 {
		west.XMax = 180
		east.XMin, east.XMax = -180, e.XMax-360
	}
	return [2]srs.Envelope{west, east}, true, nil
}

func toLonLat(crs srs.CRS) (*srs.Transformer, error) {
	lonLat, err := srs.FromWKID(codeLonLat)
	if err != nil {
		return nil, err
	}
	return srs.NewTransformer(crs, lonLat)
}

// lonLatPolygon returns a footprint in longitude and latitude, as the WKT of a polygon, and the distance in degrees by
// which the true footprint may reach beyond it. Longitudes begin between -180 and 180, and end less than a turn further
// on.
func lonLatPolygon(f mosaic.Footprint) (wkt string, slack float64, err error) {
	t, err := toLonLat(f.CRS)
	if err != nil {
		return "", 0, err
	}
	if ring, slack, ok := lonLatRing(f, t); ok {
		return polygonText(ring), slack + margin, nil
	}
	e, err := t.Envelope(f.Envelope)
	if err != nil {
		return "", 0, err
	}
	e = inTurn(widened(e))
	return polygonText(mosaic.Ring{{e.XMin, e.YMin}, {e.XMax, e.YMin}, {e.XMax, e.YMax}, {e.XMin, e.YMax}}), 0, nil
}

// parts is how many straight parts each edge of a ring becomes in longitude and latitude.
const parts = 32

// lonLatRing transforms a footprint's ring, without jumps at the antimeridian. Its edges, straight before, become
// curves of straight parts, and slack is twice the largest distance of a part's middle from the curve. It reports false
// if there is no ring, if a point of it has no image, or if it goes around a pole.
func lonLatRing(f mosaic.Footprint, t *srs.Transformer) (ring mosaic.Ring, slack float64, ok bool) {
	period := f.CRS.Period()
	var xs, ys []float64 // every second point is the middle of a part
	for i, b := range f.Ring {
		a := f.Ring[(i+len(f.Ring)-1)%len(f.Ring)]
		if period > 0 { // the short way round
			b[0] -= period * math.Round((b[0]-a[0])/period)
		}
		for k := range 2 * parts {
			s := float64(k) / (2 * parts)
			xs, ys = append(xs, a[0]+s*(b[0]-a[0])), append(ys, a[1]+s*(b[1]-a[1]))
		}
	}
	if len(xs) == 0 || t.Transform(xs, ys) > 0 {
		return nil, 0, false
	}
	for i := 1; i < len(xs); i++ {
		xs[i] -= 360 * math.Round((xs[i]-xs[i-1])/360)
	}
	if math.Abs(xs[0]-xs[len(xs)-1]) > 180 {
		return nil, 0, false
	}
	back := turns(slices.Min(xs))
	for i := 0; i < len(xs); i += 2 {
		next := (i + 2) % len(xs)
		slack = max(slack, math.Hypot(xs[i+1]-(xs[i]+xs[next])/2, ys[i+1]-(ys[i]+ys[next])/2))
		ring = append(ring, [2]float64{xs[i] + back, ys[i]})
	}
	return ring, 2 * slack, true
}

func polygonText(r mosaic.Ring) string {
	var s strings.Builder
	s.WriteString("POLYGON((")
	for _, p := range append(r, r[0]) {
		s.WriteString(strconv.FormatFloat(p[0], 'f', -1, 64) + " " + strconv.FormatFloat(p[1], 'f', -1, 64) + ",")
	}
	return strings.TrimSuffix(s.String(), ",") + "))"
}
