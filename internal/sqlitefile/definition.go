package sqlitefile

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A definition is the part of a CREATE TABLE statement that describes the stored rows.
type definition struct {
	columns []string
	integer []bool // for each column, whether its type is the word INTEGER
	missing []fallback
	rowID   int // the column that is an INTEGER PRIMARY KEY, which records leave out; -1 if there is none
}

// The default limits of SQLite: https://www.sqlite.org/limits.html.
const (
	maxDefinition = 1_000_000 // bytes
	maxColumns    = 2000
)

// parseDefinition reads a CREATE TABLE statement as far as reading rows needs it. Databases keep such statements as
// their authors wrote them.
func parseDefinition(sql string) (definition, error) {
	d := definition{rowID: -1}
	if len(sql) > maxDefinition {
		return d, fmt.Errorf("its definition is longer than %d bytes", maxDefinition)
	}
	words, err := tokens(sql)
	if err != nil {
		return d, err
	}
	open := slices.Index(words, token{text: "("})
	if open < 0 || !words[0].is("CREATE") || slices.ContainsFunc(words[:open], func(t token) bool { return t.is("VIRTUAL") }) {
		return d, errors.New("it is no ordinary table")
	}
	depth := 1
	var column []token
	end := func() {
		if len(column) > 0 && err == nil {
			err = d.add(column)
		}
		column = nil
	}
	rest := words[open+1:]
	for i, w := range rest {
		switch {
		case w == token{text: "("}:
			depth++
		case w == token{text: ")"}:
			if depth--; depth == 0 {
				end()
				if slices.ContainsFunc(rest[i:], func(t token) bool { return t.is("WITHOUT") }) {
					return d, errors.New("tables WITHOUT ROWID are not supported")
				}
				return d, err
			}
		case depth == 1 && w == token{text: ","}:
			end()
			continue
		}
		column = append(column, w)
	}
	return d, errors.New("its definition is cut off")
}

// constraintWords begin the constraints of a column, and so end its type:
// https://www.sqlite.org/syntax/column-constraint.html.
var constraintWords = []string{
	"CONSTRAINT", "PRIMARY", "NOT", "NULL", "UNIQUE", "CHECK", "DEFAULT", "COLLATE", "REFERENCES", "GENERATED", "AS",
}

// add reads a column, or a constraint of the table.
func (d *definition) add(words []token) error {
	if slices.ContainsFunc([]string{"CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"}, words[0].is) {
		d.constraint(words)
		return nil
	}
	if slices.ContainsFunc(words[1:], func(t token) bool { return t.is("AS") }) {
		return fmt.Errorf("column %q is generated, which is not supported", words[0].text)
	}
	n := 1
	for n < len(words) && !slices.ContainsFunc(constraintWords, words[n].is) {
		n++
	}
	// Only the type INTEGER, spelled so, makes a primary key an alias of the row number: "ROWIDs and the INTEGER
	// PRIMARY KEY" of https://www.sqlite.org/lang_createtable.html.
	integer := n == 2 && strings.EqualFold(words[1].text, "INTEGER")
	key := slices.IndexFunc(words[n:], func(t token) bool { return t.is("PRIMARY") })
	if key += n; integer && key >= n && !(key+2 < len(words) && words[key+2].is("DESC")) {
		d.rowID = len(d.columns)
	}
	if len(d.columns) == maxColumns {
		return fmt.Errorf("it has more than %d columns", maxColumns)
	}
	var typ []string
	for _, w := range words[1:n] {
		typ = append(typ, w.text)
	}
	d.columns, d.integer = append(d.columns, words[0].text), append(d.integer, integer)
	d.missing = append(d.missing, defaultOf(strings.Join(typ, " "), words[n:]))
	return nil
}

// constraint looks for a PRIMARY KEY of one column, such as PRIMARY KEY ("fid" AUTOINCREMENT).
func (d *definition) constraint(words []token) {
	i := slices.IndexFunc(words, func(t token) bool { return t.is("PRIMARY") })
	if i < 0 || len(words) <= i+3 || slices.Contains(words[i:], token{text: ","}) {
		return
	}
	for c, name := range d.columns {
		if d.integer[c] && strings.EqualFold(name, words[i+3].text) {
			d.rowID = c
		}
	}
}

// A token is a word, a name, or a mark. Names and texts in quotes are quoted.
type token struct {
	text   string
	quoted bool
}

// is reports whether a token is the given key word.
func (t token) is(word string) bool { return !t.quoted && strings.EqualFold(t.text, word) }

// tokens cuts a statement into tokens, without blanks and comments.
func tokens(sql string) ([]token, error) {
	var out []token
	for sql != "" {
		c := sql[0]
		switch {
		case strings.IndexByte(" \t\r\n\f", c) >= 0:
			sql = sql[1:]
		case strings.HasPrefix(sql, "--"):
			_, sql, _ = strings.Cut(sql, "\n")
		case strings.HasPrefix(sql, "/*"):
			_, sql, _ = strings.Cut(sql, "*/")
		case c == '"' || c == '`' || c == '\'' || c == '[':
			text, rest, ok := quoted(sql)
			if !ok {
				return nil, errors.New("its definition is cut off")
			}
			out = append(out, token{text, true})
			sql = rest
		case strings.IndexByte("(),", c) >= 0:
			out = append(out, token{text: sql[:1]})
			sql = sql[1:]
		default:
			n := strings.IndexAny(sql, " \t\r\n\f(),\"`'[")
			if n < 0 {
				n = len(sql)
			}
			out = append(out, token{text: sql[:n]})
			sql = sql[n:]
		}
	}
	if len(out) == 0 {
		return nil, errors.New("it has no definition")
	}
	return out, nil
}

// quoted reads a text in quotes. Two closing quotes stand for one.
func quoted(s string) (text, rest string, ok bool) {
	end := s[0]
	if end == '[' {
		text, rest, ok = strings.Cut(s[1:], "]")
		return text, rest, ok
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		if s[i] != end {
			b.WriteByte(s[i])
			continue
		}
		if i+1 < len(s) && s[i+1] == end {
			b.WriteByte(end)
			i++
			continue
		}
		return b.String(), s[i+1:], true
	}
	return "", "", false
}
