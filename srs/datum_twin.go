package srs

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
)

// A twin is the datum from Greenwich that a datum from another prime meridian is the same as, but for that, by an
// operation that turns longitudes by the meridian's.
type twin struct {
	id   string
	name string // of the operation
	code int
}

// openTwins returns the twins of datums by their ids. It is made on the first call.
var openTwins = sync.OnceValue(func() map[string]twin {
	out := map[string]twin{}
	r := openRegistry()
	for code, rows := range openOperations().rows {
		for _, row := range rows {
			f := split(row)
			turn, ok := strings.CutPrefix(f[7], "l")
			if !ok || strings.Contains(f[6], "d") {
				continue
			}
			from, to := r.datumByID(f[3]), r.datumByID(f[4])
			numbers, err := parseNumbers(turn)
			if err != nil || len(from) == 0 || len(to) == 0 || len(numbers) != 1 {
				continue
			}
			a, b := r.datum(from[0]), r.datum(to[0])
			known, ok := out[a.id]
			if same := b.meridian == 0 && math.Abs(a.meridian-numbers[0]) < 1e-9; same && (!ok || code < known.code) {
				out[a.id] = twin{b.id, f[1], code}
			}
		}
	}
	return out
})

// fromGreenwich returns a datum's twin with its operations from WGS 84, and the step to it, which moves nothing, as
// longitudes count from Greenwich between systems. ok is false if there is none.
func (d datum) fromGreenwich() (twin datum, step *pivotStep, ok bool) {
	if d.meridian == 0 || d.id == "" || d.operations.text != "" {
		return d, nil, false
	}
	known, ok := openTwins()[d.id]
	if !ok {
		return d, nil, false
	}
	r := openRegistry()
	system, ok := systemOn(r.datum(r.datumByID(known.id)[0]), "")
	label := fmt.Sprintf("%s [%d]", known.name, known.code)
	return system.datum, &pivotStep{operations: []pivotOperation{{global: true}}, labels: []string{label}}, ok
}

// stepByTwins plans the way between two datums by their twins from Greenwich. ok is false if neither has one.
func stepByTwins(from, to datum, in places, grids []ShiftGrid) (step datumStep, ok bool, err error) {
	if from.id == pivot || to.id == pivot {
		return nil, false, nil
	}
	from, first, fromOther := from.fromGreenwich()
	to, last, toOther := to.fromGreenwich()
	if !fromOther && !toOther {
		return nil, false, nil
	}
	in.turned = true
	middle, err := newDatumStep(from, to, in, grids)
	if err != nil {
		return nil, false, err
	}
	out := pipeline{middle}
	if fromOther {
		out = slices.Insert(out, 0, datumStep(first))
	}
	if toOther {
		out = append(out, last.reversed())
	}
	return out, true, nil
}
