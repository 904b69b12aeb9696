package srs

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/geoexport/geoexport/internal/portable"
)

// openNeighbours returns, by a datum's id, the ids of those with which it is connected by operations of their own, WGS 84
// aside. It is made on the first call.
var openNeighbours = sync.OnceValue(func() map[string][]string {
	out := map[string][]string{}
	for pair := range openDirect() {
		out[pair[0]] = append(out[pair[0]], pair[1])
		out[pair[1]] = append(out[pair[1]], pair[0])
	}
	for _, ids := range out {
		slices.Sort(ids)
	}
	return out
})

// newViaStep returns the step between two datums that have no operation of their own, neither of which is WGS 84, by
// two operations with a third datum between them. All pairs of operations for the places in question whose areas
// overlap are candidates, with WGS 84 among the third datums, as in PROJ; operations that are two in a row themselves
// are not. A point goes by the most accurate pair that holds it. ok is false if there is none.
func newViaStep(from, to datum, in places) (s *pivotStep, ok bool, err error) {
	plain := from.operations.text == "" && to.operations.text == ""
	if !plain || from.id == "" || to.id == "" || to.id == pivot || from.id == pivot {
		return nil, false, nil
	}
	s = &pivotStep{}
	far := openNeighbours()[to.id]
	thirds := []datum{}
	oldest := min(published(from.id), published(to.id))
	for _, id := range openNeighbours()[from.id] {
		day := published(id)
		if in.turned && (day == "" || day >= geocentricSince) {
			continue
		}
		if id != pivot && slices.Contains(far, id) && (day == "" || day >= min(oldest, geocentricSince)) {
			thirds = append(thirds, datum{id: id})
		}
	}
	for _, third := range append(thirds, datum{id: pivot}) {
		first, err := operationsBetween(from, third)
		if err != nil {
			return nil, false, err
		}
		second, err := operationsBetween(third, to)
		if err != nil {
			return nil, false, err
		}
		for i := range first {
			for j := range second {
				if op, ok := first[i].followedBy(second[j]); ok && in.meet(&first[i]) && in.meet(&second[j]) {
					s.operations = append(s.operations, op)
				}
			}
		}
	}
	if len(s.operations) == 0 {
		return nil, false, nil
	}
	if s.keepBest(in.smaller()); len(s.operations) == 0 {
		return nil, false, nil
	}
	return s, true, nil
}

// geocentricSince is when datums began whose operations lead between geocentric systems. Of those PROJ takes older ones, too,
// and none of them but WGS 84 after a turn of longitudes. Ensembles such as ETRS89, which have no day, are among them.
const geocentricSince = "1984-01-01"

// published returns the day on which a datum was published, as 1983-01-01, or "" if it is not known.
func published(id string) string {
	r := openRegistry()
	for _, row := range r.datumByID(id) {
		return split(r.datums[row])[5]
	}
	return ""
}

// operationsBetween returns the operations from a datum to another, of which one may be WGS 84, without those that copy
// coordinates for want of anything better. from of each leads from the first to the second.
func operationsBetween(from, to datum) ([]pivotOperation, error) {
	var list, back = 0, false
	switch {
	case from.id == pivot:
		list = to.operations.list - 1
	case to.id == pivot:
		list, back = from.operations.list-1, true
	default:
		var ok bool
		if list, back, ok = directList(from, to); !ok {
			return nil, nil
		}
	}
	if list < 0 {
		return nil, nil
	}
	leads := from.id + "|" + to.id
	switch {
	case from.id == pivot:
		leads = to.id
	case to.id == pivot:
		leads = from.id
	case back:
		leads = to.id + "|" + from.id
	}
	s := pivotStep{list: list, leads: leads}
	if err := s.readList(); err != nil {
		return nil, err
	}
	table := openOperations()
	entries := strings.Split(table.names[leads+"\t"+strconv.Itoa(list)], "|")
	var out []pivotOperation
	for _, o := range s.operations {
		if o.accuracy < 0 && len(o.from) == 0 || o.entry >= len(entries) || strings.Contains(entries[o.entry], " + ") {
			continue
		}
		o.name = table.nameOf(entries[o.entry], back)
		if back {
			o.from, o.to = o.to, o.from
		}
		o.parts, o.moving = []part{{leads, list, o.entry, back}}, btoi(len(o.from) > 0)
		out = append(out, o)
	}
	return out, nil
}

// A part is an operation in the table of operations: an entry of a list, perhaps its inverse.
type part struct {
	leads string
	list  int
	entry int
	back  bool
}

// followedBy returns one operation and then another as one, in the part of the world that both hold. ok is false if there
// is none.
func (o pivotOperation) followedBy(p pivotOperation) (out pivotOperation, ok bool) {
	out = pivotOperation{from: o.from.then(p.from), to: p.to.then(o.to), accuracy: -1, between: true}
	if o.accuracy >= 0 && p.accuracy >= 0 {
		out.accuracy = o.accuracy + p.accuracy
	}
	out.parts = append(slices.Clip(o.parts), p.parts...)
	out.name, out.fixed, out.moving = o.name+" + "+p.name, o.fixed || p.fixed, o.moving+p.moving
	defer func() { out.size = out.surface() }()
	switch {
	case o.global:
		out.area, out.global, out.offshore = p.area, p.global, p.offshore
		return out, true
	case p.global:
		out.area, out.offshore = o.area, o.offshore
		return out, true
	}
	switch out.area, ok = overlap(o.area, p.area); out.area {
	case o.area:
		out.offshore = o.offshore
	case p.area:
		out.offshore = p.offshore
	default:
		out.unnamed = true
	}
	return out, ok
}

// overlap returns the part that two areas have in common, the larger one if there are two; ok is false if there is none.
func overlap(a, b Envelope) (out Envelope, ok bool) {
	unrolled := func(e Envelope) Envelope {
		if e.XMax < e.XMin {
			e.XMax += 360
		}
		return e
	}
	a, b = unrolled(a), unrolled(b)
	for _, turn := range []float64{0, -360, 360} {
		c := Envelope{max(a.XMin, b.XMin+turn), max(a.YMin, b.YMin), min(a.XMax, b.XMax+turn), min(a.YMax, b.YMax)}
		if c.XMin < c.XMax && c.YMin < c.YMax && (!ok || c.Width() > out.Width()) {
			out, ok = c, true
		}
	}
	if out.XMin > 180 {
		out.XMin, out.XMax = out.XMin-360, out.XMax-360
	}
	if out.XMax > 180 {
		out.XMax -= 360
	}
	return out, ok
}

// then returns a shift followed by another. Two maps of geocentric coordinates in a row are one, which keeps the height
// between them.
func (s shift) then(next shift) shift {
	out := slices.Clone(s)
	for _, step := range next {
		if n := len(out); n > 0 && out[n-1].geocentric() && step.geocentric() && out[n-1].to == step.from {
			out[n-1].linear = step.linear.after(out[n-1].linear)
			out[n-1].to = step.to
			continue
		}
		out = append(out, step)
	}
	return out
}

func (s *shiftStep) geocentric() bool { return !s.offset && s.molodensky == nil }

// surface is the size of an operation's area on a sphere, to a factor.
func (o *pivotOperation) surface() float64 {
	if o.global {
		return 720
	}
	w := o.area.Width()
	if w < 0 {
		w += 360
	}
	north, _ := portable.Sincos(o.area.YMax * degree)
	south, _ := portable.Sincos(o.area.YMin * degree)
	return w * (north - south)
}

// keepBest puts operations in PROJ's order, and leaves out those that no point of an area of interest goes by: known
// accuracies first, then the larger parts of the area, then the more accurate ones; among equals those with fewer
// steps that move anything, then shorter names, and then the greater ones.
func (s *pivotStep) keepBest(interest Envelope) {
	parts := make([]float64, len(s.operations))
	order := make([]int, len(s.operations))
	for i := range s.operations {
		order[i], parts[i] = i, s.operations[i].surfaceWithin(interest)
	}
	slices.SortStableFunc(order, func(i, j int) int {
		a, b := &s.operations[i], &s.operations[j]
		if known := cmp.Compare(btoi(b.accuracy >= 0), btoi(a.accuracy >= 0)); known != 0 {
			return known
		}
		return cmp.Or(cmp.Compare(parts[j], parts[i]), cmp.Compare(a.accuracy, b.accuracy),
			cmp.Compare(a.moving, b.moving), cmp.Compare(len(a.name), len(b.name)), strings.Compare(b.name, a.name))
	})
	var out []pivotOperation
	for _, i := range order {
		o := s.operations[i]
		if parts[i] > 0 && !slices.ContainsFunc(out, func(k pivotOperation) bool { return k.covers(&o) }) {
			out = append(out, o)
		}
	}
	s.operations = out
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// covers reports whether no point goes by p, as o comes first, is as accurate, and holds the area of p.
func (o *pivotOperation) covers(p *pivotOperation) bool {
	if o.accuracy >= 0 && (p.accuracy >= 0 && p.accuracy < o.accuracy) || o.accuracy < 0 {
		return o.accuracy < 0 && p.accuracy < 0 && o.area == p.area && o.global == p.global
	}
	if o.global {
		return p.accuracy != o.accuracy || !p.narrower(o)
	}
	if p.global || o.area.XMin > o.area.XMax || p.area.XMin > p.area.XMax {
		return o.area == p.area && o.global == p.global
	}
	return o.area.Contains(p.area) && (p.accuracy != o.accuracy || !p.narrower(o))
}

// describeParts is describe for operations by a third datum.
func (s *pivotStep) describeParts() []string {
	names := func(o *pivotOperation) (out []string) {
		parts := slices.Clone(o.parts)
		if s.toWGS84 {
			slices.Reverse(parts)
		}
		for _, p := range parts {
			out = append(out, openOperations().describe(p.leads, p.list, p.entry, p.back != s.toWGS84)...)
		}
		return out
	}
	if len(s.operations) == 1 {
		return names(&s.operations[0])
	}
	var each []string
	for i := range s.operations {
		if i == maxDescribed {
			each = append(each, fmt.Sprintf("%d more", len(s.operations)-i))
			break
		}
		each = append(each, strings.Join(names(&s.operations[i]), " + "))
	}
	return []string{"by place: " + strings.Join(each, "; or ")}
}
