package mosaic

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

// A conditionParser reads a condition by recursive descent. Chains of AND and OR are loops, so that the depth of the
// stack is the nesting of the text.
type conditionParser struct {
	lexer
	tok    token
	depth  int
	now    time.Time
	fields []string
	byName map[string]int // in lower case
}

// An expression is an operand or a predicate; for a parenthesis, the parser knows which only at its end.
type expression any

func (p *conditionParser) parse() (predicate, error) {
	if err := p.advance(); err != nil {
		return nil, err
	}
	if p.tok.kind == endToken {
		return nil, p.fail(0, "it is empty")
	}
	e, err := p.or()
	if err != nil {
		return nil, err
	}
	if p.tok.kind != endToken {
		return nil, p.fail(p.tok.offset, "%v is not expected", p.tok)
	}
	return p.predicate(e, 0)
}

func (p *conditionParser) advance() (err error) {
	p.tok, err = p.next()
	return err
}

// accept skips the given token if it is next.
func (p *conditionParser) accept(kind tokenKind, text string) (bool, error) {
	if !p.tok.is(kind, text) {
		return false, nil
	}
	return true, p.advance()
}

func (p *conditionParser) expect(kind tokenKind, text string) error {
	ok, err := p.accept(kind, text)
	if err == nil && !ok {
		return p.fail(p.tok.offset, "%v stands where %q is expected", p.tok, text)
	}
	return err
}

func (p *conditionParser) predicate(e expression, offset int) (predicate, error) {
	if q, ok := e.(predicate); ok {
		return q, nil
	}
	return nil, p.fail(offset, "a value stands where a condition is expected")
}

func (p *conditionParser) operand(e expression, offset int) (operand, error) {
	if o, ok := e.(operand); ok {
		return o, nil
	}
	return nil, p.fail(offset, "a condition stands where a value is expected")
}

// chain reads terms that are separated by the given word.
func (p *conditionParser) chain(word string, term func() (expression, error),
	of func([]predicate) predicate) (expression, error) {
	offset := p.tok.offset
	e, err := term()
	if err != nil || !p.tok.is(wordToken, word) {
		return e, err
	}
	var terms []predicate
	for {
		q, err := p.predicate(e, offset)
		if err != nil {
			return nil, err
		}
		terms = append(terms, q)
		if ok, err := p.accept(wordToken, word); err != nil {
			return nil, err
		} else if !ok {
			return of(terms), nil
		}
		offset = p.tok.offset
		if e, err = term(); err != nil {
			return nil, err
		}
	}
}

func (p *conditionParser) or() (expression, error) {
	return p.chain("OR", p.and, func(t []predicate) predicate { return orOf(t) })
}

func (p *conditionParser) and() (expression, error) {
	return p.chain("AND", p.not, func(t []predicate) predicate { return andOf(t) })
}

func (p *conditionParser) not() (expression, error) {
	negate := false
	for {
		ok, err := p.accept(wordToken, "NOT")
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		negate = !negate
		offset := p.tok.offset
		if p.tok.is(wordToken, "NOT") {
			continue
		}
		e, err := p.test()
		if err != nil {
			return nil, err
		}
		q, err := p.predicate(e, offset)
		if err != nil || !negate {
			return q, err
		}
		return notOf{q}, nil
	}
	return p.test()
}

// test reads an operand and, if one follows, a test of it.
func (p *conditionParser) test() (expression, error) {
	offset := p.tok.offset
	e, err := p.sum()
	if err != nil {
		return nil, err
	}
	negate := false
	switch {
	case p.tok.kind == signToken && comparisons[p.tok.text] != nil:
	case p.tok.kind == wordToken && slices.Contains([]string{"IN", "BETWEEN", "LIKE", "IS"}, p.tok.text):
	case p.tok.is(wordToken, "NOT"):
		negate = true
		if err := p.advance(); err != nil {
			return nil, err
		}
	default:
		return e, nil
	}
	x, err := p.operand(e, offset)
	if err != nil {
		return nil, err
	}
	q, err := p.testOf(x, negate)
	if err != nil || !negate {
		return q, err
	}
	return notOf{q}, nil
}

func (p *conditionParser) testOf(x operand, negated bool) (predicate, error) {
	t := p.tok
	if err := p.advance(); err != nil {
		return nil, err
	}
	switch {
	case t.is(wordToken, "IN"):
		return p.in(x)
	case t.is(wordToken, "BETWEEN"):
		return p.between(x)
	case t.is(wordToken, "LIKE"):
		return p.like(x)
	case t.is(wordToken, "IS") && !negated:
		return p.isNull(x)
	case t.kind == signToken && comparisons[t.text] != nil && !negated:
		y, err := p.value()
		if err != nil {
			return nil, err
		}
		return comparison{x, y, comparisons[t.text]}, nil
	}
	return nil, p.fail(t.offset, "%v is not expected after NOT", t)
}

// value reads an operand.
func (p *conditionParser) value() (operand, error) {
	offset := p.tok.offset
	e, err := p.sum()
	if err != nil {
		return nil, err
	}
	return p.operand(e, offset)
}

func (p *conditionParser) in(x operand) (predicate, error) {
	if err := p.expect(signToken, "("); err != nil {
		return nil, err
	}
	var list []operand
	for {
		y, err := p.value()
		if err != nil {
			return nil, err
		}
		list = append(list, y)
		if ok, err := p.accept(signToken, ","); err != nil {
			return nil, err
		} else if !ok {
			break
		}
	}
	return newMember(x, list), p.expect(signToken, ")")
}

func (p *conditionParser) between(x operand) (predicate, error) {
	low, err := p.value()
	if err != nil {
		return nil, err
	}
	if err := p.expect(wordToken, "AND"); err != nil {
		return nil, err
	}
	high, err := p.value()
	if err != nil {
		return nil, err
	}
	return andOf{comparison{x, low, comparisons[">="]}, comparison{x, high, comparisons["<="]}}, nil
}

func (p *conditionParser) like(x operand) (predicate, error) {
	if p.tok.kind != textToken {
		return nil, p.fail(p.tok.offset, "%v stands where a text is expected", p.tok)
	}
	at, pattern := p.tok.offset, p.tok.text
	if err := p.advance(); err != nil {
		return nil, err
	}
	escape := rune(-1)
	if ok, err := p.accept(wordToken, "ESCAPE"); err != nil {
		return nil, err
	} else if ok {
		if p.tok.kind != textToken || utf8.RuneCountInString(p.tok.text) != 1 {
			return nil, p.fail(p.tok.offset, "%v stands where one character is expected", p.tok)
		}
		escape, _ = utf8.DecodeRuneInString(p.tok.text)
		if err := p.advance(); err != nil {
			return nil, err
		}
	}
	w, err := wildcards(pattern, escape)
	if err != nil {
		return nil, p.fail(at, "%v", err)
	}
	return likeOf{x, w}, nil
}

func (p *conditionParser) isNull(x operand) (predicate, error) {
	negate, err := p.accept(wordToken, "NOT")
	if err != nil {
		return nil, err
	}
	if err := p.expect(wordToken, "NULL"); err != nil {
		return nil, err
	}
	if negate {
		return notOf{isNull{x}}, nil
	}
	return isNull{x}, nil
}

// primary reads a literal, a field, a function or a parenthesis.
func (p *conditionParser) primary() (expression, error) {
	t := p.tok
	if p.depth++; p.depth > maxConditionDepth {
		return nil, p.fail(t.offset, "it nests deeper than %d", maxConditionDepth)
	}
	defer func() { p.depth-- }()
	if t.kind == endToken {
		return nil, p.fail(t.offset, "it ends where a value is expected")
	}
	if err := p.advance(); err != nil {
		return nil, err
	}
	switch {
	case t.is(signToken, "("):
		e, err := p.or()
		if err != nil {
			return nil, err
		}
		return e, p.expect(signToken, ")")
	case t.is(signToken, "{"):
		return p.escaped()
	case t.kind == numberToken:
		v, err := p.numeral(t.text)
		if err != nil {
			return nil, p.fail(t.offset, "%v", err)
		}
		return v, nil
	case t.kind == dateToken:
		d, ok := parseDate(t.text)
		if !ok {
			return nil, p.fail(t.offset, "%v is not a date", t)
		}
		return literal{value{kind: date, date: d}}, nil
	case t.kind == textToken:
		return literal{value{kind: text, text: t.text}}, nil
	case t.is(wordToken, "NULL"):
		return literal{}, nil
	case t.kind == nameToken:
		return p.name(t)
	}
	return nil, p.fail(t.offset, "%v stands where a value is expected", t)
}

// escaped reads what stands in braces: {d '2017-02-06'} or {ts '2017-02-06 12:00:00'}, as ODBC writes dates.
func (p *conditionParser) escaped() (expression, error) {
	t := p.tok
	if ok, err := p.acceptName("D", "TS"); err != nil {
		return nil, err
	} else if !ok || p.tok.kind != textToken {
		return nil, p.fail(t.offset, "%v stands where a date such as {ts '2017-02-06 12:00:00'} is expected", t)
	}
	e, err := p.dateLiteral()
	if err != nil {
		return nil, err
	}
	return e, p.expect(signToken, "}")
}

func (p *conditionParser) numeral(s string) (literal, error) {
	if i, err := strconv.ParseInt(s, 10, 64); err == nil {
		return literal{intValue(i)}, nil
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsInf(f, 0) {
		return literal{}, errors.New("the number is too large")
	}
	return literal{floatValue(f)}, nil
}
