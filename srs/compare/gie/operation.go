package main

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/geoexport/geoexport/srs"
)

// An operation is one of PROJ's, as a list of transformers.
type operation struct {
	steps       []step
	radius      float64 // of the first step's ellipsoid
	angularFrom bool    // whether what the way forward takes is degrees
	angularTo   bool
	swapFrom    bool // whether coordinates come north before east
	swapTo      bool
	radians     bool // whether longitudes and latitudes of the way forward come in radians
}

type step struct {
	t       *srs.Transformer
	inverse bool
	degrees float64 // in a unit of what the transformer makes, if that is longitudes and latitudes, or else 1
}

// An unsupported error names an operation that is none of a map projection.
type unsupported struct {
	name, reason string
	cause        error
}

func (e *unsupported) Error() string { return e.name + ": " + e.reason }

func (e *unsupported) Unwrap() error { return e.cause }

// words are the keys and values of a PROJ string, without plus signs.
type words [][2]string

func wordsOf(text string) (w words) {
	for word := range strings.FieldsSeq(strings.ReplaceAll(strings.ReplaceAll(text, " = ", "="), "+ ", "+")) {
		key, value, _ := strings.Cut(strings.TrimPrefix(word, "+"), "=")
		w = append(w, [2]string{key, value})
	}
	return w
}

func (w words) get(key string) (string, bool) {
	i := slices.IndexFunc(w, func(p [2]string) bool { return p[0] == key })
	if i < 0 {
		return "", false
	}
	return w[i][1], true
}

func (w words) String() string {
	var b strings.Builder
	for _, p := range w {
		b.WriteString(" +" + p[0])
		if p[1] != "" {
			b.WriteString("=" + p[1])
		}
	}
	return strings.TrimPrefix(b.String(), " ")
}

// name returns the name of an operation or the code of a system.
func (w words) name() string {
	if name, ok := w.get("proj"); ok {
		return name
	}
	if code, ok := w.get("init"); ok {
		return "init=" + code
	}
	return "(none)"
}

// ellipsoidKeys are those of a PROJ string that state the ellipsoid of its datum.
var ellipsoidKeys = []string{"ellps", "datum", "a", "b", "rf", "f", "R", "es", "e"}

// geographic lists the operations whose results are longitudes and latitudes.
var geographic = []string{"longlat", "latlong", "lonlat", "latlon"}

// newOperation reads a PROJ string or a pipeline of them.
func newOperation(text string) (*operation, error) {
	all := wordsOf(text)
	if all.name() != "pipeline" {
		op := &operation{}
		from, to, err := op.add(all)
		op.angularFrom, op.angularTo = from, to
		return op, err
	}
	var steps []words
	var global words
	for _, p := range all {
		switch {
		case p[0] == "step":
			steps = append(steps, slices.Clone(global))
		case len(steps) == 0:
			if p != [2]string{"proj", "pipeline"} {
				global = append(global, p)
			}
		default:
			steps[len(steps)-1] = append(steps[len(steps)-1], p)
		}
	}
	if len(steps) == 0 {
		return nil, &unsupported{"pipeline", "there are no steps", nil}
	}
	op := &operation{}
	for i, s := range steps {
		from, to, err := op.add(s)
		if err != nil {
			return nil, &unsupported{"pipeline", "step " + err.Error(), err}
		}
		if i == 0 {
			op.angularFrom = from
		}
		op.angularTo = to
	}
	return op, nil
}

// add adds a step, and returns whether what it takes and makes is degrees.
func (op *operation) add(w words) (angularFrom, angularTo bool, err error) {
	_, inverse := w.get("inv")
	w = slices.DeleteFunc(slices.Clone(w), func(p [2]string) bool { return p[0] == "inv" })
	name := w.name()
	target, err := srs.Parse(w.String())
	if err != nil {
		return false, false, &unsupported{name, err.Error(), err}
	}
	base := words{{"proj", "longlat"}}
	for _, p := range w {
		if slices.Contains(ellipsoidKeys, p[0]) {
			base = append(base, p)
		}
	}
	source, err := srs.Parse(base.String())
	_, hasDatum := w.get("datum")
	_, hasShift := w.get("towgs84")
	switch {
	case strings.HasPrefix(name, "init="):
		source, err = baseOf(target)
	case hasShift || hasDatum && slices.Contains(geographic, name):
		source, err = srs.Parse("EPSG:4326") // from which PROJ shifts
	}
	if err != nil {
		return false, false, &unsupported{name, err.Error(), err}
	}
	t, err := srs.NewTransformer(source, target)
	if err != nil {
		return false, false, &unsupported{name, err.Error(), err}
	}
	degrees := 1.0
	if target.Geographic() {
		degrees = target.Unit() * 180 / math.Pi
	}
	op.steps = append(op.steps, step{t, inverse, degrees})
	if op.radius == 0 {
		op.radius = 6378137
		for _, key := range []string{"a", "R"} {
			if a, ok := w.get(key); ok {
				_, _ = fmt.Sscan(a, &op.radius)
			}
		}
	}
	angularTo = target.Geographic() || target.Kind() == srs.RotatedPole
	if _, ok := w.get("to_meter"); !ok && target.Kind() == srs.RotatedPole {
		op.radians = true // PROJ's results without a unit
	}
	if inverse {
		return angularTo, true, nil
	}
	return true, angularTo, nil
}

// newChange returns the operation between two systems of which files give codes. Points are in the authority's order.
func newChange(from, to string) (*operation, error) {
	a, err := srs.Parse(from)
	if err != nil {
		return nil, &unsupported{"crs_src", err.Error(), err}
	}
	b, err := srs.Parse(to)
	if err != nil {
		return nil, &unsupported{"crs_dst", err.Error(), err}
	}
	t, err := srs.NewTransformer(a, b)
	if err != nil {
		return nil, &unsupported{"crs_src", err.Error(), err}
	}
	northFirst := func(c srs.CRS) bool {
		d := c.Axes()[0].Direction
		return d == "north" || d == "south"
	}
	return &operation{
		steps: []step{{t, false, 1}}, radius: 6378137, angularFrom: a.Geographic(), angularTo: b.Geographic(),
		swapFrom: northFirst(a), swapTo: northFirst(b),
	}, nil
}

// baseOf returns the geographic system under a system, in degrees from Greenwich.
func baseOf(c srs.CRS) (srs.CRS, error) {
	text, err := c.WKT()
	if err != nil {
		return c, err
	}
	_, rest, _ := strings.Cut(text, "GEOGCS[")
	rest = regexp.MustCompile(`PRIMEM\[[^\]]*\]`).ReplaceAllString(rest, `PRIMEM["Greenwich",0.0]`)
	rest = regexp.MustCompile(`UNIT\["(Grad|Degree)",[^\]]*\]`).ReplaceAllString(rest, `UNIT["Degree",0.0174532925199433]`)
	depth := 1
	for i, r := range rest {
		switch r {
		case '[':
			depth++
		case ']':
			depth--
		}
		if depth == 0 {
			return srs.FromWKT("GEOGCS[" + rest[:i+1])
		}
	}
	return c, fmt.Errorf("no geographic system in %.80q", text)
}

// transform maps a point forward or back. ok is false if it has no image.
func (op *operation) transform(x, y float64, back bool) (u, v float64, ok bool) {
	in, out := op.swapFrom, op.swapTo
	if back {
		in, out = out, in
	}
	if in {
		x, y = y, x
	}
	xs, ys := []float64{x}, []float64{y}
	lost := 0
	if op.radians && back {
		xs[0], ys[0] = math.Remainder(xs[0]*180/math.Pi, 360), ys[0]*180/math.Pi
	}
	for i := range op.steps {
		s := op.steps[i]
		if back {
			s = op.steps[len(op.steps)-1-i]
		}
		if s.inverse == back {
			lost += s.t.Transform(xs, ys)
			xs[0], ys[0] = xs[0]*s.degrees, ys[0]*s.degrees
		} else {
			xs[0], ys[0] = xs[0]/s.degrees, ys[0]/s.degrees
			lost += s.t.Inverse().Transform(xs, ys)
		}
	}
	if op.radians && !back {
		xs[0], ys[0] = xs[0]*math.Pi/180, ys[0]*math.Pi/180
	}
	if out {
		return ys[0], xs[0], lost == 0
	}
	return xs[0], ys[0], lost == 0
}
