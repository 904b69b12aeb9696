package mosaic

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// FieldType is the type of the values of a Field.
type FieldType uint8

// The types of fields. A field whose values are of several kinds is a TextField, unless all are numbers.
const (
	TextField    FieldType = iota
	IntegerField           // int64
	NumberField            // float64
	DateField              // time.Time
	IDField                // the items' IDs

	noField // the type of a field without values
)

// A Field is a column of a catalogue as a table: an attribute, or one of the fields that every item has.
type Field struct {
	Name   string
	Type   FieldType
	Length int  // characters of the longest text; 0 for other types
	Wide   bool // a whole number does not fit into 32 bits
}

// IDFieldName is the name of the field with the items' IDs.
const IDFieldName = "OBJECTID"

// FieldsOf returns the fields of items: OBJECTID, Name, MinPS and MaxPS, and then the attributes of all items by name.
// Where spellings differ in case alone, the first in byte order is listed. An attribute called Name, MinPS or MaxPS takes
// that field's place, as it does in conditions.
func FieldsOf(items []*Item) []Field {
	bySpelling, byKey := map[string]*Field{}, map[string]*Field{}
	longest := 0
	for _, it := range items {
		longest = max(longest, utf8.RuneCountInString(it.Name))
		for name, v := range it.Attrs {
			f := bySpelling[name]
			if f == nil {
				key := strings.ToLower(name)
				if f = byKey[key]; f == nil {
					f = &Field{Name: name, Type: noField}
					byKey[key] = f
				}
				f.Name = min(f.Name, name)
				bySpelling[name] = f
			}
			f.add(v)
		}
	}
	attributes := make([]Field, 0, len(byKey))
	for _, f := range byKey {
		attributes = append(attributes, *f)
	}
	return CatalogFields(longest, attributes)
}

// CatalogFields returns the fields of a catalogue as FieldsOf does, for a Summarizer that knows its attributes as fields
// and how many characters the longest name of an item has. Attributes whose names differ in case alone become one.
func CatalogFields(longestName int, attributes []Field) []Field {
	byKey := map[string]*Field{}
	for _, a := range attributes {
		key := strings.ToLower(a.Name)
		f := byKey[key]
		if f == nil {
			byKey[key] = &a
			continue
		}
		f.Name, f.Length, f.Wide = min(f.Name, a.Name), max(f.Length, a.Length), f.Wide || a.Wide
		f.widen(a.Type)
	}
	out := []Field{
		{Name: IDFieldName, Type: IDField}, {Name: "Name", Length: longestName},
		{Name: "MinPS", Type: NumberField}, {Name: "MaxPS", Type: NumberField},
	}
	usual := len(out)
	for key, f := range byKey {
		if f.Type == noField {
			f.Type = TextField
		}
		switch i := slices.IndexFunc(out[:usual], func(b Field) bool { return strings.ToLower(b.Name) == key }); {
		case i < 0:
			out = append(out, *f)
		case i > 0:
			out[i] = *f
		}
	}
	slices.SortFunc(out[usual:], func(a, b Field) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

// add widens a field for a value.
func (f *Field) add(v any) {
	x, ok := valueOf(v)
	if !ok {
		x = textValue(fmt.Sprint(v))
	}
	t := noField
	switch {
	case x.kind == number && x.integer:
		t = IntegerField
		f.Wide = f.Wide || x.i < math.MinInt32 || x.i > math.MaxInt32
	case x.kind == number:
		t = NumberField
	case x.kind == date:
		t = DateField
	case x.kind == text:
		t = TextField
		f.Length = max(f.Length, utf8.RuneCountInString(x.text))
	}
	f.widen(t)
}

// widen makes the type of a field one that holds values of another type, too.
func (f *Field) widen(t FieldType) {
	switch {
	case t == noField || t == f.Type:
	case f.Type == noField:
		f.Type = t
	case min(t, f.Type) == IntegerField && max(t, f.Type) == NumberField:
		f.Type = NumberField
	default:
		f.Type = TextField
	}
}

// Attribute returns the value of an item's field by its name, in any case: an int64, a float64, a string or a time.Time,
// or nil for one that is missing or not a number. OBJECTID is the item's ID even if an attribute has that name. A value of
// another type, which conditions refuse, becomes its text.
func (it *Item) Attribute(name string) any {
	if strings.EqualFold(name, IDFieldName) {
		return it.ID
	}
	f := readField{name: name, spellings: []string{name}}
	v, ok := f.attribute(it)
	if !ok {
		v, _ = builtin(it, name)
	}
	x, ok := valueOf(v)
	switch {
	case !ok:
		return fmt.Sprint(v)
	case x.kind == null:
		return nil
	case x.kind == number && x.integer:
		return x.i
	case x.kind == number:
		return x.num
	case x.kind == date:
		return x.date
	}
	return x.text
}
