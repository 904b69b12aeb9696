package mosaic

import (
	"fmt"
	"math"
	"strings"
	"time"
)

var attribute = method{
	name: "Attribute",
	help: "the raster of which an attribute is nearest to the rule's value is on top",
	check: func(r Rule) error {
		if r.SortField == "" {
			return &RuleError{"the method Attribute needs the field to sort by"}
		}
		switch v := r.SortValue.(type) {
		case nil, string:
		case float64:
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return &RuleError{"the value to sort by is not finite"}
			}
		default:
			return &RuleError{fmt.Sprintf("the value to sort by is a %T, neither a number nor a text", v)}
		}
		return nil
	},
	sort: newAttributeSort,
	keys: func(r Rule, keys []orderKey, _ View) {
		s := newAttributeSort(r)
		for i := range keys {
			keys[i].own, _ = s.key(keys[i].item)
		}
	},
}

// An attributeSort finds items' keys for the method Attribute. It belongs to one goroutine.
type attributeSort struct {
	reader *fieldReader
	text   string // the value, as the rule has it
	num    float64
	isNum  bool
	date   time.Time
	isDate bool
	stated bool
}

func newAttributeSort(r Rule) *attributeSort {
	s := &attributeSort{reader: newFieldReader(r.SortField), isNum: true}
	switch v := r.SortValue.(type) {
	case float64:
		s.num, s.text, s.stated = v, fmt.Sprint(v), v != 0
		s.date, s.isDate = dateOf(v)
	case string:
		s.text, s.stated = v, strings.TrimSpace(v) != ""
		if s.stated {
			var n value
			n, s.isNum = parseNumber(v)
			s.num = n.num
			if s.date, s.isDate = parseDate(v); !s.isDate && s.isNum {
				s.date, s.isDate = dateOf(s.num)
				s.stated = s.num != 0
			}
		}
	}
	return s
}

// dateOf converts a number to a date: a year, as clients write it, or milliseconds since 1970.
func dateOf(v float64) (time.Time, bool) {
	if v >= 1 && v <= 9999 && v == math.Trunc(v) {
		return time.Date(int(v), 1, 1, 0, 0, 0, 0, time.UTC), true
	}
	// Years beyond 9999 are mistakes.
	const most = 253402300799999
	if v < -most || v > most {
		return time.Time{}, false
	}
	return time.UnixMilli(int64(v)).UTC(), true
}

// The classes of keys of the method Attribute.
const (
	numberClass = iota
	dateClass
	textClass
)

// key returns the key of an item. It reports false if the item's attribute does not compare with the rule's value.
func (s *attributeSort) key(it *Item) (ownKey, bool) {
	v, err := s.reader.get(it, 0)
	switch {
	case err != nil:
		return ownKey{class: lastClass}, false
	case v.kind == number:
		return ownKey{class: numberClass, num: math.Abs(v.num - s.num)}, s.isNum
	case v.kind == date && !s.stated:
		return ownKey{class: dateClass, num: float64(v.date.UnixMilli())}, true
	case v.kind == date:
		return ownKey{class: dateClass, num: math.Abs(float64(v.date.UnixMilli() - s.date.UnixMilli()))}, s.isDate
	case v.kind == text:
		return ownKey{class: textClass, text: strings.ToLower(v.text), exact: v.text}, true
	}
	return ownKey{class: lastClass}, true
}

// check returns an error if the item's attribute does not compare with the rule's value.
func (s *attributeSort) check(it *Item) error {
	if _, ok := s.key(it); ok {
		return nil
	}
	v, err := s.reader.get(it, 0)
	if err != nil {
		return err
	}
	return &RuleError{fmt.Sprintf("field %q is %v, and %q is not", s.reader.fields[0].name, v.kind, s.text)}
}
