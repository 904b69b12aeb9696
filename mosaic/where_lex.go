package mosaic

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// tokenKind is the kind of a token.
type tokenKind uint8

const (
	endToken    tokenKind = iota
	nameToken             // a field
	wordToken             // a keyword, in upper case
	numberToken           // without sign
	textToken             // without its quotes
	dateToken             // between number signs
	signToken             // operators, parentheses and commas
)

type token struct {
	kind   tokenKind
	text   string
	offset int
	bare   bool // a name without quotes
}

func (t token) is(kind tokenKind, text string) bool { return t.kind == kind && t.text == text }

func (t token) String() string {
	if t.kind == endToken {
		return "the end"
	}
	const longest = 40
	if len(t.text) > longest {
		return fmt.Sprintf("%.40q…", t.text)
	}
	return fmt.Sprintf("%q", t.text)
}

// keywords are the words that are fields only in double quotes.
var keywords = map[string]bool{
	"AND": true, "OR": true, "NOT": true, "IN": true, "BETWEEN": true, "LIKE": true,
	"ESCAPE": true, "IS": true, "NULL": true,
}

// A lexer splits a condition into tokens.
type lexer struct {
	text string
	pos  int
}

func (l *lexer) fail(offset int, format string, args ...any) error {
	return &ConditionError{offset, fmt.Sprintf(format, args...)}
}

// next returns the next token, and endToken again and again after the last one.
func (l *lexer) next() (token, error) {
	for l.pos < len(l.text) && strings.IndexByte(" \t\r\n\f\v", l.text[l.pos]) >= 0 {
		l.pos++
	}
	start := l.pos
	if start == len(l.text) {
		return token{kind: endToken, offset: start}, nil
	}
	r, size := utf8.DecodeRuneInString(l.text[start:])
	switch {
	case r == utf8.RuneError && size == 1:
		return token{}, l.fail(start, "it is not UTF-8")
	case r == '\'':
		return l.quoted('\'', textToken)
	case r == '"':
		return l.quoted('"', nameToken)
	case r == '[':
		return l.quoted(']', nameToken)
	case r == '#':
		return l.quoted('#', dateToken)
	case isDigit(l.text[start]) || r == '.':
		return l.number()
	case unicode.IsLetter(r) || r == '_':
		return l.word(), nil
	}
	for _, s := range []string{"--", "/*", "=="} {
		if strings.HasPrefix(l.text[start:], s) {
			return token{}, l.fail(start, "%q is not understood", s)
		}
	}
	for _, s := range []string{"<=", ">=", "<>", "!=", "||", "=", "<", ">", "(", ")", ",", "-", "+", "*", "/", "%", "{", "}"} {
		if strings.HasPrefix(l.text[start:], s) {
			l.pos += len(s)
			return token{kind: signToken, text: s, offset: start}, nil
		}
	}
	return token{}, l.fail(start, "%q is not understood", r)
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// quoted reads up to the closing quote. Two quotes stand for one.
func (l *lexer) quoted(quote byte, kind tokenKind) (token, error) {
	start := l.pos
	var out strings.Builder
	for rest := start + 1; ; {
		n := strings.IndexByte(l.text[rest:], quote)
		if n < 0 {
			return token{}, l.fail(start, "a quote is not closed")
		}
		out.WriteString(l.text[rest : rest+n])
		rest += n + 1
		if rest == len(l.text) || l.text[rest] != quote {
			l.pos = rest
			break
		}
		out.WriteByte(quote)
		rest++
	}
	t := token{kind: kind, text: out.String(), offset: start}
	if !utf8.ValidString(t.text) {
		return token{}, l.fail(start, "it is not UTF-8")
	}
	if kind == nameToken && t.text == "" {
		return token{}, l.fail(start, "a name is empty")
	}
	return t, nil
}

func (l *lexer) number() (token, error) {
	start := l.pos
	digits := func() (n int) {
		for l.pos < len(l.text) && isDigit(l.text[l.pos]) {
			l.pos++
			n++
		}
		return n
	}
	n := digits()
	if l.pos < len(l.text) && l.text[l.pos] == '.' {
		l.pos++
		n += digits()
	}
	if n == 0 {
		return token{}, l.fail(start, `"." is not understood`)
	}
	if l.pos < len(l.text) && (l.text[l.pos]|0x20) == 'e' {
		l.pos++
		if l.pos < len(l.text) && (l.text[l.pos] == '+' || l.text[l.pos] == '-') {
			l.pos++
		}
		if digits() == 0 {
			return token{}, l.fail(start, "a number has no exponent")
		}
	}
	if r, _ := utf8.DecodeRuneInString(l.text[l.pos:]); unicode.IsLetter(r) || r == '_' || r == '.' {
		return token{}, l.fail(start, "a number runs into %q", r)
	}
	return token{kind: numberToken, text: l.text[start:l.pos], offset: start}, nil
}

func (l *lexer) word() token {
	start := l.pos
	for l.pos < len(l.text) {
		r, size := utf8.DecodeRuneInString(l.text[l.pos:])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && r != '$' {
			break
		}
		l.pos += size
	}
	w := l.text[start:l.pos]
	if up := strings.ToUpper(w); keywords[up] {
		return token{kind: wordToken, text: up, offset: start}
	}
	return token{nameToken, w, start, true}
}
