package function

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/internal/portable"
	"github.com/geoexport/geoexport/internal/quote"
)

// An expression computes a row of values from those of variables. It is a list of operations on a stack of rows.
type expression struct {
	ops    []operation
	height int // of the stack
}

// An operation takes rows off the stack and puts one there.
type operation struct {
	variable int // whose row is put there, if do is nil and it is not negative
	constant float64
	takes    int
	do       func(dst []float64, args [][]float64)
}

// A grammar is what expressions may consist of besides + - * / ( ) and numbers.
type grammar struct {
	more bool // also % ** comparisons & | ~ and functions
	// zero makes quotients by zero 0, and otherwise no number.
	zero bool
}

var (
	bandGrammar       = grammar{zero: true}
	calculatorGrammar = grammar{more: true}
)

// Expressions come from outside.
const (
	maxExpression = 4096 // bytes
	maxOperations = 1024
	maxParens     = 64
)

// parseExpression reads an expression. variable returns the number of a name.
func parseExpression(text string, g grammar, variable func(name string) (int, bool)) (*expression, error) {
	if len(text) > maxExpression {
		return nil, fmt.Errorf("an expression of %d bytes is longer than %d", len(text), maxExpression)
	}
	p := &expressionParser{text: text, grammar: g, variable: variable, out: &expression{}}
	p.next()
	if p.tok == "" {
		return nil, errors.New("there is no expression")
	}
	err := p.binary(0)
	if err == nil && p.tok != "" {
		err = p.unexpected()
	}
	if err != nil {
		return nil, fmt.Errorf("%w, in %s", err, quote.Text(text))
	}
	return p.out, nil
}

type expressionParser struct {
	text     string
	at       int    // where the next token may begin
	tok      string // the present one; empty at the end
	grammar  grammar
	variable func(string) (int, bool)
	out      *expression
	stack    int
	depth    int
}

func (p *expressionParser) unexpected() error {
	if p.tok == "" {
		return errors.New("it ends too early")
	}
	return fmt.Errorf("%s is not expected", quote.Text(p.tok))
}

// next reads the next token.
func (p *expressionParser) next() {
	for p.at < len(p.text) && strings.ContainsRune(" \t\r\n", rune(p.text[p.at])) {
		p.at++
	}
	rest := p.text[p.at:]
	n := min(len(rest), 1)
	switch {
	case n == 0:
	case digit(rest[0]) || rest[0] == '.':
		n = numberLength(rest)
	case letter(rest[0]):
		for n < len(rest) && (letter(rest[n]) || digit(rest[n])) {
			n++
		}
	default:
		for _, two := range []string{"**", "==", "!=", "<>", "<=", ">="} {
			if strings.HasPrefix(rest, two) {
				n = 2
			}
		}
	}
	p.tok = rest[:n]
	p.at += n
}

func digit(c byte) bool  { return c >= '0' && c <= '9' }
func letter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' }

// numberLength returns how long the number is with which s begins.
func numberLength(s string) int {
	n := 0
	for n < len(s) && (digit(s[n]) || s[n] == '.') {
		n++
	}
	if n < len(s) && (s[n] == 'e' || s[n] == 'E') {
		m := n + 1
		if m < len(s) && (s[m] == '+' || s[m] == '-') {
			m++
		}
		if m < len(s) && digit(s[m]) {
			for n = m; n < len(s) && digit(s[n]); {
				n++
			}
		}
	}
	return n
}

// An operator stands between two operands. Those of a higher level bind more tightly.
type operator struct {
	level int
	do    func(dst, a, b []float64)
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// eachPair returns f for rows. NaN, which stands for no data, makes NaN.
func eachPair(f func(a, b float64) float64) func(dst, a, b []float64) {
	return func(dst, a, b []float64) {
		for x := range dst {
			v, w := a[x], b[x]
			if v != v || w != w {
				dst[x] = math.NaN()
				continue
			}
			dst[x] = f(v, w)
		}
	}
}

// divideOrNone returns a/b, and no number for a b of 0.
func divideOrNone(a, b float64) float64 {
	if b == 0 {
		return math.NaN()
	}
	return a / b
}

func not(v float64) float64 {
	if v != v {
		return v
	}
	return truth(v == 0)
}

// operator returns what the present token does, if it stands between operands. Levels, lowest first, are those of between or, and, comparisons, sums, products.
func (p *expressionParser) operator() (operator, bool) {
	switch p.tok {
	case "+":
		return operator{4, func(dst, a, b []float64) {
			for x := range dst {
				dst[x] = a[x] + b[x]
			}
		}}, true
	case "-":
		return operator{4, func(dst, a, b []float64) {
			for x := range dst {
				dst[x] = a[x] - b[x]
			}
		}}, true
	case "*":
		return operator{5, func(dst, a, b []float64) {
			for x := range dst {
				dst[x] = a[x] * b[x]
			}
		}}, true
	case "/":
		if p.grammar.zero {
			return operator{5, eachPair(ratio)}, true
		}
		return operator{5, eachPair(divideOrNone)}, true
	}
	if !p.grammar.more {
		return operator{}, false
	}
	switch p.tok {
	case "|":
		return operator{1, eachPair(func(a, b float64) float64 { return truth(a != 0 || b != 0) })}, true
	case "&":
		return operator{2, eachPair(func(a, b float64) float64 { return truth(a != 0 && b != 0) })}, true
	case "<":
		return operator{3, eachPair(func(a, b float64) float64 { return truth(a < b) })}, true
	case "<=":
		return operator{3, eachPair(func(a, b float64) float64 { return truth(a <= b) })}, true
	case ">":
		return operator{3, eachPair(func(a, b float64) float64 { return truth(a > b) })}, true
	case ">=":
		return operator{3, eachPair(func(a, b float64) float64 { return truth(a >= b) })}, true
	case "==":
		return operator{3, eachPair(func(a, b float64) float64 { return truth(a == b) })}, true
	case "!=", "<>":
		return operator{3, eachPair(func(a, b float64) float64 { return truth(a != b) })}, true
	case "%":
		return operator{5, eachPair(math.Mod)}, true
	}
	return operator{}, false
}

// binary reads operands with operators of at least a level between them.
func (p *expressionParser) binary(level int) error {
	if err := p.unary(); err != nil {
		return err
	}
	for {
		op, ok := p.operator()
		if !ok || op.level < level || op.level == 0 {
			return nil
		}
		p.next()
		if err := p.binary(op.level + 1); err != nil {
			return err
		}
		if err := p.emit(operation{variable: -1, takes: 2, do: func(dst []float64, args [][]float64) { op.do(dst, args[0], args[1]) }}); err != nil {
			return err
		}
	}
}

// unary reads an operand with its signs. A power binds more tightly than a sign before it.
func (p *expressionParser) unary() error {
	sign := p.tok
	if sign != "-" && sign != "+" && !(sign == "~" && p.grammar.more) {
		return p.power()
	}
	if p.depth++; p.depth > maxParens {
		return fmt.Errorf("it nests deeper than %d", maxParens)
	}
	defer func() { p.depth-- }()
	p.next()
	if err := p.unary(); err != nil {
		return err
	}
	switch sign {
	case "-":
		return p.emit(unaryOperation(func(v float64) float64 { return -v }))
	case "~":
		return p.emit(unaryOperation(not))
	}
	return nil
}

func unaryOperation(f func(float64) float64) operation {
	return operation{variable: -1, takes: 1, do: func(dst []float64, args [][]float64) {
		for x, v := range args[0] {
			dst[x] = f(v)
		}
	}}
}

func (p *expressionParser) power() error {
	if err := p.operand(); err != nil {
		return err
	}
	if p.tok != "**" || !p.grammar.more {
		return nil
	}
	if p.depth++; p.depth > maxParens {
		return fmt.Errorf("it nests deeper than %d", maxParens)
	}
	defer func() { p.depth-- }()
	p.next()
	if err := p.unary(); err != nil { // from right to left
		return err
	}
	return p.emit(operation{variable: -1, takes: 2, do: func(dst []float64, args [][]float64) {
		for x := range dst {
			dst[x] = portable.Pow(args[0][x], args[1][x])
		}
	}})
}

// operand reads a number, a variable, a function or what stands in parentheses.
func (p *expressionParser) operand() error {
	tok := p.tok
	switch {
	case tok == "(":
		return p.parenthesis()
	case tok == "":
		return p.unexpected()
	case digit(tok[0]) || tok[0] == '.':
		v, err := strconv.ParseFloat(tok, 64)
		if err != nil || v-v != 0 {
			return fmt.Errorf("%s is no number", quote.Text(tok))
		}
		p.next()
		return p.emit(operation{variable: -1, constant: v})
	case !letter(tok[0]):
		return p.unexpected()
	}
	p.next()
	if p.tok == "(" && p.grammar.more {
		return p.call(tok)
	}
	n, ok := p.variable(tok)
	if !ok {
		return fmt.Errorf("there is no %s", quote.Text(tok))
	}
	return p.emit(operation{variable: n})
}

func (p *expressionParser) parenthesis() error {
	if p.depth++; p.depth > maxParens {
		return fmt.Errorf("it nests deeper than %d", maxParens)
	}
	defer func() { p.depth-- }()
	p.next()
	if err := p.binary(0); err != nil {
		return err
	}
	if p.tok != ")" {
		return p.unexpected()
	}
	p.next()
	return nil
}

// call reads the arguments of a function.
func (p *expressionParser) call(name string) error {
	if p.depth++; p.depth > maxParens {
		return fmt.Errorf("it nests deeper than %d", maxParens)
	}
	defer func() { p.depth-- }()
	n := 0
	for {
		p.next()
		if err := p.binary(0); err != nil {
			return err
		}
		n++
		if p.tok == "," {
			continue
		}
		if p.tok != ")" {
			return p.unexpected()
		}
		p.next()
		break
	}
	op, ok := calculatorFunction(strings.ToLower(name), n)
	if !ok {
		return fmt.Errorf("there is no function %s of %d arguments", quote.Text(name), n)
	}
	return p.emit(op)
}

// emit adds an operation.
func (p *expressionParser) emit(op operation) error {
	if len(p.out.ops) >= maxOperations {
		return fmt.Errorf("it has more than %d operations", maxOperations)
	}
	p.out.ops = append(p.out.ops, op)
	p.stack += 1 - op.takes
	p.out.height = max(p.out.height, p.stack)
	return nil
}

// run computes a row. Its result is good until the next use of the rows.
func (e *expression) run(vars [][]float64, w int) []float64 {
	buf := make([]float64, e.height*w)
	stack := make([][]float64, 0, e.height)
	for _, op := range e.ops {
		own := buf[(len(stack)-op.takes)*w : (len(stack)-op.takes+1)*w]
		switch {
		case op.do != nil:
			at := len(stack) - op.takes
			op.do(own, stack[at:])
			stack = append(stack[:at], own)
		case op.variable >= 0:
			stack = append(stack, vars[op.variable])
		default:
			for x := range own {
				own[x] = op.constant
			}
			stack = append(stack, own)
		}
	}
	return stack[0]
}
