// Package relaxed reads JSON as programs and people write it in the parameters of a request: the text of a dictionary in
// Python, an object in JavaScript, what a shell has left of its quotes. It returns the same value in strict JSON, which
// encoding/json decodes, and what it forgave.
//
// Strict JSON is read as it is, and nothing is forgiven. Beyond it a text may have
//
//   - names and texts in single or typographic quotes, also with Python's prefixes u and b,
//   - names without quotes, and texts without quotes that look like names,
//   - True, TRUE, False and so on, and None, Null, NULL, nil, undefined for null,
//   - a comma before the end of an object or a list,
//   - lists in parentheses, as Python writes tuples,
//   - numbers such as +1, .5, 1. and Python's 1L,
//   - the escapes \', \xNN and \UNNNNNNNN in texts, and line breaks and tabs as they are.
//
// Nothing is guessed: a text with two readings, a comma too many between values, a number such as 007 or NaN, or a name
// that comes twice in an object, is an error.
package relaxed

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/geoexport/geoexport/internal/quote"
)

// Limits bound what is read. Both must be set.
type Limits struct {
	Bytes int // of the text
	Depth int // of objects and lists in one another
}

// JSON reads one value and returns it in strict JSON, with a list of the kinds of things that were forgiven, each once and
// in the order of the text. It takes time in proportion to the text's length.
func JSON(text string, l Limits) (strict string, forgiven []string, err error) {
	if len(text) > l.Bytes {
		return "", nil, fmt.Errorf("it is longer than %d bytes", l.Bytes)
	}
	if !utf8.ValidString(text) {
		return "", nil, errors.New("it is not UTF-8")
	}
	r := &reader{text: text, limits: l}
	r.out.Grow(len(text))
	if err := r.value(0); err != nil {
		return "", nil, err
	}
	if r.space(); r.at < len(r.text) {
		return "", nil, r.fail("%s follows the value", r.next())
	}
	return r.out.String(), r.forgiven, nil
}

type reader struct {
	text     string
	at       int
	limits   Limits
	out      strings.Builder
	forgiven []string
}

// fail returns an error at the current place.
func (r *reader) fail(format string, args ...any) error {
	return fmt.Errorf("it is not well-formed JSON: at byte %d, %s", r.at, fmt.Sprintf(format, args...))
}

// next returns what comes next, in words.
func (r *reader) next() string {
	if r.at >= len(r.text) {
		return "the end"
	}
	c, _ := utf8.DecodeRuneInString(r.text[r.at:])
	return quote.Text(string(c))
}

func (r *reader) forgive(what string) {
	if !slices.Contains(r.forgiven, what) {
		r.forgiven = append(r.forgiven, what)
	}
}

// space skips blanks.
func (r *reader) space() {
	for r.at < len(r.text) {
		c, size := utf8.DecodeRuneInString(r.text[r.at:])
		switch {
		case c == ' ' || c == '\t' || c == '\r' || c == '\n':
		case unicode.IsSpace(c) || c == '\ufeff':
			r.forgive("other blanks than JSON's")
		default:
			return
		}
		r.at += size
	}
}

// peek returns the next byte, 0 at the end.
func (r *reader) peek() byte {
	if r.at < len(r.text) {
		return r.text[r.at]
	}
	return 0
}

func (r *reader) value(depth int) error {
	r.space()
	switch c := r.peek(); {
	case c == '{':
		return r.object(depth + 1)
	case c == '[':
		return r.list(depth+1, ']')
	case c == '(':
		r.forgive("lists in parentheses")
		return r.list(depth+1, ')')
	case c == '-' || c == '+' || c == '.' || c >= '0' && c <= '9':
		return r.number()
	}
	if ends := r.opening(); ends != nil {
		text, err := r.quoted(ends)
		r.out.WriteString(text)
		return err
	}
	name := r.bare()
	if name == "" {
		return r.fail("%s stands where a value is expected", r.next())
	}
	return r.word(name)
}

func (r *reader) object(depth int) error {
	if err := r.enter(depth); err != nil {
		return err
	}
	r.out.WriteByte('{')
	names := map[string]bool{}
	for first := true; ; first = false {
		done, err := r.separator(first, '}')
		if err != nil || done {
			return err
		}
		at := r.at
		name, err := r.name()
		if err != nil {
			return err
		}
		plain := unquoted(name)
		if names[plain] {
			r.at = at
			return r.fail("member %s comes twice", quote.Text(plain))
		}
		names[plain] = true
		r.out.WriteString(name)
		if r.space(); r.peek() != ':' {
			return r.fail("%s stands where a colon is expected", r.next())
		}
		r.at++
		r.out.WriteByte(':')
		if err := r.value(depth); err != nil {
			return err
		}
	}
}

func (r *reader) list(depth int, end byte) error {
	if err := r.enter(depth); err != nil {
		return err
	}
	r.out.WriteByte('[')
	for first := true; ; first = false {
		done, err := r.separator(first, end)
		if err != nil || done {
			return err
		}
		if err := r.value(depth); err != nil {
			return err
		}
	}
}

func (r *reader) enter(depth int) error {
	if depth > r.limits.Depth {
		return fmt.Errorf("it nests deeper than %d", r.limits.Depth)
	}
	r.at++
	return nil
}

// separator reads what stands before a member or an element, or the end, of which it reports true. It writes what strict
// JSON has there.
func (r *reader) separator(first bool, end byte) (done bool, err error) {
	r.space()
	if !first && r.peek() == ',' {
		r.at++
		if r.space(); r.peek() == end {
			r.forgive("a comma before the end of an object or list")
		} else {
			r.out.WriteByte(',')
			return false, nil
		}
	} else if first && r.peek() != end {
		return false, nil
	}
	if r.peek() != end {
		return false, r.fail("%s stands where a comma or %q is expected", r.next(), end)
	}
	r.at++
	if end == ')' {
		end = ']'
	}
	r.out.WriteByte(end)
	return true, nil
}

// name reads the name of a member and returns it in strict JSON.
func (r *reader) name() (string, error) {
	if ends := r.opening(); ends != nil {
		return r.quoted(ends)
	}
	name := r.bare()
	if name == "" {
		return "", r.fail("%s stands where a name is expected", r.next())
	}
	r.forgive("names without quotes")
	return encoded(name), nil
}

// quotes are the pairs of quotes, by the first of them.
var quotes = map[rune][]rune{
	'"': {'"'}, '\'': {'\''},
	'“': {'”', '“'}, '”': {'”', '“'}, '„': {'“', '”'}, '‘': {'’', '‘'}, '’': {'’'}, '«': {'»'},
}

// opening skips what a quoted text begins with and returns the quotes that may end it, nil if there is none.
func (r *reader) opening() (closing []rune) {
	at := r.at
	if c := r.peek() | 0x20; (c == 'u' || c == 'b') && at+1 < len(r.text) {
		at++
	}
	c, size := utf8.DecodeRuneInString(r.text[at:])
	if closing = quotes[c]; closing == nil {
		return nil
	}
	switch {
	case at > r.at:
		r.forgive("prefixes of texts")
	case c == '\'':
		r.forgive("single quotes")
	case c != '"':
		r.forgive("typographic quotes")
	}
	r.at = at + size
	return closing
}

// quoted reads a text up to its closing quote and returns it in strict JSON.
func (r *reader) quoted(closing []rune) (string, error) {
	var out strings.Builder
	out.WriteByte('"')
	start := r.at
	for r.at < len(r.text) {
		c, size := utf8.DecodeRuneInString(r.text[r.at:])
		switch {
		case slices.Contains(closing, c):
			r.at += size
			out.WriteByte('"')
			return out.String(), nil
		case c == '\\':
			if err := r.escape(&out); err != nil {
				return "", err
			}
			continue
		case c == '"':
			out.WriteString(`\"`)
		case c == '\t' || c == '\n' || c == '\r':
			r.forgive("line breaks and tabs in texts")
			fmt.Fprintf(&out, `\u%04x`, c)
		case c < ' ':
			return "", r.fail("%s stands in a text", r.next())
		default:
			out.WriteRune(c)
		}
		r.at += size
	}
	r.at = start
	return "", r.fail("a text has no end")
}

// wide matches the escapes of Python and JavaScript that JSON does not have.
var wide = regexp.MustCompile(`^\\(x[0-9a-fA-F]{2}|U[0-9a-fA-F]{8})`)

// narrow matches those of JSON.
var narrow = regexp.MustCompile(`^\\(["\\/bfnrt]|u[0-9a-fA-F]{4})`)

// escape reads what begins with a backslash.
func (r *reader) escape(out *strings.Builder) error {
	rest := r.text[r.at:]
	if m := narrow.FindString(rest); m != "" {
		out.WriteString(m)
		r.at += len(m)
		return nil
	}
	if strings.HasPrefix(rest, `\'`) {
		out.WriteByte('\'')
		r.at += 2
		r.forgive("escapes that JSON does not have")
		return nil
	}
	if m := wide.FindString(rest); m != "" {
		var c rune
		if _, err := fmt.Sscanf(m[2:], "%x", &c); err != nil || !utf8.ValidRune(c) {
			return r.fail("%s is no character", quote.Text(m))
		}
		text := encoded(string(c))
		out.WriteString(text[1 : len(text)-1])
		r.at += len(m)
		r.forgive("escapes that JSON does not have")
		return nil
	}
	return r.fail("a backslash stands before %s", quote.Text(rest[1:min(len(rest), 2)]))
}

var (
	numeral      = regexp.MustCompile(`^[-+.0-9A-Za-z]+`)
	strictNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)
	looseNumber  = regexp.MustCompile(`^([+-]?)([0-9]*)(\.([0-9]*))?([eE][+-]?[0-9]+)?(L?)$`)
)

// number reads a number. Its digits stay as they are written.
func (r *reader) number() error {
	start := r.at
	s := numeral.FindString(r.text[start:])
	r.at += len(s)
	if strictNumber.MatchString(s) {
		r.out.WriteString(s)
		return nil
	}
	m := looseNumber.FindStringSubmatch(s)
	whole := ""
	if m != nil {
		whole = m[2]
	}
	if m == nil || whole+m[4] == "" || len(whole) > 1 && whole[0] == '0' || m[6] != "" && m[3]+m[5] != "" {
		r.at = start
		return r.fail("%s is not a number", quote.Text(s))
	}
	r.forgive("numbers in other forms than JSON's")
	if m[1] == "-" {
		r.out.WriteByte('-')
	}
	if whole == "" {
		whole = "0"
	}
	r.out.WriteString(whole)
	if m[4] != "" {
		r.out.WriteString("." + m[4])
	}
	r.out.WriteString(m[5])
	return nil
}

// bare reads a name without quotes, "" if there is none.
func (r *reader) bare() string {
	start := r.at
	for r.at < len(r.text) {
		c, size := utf8.DecodeRuneInString(r.text[r.at:])
		if !unicode.IsLetter(c) && c != '_' && c != '$' && (r.at == start || !unicode.IsDigit(c) && c != '.' && c != '-') {
			break
		}
		r.at += size
	}
	return r.text[start:r.at]
}

// word writes what a word without quotes stands for.
func (r *reader) word(word string) error {
	switch lower := strings.ToLower(word); lower {
	case "true", "false", "null":
		if word != lower {
			r.forgive("True, False and None")
		}
		r.out.WriteString(lower)
	case "none", "nil", "undefined":
		r.forgive("True, False and None")
		r.out.WriteString("null")
	case "nan", "inf", "infinity", "-inf", "-infinity":
		r.at -= len(word)
		return r.fail("%s is not a number", quote.Text(word))
	default:
		r.forgive("texts without quotes")
		r.out.WriteString(encoded(word))
	}
	return nil
}

func encoded(s string) string {
	b, _ := json.Marshal(s) // of a text, which never fails
	return string(b)
}

func unquoted(s string) (out string) {
	_ = json.Unmarshal([]byte(s), &out)
	return out
}
