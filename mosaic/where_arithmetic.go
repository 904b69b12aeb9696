package mosaic

import (
	"fmt"
	"math"
	"math/bits"
	"strings"
	"time"
)

// A term is an operand after a sign.
type term struct {
	sign string
	x    operand
}

// A calculation is operands joined by signs of the same rank, from left to right: a loop, so that the depth of the stack
// does not grow with their number.
type calculation struct {
	first operand
	terms []term
}

func (c calculation) of(r *fieldReader, it *Item) (value, error) {
	v, err := c.first.of(r, it)
	if err != nil {
		return v, err
	}
	for _, t := range c.terms {
		y, err := t.x.of(r, it)
		if err != nil {
			return y, err
		}
		if v.kind == null || y.kind == null {
			v = value{} // of which nothing is known; the rest may still be wrong
			continue
		}
		if v, err = calculate(v, t.sign, y); err != nil {
			return v, &ConditionError{-1, fmt.Sprintf("%s: %v", c.name(r), err)}
		}
	}
	return v, nil
}

func (c calculation) name(r *fieldReader) string {
	var b strings.Builder
	b.WriteString(c.first.name(r))
	for i, t := range c.terms {
		if i == 3 {
			return b.String() + " …"
		}
		fmt.Fprintf(&b, " %s %s", t.sign, t.x.name(r))
	}
	return b.String()
}

// calculate applies an operator to values that are not null.
func calculate(x value, sign string, y value) (value, error) {
	if sign == "||" {
		return value{kind: text, text: x.String() + y.String()}, boundText(x, y)
	}
	switch {
	case x.kind == date && y.kind == text, x.kind == text && y.kind == date:
		if d, ok := parseDate(x.text); ok && x.kind == text {
			x = value{kind: date, date: d}
		}
		if d, ok := parseDate(y.text); ok && y.kind == text {
			y = value{kind: date, date: d}
		}
	case x.kind == number && y.kind == date && sign == "+", x.kind == months && y.kind == date && sign == "+":
		x, y = y, x
	}
	switch {
	case x.kind == number && y.kind == number:
		return calculateNumber(x, sign, y)
	case x.kind == date && y.kind == date && sign == "-":
		return floatValue(x.date.Sub(y.date).Hours() / 24), nil
	case x.kind == date && (y.kind == number || y.kind == months) && (sign == "+" || sign == "-"):
		if sign == "-" {
			y.i, y.num = -y.i, -y.num
		}
		return later(x.date, y)
	}
	return value{}, fmt.Errorf("%v %s %v has no meaning", x.kind, sign, y.kind)
}

// maxMadeText bounds the length of a text that a condition makes, in bytes.
const maxMadeText = 4096

func boundText(x, y value) error {
	if len(x.text)+len(y.text) > maxMadeText {
		return fmt.Errorf("the text is longer than %d bytes", maxMadeText)
	}
	return nil
}

// String returns a value as text.
func (v value) String() string {
	if v.kind == text {
		return v.text
	}
	return literal{v}.name(nil)
}

// later returns a date after a number of days or months, which may be negative.
func later(t time.Time, by value) (value, error) {
	const farthest = 10000 * 366 // days, or months
	if math.Abs(by.num) > farthest {
		return value{}, fmt.Errorf("a date is more than %d days or months off", farthest)
	}
	if by.kind == months {
		return value{kind: date, date: t.AddDate(0, int(by.i), 0)}, nil
	}
	whole := math.Floor(by.num)
	rest := time.Duration(math.Round((by.num - whole) * float64(24*time.Hour)))
	return value{kind: date, date: t.AddDate(0, 0, int(whole)).Add(rest)}, nil
}

func calculateNumber(x value, sign string, y value) (value, error) {
	if x.integer && y.integer {
		if v, ok, err := calculateInteger(x.i, sign, y.i); ok || err != nil {
			return v, err
		}
	}
	var v float64
	switch sign {
	case "+":
		v = x.num + y.num
	case "-":
		v = x.num - y.num
	case "*":
		v = x.num * y.num
	case "/", "%":
		if y.num == 0 {
			return value{}, fmt.Errorf("it divides by zero")
		}
		if v = x.num / y.num; sign == "%" {
			v = math.Mod(x.num, y.num)
		}
	}
	if math.IsInf(v, 0) {
		return value{}, fmt.Errorf("the number is too large")
	}
	return floatValue(v), nil
}

// calculateInteger reports false if the result is no int64.
func calculateInteger(x int64, sign string, y int64) (value, bool, error) {
	switch sign {
	case "+":
		sum := x + y
		return intValue(sum), (sum > x) == (y > 0), nil
	case "-":
		difference := x - y
		return intValue(difference), (difference < x) == (y > 0), nil
	case "*":
		hi, lo := bits.Mul64(magnitude(x), magnitude(y))
		if hi != 0 || lo > math.MaxInt64 {
			return value{}, false, nil
		}
		return intValue(x * y), true, nil
	}
	switch {
	case y == 0:
		return value{}, false, fmt.Errorf("it divides by zero")
	case y == -1 && x == math.MinInt64:
		return value{}, false, nil
	case sign == "%":
		return intValue(x % y), true, nil
	case x%y != 0:
		return value{}, false, fmt.Errorf(
			"databases differ in what %d / %d is: write %d / %d.0 for a fraction, or FLOOR(%d / %d.0)", x, y, x, y, x, y)
	}
	return intValue(x / y), true, nil
}

func magnitude(x int64) uint64 {
	if x < 0 {
		return -uint64(x)
	}
	return uint64(x)
}

// A negative is an operand behind a minus sign.
type negative struct{ x operand }

func (n negative) of(r *fieldReader, it *Item) (value, error) {
	v, err := n.x.of(r, it)
	if err != nil || v.kind == null {
		return v, err
	}
	if v.kind != number {
		return v, &ConditionError{-1, fmt.Sprintf("%s is %v, which has no sign", n.x.name(r), v.kind)}
	}
	return calculateNumber(intValue(0), "-", v)
}

func (n negative) name(r *fieldReader) string { return "-" + n.x.name(r) }

// sum reads products that are joined by signs, or a predicate in parentheses.
func (p *conditionParser) sum() (expression, error) {
	return p.join([]string{"+", "-", "||"}, p.product)
}

func (p *conditionParser) product() (expression, error) {
	return p.join([]string{"*", "/", "%"}, p.factor)
}

// join reads operands between any of the signs.
func (p *conditionParser) join(signs []string, next func() (expression, error)) (expression, error) {
	offset := p.tok.offset
	e, err := next()
	if err != nil {
		return nil, err
	}
	var c calculation
	for {
		sign := p.oneOf(signs)
		if sign == "" {
			break
		}
		if c.terms == nil {
			if c.first, err = p.operand(e, offset); err != nil {
				return nil, err
			}
		}
		if err := p.advance(); err != nil {
			return nil, err
		}
		at := p.tok.offset
		y, err := next()
		if err != nil {
			return nil, err
		}
		x, err := p.operand(y, at)
		if err != nil {
			return nil, err
		}
		c.terms = append(c.terms, term{sign, x})
	}
	if c.terms == nil {
		return e, nil
	}
	return c, nil
}

// oneOf returns the sign that is next, "" if it is none of these.
func (p *conditionParser) oneOf(signs []string) string {
	for _, s := range signs {
		if p.tok.is(signToken, s) {
			return s
		}
	}
	return ""
}

// factor reads a value with any number of signs before it.
func (p *conditionParser) factor() (expression, error) {
	minus, signed := false, false
	start := p.tok.offset
	for {
		sign := p.oneOf([]string{"+", "-"})
		if sign == "" {
			break
		}
		signed = true
		minus = minus != (sign == "-")
		if err := p.advance(); err != nil {
			return nil, err
		}
	}
	if !signed {
		return p.primary()
	}
	if p.tok.kind == numberToken {
		digits := p.tok.text
		if minus {
			digits = "-" + digits
		}
		v, err := p.numeral(digits)
		if err != nil {
			return nil, p.fail(start, "%v", err)
		}
		return v, p.advance()
	}
	at := p.tok.offset
	e, err := p.primary()
	if err != nil {
		return nil, err
	}
	x, err := p.operand(e, at)
	if err != nil || !minus {
		return x, err
	}
	return negative{x}, nil
}
