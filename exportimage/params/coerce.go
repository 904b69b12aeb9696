package params

import (
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strconv"
	"strings"
)

// errKind reports a value of another kind than is wanted, and that has no one meaning of that kind.
var errKind = errors.New("a value of the wrong kind")

// errNone reports an empty text where a number, a truth value or a list is wanted: clients send it for a value that
// nobody filled in.
var errNone = errors.New("an empty value")

// decode decodes strict JSON into v, a pointer. Where a number, true or false, a text or a list of these is wanted, it takes
// the value also as text, and a value for a list of one and the other way round, as serializers for R write them.
func decode(raw json.RawMessage, v any, f *Forgiven) error {
	return decodeInto(raw, reflect.ValueOf(v).Elem(), f)
}

var rawMessage = reflect.TypeFor[json.RawMessage]()

func decodeInto(raw json.RawMessage, to reflect.Value, f *Forgiven) error {
	if to.Type() == rawMessage {
		return json.Unmarshal(raw, to.Addr().Interface())
	}
	switch kind := to.Kind(); kind {
	case reflect.Bool, reflect.String, reflect.Int, reflect.Int64, reflect.Float64:
		if raw[0] == '[' {
			var list []json.RawMessage
			if json.Unmarshal(raw, &list) != nil || len(list) != 1 || list[0][0] == '[' {
				return errKind
			}
			f.Add("a list of one for a value")
			raw = list[0]
		}
		return decodeScalar(raw, to, f)
	case reflect.Slice:
		return decodeList(raw, to, f)
	}
	if json.Unmarshal(raw, to.Addr().Interface()) != nil {
		return errKind
	}
	return nil
}

// decodeScalar decodes a text, a number, or true or false.
func decodeScalar(raw json.RawMessage, to reflect.Value, f *Forgiven) error {
	if json.Unmarshal(raw, to.Addr().Interface()) == nil && string(raw) != "null" {
		return nil
	}
	var text string
	isText := json.Unmarshal(raw, &text) == nil && raw[0] == '"'
	if text = strings.TrimSpace(text); isText && text == "" {
		return errNone
	}
	if !isText {
		text = string(raw)
	}
	switch to.Kind() {
	case reflect.Bool:
		v, err := readBool(text)
		if err != nil {
			return errKind
		}
		f.Add("true or false as text or number")
		to.SetBool(v)
		return nil
	case reflect.String:
		return errKind
	}
	v, err := number(text)
	if err != nil {
		return errKind
	}
	if isText {
		f.Add("numbers as text")
	} else {
		f.Add("whole numbers with a point or an exponent")
	}
	if to.Kind() == reflect.Float64 {
		to.SetFloat(v)
		return nil
	}
	whole, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		if v != math.Trunc(v) || math.Abs(v) > 1<<53 {
			return errKind
		}
		whole = int64(v)
	}
	if to.OverflowInt(whole) {
		return errKind
	}
	to.SetInt(whole)
	return nil
}

// decodeList decodes a list.
func decodeList(raw json.RawMessage, to reflect.Value, f *Forgiven) error {
	items := []json.RawMessage{raw}
	switch raw[0] {
	case '[':
		items = nil
		if json.Unmarshal(raw, &items) != nil {
			return errKind
		}
	case '"':
		var text string
		if json.Unmarshal(raw, &text) != nil {
			return errKind
		}
		if to.Type().Elem().Kind() != reflect.String {
			var err error
			if items, err = textList(text, f); err != nil {
				return err
			}
			break
		}
		f.Add("a value for a list of one")
	default:
		f.Add("a value for a list of one")
	}
	list := reflect.MakeSlice(to.Type(), len(items), len(items))
	for i, item := range items {
		if string(item) == "null" {
			return errKind
		}
		if err := decodeInto(item, list.Index(i), f); err != nil {
			return errKind
		}
	}
	to.Set(list)
	return nil
}

// textList splits a text into the numbers of a list.
func textList(text string, f *Forgiven) ([]json.RawMessage, error) {
	text = strings.TrimSpace(text)
	if inner, ok := strings.CutPrefix(text, "["); ok {
		if inner, ok = strings.CutSuffix(inner, "]"); !ok {
			return nil, errKind
		}
		text = strings.TrimSpace(inner)
	}
	if text == "" {
		return nil, errNone
	}
	f.Add("a list as text")
	var items []json.RawMessage
	for _, s := range fields(text, len(text)) {
		if !decimal.MatchString(s) {
			return nil, errKind
		}
		items = append(items, json.RawMessage(strconv.Quote(s)))
	}
	return items, nil
}
