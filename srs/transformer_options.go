package srs

import "math"

// Options choose how Transformers take coordinates from one datum to another. The zero Options are those of the
// function NewTransformer.
type Options struct {
	// Area, in units of the source CRS, is the area of one image that must show no seam: where a datum has several
	// operations, the one that is best for the centre of the area is used everywhere, or the most general one if the
	// centre has no image. nil uses, for each point, the operation that is best for it, as PROJ does, so that results
	// jump, by metres, where the area of an operation ends.
	//
	// Transformers for different areas are the same between most systems, as most datums have one operation.
	Area *Envelope

	// ShiftGrids go before the operations that need no grid file, in the order of preference. A ShiftGrid is used for
	// the points that it holds, on the way from its system to any other, and its inverse on the way back; other points
	// go as they would without it, so that results jump where a grid ends. With an Area, ShiftGrids that do not hold
	// its centre are left out.
	ShiftGrids []ShiftGrid

	// Operations are the datum operations to use, in a row from the source's datum to the target's, in place of those that
	// NewTransformer would choose. They follow the published formulas on the way from the source to the target. Those
	// without a direction take the one that fits. An operation by a grid file takes it from ShiftGrids: the one of its
	// Name, or one without a name between the same datums; points outside of the grid then have no image. Where source and
	// target are on one datum, Operations play no part.
	Operations []Operation
}

// NewTransformer plans the way from one CRS to another. It costs some ten microseconds, and up to two milliseconds where
// two datums are connected by a third; keep the Transformer.
//
// Datums are connected by operations of their own, or by way of WGS 84 or another third datum, with the best operations that
// need no grid file. Where a datum has several,
// each with its area, every point is taken by the one that is best for it: use Options.Area for images, and
// Options.ShiftGrids for grid files.
//
// The error is ErrNotStated if either CRS is zero, and an *UnsupportedError if they are on different celestial bodies.
func NewTransformer(from, to CRS) (*Transformer, error) { return Options{}.NewTransformer(from, to) }

// NewTransformer plans the way from one CRS to another by the Options. Errors are those of the function NewTransformer,
// and the same kinds for a ShiftGrid whose systems are not stated or not geographic. Operations that do not lead from the
// one datum to the other, and those whose grid file is not there, are an *OperationError; a system that needs a grid file
// which is not there is an *UnsupportedError.
func (o Options) NewTransformer(from, to CRS) (*Transformer, error) {
	if from.IsZero() || to.IsZero() {
		return nil, ErrNotStated
	}
	for _, g := range o.ShiftGrids {
		if err := g.check(); err != nil {
			return nil, err
		}
	}
	a, b := from.definition().system, to.definition().system
	if a.datum.body != b.datum.body {
		return nil, &UnsupportedError{"transformation", "from the " + a.datum.bodyName() + " to the " + b.datum.bodyName()}
	}
	src, err := newConversion(a)
	if err != nil {
		return nil, err
	}
	dst, err := newConversion(b)
	if err != nil {
		return nil, err
	}
	t := newTransformer(src, dst)
	t.changes = a.projection != b.projection || a.unit != b.unit || a.datum.meridian != b.datum.meridian
	t.separable = src.period > 0 && dst.period > 0
	t.turns = t.separable && math.Abs(src.lon0-dst.lon0) > 1e-9
	if a.datum.coincides(b.datum) && (len(o.Operations) == 0 || a.datum.is(b.datum)) {
		return t, nil
	}
	step, err := o.newDatumStep(a.datum, b.datum, placesOf(from, to))
	if err != nil {
		return nil, err
	}
	if o.Area != nil {
		x, y := o.Area.Center()
		lon, lat := []float64{x}, []float64{y}
		t.from.toRadians(lon, lat, 0, true)
		step = step.fixedAt(lon[0]+float64(t.from.lon0*degree), lat[0])
	}
	t.accuracy, t.way = step.accuracy(nowhere), step
	if t.datums = withoutIdle(step); t.datums != nil {
		t.changes, t.separable = true, false
		t.setMeridians()
	}
	return t, nil
}

// newDatumStep plans the way from a datum to another by the Options.
func (o Options) newDatumStep(from, to datum, in places) (datumStep, error) {
	if len(o.Operations) > 0 && !from.is(to) {
		return newOperationStep(from, to, o.Operations, o.ShiftGrids)
	}
	return newDatumStep(from, to, in, o.ShiftGrids)
}
