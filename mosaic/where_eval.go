package mosaic

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// truth is a truth value of SQL.
type truth int8

const (
	no      truth = -1
	unknown truth = 0
	yes     truth = 1
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

// A predicate is true, false or unknown for an item.
type predicate interface {
	holds(r *fieldReader, it *Item) (truth, error)
}

// An operand has a value for each item.
type operand interface {
	of(r *fieldReader, it *Item) (value, error)
	// name returns the operand's name for errors.
	name(r *fieldReader) string
}

type literal struct{ value }

func (l literal) of(*fieldReader, *Item) (value, error) { return l.value, nil }
func (l literal) name(*fieldReader) string {
	switch l.kind {
	case text:
		return strconv.Quote(l.text)
	case number:
		return strconv.FormatFloat(l.num, 'g', -1, 64)
	case date:
		return l.date.Format("2006-01-02 15:04:05")
	case months:
		return strconv.FormatInt(l.i, 10) + " months"
	}
	return "NULL"
}

// field is the index of a field among the condition's.
type field int

func (f field) of(r *fieldReader, it *Item) (value, error) { return r.get(it, int(f)) }
func (f field) name(r *fieldReader) string                 { return "field " + strconv.Quote(r.fields[f].name) }

type andOf []predicate

func (a andOf) holds(r *fieldReader, it *Item) (truth, error) {
	out := yes
	for _, p := range a {
		v, err := p.holds(r, it)
		if err != nil || v == no {
			return no, err
		}
		out = min(out, v)
	}
	return out, nil
}

type orOf []predicate

func (o orOf) holds(r *fieldReader, it *Item) (truth, error) {
	out := no
	for _, p := range o {
		v, err := p.holds(r, it)
		if err != nil || v == yes {
			return v, err
		}
		out = max(out, v)
	}
	return out, nil
}

type notOf struct{ p predicate }

func (n notOf) holds(r *fieldReader, it *Item) (truth, error) {
	v, err := n.p.holds(r, it)
	return -v, err
}

type isNull struct{ x operand }

func (i isNull) holds(r *fieldReader, it *Item) (truth, error) {
	v, err := i.x.of(r, it)
	return truthOf(v.kind == null), err
}

// comparisons holds, for each operator, the results of cmp.Compare for which it is true.
var comparisons = map[string]func(int) bool{
	"=":  func(c int) bool { return c == 0 },
	"<>": func(c int) bool { return c != 0 },
	"!=": func(c int) bool { return c != 0 },
	"<":  func(c int) bool { return c < 0 },
	"<=": func(c int) bool { return c <= 0 },
	">":  func(c int) bool { return c > 0 },
	">=": func(c int) bool { return c >= 0 },
}

type comparison struct {
	x, y operand
	want func(int) bool
}

func (c comparison) holds(r *fieldReader, it *Item) (truth, error) {
	x, err := c.x.of(r, it)
	if err != nil {
		return unknown, err
	}
	y, err := c.y.of(r, it)
	if err != nil || x.kind == null || y.kind == null {
		return unknown, err
	}
	order, err := compareValues(x, y, c.x, c.y)
	if err != nil {
		if e, ok := errors.AsType[*kindError](err); ok {
			err = e.between(c.x, c.y, r)
		}
		return unknown, err
	}
	return truthOf(c.want(order)), nil
}

// kindError reports that two values do not compare.
type kindError struct{ x, y kind }

func (e *kindError) Error() string { return fmt.Sprintf("%v does not compare with %v", e.x, e.y) }

func (e *kindError) between(x, y operand, r *fieldReader) error {
	return &ConditionError{-1, fmt.Sprintf("%s, %v, does not compare with %s, %v", x.name(r), e.x, y.name(r), e.y)}
}

// compareValues compares two values that are not null. A text is read as a date if the other value is a date, and a
// literal text as a number if the other value is a number.
func compareValues(x, y value, xo, yo operand) (int, error) {
	fail := &kindError{x.kind, y.kind}
	switch {
	case x.kind == y.kind:
	case x.kind == text:
		if ok := x.become(y.kind, xo); !ok {
			return 0, fail
		}
	case y.kind == text:
		if ok := y.become(x.kind, yo); !ok {
			return 0, fail
		}
	default:
		return 0, fail
	}
	switch x.kind {
	case number:
		if x.integer && y.integer {
			return cmp.Compare(x.i, y.i), nil
		}
		return cmp.Compare(x.num, y.num), nil
	case date:
		return x.date.Compare(y.date), nil
	}
	return strings.Compare(x.text, y.text), nil
}

// become converts a text to another kind.
func (v *value) become(k kind, from operand) bool {
	switch k {
	case date:
		d, ok := parseDate(v.text)
		*v = value{kind: date, date: d}
		return ok
	case number:
		if _, ok := from.(literal); !ok {
			return false
		}
		n, ok := parseNumber(v.text)
		*v = n
		return ok
	}
	return false
}

// parseNumber reads a finite decimal number.
func parseNumber(s string) (value, bool) {
	s = strings.TrimSpace(s)
	if i, err := strconv.ParseInt(s, 10, 64); err == nil {
		return intValue(i), true
	}
	if strings.Trim(s, "0123456789+-.eE") != "" {
		return value{}, false
	}
	f, err := strconv.ParseFloat(s, 64)
	return floatValue(f), err == nil && !math.IsInf(f, 0)
}

// A member tests whether a value is in a list. Clients send lists of thousands of IDs, so a list of literals of one
// kind is a map.
type member struct {
	x       operand
	list    []comparison
	kind    kind // of all the list, if they can be looked up; else null
	numbers map[float64]bool
	texts   map[string]bool
}

// exactInt bounds the integers that float64 holds exactly and that no other integer is rounded to.
const exactInt = 1 << 53

func newMember(x operand, list []operand) *member {
	m := &member{x: x, numbers: map[float64]bool{}, texts: map[string]bool{}}
	for _, y := range list {
		m.list = append(m.list, comparison{x, y, comparisons["="]})
		switch l, _ := y.(literal); {
		case l.kind == number && math.Abs(l.num) < exactInt:
			m.numbers[l.num] = true
		case l.kind == text:
			m.texts[l.text] = true
		}
	}
	of := func(k kind) bool {
		return !slices.ContainsFunc(list, func(y operand) bool {
			l, ok := y.(literal)
			return !ok || l.kind != k || math.Abs(l.num) >= exactInt
		})
	}
	switch {
	case of(number):
		m.kind = number
	case of(text):
		m.kind = text
	}
	return m
}

func (m *member) holds(r *fieldReader, it *Item) (truth, error) {
	x, err := m.x.of(r, it)
	switch {
	case err != nil || x.kind == null:
		return unknown, err
	case x.kind == number && m.kind == number:
		return truthOf(m.numbers[x.num]), nil
	case x.kind == text && m.kind == text:
		return truthOf(m.texts[x.text]), nil
	}
	out := no
	for _, c := range m.list {
		v, err := c.holds(r, it)
		if err != nil || v == yes {
			return v, err
		}
		out = max(out, v)
	}
	return out, nil
}

// A wildcard is an element of a LIKE pattern.
type wildcard struct {
	any rune // '%', '_', or 0 for the character itself
	is  rune
}

func wildcards(pattern string, escape rune) ([]wildcard, error) {
	var out []wildcard
	escaped := false
	for _, c := range pattern {
		switch {
		case escaped:
			if c != escape && c != '%' && c != '_' {
				return nil, fmt.Errorf("%q cannot be escaped", c)
			}
			out, escaped = append(out, wildcard{is: c}), false
		case c == escape:
			escaped = true
		case c == '%' || c == '_':
			out = append(out, wildcard{any: c})
		default:
			out = append(out, wildcard{is: c})
		}
	}
	if escaped {
		return nil, errors.New("the pattern ends with its escape character")
	}
	return out, nil
}

type likeOf struct {
	x       operand
	pattern []wildcard
}

func (l likeOf) holds(r *fieldReader, it *Item) (truth, error) {
	v, err := l.x.of(r, it)
	if err != nil || v.kind == null {
		return unknown, err
	}
	if v.kind != text {
		return unknown, &ConditionError{-1, fmt.Sprintf("%s is %v, and LIKE is for texts", l.x.name(r), v.kind)}
	}
	return truthOf(like(v.text, l.pattern)), nil
}

// like matches greedily and backtracks to the last % only, since no earlier one can match more. Its cost is at most the
// product of the lengths.
func like(s string, pattern []wildcard) bool {
	p, star, again := 0, -1, 0
	for i := 0; i < len(s); {
		c, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case p < len(pattern) && pattern[p].any == '%':
			star, again = p, i
			p++
		case p < len(pattern) && (pattern[p].any == '_' || pattern[p].any == 0 && pattern[p].is == c):
			p++
			i += size
		case star >= 0:
			_, size := utf8.DecodeRuneInString(s[again:])
			again += size
			i, p = again, star+1
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p].any == '%' {
		p++
	}
	return p == len(pattern)
}
