package srs

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// A pivotOperation is one operation from WGS 84 to a datum, or from one of two other datums to the other, with its
// inverse.
type pivotOperation struct {
	from, to shift   // from WGS 84, and to WGS 84
	accuracy float64 // metres, and -1 if unknown
	area     Envelope
	global   bool // area is the world
	offshore bool
	unnamed  bool    // area is where the areas of two overlap, neither of which is in the other
	size     float64 // of area, by surface
	fixed    bool    // it stays where another one is as accurate and has a smaller area
	between  bool    // neither of the datums is WGS 84
	entry    int     // its number in the list that it is from

	parts  []part // of two in a row
	name   string // of an operation that may be one of two, as PROJ has it
	moving int    // how many of the two move anything
}

// pivot is the id of the datum by which others are connected: EPSG's 6326, the World Geodetic System 1984.
const pivot = "P6326"

// A pivotStep is the datumStep from WGS 84 to a datum, or from the datum to WGS 84, without grids. Each point is taken
// by the operation that is best for it; without operations none is moved. Where two datums have operations of their own,
// the first of them is in WGS 84's place.
type pivotStep struct {
	operations []pivotOperation
	toWGS84    bool

	// What describe says: labels, or else what the table of operations has for the list and for what it leads to.
	labels []string // turned round on the way back
	leads  string   // the id of a datum, or of two with a bar between them
	list   int
	turned bool // the list is of the way back
}

// newPivotStep returns the step with all operations of a datum, or by the grid files that its text names.
func newPivotStep(d datum, toWGS84 bool, grids []ShiftGrid) (datumStep, error) {
	s := &pivotStep{toWGS84: toWGS84, labels: []string{copied}}
	switch o := d.operations; {
	case d.id == pivot && o.text == "":
		s.operations = []pivotOperation{{global: true}}
		s.labels = nil
	case strings.HasPrefix(o.text, nadgrids):
		return newNadgridsStep(o.text[len(nadgrids):], grids, toWGS84)
	case o.text != "":
		s.labels = []string{"operation from WGS 84 that the text states"}
		op := pivotOperation{accuracy: -1, global: true}
		if err := op.parse(o.text); err != nil {
			return nil, err
		}
		s.operations = []pivotOperation{op}
	case o.list > 0:
		s.labels, s.leads, s.list = nil, d.id, o.list-1
		if err := s.readList(); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// readList sets the operations to those of the step's list.
func (s *pivotStep) readList() error {
	r := openRegistry()
	for entry := range strings.FieldsSeq(r.lists[s.list]) {
		op, err := r.operation(entry)
		if err != nil {
			return err
		}
		op.entry = len(s.operations)
		op.fixed = len(op.from) == 0 && slices.Contains(australian, s.leads)
		op.between = strings.Contains(s.leads, "|")
		s.operations = append(s.operations, op)
	}
	return nil
}

// australian are the datums GDA94 and GDA2020, whose operations from WGS 84 that move nothing are those of the authority.
var australian = []string{"P6283", "P1168"}

// maxDescribed is how many operations a step that chooses among them names.
const maxDescribed = 8

func (s *pivotStep) describe() []string {
	switch {
	case len(s.operations) > 0 && s.operations[0].parts != nil:
		return s.describeParts()
	case s.leads == "":
		out := slices.Clone(s.labels)
		if s.toWGS84 {
			slices.Reverse(out)
		}
		for i := range out {
			out[i] = turnedIf(out[i], s.toWGS84)
		}
		return out
	case len(s.operations) == 1:
		return openOperations().describe(s.leads, s.list, s.operations[0].entry, s.toWGS84 != s.turned)
	}
	var each []string
	for i := range s.operations {
		if i == maxDescribed {
			each = append(each, fmt.Sprintf("%d more", len(s.operations)-i))
			break
		}
		names := openOperations().describe(s.leads, s.list, s.operations[i].entry, s.toWGS84 != s.turned)
		each = append(each, strings.Join(names, " + "))
	}
	return []string{"by place: " + strings.Join(each, "; or ")}
}

// newDirectStep returns the step between two datums, neither of which is WGS 84, by operations of its own for the
// places in question. Each direction follows the published formulas. ok is false if there are none.
func newDirectStep(from, to datum, in places) (s *pivotStep, ok bool, err error) {
	list, back, ok := directList(from, to)
	if !ok {
		return nil, false, nil
	}
	s = &pivotStep{list: list, leads: from.id + "|" + to.id, turned: back}
	if back {
		s.leads = to.id + "|" + from.id
	}
	if err = s.readList(); err != nil {
		return nil, false, err
	}
	if back {
		for i := range s.operations {
			o := &s.operations[i]
			o.from, o.to = o.to, o.from
		}
	}
	s.operations = slices.DeleteFunc(s.operations, func(o pivotOperation) bool { return !in.meet(&o) })
	return s, len(s.operations) > 0, nil
}

// directList returns the number of the list of operations between two datums, and whether it leads from the second to the
// first.
func directList(from, to datum) (list int, back, ok bool) {
	if from.id == "" || to.id == "" || from.operations.text != "" || to.operations.text != "" {
		return 0, false, false
	}
	lists := openDirect()
	if list, ok = lists[[2]string{from.id, to.id}]; ok {
		return list, false, true
	}
	list, ok = lists[[2]string{to.id, from.id}]
	return list, true, ok
}

// openDirect returns the numbers of lists of operations by the ids of the datums from which and to which they lead. It is
// made on the first call.
var openDirect = sync.OnceValue(func() map[[2]string]int {
	r := openRegistry()
	out := make(map[[2]string]int, len(r.direct))
	id := func(row int) string {
		id, _, _ := strings.Cut(r.datums[row], "\t")
		return id
	}
	for _, row := range r.direct {
		f := split(row)
		out[[2]string{id(f.integer(0, 0)), id(f.integer(1, 0))}] = f.integer(2, 0)
	}
	return out
})

// parse reads the registry's spelling of a shift.
func (o *pivotOperation) parse(text string) (err error) {
	if o.from, err = parseShift(text, false); err == nil {
		o.to, err = parseShift(text, true)
	}
	return err
}

// operation reads an entry of a list: the number of the shift, its accuracy, the number of its area, and flags: "o" for
// offshore, "b" for coordinates that are copied because nothing better is known.
func (r *registry) operation(entry string) (pivotOperation, error) {
	number, rest, _ := strings.Cut(entry, ":")
	accuracy, rest, _ := strings.Cut(rest, ":")
	area, flags, _ := strings.Cut(rest, ":")
	i, err := strconv.Atoi(number)
	if err != nil {
		return pivotOperation{}, err
	}
	out := pivotOperation{global: true}
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
		out.area, out.global = r.areaOfUse(i), false
	}
	out.offshore = strings.Contains(flags, "o")
	out.size = out.surface()
	return out, nil
}

// moves reports whether any operation changes a coordinate.
func (s *pivotStep) moves() bool {
	for i := range s.operations {
		if len(s.operations[i].from) > 0 {
			return true
		}
	}
	return false
}

// holds reports whether a point, in degrees, lies in the operation's area.
func (o *pivotOperation) holds(lon, lat float64) bool {
	if o.global {
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

// narrower reports whether the operation is better than p, which is as accurate and holds the point too: its area is smaller.
// From and to WGS 84 it has to lie in the interior of p's, as PROJ up to 9.1 has it for all operations.
func (o *pivotOperation) narrower(p *pivotOperation) bool {
	if !o.between && !o.within(p) {
		return false
	}
	return o.size < p.size && !p.fixed && (!o.unnamed || p.unnamed)
}

// within reports whether the operation's area lies in the interior of p's.
func (o *pivotOperation) within(p *pivotOperation) bool {
	switch {
	case o.global:
		return false
	case p.global:
		return true
	case o.area.XMin > o.area.XMax || p.area.XMin > p.area.XMax:
		return false
	}
	return o.area.XMin > p.area.XMin && o.area.XMax < p.area.XMax && o.area.YMin > p.area.YMin && o.area.YMax < p.area.YMax
}

// choose returns the index of the operation for a point in radians, by PROJ's rule: of the operations whose area holds
// the point, the most accurate one; among equals the one with the smallest area, if that has a name or none has. An
// offshore operation never replaces one found before it, and if the accuracy of the first one found is unknown, no
// known one replaces it. Where no area holds the point, it is the first operation of all.
func (s *pivotStep) choose(lon, lat float64) int {
	if len(s.operations) < 2 {
		return 0
	}
	lon *= 180 / math.Pi
	if !(math.Abs(lon) <= 180) {
		lon = math.Remainder(lon, 360)
	}
	lat *= 180 / math.Pi
	best := -1
	for i := range s.operations {
		o := &s.operations[i]
		if !o.holds(lon, lat) {
			continue
		}
		if best < 0 {
			best = i
			continue
		}
		b := &s.operations[best]
		if o.offshore {
			continue
		}
		if o.accuracy >= 0 && o.accuracy < b.accuracy || o.accuracy == b.accuracy && o.narrower(b) {
			best = i
		}
	}
	return max(best, 0)
}

// fixedAt returns the step with the one operation for a point in radians, or with the first one if the point is NaN.
func (s *pivotStep) fixedAt(lon, lat float64) datumStep {
	if len(s.operations) < 2 || math.IsNaN(lon) || math.IsNaN(lat) {
		return s.only(0, min(1, len(s.operations)))
	}
	i := s.choose(lon, lat)
	if s.toWGS84 { // areas are boxes of WGS 84
		x, y := []float64{lon}, []float64{lat}
		s.operations[i].to.apply(x, y)
		i = s.choose(x[0], y[0])
	}
	return s.only(i, i+1)
}

// only returns the step with the operations from number i to before number j.
func (s *pivotStep) only(i, j int) *pivotStep {
	out := *s
	out.operations = s.operations[i:j]
	return &out
}

func (s *pivotStep) reversed() datumStep {
	out := *s
	out.toWGS84 = !s.toWGS84
	return &out
}

// accuracy returns the worst accuracy of the operations whose accuracy is known and whose area is not in excluded.
func (s *pivotStep) accuracy(excluded Envelope) float64 {
	out, reached := math.NaN(), len(s.operations) == 0
	for i := range s.operations {
		o := &s.operations[i]
		if !o.global && o.area.XMin <= o.area.XMax && excluded.Contains(o.area) {
			continue
		}
		reached = true
		if o.accuracy >= 0 {
			out = worse(out, o.accuracy)
		}
	}
	if !reached {
		return unreached
	}
	return out
}

// apply moves at most block points, each by the operation for it.
func (s *pivotStep) apply(lon, lat []float64) {
	switch {
	case len(s.operations) == 0:
	case len(s.operations) == 1 && s.toWGS84:
		s.operations[0].invert(lon, lat)
	case len(s.operations) == 1:
		s.operations[0].from.apply(lon, lat)
	case s.toWGS84:
		s.invert(lon, lat)
	default:
		n := len(lon)
		for i := 0; i < n; {
			op := s.choose(lon[i], lat[i])
			j := i + 1
			for j < n && s.choose(lon[j], lat[j]) == op {
				j++
			}
			s.operations[op].from.apply(lon[i:j], lat[i:j])
			i = j
		}
	}
}

// invert takes points to WGS 84 so that from leads back to them. The shift to alone does not: it starts from the other
// ellipsoid without the height that from drops, which makes up to some centimetres. invert therefore corrects its
// result by what from misses the points by. That leaves less than 0.01 mm, as shifts are smooth: between two points
// they change by less than 1/1000 of the distance.
func (o *pivotOperation) invert(lon, lat []float64) {
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

// invert takes points to WGS 84, each by the operation for it. Areas are boxes of WGS 84, but the coordinates there are
// known only afterwards. So the operation is chosen by the datum's own coordinates first, and once more if that leads
// into the area of another: otherwise points within some hundred metres of an area's edge would not return to
// themselves.
func (s *pivotStep) invert(lon, lat []float64) {
	var lon0, lat0 [block]float64
	n := copy(lon0[:], lon)
	copy(lat0[:], lat)
	for i := 0; i < n; {
		op := s.choose(lon[i], lat[i])
		j := i + 1
		for j < n && s.choose(lon[j], lat[j]) == op {
			j++
		}
		s.operations[op].invert(lon[i:j], lat[i:j])
		for k := i; k < j; k++ {
			if again := s.choose(lon[k], lat[k]); again != op {
				lon[k], lat[k] = lon0[k], lat0[k]
				s.operations[again].invert(lon[k:k+1], lat[k:k+1])
			}
		}
		i = j
	}
}
