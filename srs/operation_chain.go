package srs

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// newOperationStep plans the way from a datum to another by operations in a row.
func newOperationStep(from, to datum, operations []Operation, grids []ShiftGrid) (datumStep, error) {
	chain, err := directed(from, to, operations)
	if err != nil {
		return nil, err
	}
	b := chainBuilder{grids: grids}
	for _, o := range chain {
		if err := b.add(o); err != nil {
			return nil, err
		}
	}
	return b.finish()
}

// directed returns the operations with their directions, in the order in which they lead from a datum to another. Those
// without a direction take the one that fits; if none of them has one, the order of all may be turned round, too.
func directed(from, to datum, operations []Operation) ([]Operation, error) {
	out, err := follow(from, to, operations)
	if err == nil || len(operations) < 2 {
		return out, err
	}
	turned := make([]Operation, len(operations))
	for i, o := range operations {
		if o.way != either {
			return nil, err
		}
		turned[len(operations)-1-i] = o
	}
	if out, errTurned := follow(from, to, turned); errTurned == nil {
		return out, nil
	}
	return nil, err
}

// follow is directed without turning the order round.
func follow(from, to datum, operations []Operation) ([]Operation, error) {
	at := from
	var out []Operation
	var names []string
	for _, o := range operations {
		d := o.definition
		if d == nil {
			return nil, &OperationError{Operation: "", Reason: "is not stated"}
		}
		names = append(names, o.String())
		switch {
		case o.way != backward && d.from.isDatum(at):
			out, at = append(out, o.Forward()), d.to
		case o.way != forward && d.to.isDatum(at):
			out, at = append(out, o.Backward()), d.from
		default:
			reason := fmt.Sprintf("leads from %s, and not from %s", d.between(), at.title())
			if o.way == backward {
				reason = fmt.Sprintf("leads back from %s to %s, and not from %s", d.to.title(), d.from.title(), at.title())
			}
			return nil, &OperationError{Operation: o.String(), Reason: reason, Mismatch: true}
		}
	}
	if !at.isDatum(to) {
		return nil, &OperationError{
			Operation: strings.Join(names, " + "),
			Reason:    fmt.Sprintf("leads from %s to %s, and not to %s", from.title(), at.title(), to.title()), Mismatch: true,
		}
	}
	return out, nil
}

// A chainBuilder puts operations in a row together. Those of geocentric coordinates that follow each other are one step,
// which keeps the height between them, as PROJ does.
type chainBuilder struct {
	grids []ShiftGrid
	steps pipeline

	words    []string // of operations by numbers since the last grid
	labels   []string // of these
	accuracy float64
}

// add appends an operation, which has a direction.
func (b *chainBuilder) add(o Operation) error {
	d := o.definition
	switch {
	case len(d.steps) > 0:
		for i := range d.steps {
			step := d.steps[i]
			if o.way == backward {
				step = d.steps[len(d.steps)-1-i].turned()
			}
			if err := b.add(step); err != nil {
				return err
			}
		}
		return nil
	case d.files != nil:
		step, err := d.fileStep(b.grids)
		if err != nil {
			return err
		}
		if err := b.flush(); err != nil {
			return err
		}
		step.backwards = o.way == backward
		b.steps = append(b.steps, step)
		return nil
	}
	word := d.words(o.way == backward)
	n := len(b.words)
	if n > 0 && len(word) > 0 && strings.HasPrefix(b.words[n-1], "g") && word[0] == "c"+b.words[n-1][1:] {
		b.words, word = b.words[:n-1], word[1:]
	}
	if len(b.labels) == 0 {
		b.accuracy = 0
	}
	b.words = append(b.words, word...)
	b.labels = append(b.labels, o.String())
	b.accuracy += d.accuracy
	return nil
}

// turned returns the inverse of an operation that has a direction.
func (o Operation) turned() Operation {
	if o.way == forward {
		return o.Backward()
	}
	return o.Forward()
}

// flush makes a step of the words so far.
func (b *chainBuilder) flush() error {
	if len(b.labels) == 0 {
		return nil
	}
	op := pivotOperation{accuracy: b.accuracy, global: true}
	if math.IsNaN(b.accuracy) {
		op.accuracy = -1
	}
	if err := op.parse(strings.Join(b.words, " ")); err != nil {
		return err
	}
	b.steps = append(b.steps, &pivotStep{operations: []pivotOperation{op}, labels: b.labels})
	b.words, b.labels = nil, nil
	return nil
}

func (b *chainBuilder) finish() (datumStep, error) {
	if err := b.flush(); err != nil {
		return nil, err
	}
	if len(b.steps) == 1 {
		return b.steps[0], nil
	}
	return b.steps, nil
}

// words returns the spelling of an operation by numbers, or of its inverse, for parseShift.
func (d *operationDefinition) words(back bool) []string {
	from, to := d.from.ellipsoid, d.to.ellipsoid
	if back {
		from, to = to, from
	}
	minus := ""
	if back {
		minus = "-"
	}
	rest := d.text[1:]
	switch d.text[0] {
	case 't', 'e', 'b':
		if d.text == "t0,0,0" && from.A == to.A && math.Abs(from.RF-to.RF) < 1e-4 {
			// as between GRS 1980 and WGS 84, which are 0.1 mm apart
			return nil
		}
		return []string{"c" + ellipsoidWord(from), minus + d.text, "g" + ellipsoidWord(to)}
	case 'm', 'a':
		numbers, _ := parseNumbers(rest)
		m := molodensky{from: d.from.ellipsoid, to: d.to.ellipsoid, t: [3]float64(numbers)}
		if back {
			m = m.inverse()
		}
		return []string{d.text[:1] + ellipsoidWord(m.from) + "," + ellipsoidWord(m.to) + "," + numberWords(m.t[:])}
	case 'o', 'l':
		numbers, _ := parseNumbers(rest)
		if d.text[0] == 'l' {
			numbers = []float64{0, numbers[0]}
		}
		// Offsets are between longitudes as the systems count them, and points come here with those from Greenwich.
		numbers[1] += d.to.meridian - d.from.meridian
		if math.Abs(numbers[1]) < 1e-9 { // 0.1 mm: the meridians' own longitudes
			numbers[1] = 0
		}
		if back {
			numbers[0], numbers[1] = -numbers[0], -numbers[1]
		}
		if numbers[0] != 0 || numbers[1] != 0 {
			return []string{"o" + numberWords(numbers)}
		}
	}
	return nil
}

// ellipsoidWord returns an ellipsoid as a,rf.
func ellipsoidWord(e ellipsoid) string { return numberWords([]float64{e.A, e.RF}) }

// numberWords returns numbers with commas between them, as parseNumbers reads them.
func numberWords(numbers []float64) string {
	out := make([]string, len(numbers))
	for i, v := range numbers {
		out[i] = strconv.FormatFloat(v, 'g', -1, 64)
	}
	return strings.Join(out, ",")
}

// fileStep returns the step of an operation by a grid file, forward: that of the name, or one without a name between the
// same datums.
func (d *operationDefinition) fileStep(grids []ShiftGrid) (*fileStep, error) {
	for _, g := range grids {
		if g.NTv2 == nil {
			continue
		}
		same, turned := g.leads(d.from, d.to)
		if g.isFile(d.files...) || g.Name == "" && same {
			return newFileStep([]ShiftGrid{g}, []bool{turned}, d.accuracy), nil
		}
	}
	return nil, &OperationError{
		Operation: d.String(), Files: d.files, Unsupported: true,
		Reason: fmt.Sprintf("needs a grid file of method %s, which is not at hand: %s", d.method, strings.Join(d.files, " or ")),
	}
}

// leads reports whether the grid leads between two datums, and whether it leads from the second to the first. That is
// also so if only one of its ends is one of the two datums: a grid to NAD83 is published as one to WGS 84, too.
func (g ShiftGrid) leads(from, to datum) (same, turned bool) {
	if g.From.IsZero() || g.To.IsZero() {
		return false, false
	}
	a, b := g.From.definition().datum, g.To.definition().datum
	switch {
	case a.isDatum(from) && b.isDatum(to):
		return true, false
	case a.isDatum(to) && b.isDatum(from):
		return true, true
	}
	return false, (a.isDatum(to) || b.isDatum(from)) && !a.isDatum(from)
}

// turnedIf says of a description that it is of the inverse.
func turnedIf(label string, back bool) string {
	switch inner, inverse := strings.CutPrefix(label, "inverse of "); {
	case !back || label == copied:
		return label
	case inverse:
		return inner
	default:
		return "inverse of " + label
	}
}
