package mosaic

import (
	"fmt"
	"strings"
	"time"
)

const (
	// maxCondition bounds the length of a condition in bytes: clients send lists of some thousand IDs.
	maxCondition = 64 << 10
	// maxConditionDepth bounds the nesting of parentheses, NOT and functions.
	maxConditionDepth = 64
)

// A condition is a condition on an item's attributes in the part of SQL that the package comment describes. It is
// immutable and safe for concurrent use.
type condition struct {
	root   predicate
	fields []string // as first written, by index
}

// A ConditionError reports a mistake in a condition.
type ConditionError struct {
	Offset int // in bytes; -1 if the mistake is in no place in particular
	Reason string
}

func (e *ConditionError) Error() string {
	if e.Offset < 0 {
		return "mosaic: condition: " + e.Reason
	}
	return fmt.Sprintf("mosaic: condition, at byte %d: %s", e.Offset, e.Reason)
}

// parseCondition reads a condition, in time proportional to its length. The error is a *ConditionError. The present, as
// CURRENT_TIMESTAMP has it, is now.
func parseCondition(text string) (*condition, error) { return parseConditionAt(text, time.Now().UTC()) }

func parseConditionAt(text string, now time.Time) (*condition, error) {
	if len(text) > maxCondition {
		return nil, &ConditionError{-1, fmt.Sprintf("it is longer than %d bytes", maxCondition)}
	}
	p := &conditionParser{lexer: lexer{text: text}, now: now, byName: map[string]int{}}
	root, err := p.parse()
	if err != nil {
		return nil, err
	}
	return &condition{root, p.fields}, nil
}

// kind is the type of a value.
type kind uint8

const (
	null kind = iota
	number
	text
	date
	months // of a calendar
)

var kindNames = [...]string{"null", "a number", "a text", "a date", "a number of months"}

func (k kind) String() string { return kindNames[k] }

// A value is the value of a field or a literal. The zero value is null.
type value struct {
	kind    kind
	integer bool // num is i exactly
	i       int64
	num     float64
	text    string
	date    time.Time
}

func intValue(i int64) value { return value{kind: number, integer: true, i: i, num: float64(i)} }

func floatValue(f float64) value {
	if f != f {
		return value{}
	}
	return value{kind: number, num: f}
}

// valueOf converts an attribute of the documented types, and of similar ones, since catalogues are also made by hand.
// It returns false for others.
func valueOf(v any) (value, bool) {
	switch v := v.(type) {
	case nil:
		return value{}, true
	case int64:
		return intValue(v), true
	case int:
		return intValue(int64(v)), true
	case int32:
		return intValue(int64(v)), true
	case float64:
		return floatValue(v), true
	case float32:
		return floatValue(float64(v)), true
	case string:
		return value{kind: text, text: v}, true
	case time.Time:
		return value{kind: date, date: v}, true
	case bool:
		if v {
			return intValue(1), true
		}
		return intValue(0), true
	}
	return value{}, false
}

// A fieldReader reads fields of items. It remembers how items spell their names, so that most fields take one lookup,
// and which names any item had. It belongs to one goroutine.
type fieldReader struct {
	fields []readField
}

type readField struct {
	name      string
	spellings []string
	known     bool
}

func newFieldReader(names ...string) *fieldReader {
	r := &fieldReader{make([]readField, len(names))}
	for i, n := range names {
		r.fields[i] = readField{name: n, spellings: []string{n}}
	}
	return r
}

func (c *condition) reader() *fieldReader { return newFieldReader(c.fields...) }

func (r *fieldReader) match(c *condition, it *Item) (bool, error) {
	v, err := c.root.holds(r, it)
	return v == yes, err
}

// get returns field i of an item.
func (r *fieldReader) get(it *Item, i int) (value, error) {
	f := &r.fields[i]
	v, ok := f.attribute(it)
	if !ok {
		v, ok = builtin(it, f.name)
	}
	f.known = f.known || ok
	out, ok := valueOf(v)
	if !ok {
		return value{}, &ConditionError{-1,
			fmt.Sprintf("field %q of item %d is a %T, which cannot be compared", f.name, it.ID, v)}
	}
	return out, nil
}

func (f *readField) attribute(it *Item) (any, bool) {
	for _, s := range f.spellings {
		if v, ok := it.Attrs[s]; ok {
			return v, true
		}
	}
	best := ""
	for name := range it.Attrs {
		// If several names differ only in case, the first in byte order is read, so that all runs agree.
		if strings.EqualFold(name, f.name) && (best == "" || name < best) {
			best = name
		}
	}
	if best == "" {
		return nil, false
	}
	f.spellings = append(f.spellings, best)
	return it.Attrs[best], true
}

// builtin returns the fields that every item has.
func builtin(it *Item, name string) (any, bool) {
	switch strings.ToLower(name) {
	case "objectid":
		return it.ID, true
	case "name":
		return it.Name, true
	case "minps":
		return it.MinPS, true
	case "maxps":
		return it.MaxPS, true
	}
	return nil, false
}
