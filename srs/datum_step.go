package srs

import (
	"math"
	"slices"
)

// A datumStep takes points from one datum to another. It is immutable.
type datumStep interface {
	// apply moves at most block points: longitudes from Greenwich, and latitudes, in radians.
	apply(lon, lat []float64)

	// reversed returns the way back.
	reversed() datumStep

	// fixedAt returns the step with the operations that apply would use at (lon, lat), to be used for all points, so
	// that an image shows no seam.
	fixedAt(lon, lat float64) datumStep

	// accuracy returns the step's share of Transformer.Accuracy, NaN if it is unknown. excluded is a box, in degrees,
	// that no point comes from: operations whose areas lie in it do not count, and accuracy is unreached if none is
	// left.
	accuracy(excluded Envelope) float64

	// moves reports whether any point's coordinates change.
	moves() bool

	// describe returns the names of the operations in a row.
	describe() []string
}

// unreached is the accuracy of a step that no point goes through.
var unreached = math.Inf(-1)

// nowhere is a box that holds no point.
var nowhere = Envelope{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}

// worse returns the larger of two accuracies. One that is unknown, NaN, does not count beside one that is not.
func worse(a, b float64) float64 {
	if math.IsNaN(a) || b > a {
		return b
	}
	return a
}

// A pipeline is a sequence of steps. The empty one leaves all points where they are.
type pipeline []datumStep

func (p pipeline) apply(lon, lat []float64) {
	for _, s := range p {
		s.apply(lon, lat)
	}
}

func (p pipeline) reversed() datumStep {
	var out pipeline
	for _, s := range slices.Backward(p) {
		out = append(out, s.reversed())
	}
	return out
}

func (p pipeline) fixedAt(lon, lat float64) datumStep {
	var out pipeline
	x, y := []float64{lon}, []float64{lat}
	for _, s := range p {
		s = s.fixedAt(x[0], y[0])
		out = append(out, s)
		s.apply(x, y)
	}
	return out
}

func (p pipeline) accuracy(excluded Envelope) (sum float64) {
	for _, s := range p {
		a := s.accuracy(excluded)
		if a == unreached {
			return unreached
		}
		sum += a
	}
	return sum
}

func (p pipeline) moves() bool {
	return slices.ContainsFunc(p, datumStep.moves)
}

func (p pipeline) describe() (out []string) {
	for _, s := range p {
		out = append(out, s.describe()...)
	}
	return out
}

// withoutIdle leaves out of a step the parts that move nothing, and returns nil if no part moves anything.
func withoutIdle(s datumStep) datumStep {
	if !s.moves() {
		return nil
	}
	p, ok := s.(pipeline)
	if !ok {
		return s
	}
	var out pipeline
	for _, s := range p {
		if s = withoutIdle(s); s != nil {
			out = append(out, s)
		}
	}
	if len(out) == 1 {
		return out[0]
	}
	return out
}

// newDatumStep plans the way from a datum to another: by the grids from it for the points that they hold, and on from
// the grid's target; by way of WGS 84 for all others. The way to a datum with grids is the way from it, reversed. No
// way uses a grid twice.
func newDatumStep(from, to datum, in places, grids []ShiftGrid) (datumStep, error) {
	if from.coincides(to) {
		return pipeline{}, nil
	}
	leads := func(d datum) func(ShiftGrid) bool {
		return func(g ShiftGrid) bool { return !g.From.IsZero() && g.From.definition().datum.same(d) }
	}
	if !slices.ContainsFunc(grids, leads(from)) && slices.ContainsFunc(grids, leads(to)) {
		back, err := newDatumStep(to, from, places{from: in.to, to: in.from, turned: in.turned}, grids)
		if err != nil {
			return nil, err
		}
		return back.reversed(), nil
	}
	out, err := stepByPivot(from, to, in, grids)
	if err != nil {
		return nil, err
	}
	for i, g := range slices.Backward(grids) {
		if !leads(from)(g) {
			continue
		}
		others := slices.Delete(slices.Clone(grids), i, i+1)
		beyond, err := newDatumStep(g.To.definition().datum, to, in, others)
		if err != nil {
			return nil, err
		}
		out = newGridStep(g, beyond, out)
	}
	return out, nil
}

// stepByPivot plans the way by the two datums' own operations, or else by a third datum such as WGS 84, without the grids
// from the datum.
func stepByPivot(from, to datum, in places, grids []ShiftGrid) (datumStep, error) {
	wgs84 := datum{id: pivot}
	if from.same(wgs84) {
		return newPivotStep(to, false, grids)
	}
	if direct, ok, err := newDirectStep(from, to, in); ok || err != nil {
		return direct, err
	}
	if step, ok, err := stepByTwins(from, to, in, grids); ok || err != nil {
		return step, err
	}
	onTheWay := func(g ShiftGrid) bool {
		if g.NTv2 == nil || len(g.NTv2.tops) == 0 || g.From.IsZero() {
			return false
		}
		d := g.From.definition().datum
		return d.same(wgs84) || d.same(to)
	}
	if !slices.ContainsFunc(grids, onTheWay) {
		if via, ok, err := newViaStep(from, to, in); ok || err != nil {
			return via, err
		}
	}
	toPivot, err := newPivotStep(from, true, grids)
	if err != nil {
		return nil, err
	}
	rest, err := newDatumStep(wgs84, to, in, grids)
	if err != nil {
		return nil, err
	}
	return append(pipeline{toPivot}, rest), nil
}
