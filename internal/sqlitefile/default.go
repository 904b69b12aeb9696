package sqlitefile

import (
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// A fallback is what a column holds in rows that were written before the column was added to the table.
type fallback struct {
	value any
	bad   string // the text of a default that is not understood; an error if a row needs it
}

// defaultOf returns the default of a column whose constraints are the given words, nil if it has none, converted to the
// column's type as SQLite converts it: https://www.sqlite.org/datatype3.html, section 3.1. Only constants are
// understood. Others cannot be given to a column that is added to a table with rows:
// https://www.sqlite.org/lang_altertable.html.
func defaultOf(typ string, words []token) fallback {
	i := slices.IndexFunc(words, func(t token) bool { return t.is("DEFAULT") })
	if i < 0 {
		return fallback{}
	}
	if words = words[i+1:]; len(words) == 0 {
		return fallback{bad: "nothing"}
	}
	first, sign := words[0], ""
	if (first.is("-") || first.is("+")) && len(words) > 1 {
		sign, words = first.text, words[1:]
		first = words[0]
	}
	switch {
	case first.quoted:
		return fallback{value: affine(typ, first.text)}
	case first.is("NULL"):
		return fallback{}
	case first.is("TRUE"):
		return fallback{value: affine(typ, int64(1))}
	case first.is("FALSE"):
		return fallback{value: affine(typ, int64(0))}
	case first.is("X") && len(words) > 1 && words[1].quoted:
		if b, err := hex.DecodeString(words[1].text); err == nil {
			return fallback{value: b}
		}
	default:
		if v := number(sign + first.text); v != nil {
			return fallback{value: affine(typ, v)}
		}
	}
	return fallback{bad: fmt.Sprintf("%.40q", first.text)}
}

// number returns a numeric literal as int64 or float64; nil if it is none.
func number(s string) any {
	if strings.ContainsAny(s, "_iInN") { // words that strconv understands, and SQLite does not
		return nil
	}
	if v, err := strconv.ParseInt(s, 10, 64); err == nil {
		return v
	}
	sign, digits := int64(1), strings.TrimPrefix(s, "+")
	if rest, minus := strings.CutPrefix(digits, "-"); minus {
		sign, digits = -1, rest
	}
	if rest, ok := strings.CutPrefix(strings.ToLower(digits), "0x"); ok {
		if v, err := strconv.ParseUint(rest, 16, 64); err == nil {
			return sign * int64(v) // in two's complement, as SQLite has it
		}
		return nil
	}
	if v, err := strconv.ParseFloat(s, 64); err == nil {
		return v
	}
	return nil
}

// affine converts a value as the declared type of a column demands.
func affine(typ string, v any) any {
	typ = strings.ToUpper(typ)
	has := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(typ, w) })
	}
	switch {
	case has("INT"):
		return numeric(v)
	case has("CHAR", "CLOB", "TEXT"):
		switch v := v.(type) {
		case int64:
			return strconv.FormatInt(v, 10)
		case float64:
			return strconv.FormatFloat(v, 'g', 15, 64)
		}
		return v
	case has("BLOB"), typ == "":
		return v
	case has("REAL", "FLOA", "DOUB"):
		v = numeric(v)
		if i, ok := v.(int64); ok {
			return float64(i)
		}
		return v
	}
	return numeric(v)
}

// numeric converts texts that are numbers, and floating-point numbers that are whole, to numbers.
func numeric(v any) any {
	if s, ok := v.(string); ok {
		if n := number(strings.TrimSpace(s)); n != nil {
			v = n
		}
	}
	if f, ok := v.(float64); ok && f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		return int64(f)
	}
	return v
}
