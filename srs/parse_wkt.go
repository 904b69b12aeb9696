package srs

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// maxDepth is the deepest nesting of nodes that is read. WKT 2 nests nine deep.
const maxDepth = 32

// A wktNode is KEYWORD[argument, argument, …] of a well-known text.
type wktNode struct {
	keyword string    // in upper case
	values  []string  // arguments that are strings, numbers or words
	nodes   []wktNode // arguments that are nodes
}

// find returns the first node among the arguments that has one of some keywords, or nil.
func (n *wktNode) find(keywords ...string) *wktNode {
	for i := range n.nodes {
		if slices.Contains(keywords, n.nodes[i].keyword) {
			return &n.nodes[i]
		}
	}
	return nil
}

// value returns the i-th plain argument, or "".
func (n *wktNode) value(i int) string {
	if i >= len(n.values) {
		return ""
	}
	return n.values[i]
}

// number returns the i-th plain argument as a finite number.
func (n *wktNode) number(i int) (float64, error) {
	s := n.value(i)
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || strings.Trim(s, "+-.0123456789eE") != "" {
		return 0, fmt.Errorf("%s has %.20q where a number belongs", n.keyword, s)
	}
	return v, nil
}

// parseWKT reads a text into nodes. There may be several: Esri writes a vertical system after the horizontal one.
func parseWKT(s string) ([]wktNode, error) {
	p := wktParser{text: s}
	var roots []wktNode
	for {
		n, err := p.node(0)
		if err != nil {
			return nil, err
		}
		roots = append(roots, n)
		p.blanks()
		if p.pos == len(p.text) {
			return roots, nil
		}
		if !p.take(',') {
			return nil, p.errorf("something follows the definition")
		}
	}
}

// A wktParser reads a text from pos on.
type wktParser struct {
	text string
	pos  int
}

// errorf returns an error about the current position.
func (p *wktParser) errorf(format string, args ...any) error {
	return fmt.Errorf("at byte %d: %s", p.pos, fmt.Sprintf(format, args...))
}

// blanks skips blanks.
func (p *wktParser) blanks() {
	for p.pos < len(p.text) && strings.IndexByte(" \t\r\n", p.text[p.pos]) >= 0 {
		p.pos++
	}
}

// take skips blanks and then a character, and reports whether that was there.
func (p *wktParser) take(c byte) bool {
	p.blanks()
	if p.pos < len(p.text) && p.text[p.pos] == c {
		p.pos++
		return true
	}
	return false
}

// word skips blanks and reads up to a delimiter. Keywords and numbers are words.
func (p *wktParser) word() string {
	p.blanks()
	rest := p.text[p.pos:]
	n := strings.IndexAny(rest, "[](),\" \t\r\n")
	if n < 0 {
		n = len(rest)
	}
	p.pos += n
	return rest[:n]
}

// quoted reads the rest of a string, in which a quotation mark is written twice.
func (p *wktParser) quoted() (string, error) {
	var b strings.Builder
	for {
		n := strings.IndexByte(p.text[p.pos:], '"')
		if n < 0 {
			return "", p.errorf("a string has no end")
		}
		b.WriteString(p.text[p.pos : p.pos+n])
		p.pos += n + 1
		if p.pos == len(p.text) || p.text[p.pos] != '"' {
			return b.String(), nil
		}
		b.WriteByte('"')
		p.pos++
	}
}

// node reads a keyword and its arguments.
func (p *wktParser) node(depth int) (wktNode, error) {
	keyword := p.word()
	if keyword == "" {
		return wktNode{}, p.errorf("a keyword is missing")
	}
	return p.arguments(keyword, depth)
}

// arguments reads the arguments of a keyword.
func (p *wktParser) arguments(keyword string, depth int) (wktNode, error) {
	n := wktNode{keyword: strings.ToUpper(keyword)}
	if depth == maxDepth {
		return n, p.errorf("more than %d levels", maxDepth)
	}
	end := byte(']')
	switch {
	case p.take('['):
	case p.take('('):
		end = ')'
	default:
		return n, p.errorf("%.20q has no bracket", keyword)
	}
	for {
		switch {
		case p.take('"'):
			s, err := p.quoted()
			if err != nil {
				return n, err
			}
			n.values = append(n.values, s)
		default:
			w := p.word()
			if w == "" {
				return n, p.errorf("an argument of %.20s is missing", n.keyword)
			}
			if p.blanks(); p.pos < len(p.text) && (p.text[p.pos] == '[' || p.text[p.pos] == '(') {
				child, err := p.arguments(w, depth+1)
				if err != nil {
					return n, err
				}
				n.nodes = append(n.nodes, child)
			} else {
				n.values = append(n.values, w)
			}
		}
		if p.take(end) {
			return n, nil
		}
		if !p.take(',') {
			return n, p.errorf("%.20s has no closing bracket", n.keyword)
		}
	}
}
