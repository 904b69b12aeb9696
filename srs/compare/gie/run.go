package main

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/srs"
)

// A runner runs the commands of a file.
type runner struct {
	report *report
	file   string

	name, definition string     // of the operation
	op               *operation // nil if it is refused, for the reason err
	err              error

	from      string // of crs_src
	tolerance float64
	back      bool
	skipping  bool // for want of a grid
	point     []float64
}

// defaultTolerance is that of PROJ's program: half a millimetre.
const defaultTolerance = 5e-4

func (t *runner) run(c command) (err error) {
	switch c.name {
	case "operation":
		t.begin(wordsOf(c.text).name(), c.text)
		t.op, t.err = newOperation(c.text)
	case "crs_src":
		t.from = c.text
	case "crs_dst":
		t.begin("crs_src", t.from+" to "+c.text)
		t.op, t.err = newChange(t.from, c.text)
	case "direction":
		t.back = strings.HasPrefix(c.text, "i") || strings.HasPrefix(c.text, "r")
	case "tolerance":
		t.tolerance, err = parseLength(strings.Fields(c.text))
	case "require_grid":
		t.skipping = true
	case "accept":
		t.point, err = parsePoint(c.text)
	case "expect":
		err = t.expect(c)
	case "roundtrip":
		err = t.roundtrip(c)
	}
	return err
}

func (t *runner) begin(name, definition string) {
	*t = runner{report: t.report, file: t.file, name: name, definition: definition, tolerance: defaultTolerance, from: t.from}
}

// supported reports whether the operation is; otherwise the case is counted as one that is not.
func (t *runner) supported() bool {
	lacking, reason := t.name, ""
	switch u := (*unsupported)(nil); {
	case t.skipping:
		lacking, reason = "require_grid", "needs a grid file"
	case t.op == nil || t.err != nil:
		if errors.As(t.err, &u) {
			lacking, reason = u.name, u.reason
		}
	case len(t.point) > 2 && t.point[2] != 0 && t.point[2] != 1:
		reason = "heights"
	case len(t.point) > 3 && t.point[3] != 0:
		reason = "epochs"
	default:
		return true
	}
	n := t.report.unsupported[lacking]
	if n == nil {
		n = &lack{}
		t.report.unsupported[lacking] = n
	}
	n.cases++
	n.reason = reason
	return false
}

// unknown reports whether it is the operation itself that is not supported, and not its parameters.
func (t *runner) unknown() bool {
	u, ok := errors.AsType[*srs.UnsupportedError](t.err)
	return ok && u.Element == "projection" && !strings.Contains(u.Name, " ")
}

// count adds a case to the report.
func (t *runner) count(c command, passed bool, format string, args ...any) {
	what := fmt.Sprintf("%s:%d: %v %s %s: ", t.file, c.line, t.point, c.name, c.text) + fmt.Sprintf(format, args...)
	t.report.count(t.name, t.definition, passed, what)
}

func (t *runner) expect(c command) error {
	if strings.HasPrefix(c.text, "failure") {
		switch {
		case t.skipping:
			t.supported()
		case t.unknown():
			t.supported()
		case t.err != nil:
			t.count(c, true, "")
		case t.point == nil:
			t.count(c, false, "is not refused")
		case t.supported():
			u, v, ok := t.op.transform(t.point[0], t.point[1], t.back)
			t.count(c, !ok, "has the image %.9f %.9f", u, v)
		}
		return nil
	}
	if !t.supported() {
		return nil
	}
	want, err := parsePoint(c.text)
	if err != nil {
		return err
	}
	if t.point == nil {
		return errors.New("expect without accept")
	}
	u, v, ok := t.op.transform(t.point[0], t.point[1], t.back)
	if math.IsInf(want[0], 1) || math.IsNaN(want[0]) {
		t.count(c, !ok, "has the image %.9f %.9f", u, v)
		return nil
	}
	d := t.distance(u, v, want, !t.back)
	t.count(c, d <= t.tolerance, "%.9f %.9f, %.3g m off, %v", u, v, d, ok)
	return nil
}

// distance returns how far a point is from where it should be, in the units of the plane or in metres on the globe.
func (t *runner) distance(x, y float64, want []float64, forward bool) float64 {
	angular, swap := t.op.angularTo, t.op.swapTo
	if !forward {
		angular, swap = t.op.angularFrom, t.op.swapFrom
	}
	dx, dy, lat := x-want[0], y-want[1], want[1]
	if !angular {
		return math.Hypot(dx, dy)
	}
	if swap {
		dx, dy, lat = dy, dx, want[0]
	}
	return math.Hypot(math.Remainder(dx, 360)*math.Cos(lat*math.Pi/180), dy) * math.Pi / 180 * t.op.radius
}

func (t *runner) roundtrip(c command) error {
	if !t.supported() {
		return nil
	}
	fields := strings.Fields(c.text)
	trips, tolerance := 100, t.tolerance
	if len(fields) > 0 {
		n, err := strconv.Atoi(fields[0])
		if err != nil {
			return err
		}
		trips = n
	}
	if len(fields) > 1 {
		var err error
		if tolerance, err = parseLength(fields[1:]); err != nil {
			return err
		}
	}
	x, y, ok := t.point[0], t.point[1], true
	for range trips {
		var back, there bool
		x, y, there = t.op.transform(x, y, t.back)
		x, y, back = t.op.transform(x, y, !t.back)
		ok = ok && there && back
	}
	d := t.distance(x, y, t.point, t.back)
	t.count(c, d <= tolerance, "comes back %.3g m off, %v", d, ok)
	return nil
}
