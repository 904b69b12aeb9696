package mosaic

import (
	"slices"
	"strings"
	"time"
)

// now are the names of the present: the moment at which the condition was read, so that it is the same for all items.
var now = []string{"CURRENT_TIMESTAMP", "LOCALTIMESTAMP", "SYSDATE", "NOW", "GETDATE"}

// name reads what begins with a name: a date, the present, a function or a field. Names in double quotes are fields.
func (p *conditionParser) name(t token) (expression, error) {
	bare := t.bare
	word := strings.ToUpper(t.text)
	called := p.tok.is(signToken, "(")
	switch {
	case bare && p.tok.kind == textToken && (word == "DATE" || word == "TIMESTAMP"):
		return p.dateLiteral()
	case bare && word == "INTERVAL" && (p.tok.kind == textToken || p.tok.kind == numberToken):
		return p.interval()
	case bare && (slices.Contains(now, word) && (called || strings.HasSuffix(word, "TIMESTAMP") || word == "SYSDATE")):
		return literal{value{kind: date, date: p.now}}, p.noArguments()
	case bare && word == "CURRENT_DATE":
		return literal{value{kind: date, date: p.now.Truncate(24 * time.Hour)}}, p.noArguments()
	case bare && called && word == "EXTRACT":
		return p.extract()
	case bare && called && word == "CAST":
		return p.cast()
	case bare && called:
		return p.call(t, word)
	case called:
		return nil, p.fail(t.offset, "function %v is not supported", t)
	}
	key := strings.ToLower(t.text)
	i, ok := p.byName[key]
	if !ok {
		i = len(p.fields)
		p.byName[key] = i
		p.fields = append(p.fields, t.text)
	}
	return field(i), nil
}

// dateLiteral reads the text of a date, which is next.
func (p *conditionParser) dateLiteral() (expression, error) {
	d, ok := parseDate(p.tok.text)
	if !ok {
		return nil, p.fail(p.tok.offset, "%v is not a date", p.tok)
	}
	return literal{value{kind: date, date: d}}, p.advance()
}

// noArguments skips empty parentheses, if they are next.
func (p *conditionParser) noArguments() error {
	ok, err := p.accept(signToken, "(")
	if err != nil || !ok {
		return err
	}
	return p.expect(signToken, ")")
}

// call reads the arguments of a function.
func (p *conditionParser) call(t token, word string) (expression, error) {
	f, ok := scalarFunctions[word]
	if !ok {
		return nil, p.fail(t.offset, "function %v is not supported", t)
	}
	if err := p.advance(); err != nil {
		return nil, err
	}
	c := call{title: word, f: f}
	for {
		x, err := p.value()
		if err != nil {
			return nil, err
		}
		c.args = append(c.args, x)
		more, err := p.accept(signToken, ",")
		if err == nil && !more && word == "SUBSTRING" {
			more, err = p.acceptName("FROM", "FOR") // as SQL separates its arguments
		}
		if err != nil {
			return nil, err
		}
		if !more {
			break
		}
		if len(c.args) == f.most {
			return nil, p.fail(p.tok.offset, "function %v has at most %d arguments", t, f.most)
		}
	}
	if len(c.args) < f.least {
		return nil, p.fail(p.tok.offset, "function %v has at least %d arguments", t, f.least)
	}
	return c, p.expect(signToken, ")")
}

// acceptName skips a name if it is next and one of these words, which are keywords in this place alone.
func (p *conditionParser) acceptName(words ...string) (bool, error) {
	if p.tok.kind != nameToken || !p.tok.bare || !slices.Contains(words, strings.ToUpper(p.tok.text)) {
		return false, nil
	}
	return true, p.advance()
}

// extract reads EXTRACT(part FROM x).
func (p *conditionParser) extract() (expression, error) {
	if err := p.advance(); err != nil {
		return nil, err
	}
	part := strings.ToUpper(p.tok.text)
	if p.tok.kind != nameToken || dateParts[part] == nil {
		return nil, p.fail(p.tok.offset, "%v stands where a part of a date is expected, such as YEAR", p.tok)
	}
	if err := p.advance(); err != nil {
		return nil, err
	}
	if ok, err := p.acceptName("FROM"); err != nil {
		return nil, err
	} else if !ok {
		return nil, p.fail(p.tok.offset, `%v stands where "FROM" is expected`, p.tok)
	}
	x, err := p.value()
	if err != nil {
		return nil, err
	}
	return call{"EXTRACT " + part + " ", scalarFunction{of: partOf(part)}, []operand{x}}, p.expect(signToken, ")")
}

// cast reads CAST(x AS type), of which the type may have a length in parentheses.
func (p *conditionParser) cast() (expression, error) {
	if err := p.advance(); err != nil {
		return nil, err
	}
	x, err := p.value()
	if err != nil {
		return nil, err
	}
	if ok, err := p.acceptName("AS"); err != nil {
		return nil, err
	} else if !ok {
		return nil, p.fail(p.tok.offset, `%v stands where "AS" is expected`, p.tok)
	}
	typ := strings.ToUpper(p.tok.text)
	to := casts[typ]
	if p.tok.kind != nameToken || to == nil {
		return nil, p.fail(p.tok.offset, "type %v is not supported", p.tok)
	}
	if err := p.advance(); err != nil {
		return nil, err
	}
	if typ == "DOUBLE" {
		if _, err := p.acceptName("PRECISION"); err != nil {
			return nil, err
		}
	}
	return call{"CAST " + typ + " ", scalarFunction{of: to}, []operand{x}}, p.expect(signToken, ")")
}

// units are the units of INTERVAL in days, and those of calendars in months.
var (
	units = map[string]float64{
		"WEEK": 7, "DAY": 1, "HOUR": 1. / 24, "MINUTE": 1. / (24 * 60), "SECOND": 1. / (24 * 60 * 60),
	}
	calendarUnits = map[string]int64{"MONTH": 1, "QUARTER": 3, "YEAR": 12}
)

// interval reads INTERVAL '3' DAY, INTERVAL 3 DAY or INTERVAL '3 days'.
func (p *conditionParser) interval() (expression, error) {
	at := p.tok
	words := strings.Fields(at.text)
	if err := p.advance(); err != nil {
		return nil, err
	}
	if len(words) == 1 {
		if p.tok.kind != nameToken {
			return nil, p.fail(p.tok.offset, "%v stands where a unit of time is expected, such as DAY", p.tok)
		}
		words = append(words, p.tok.text)
		if err := p.advance(); err != nil {
			return nil, err
		}
	}
	if len(words) != 2 {
		return nil, p.fail(at.offset, "%v is no interval of one unit", at)
	}
	n, ok := parseNumber(words[0])
	unit := strings.TrimSuffix(strings.ToUpper(words[1]), "S")
	if !ok {
		return nil, p.fail(at.offset, "%v is no number of units of time", at)
	}
	if days, known := units[unit]; known {
		return literal{floatValue(n.num * days)}, nil
	}
	inMonths, known := calendarUnits[unit]
	if !known || !n.integer || n.i > 1e6 || n.i < -1e6 {
		return nil, p.fail(at.offset, "%s %s is no interval that is understood", words[0], words[1])
	}
	v := intValue(n.i * inMonths)
	v.kind = months
	return literal{v}, nil
}
