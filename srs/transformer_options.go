package srs

// Options say how Transformers take coordinates from one datum to another. The zero Options are what NewTransformer goes by.
type Options struct {
	// Area, in units of the source CRS, is that of a picture which is to show no seam: wherever a datum has several
	// operations, the one that is best for the centre of the area is taken everywhere. If the centre has no image, the most
	// general operations are taken. nil takes every point by the operation that is best for it, as PROJ does, so that results
	// jump, by metres, where an operation's area ends.
	Area *Envelope

	// Grids are better than the operations that need no grid file, in the order of preference. A Grid is taken wherever it
	// holds a point, on the way from its system to any other, and back by its inverse; other points go as they would
	// without it, so that results jump where a grid ends. With an Area, Grids that do not hold its centre are left out.
	Grids []Grid
}

// NewTransformer plans the way from one CRS to another. It costs some ten microseconds, and a Transformer is worth
// keeping.
//
// Datums are taken to each other by way of WGS 84, with the best operations that need no grid file. Where a datum has
// several of them, each with its area, every point is taken by the one that is best for it: use NewTransformerFor for
// pictures, and Options for grid files.
//
// The error is ErrNotStated if either CRS is zero, and an *UnsupportedError if they are on different celestial bodies.
func NewTransformer(from, to CRS) (*Transformer, error) { return Options{}.NewTransformer(from, to) }

// NewTransformerFor plans the way from one CRS to another for all of one picture: it is NewTransformer with Options.Area.
//
// Whether two Transformers for different areas are the same is not said; between most systems they are, as most datums
// have one operation.
func NewTransformerFor(from, to CRS, area Envelope) (*Transformer, error) {
	return Options{Area: &area}.NewTransformer(from, to)
}

// NewTransformer plans the way from one CRS to another. Errors are those of the function of that name; they are about a
// Grid if its systems are not stated or not geographic.
func (o Options) NewTransformer(from, to CRS) (*Transformer, error) {
	if from.IsZero() || to.IsZero() {
		return nil, ErrNotStated
	}
	for _, g := range o.Grids {
		if err := g.check(); err != nil {
			return nil, err
		}
	}
	a, b := from.definition().system, to.definition().system
	if a.datum.body != b.datum.body {
		return nil, &UnsupportedError{"transformation", "from the " + a.datum.bodyName() + " to the " + b.datum.bodyName()}
	}
	src, err := newSide(a)
	if err != nil {
		return nil, err
	}
	dst, err := newSide(b)
	if err != nil {
		return nil, err
	}
	t := newTransformer(src, dst)
	t.changes = a.projection != b.projection || a.unit != b.unit || a.datum.meridian != b.datum.meridian
	t.separable = src.period > 0 && dst.period > 0
	if a.datum.same(b.datum) {
		return t, nil
	}
	step, err := datumWay(a.datum, b.datum, o.Grids)
	if err != nil {
		return nil, err
	}
	if o.Area != nil {
		x, y := o.Area.Center()
		lon, lat := []float64{x}, []float64{y}
		t.from.toRadians(lon, lat, 0, true)
		step = step.only(lon[0]+t.from.lon0*degree, lat[0])
	}
	t.accuracy = step.accuracy(nowhere)
	if t.datums = moving(step); t.datums != nil {
		t.changes, t.separable = true, false
		t.setTurns()
	}
	return t, nil
}
