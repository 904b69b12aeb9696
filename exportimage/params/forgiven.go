package params

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Forgiven collects what a reader took although it is not written as documented, because it has one meaning all the same:
// a number as text, a short name, single quotes in JSON. A nil one collects nothing; the zero value is empty. It belongs
// to one goroutine.
type Forgiven struct {
	notes  []string
	within string // what the notes are about
}

// maxForgiven bounds how many notes are kept.
const maxForgiven = 64

// Add adds a note of one clause, unless it is there.
func (f *Forgiven) Add(format string, args ...any) {
	if f == nil {
		return
	}
	note := fmt.Sprintf(format, args...)
	if f.within != "" {
		note = f.within + ": " + note
	}
	if len(f.notes) < maxForgiven && !slices.Contains(f.notes, note) {
		f.notes = append(f.notes, note)
	}
}

// Notes returns the notes in the order in which they were added.
func (f *Forgiven) Notes() []string {
	if f == nil {
		return nil
	}
	return slices.Clone(f.notes)
}

// since returns the notes after the first n, without what they are about.
func (f *Forgiven) since(n int) (out []string) {
	for _, note := range f.notes[n:] {
		_, what, _ := strings.Cut(note, ": ")
		out = append(out, what)
	}
	return out
}

// about runs do, whose notes begin with a name.
func (f *Forgiven) about(name string, do func() error) error {
	if f == nil {
		return do()
	}
	before := f.within
	f.within = name
	defer func() { f.within = before }()
	return do()
}

// Exactly makes a Read of a function that forgives nothing.
func Exactly[V any](read func(text string) (V, error)) func(string, *Forgiven) (V, error) {
	return func(text string, _ *Forgiven) (V, error) { return read(text) }
}

// signed matches what a plus sign belongs to: a number, or the first term of a PROJ string.
var signed = regexp.MustCompile(`^([0-9.]|[a-z_]+=)`)

// withoutPluses returns a text without blanks and plus signs at its ends. ArcGIS's form has values that begin with a
// blank, which is a plus sign in the URL, and programs that encode what they copied from there send a real one. The sign
// of a number stays.
func withoutPluses(text string, f *Forgiven) string {
	text = strings.TrimSpace(text)
	out := strings.Trim(text, "+ \t\r\n")
	if out == "" || len(out) == len(text) {
		return out
	}
	if at := strings.Index(text, out); at > 0 && text[at-1] == '+' && signed.MatchString(out) {
		out = "+" + out
	}
	if out != text {
		f.Add("a plus sign for a blank")
	}
	return out
}
