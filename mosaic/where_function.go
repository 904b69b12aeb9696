package mosaic

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/geoexport/geoexport/internal/portable"
)

// A scalarFunction computes a value of a list of values.
type scalarFunction struct {
	least, most int // arguments
	nulls       bool
	// of returns the value. No argument is null unless nulls is set.
	of func(args []value) (value, error)
}

// scalarFunctions are the functions of conditions by name, besides those with a syntax of their own: EXTRACT and CAST.
var scalarFunctions = map[string]scalarFunction{
	"UPPER": {1, 1, false, changedCase(strings.ToUpper)}, "LOWER": {1, 1, false, changedCase(strings.ToLower)},
	"UCASE": {1, 1, false, changedCase(strings.ToUpper)}, "LCASE": {1, 1, false, changedCase(strings.ToLower)},
	"TRIM":        {1, 1, false, onText(func(s string) value { return textValue(strings.Trim(s, " ")) })},
	"CHAR_LENGTH": {1, 1, false, onText(length)}, "CHARACTER_LENGTH": {1, 1, false, onText(length)},
	"LENGTH":    {1, 1, false, onText(length)},
	"SUBSTRING": {2, 3, false, substring}, "CONCAT": {2, 16, false, concat},
	"ABS":     {1, 1, false, onNumber(absolute)},
	"FLOOR":   {1, 1, false, rounded(math.Floor)},
	"CEILING": {1, 1, false, rounded(math.Ceil)}, "CEIL": {1, 1, false, rounded(math.Ceil)},
	"ROUND": {1, 2, false, roundedTo(math.Round)}, "TRUNCATE": {1, 2, false, roundedTo(math.Trunc)},
	"SIGN": {1, 1, false, onNumber(sign)}, "MOD": {2, 2, false, modulo}, "POWER": {2, 2, false, power},
	"YEAR": {1, 1, false, partOf("YEAR")}, "MONTH": {1, 1, false, partOf("MONTH")}, "DAY": {1, 1, false, partOf("DAY")},
	"COALESCE": {1, 16, true, coalesce}, "NULLIF": {2, 2, true, nullIf},
}

// A call is a function and its arguments.
type call struct {
	title string
	f     scalarFunction
	args  []operand
}

func (c call) of(r *fieldReader, it *Item) (value, error) {
	args := make([]value, len(c.args))
	for i, a := range c.args {
		v, err := a.of(r, it)
		if err != nil {
			return value{}, err
		}
		args[i] = v
	}
	if !c.f.nulls && slices.ContainsFunc(args, func(v value) bool { return v.kind == null }) {
		return value{}, nil
	}
	v, err := c.f.of(args)
	if err != nil {
		return v, &ConditionError{-1, fmt.Sprintf("%s: %v", c.name(r), err)}
	}
	return v, nil
}

func (c call) name(r *fieldReader) string {
	var names []string
	for _, a := range c.args {
		names = append(names, a.name(r))
	}
	return fmt.Sprintf("%s(%s)", c.title, strings.Join(names, ", "))
}

func textValue(s string) value { return value{kind: text, text: s} }

// onText makes a function of a text.
func onText(of func(string) value) func([]value) (value, error) {
	return func(args []value) (value, error) {
		if args[0].kind != text {
			return value{}, fmt.Errorf("it is %v, and a text is wanted", args[0].kind)
		}
		return of(args[0].text), nil
	}
}

func changedCase(change func(string) string) func([]value) (value, error) {
	return onText(func(s string) value { return textValue(change(s)) })
}

func length(s string) value { return intValue(int64(utf8.RuneCountInString(s))) }

// onNumber makes a function of a number.
func onNumber(of func(value) (value, error)) func([]value) (value, error) {
	return func(args []value) (value, error) {
		if args[0].kind != number {
			return value{}, fmt.Errorf("it is %v, and a number is wanted", args[0].kind)
		}
		return of(args[0])
	}
}

func absolute(v value) (value, error) {
	if v.num < 0 {
		return calculateNumber(intValue(0), "-", v)
	}
	return v, nil
}

func sign(v value) (value, error) {
	switch {
	case v.num > 0:
		return intValue(1), nil
	case v.num < 0:
		return intValue(-1), nil
	}
	return intValue(0), nil
}

// wholeValue returns a float without a fraction as an integer, if it is one.
func wholeValue(f float64) value {
	if math.Abs(f) < exactInt {
		return intValue(int64(f))
	}
	return floatValue(f)
}

func rounded(round func(float64) float64) func([]value) (value, error) {
	return onNumber(func(v value) (value, error) {
		if v.integer {
			return v, nil
		}
		return wholeValue(round(v.num)), nil
	})
}

// roundedTo makes a function that rounds to a number of decimals, 0 without one.
func roundedTo(round func(float64) float64) func([]value) (value, error) {
	whole := rounded(round)
	return func(args []value) (value, error) {
		if len(args) == 1 {
			return whole(args)
		}
		n, err := wholeArgument(args[1])
		if err != nil || args[0].kind != number || n < 0 || n > 15 {
			return value{}, fmt.Errorf("a number and from 0 to 15 decimals are wanted")
		}
		factor := math.Pow10(n)
		return floatValue(round(args[0].num*factor) / factor), nil
	}
}

func wholeArgument(v value) (int, error) {
	if v.kind != number || v.num != math.Trunc(v.num) || math.Abs(v.num) > math.MaxInt32 {
		return 0, fmt.Errorf("a whole number is wanted, not %v", v)
	}
	return int(v.num), nil
}

func modulo(args []value) (value, error) {
	if args[0].kind != number || args[1].kind != number {
		return value{}, fmt.Errorf("two numbers are wanted")
	}
	return calculateNumber(args[0], "%", args[1])
}

func power(args []value) (value, error) {
	if args[0].kind != number || args[1].kind != number {
		return value{}, fmt.Errorf("two numbers are wanted")
	}
	v := portable.Pow(args[0].num, args[1].num)
	if math.IsInf(v, 0) || math.IsNaN(v) {
		return value{}, fmt.Errorf("it is no finite number")
	}
	return floatValue(v), nil
}

// substring counts characters from 1.
func substring(args []value) (value, error) {
	if args[0].kind != text {
		return value{}, fmt.Errorf("it is %v, and a text is wanted", args[0].kind)
	}
	start, err := wholeArgument(args[1])
	if err != nil {
		return value{}, err
	}
	all := []rune(args[0].text)
	end := len(all)
	if len(args) == 3 {
		n, err := wholeArgument(args[2])
		if err != nil || n < 0 {
			return value{}, fmt.Errorf("a length from 0 on is wanted, not %v", args[2])
		}
		end = min(end, max(0, start-1+n))
	}
	from := min(max(0, start-1), end)
	return textValue(string(all[from:end])), nil
}

func concat(args []value) (value, error) {
	out := args[0]
	for _, v := range args[1:] {
		var err error
		if out, err = calculate(out, "||", v); err != nil {
			return value{}, err
		}
	}
	return out, nil
}

func coalesce(args []value) (value, error) {
	for _, v := range args {
		if v.kind != null {
			return v, nil
		}
	}
	return value{}, nil
}

func nullIf(args []value) (value, error) {
	if args[0].kind == null || args[1].kind == null {
		return args[0], nil
	}
	order, err := compareValues(args[0], args[1], literal{args[0]}, literal{args[1]})
	if err != nil || order != 0 {
		return args[0], err
	}
	return value{}, nil
}

// parts of dates that EXTRACT takes.
var dateParts = map[string]func(time.Time) value{
	"YEAR":    func(t time.Time) value { return intValue(int64(t.Year())) },
	"QUARTER": func(t time.Time) value { return intValue(int64(t.Month()+2) / 3) },
	"MONTH":   func(t time.Time) value { return intValue(int64(t.Month())) },
	"DAY":     func(t time.Time) value { return intValue(int64(t.Day())) },
	"HOUR":    func(t time.Time) value { return intValue(int64(t.Hour())) },
	"MINUTE":  func(t time.Time) value { return intValue(int64(t.Minute())) },
	"SECOND": func(t time.Time) value {
		if t.Nanosecond() == 0 {
			return intValue(int64(t.Second()))
		}
		return floatValue(float64(t.Second()) + float64(t.Nanosecond())/1e9)
	},
}

// partOf makes a function that returns a part of a date.
func partOf(part string) func([]value) (value, error) {
	of := dateParts[part]
	return func(args []value) (value, error) {
		d, err := asDate(args[0])
		if err != nil {
			return value{}, err
		}
		return of(d), nil
	}
}

// asDate returns a date, or the text of one.
func asDate(v value) (time.Time, error) {
	switch v.kind {
	case date:
		return v.date, nil
	case text:
		if d, ok := parseDate(v.text); ok {
			return d, nil
		}
	}
	return time.Time{}, fmt.Errorf("%s is no date", literal{v}.name(nil))
}

// casts are the conversions of CAST, by type.
var casts = map[string]func([]value) (value, error){
	"DATE": castDate, "TIMESTAMP": castDate,
	"INTEGER": castInteger, "INT": castInteger, "SMALLINT": castInteger, "BIGINT": castInteger,
	"FLOAT": castNumber, "REAL": castNumber, "DOUBLE": castNumber, "NUMERIC": castNumber, "DECIMAL": castNumber,
	"VARCHAR": castText, "CHAR": castText, "TEXT": castText,
}

func castDate(args []value) (value, error) {
	d, err := asDate(args[0])
	return value{kind: date, date: d}, err
}

func castNumber(args []value) (value, error) {
	v := args[0]
	if v.kind == text {
		var ok bool
		if v, ok = parseNumber(v.text); !ok {
			return v, fmt.Errorf("%s is no number", strconv.Quote(args[0].text))
		}
	}
	if v.kind != number {
		return v, fmt.Errorf("%v is no number", v.kind)
	}
	return v, nil
}

func castInteger(args []value) (value, error) {
	v, err := castNumber(args)
	if err != nil || v.integer {
		return v, err
	}
	return wholeValue(math.Trunc(v.num)), nil
}

func castText(args []value) (value, error) { return textValue(args[0].String()), nil }
