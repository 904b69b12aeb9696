package srs

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"sync"
)

// operationData is the table of datum operations with codes. registry/README.md describes it.
//
//go:embed registry/operations.txt.gz
var operationData []byte

// operationTable is the unpacked table. Its rows are parsed on each use.
type operationTable struct {
	rows  map[int][]string  // by code; EPSG's goes first where Esri has the same
	names map[string]string // of the operations of a list, by what it leads to and its number
}

// openOperations unpacks the table on its first call, which takes some milliseconds. Nothing but operations with codes and
// explanations needs it.
var openOperations = sync.OnceValue(func() *operationTable {
	z, err := gzip.NewReader(bytes.NewReader(operationData))
	if err != nil {
		panic("srs: embedded operations: " + err.Error())
	}
	text, err := io.ReadAll(z)
	if err != nil {
		panic("srs: embedded operations: " + err.Error())
	}
	out := &operationTable{rows: map[int][]string{}, names: map[string]string{}}
	section := ""
	for line := range strings.Lines(string(text)) {
		line = line[:len(line)-1]
		if header, ok := strings.CutPrefix(line, "%"); ok {
			section, _, _ = strings.Cut(header, "\t")
			continue
		}
		switch section {
		case "operations":
			code, row, _ := strings.Cut(line, "\t")
			n, _ := strconv.Atoi(code)
			out.rows[n] = append(out.rows[n], row)
		case "names":
			end := strings.LastIndexByte(line, '\t')
			out.names[line[:end]] = line[end+1:]
		}
	}
	return out
})

// OperationFromWKID returns the datum operation with a code of the EPSG data set or of Esri's, which share one number
// space. Without Forward or Backward it is used in the direction that fits.
//
// The error is an *OperationError if the code is not known, or is of an operation that is not horizontal or has a method
// that is not supported. Operations by grid files are returned, also where no file is at hand: see [Options].Operations.
func OperationFromWKID(wkid int) (Operation, error) {
	rows := openOperations().rows[wkid]
	if len(rows) == 0 {
		return Operation{}, &OperationError{Operation: strconv.Itoa(wkid), Reason: "is not known"}
	}
	d, err := readOperation(wkid, rows[0])
	if err != nil {
		return Operation{}, err
	}
	return Operation{definition: d}, nil
}

// readOperation reads a row of the table without the code that it starts with.
func readOperation(wkid int, row string) (*operationDefinition, error) {
	f := split(row)
	d := &operationDefinition{
		wkid: wkid, name: f[1], esriName: f[2], accuracy: math.NaN(),
		withdrawn: strings.Contains(f[6], "d"), moving: strings.Contains(f[6], "v"),
	}
	fail := func(reason string) error {
		return &OperationError{Operation: d.String(), Reason: reason, Unsupported: true}
	}
	if f[5] != "" {
		d.accuracy = f.float(5)
	}
	r := openRegistry()
	for i, end := range []*datum{&d.from, &d.to} {
		if other, ok := strings.CutPrefix(f[3+i], "="); ok {
			return nil, fail("is not between two geographic systems: it has the " + other)
		}
		rows := r.datumByID(f[3+i])
		if len(rows) == 0 {
			return nil, fail("has a datum without geographic systems")
		}
		*end = r.datum(rows[0])
	}
	what := f[7]
	switch what[0] {
	case '?':
		return nil, fail("is by a method that is not supported: " + what[1:])
	case '~':
		files := strings.Split(what[1:], "|")
		d.method, d.files = files[0], files[1:]
	case '+':
		for code := range strings.FieldsSeq(what[1:]) {
			n, err := strconv.Atoi(code)
			if err != nil {
				return nil, err
			}
			step, err := OperationFromWKID(max(n, -n))
			if e, ok := errors.AsType[*OperationError](err); ok {
				return nil, fail(fmt.Sprintf("has a step %s that %s", e.Operation, e.Reason))
			}
			step.way = forward
			if n < 0 {
				step.way = backward
			}
			d.steps = append(d.steps, step)
		}
	default:
		d.text = what
	}
	return d, nil
}

// describe returns the names of the n-th operation of a list, as the table of operations has it: names with plus signs
// between them, or codes with a minus for the inverse. back turns them round.
func (t *operationTable) describe(way string, n, entry int, back bool) []string {
	lists := strings.Split(t.names[way+"\t"+strconv.Itoa(n)], "|")
	if entry >= len(lists) {
		return nil
	}
	var out []string
	for part := range strings.SplitSeq(lists[entry], " + ") {
		name, inverse := part, back
		if code, err := strconv.Atoi(part); err == nil {
			if code < 0 {
				code, inverse = -code, !inverse
			}
			if rows := t.rows[code]; len(rows) > 0 {
				f := split(rows[0])
				name = fmt.Sprintf("%s [%d]", f[1], code)
			}
		}
		switch {
		case name == "":
			continue
		case strings.Contains(name, "Ballpark"):
			name, inverse = copied, false
		}
		if inverse {
			name = "inverse of " + name
		}
		if back {
			out = append([]string{name}, out...)
		} else {
			out = append(out, name)
		}
	}
	return out
}

// nameOf returns PROJ's name of an operation that the table has as a name or as a code with a sign.
func (t *operationTable) nameOf(entry string, back bool) string {
	const inverse = "Inverse of "
	name := entry
	if code, err := strconv.Atoi(entry); err == nil {
		if rows := t.rows[max(code, -code)]; len(rows) > 0 {
			name = split(rows[0])[1]
			if code < 0 {
				name = inverse + name
			}
		}
	}
	if !back {
		return name
	}
	if other, ok := strings.CutPrefix(name, inverse); ok {
		return other
	}
	return inverse + name
}

// copied describes the step between two datums that no operation connects.
const copied = "coordinates copied, as no operation without a grid file is known"
