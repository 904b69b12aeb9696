package srs

import (
	"math"
	"slices"
)

// A datumStep takes points from one datum to another. It is immutable.
type datumStep interface {
	// apply moves a block of points, or fewer: longitudes from Greenwich, and latitudes, in radians.
	apply(lon, lat []float64)

	// reversed is the way back.
	reversed() datumStep

	// only is what does the same as apply for one point, and what is best for that everywhere else.
	only(lon, lat float64) datumStep

	// accuracy is as that of a Transformer, or unreached if all of the step's areas are in a box of degrees that points do
	// not come from.
	accuracy(held Envelope) float64

	// moves says whether any point's coordinates change.
	moves() bool
}

// unreached is the accuracy of a step that no point takes.
var unreached = math.Inf(-1)

// nowhere is a box without a point.
var nowhere = Envelope{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}

// contains says whether a box lies in another one, edges included.
func (e Envelope) contains(f Envelope) bool {
	return f.XMin >= e.XMin && f.XMax <= e.XMax && f.YMin >= e.YMin && f.YMax <= e.YMax
}

// largest is the larger of two figures of accuracy of which either may be unknown, or unknown if both are.
func largest(a, b float64) float64 {
	if math.IsNaN(a) || b > a {
		return b
	}
	return a
}

// A chain is steps one after the other. The empty one leaves all points where they are.
type chain []datumStep

func (c chain) apply(lon, lat []float64) {
	for _, s := range c {
		s.apply(lon, lat)
	}
}

func (c chain) reversed() datumStep {
	var out chain
	for _, s := range slices.Backward(c) {
		out = append(out, s.reversed())
	}
	return out
}

func (c chain) only(lon, lat float64) datumStep {
	var out chain
	x, y := []float64{lon}, []float64{lat}
	for _, s := range c {
		s = s.only(x[0], y[0])
		out = append(out, s)
		s.apply(x, y)
	}
	return out
}

func (c chain) accuracy(held Envelope) (sum float64) {
	for _, s := range c {
		a := s.accuracy(held)
		if a == unreached {
			return unreached
		}
		sum += a
	}
	return sum
}

func (c chain) moves() bool {
	return slices.ContainsFunc(c, datumStep.moves)
}

// moving leaves out of a step what moves nothing. It is nil if nothing does.
func moving(s datumStep) datumStep {
	if !s.moves() {
		return nil
	}
	c, ok := s.(chain)
	if !ok {
		return s
	}
	var out chain
	for _, s := range c {
		if s = moving(s); s != nil {
			out = append(out, s)
		}
	}
	if len(out) == 1 {
		return out[0]
	}
	return out
}

// datumWay plans the way from a datum to another: by the grids from it, where they hold a point, and on from where they lead;
// elsewhere by way of WGS 84. The way to a datum with grids is that from it, reversed. No way takes a grid twice.
func datumWay(from, to datum, grids []ShiftGrid) (datumStep, error) {
	if from.same(to) {
		return chain{}, nil
	}
	leads := func(d datum) func(ShiftGrid) bool {
		return func(g ShiftGrid) bool { return g.From.definition().datum.same(d) }
	}
	if !slices.ContainsFunc(grids, leads(from)) && slices.ContainsFunc(grids, leads(to)) {
		back, err := datumWay(to, from, grids)
		if err != nil {
			return nil, err
		}
		return back.reversed(), nil
	}
	out, err := byHub(from, to, grids)
	if err != nil {
		return nil, err
	}
	for i, g := range slices.Backward(grids) {
		if !leads(from)(g) {
			continue
		}
		others := slices.Delete(slices.Clone(grids), i, i+1)
		beyond, err := datumWay(g.To.definition().datum, to, others)
		if err != nil {
			return nil, err
		}
		out = newGridStep(g, beyond, out)
	}
	return out, nil
}

// byHub plans the way by WGS 84, without the grids from the datum.
func byHub(from, to datum, grids []ShiftGrid) (datumStep, error) {
	wgs84 := datum{id: hub}
	if from.same(wgs84) {
		return newLeg(to, false)
	}
	l, err := newLeg(from, true)
	if err != nil {
		return nil, err
	}
	rest, err := datumWay(wgs84, to, grids)
	if err != nil {
		return nil, err
	}
	return append(chain{l}, rest), nil
}
