package srs

// places are the areas of use of two systems, in degrees, between which points move. An area that is not known is the
// world. Which datum operations are in question depends on them, as in PROJ.
type places struct {
	from, to Envelope

	// turned reports that one of the datums stands for a datum from another prime meridian.
	turned bool
}

var world = Envelope{-180, -90, 180, 90}

// placesOf returns the areas of use of two systems.
func placesOf(from, to CRS) places {
	out := places{from: world, to: world}
	if e, ok := from.AreaOfUse(); ok {
		out.from = e
	}
	if e, ok := to.AreaOfUse(); ok {
		out.to = e
	}
	return out
}

// meet reports whether an operation's area meets both places.
func (p places) meet(o *pivotOperation) bool {
	if o.global {
		return true
	}
	_, from := overlap(o.area, p.from)
	_, to := overlap(o.area, p.to)
	return from && to
}

// smaller returns the smaller one of both.
func (p places) smaller() Envelope {
	a, b := pivotOperation{area: p.from}, pivotOperation{area: p.to}
	if a.surface() < b.surface() {
		return p.from
	}
	return p.to
}

// surfaceWithin is the surface of the part of an operation's area that lies in another area, to the same factor as
// surface.
func (o *pivotOperation) surfaceWithin(e Envelope) float64 {
	if o.global {
		return (&pivotOperation{area: e}).surface()
	}
	part, ok := overlap(o.area, e)
	if !ok {
		return 0
	}
	return (&pivotOperation{area: part}).surface()
}
