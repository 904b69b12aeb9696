package srs

import (
	"math"
	"strconv"
	"strings"
)

// An operation84 is one way from WGS 84 to a datum, or back.
type operation84 struct {
	from, to shift   // from WGS 84 and to it
	accuracy float64 // metres, and -1 if unknown
	area     Envelope
	everyone bool // its area is the world
	offshore bool
	copies   bool // latitudes and longitudes are copied, because nothing better is known
}

// hub is the datum that all ways go through: EPSG's 6326, the World Geodetic System 1984.
const hub = "P6326"

// A leg is a way from WGS 84 to a datum, or from it to WGS 84, without grids. It is a datumStep.
type leg struct {
	operations []operation84
	toWGS84    bool
}

// newLeg gives all operations of a datum.
func newLeg(d datum, toWGS84 bool) (*leg, error) {
	l := &leg{toWGS84: toWGS84}
	switch o := d.operations; {
	case d.id == hub && o.text == "":
		l.operations = []operation84{{everyone: true}}
	case o.text != "":
		op := operation84{accuracy: -1, everyone: true}
		if err := op.parse(o.text); err != nil {
			return nil, err
		}
		l.operations = []operation84{op}
	case o.list > 0:
		r := openRegistry()
		for entry := range strings.FieldsSeq(r.lists[o.list-1]) {
			op, err := r.operation(entry)
			if err != nil {
				return nil, err
			}
			l.operations = append(l.operations, op)
		}
	}
	return l, nil
}

// parse reads the registry's spelling of a shift.
func (o *operation84) parse(text string) (err error) {
	if o.from, err = parseShift(text, false); err == nil {
		o.to, err = parseShift(text, true)
	}
	return err
}

// operation reads an entry of a list: the shift's number, its accuracy, its area and flags.
func (r *registry) operation(entry string) (operation84, error) {
	number, rest, _ := strings.Cut(entry, ":")
	accuracy, rest, _ := strings.Cut(rest, ":")
	area, flags, _ := strings.Cut(rest, ":")
	i, err := strconv.Atoi(number)
	if err != nil {
		return operation84{}, err
	}
	out := operation84{everyone: true}
	if err = out.parse(r.shifts[i]); err != nil {
		return out, err
	}
	if out.accuracy, err = strconv.ParseFloat(accuracy, 64); err != nil {
		return out, err
	}
	if area != "" {
		if i, err = strconv.Atoi(area); err != nil {
			return out, err
		}
		out.area, out.everyone = r.areaOfUse(i), false
	}
	out.copies = strings.Contains(flags, "b")
	out.offshore = strings.Contains(flags, "o")
	return out, nil
}

// moves says whether the leg changes any coordinate.
func (l *leg) moves() bool {
	for i := range l.operations {
		if len(l.operations[i].from) > 0 {
			return true
		}
	}
	return false
}

// holds says whether a point, in degrees, lies in the operation's area.
func (o *operation84) holds(lon, lat float64) bool {
	if o.everyone {
		return true
	}
	a := &o.area
	if !(lat >= a.YMin && lat <= a.YMax) {
		return false
	}
	if a.XMin <= a.XMax {
		return lon >= a.XMin && lon <= a.XMax
	}
	return lon >= a.XMin || lon <= a.XMax
}

// within says whether the operation's area lies in the interior of the other's.
func (o *operation84) within(p *operation84) bool {
	switch {
	case o.everyone:
		return false
	case p.everyone:
		return true
	case o.area.XMin > o.area.XMax || p.area.XMin > p.area.XMax:
		return false
	}
	return o.area.XMin > p.area.XMin && o.area.XMax < p.area.XMax && o.area.YMin > p.area.YMin && o.area.YMax < p.area.YMax
}

// choose gives the number of the operation for a point in radians, by PROJ's rule: of those whose area holds it, the one
// with the smallest figure of accuracy; the first among equals, unless the area of a later one lies inside. What is only
// for offshore does not replace one that has been found, and if the first that is found has no figure, it stays. Where
// no area holds the point, it is the first of all.
func (l *leg) choose(lon, lat float64) int {
	if len(l.operations) < 2 {
		return 0
	}
	lon *= 180 / math.Pi
	if !(math.Abs(lon) <= 180) {
		lon = math.Remainder(lon, 360)
	}
	lat *= 180 / math.Pi
	best := -1
	for i := range l.operations {
		o := &l.operations[i]
		if !o.holds(lon, lat) {
			continue
		}
		if best < 0 {
			best = i
			continue
		}
		b := &l.operations[best]
		if o.offshore {
			continue
		}
		if o.accuracy >= 0 && o.accuracy < b.accuracy || o.accuracy == b.accuracy && o.within(b) {
			best = i
		}
	}
	return max(best, 0)
}

// only is the leg with nothing but the operation for a point in radians.
func (l *leg) only(lon, lat float64) datumStep {
	if len(l.operations) < 2 || math.IsNaN(lon) || math.IsNaN(lat) {
		return &leg{l.operations[:min(1, len(l.operations))], l.toWGS84}
	}
	i := l.choose(lon, lat)
	if l.toWGS84 { // areas are to be looked up with coordinates of WGS 84
		x, y := []float64{lon}, []float64{lat}
		l.operations[i].to.apply(x, y)
		i = l.choose(x[0], y[0])
	}
	return &leg{l.operations[i : i+1], l.toWGS84}
}

func (l *leg) reversed() datumStep { return &leg{l.operations, !l.toWGS84} }

// accuracy is the largest figure of the operations that have one and are not held, and NaN if there is none.
func (l *leg) accuracy(held Envelope) float64 {
	out, reached := math.NaN(), len(l.operations) == 0
	for i := range l.operations {
		o := &l.operations[i]
		if !o.everyone && o.area.XMin <= o.area.XMax && held.contains(o.area) {
			continue
		}
		reached = true
		if o.accuracy >= 0 {
			out = largest(out, o.accuracy)
		}
	}
	if !reached {
		return unreached
	}
	return out
}

// apply moves points, each by the operation for it. No more than a block of them may come at a time.
func (l *leg) apply(lon, lat []float64) {
	switch {
	case len(l.operations) == 0:
	case len(l.operations) == 1 && l.toWGS84:
		l.operations[0].invert(lon, lat)
	case len(l.operations) == 1:
		l.operations[0].from.apply(lon, lat)
	case l.toWGS84:
		l.invert(lon, lat)
	default:
		n := len(lon)
		for i := 0; i < n; {
			op := l.choose(lon[i], lat[i])
			j := i + 1
			for j < n && l.choose(lon[j], lat[j]) == op {
				j++
			}
			l.operations[op].from.apply(lon[i:j], lat[i:j])
			i = j
		}
	}
}

// invert takes points to WGS 84 so that the way from there leads back to them. The reverse transformation does not: it
// starts from the other ellipsoid, and so does not know the height that the way from WGS 84 forgot, which matters by up
// to some centimetres. So its result is mended by what the way back misses by, which leaves less than 0.01 mm, for
// shifts are smooth: they change by less than 1/1000 of a move.
func (o *operation84) invert(lon, lat []float64) {
	if len(o.to) == 1 && o.to[0].offset {
		o.to.apply(lon, lat)
		return
	}
	var lon0, lat0, lonBack, latBack [block]float64
	n := copy(lon0[:], lon)
	copy(lat0[:], lat)
	o.to.apply(lon, lat)
	copy(lonBack[:], lon)
	copy(latBack[:], lat)
	o.from.apply(lonBack[:n], latBack[:n])
	for i := range n {
		lon[i] -= lonBack[i] - lon0[i]
		lat[i] = max(-math.Pi/2, min(math.Pi/2, lat[i]-(latBack[i]-lat0[i])))
	}
}

// invert takes points to WGS 84 by the operation for each. Areas are boxes of WGS 84, but the point's coordinates there
// are known only afterwards: so the operation is chosen by the datum's own coordinates first, and again if it leads into
// another's area. Otherwise points within some hundred metres of an area's edge would not come back to where they
// started from.
func (l *leg) invert(lon, lat []float64) {
	var lon0, lat0 [block]float64
	n := copy(lon0[:], lon)
	copy(lat0[:], lat)
	for i := 0; i < n; {
		op := l.choose(lon[i], lat[i])
		j := i + 1
		for j < n && l.choose(lon[j], lat[j]) == op {
			j++
		}
		l.operations[op].invert(lon[i:j], lat[i:j])
		for k := i; k < j; k++ {
			if again := l.choose(lon[k], lat[k]); again != op {
				lon[k], lat[k] = lon0[k], lat0[k]
				l.operations[again].invert(lon[k:k+1], lat[k:k+1])
			}
		}
		i = j
	}
}
