package params

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/quote"
)

// Info describes a parameter to people and to programs.
type Info struct {
	Name string // as documented; requests may spell it in any case
	// Help describes the parameter in one line. The part in back quotes names its value, as in package flag.
	Help string
	// Values are those of an enumeration as they are documented, in the order in which they are offered, the default
	// first. Nil means that values are not enumerated.
	Values  []string
	Default string // the value of a request without the parameter, if that does not depend on the service
	// Unlisted parameters are read and not offered in forms: those of 9.3, and those that no service honours.
	Unlisted bool
}

// Usage returns the help with the values and the default, as for a command line.
func (i Info) Usage() string {
	text := i.Help
	if len(i.Values) > 0 {
		text += ": " + strings.Join(i.Values, ", ")
	}
	if i.Default != "" {
		text += "; default: " + i.Default
	}
	return text
}

// A Param is a parameter whose text means a V. It belongs to no operation; Bind makes it a part of one.
type Param[V any] struct {
	Info
	MaxBytes int // of text; 0 means 64 KiB, far more than the longest texts that clients send, rendering rules
	// Read returns the value of a text, which is trimmed and not empty, and adds to f, which may be nil, what it forgave.
	// Its errors are of kind Invalid, unless they are of type *exportimage.Error. See Exactly.
	Read func(text string, f *Forgiven) (V, error)
}

const maxBytes = 64 << 10

// Parse returns the value of a text. Blanks around the text do not count; the value of an empty one is the zero V.
// Errors are of type *exportimage.Error and name the parameter.
func (p Param[V]) Parse(text string) (V, error) { return p.parse(text, nil) }

func (p Param[V]) parse(text string, f *Forgiven) (v V, err error) {
	text = strings.TrimSpace(text)
	if most := p.limit(); len(text) > most {
		return v, tooLong(p.Name, most)
	}
	if f == nil {
		f = &Forgiven{} // for errors
	}
	before := len(f.notes)
	err = f.about(p.Name, func() error {
		switch text = withoutPluses(text, f); strings.ToLower(text) {
		case "":
			return nil
		case "null", "undefined":
			f.Add("%q for no value", strings.ToLower(text))
			return nil
		}
		if v, err = p.Read(text, f); err != nil && strings.EqualFold(text, "none") {
			var none V
			v, err = none, nil // as Python writes it; some parameters have it as a value
			f.Add("%q for no value", text)
		}
		return err
	})
	if err != nil {
		var none V
		return none, blame(p.Name, explained(err, f.since(before)))
	}
	return v, nil
}

// explained adds to an error what was forgiven before it, since that may be why: None for null, for example.
func explained(err error, forgiven []string) error {
	if len(forgiven) == 0 {
		return err
	}
	const most = 3
	note := strings.Join(forgiven[:min(len(forgiven), most)], "; ")
	if e, ok := err.(*exportimage.Error); ok {
		return &exportimage.Error{Kind: e.Kind, Param: e.Param, Err: fmt.Errorf("%w (forgiven: %s)", e.Err, note)}
	}
	return fmt.Errorf("%w (forgiven: %s)", err, note)
}

func (p Param[V]) limit() int {
	if p.MaxBytes > 0 {
		return p.MaxBytes
	}
	return maxBytes
}

func tooLong(name string, most int) error {
	return invalid(name, "the value is longer than %d bytes", most)
}

// blame names the parameter at fault in an error. Errors without a kind are about values without a meaning.
func blame(name string, err error) error {
	if e, ok := err.(*exportimage.Error); ok {
		return &exportimage.Error{Kind: e.Kind, Param: name, Err: e.Err}
	}
	return &exportimage.Error{Kind: exportimage.Invalid, Param: name, Err: err}
}

// A Field is a parameter of an operation whose request is a T.
type Field[T any] struct {
	Info
	max  int
	into func(t *T, text string, f *Forgiven) error
}

// Bind makes a parameter a part of an operation. set stores its value in the request.
func Bind[T, V any](p Param[V], set func(t *T, v V)) Field[T] {
	return Field[T]{p.Info, p.limit(), func(t *T, text string, f *Forgiven) error {
		v, err := p.parse(text, f)
		if err == nil {
			set(t, v)
		}
		return err
	}}
}

// A Table holds the parameters of an operation, in the order in which they are offered and read. Where two state the
// same, the later one counts, as bboxSR does over the spatial reference inside bbox.
type Table[T any] []Field[T]

// Remarks are about what Table.Parse read.
type Remarks struct {
	Unknown  []string // the names that are not in the table, in lower case and sorted
	Forgiven []string // what was not written as documented and has one meaning all the same; see Forgiven
}

// misspelled are names of parameters, in lower case, that widely used programs write wrongly: the ArcGIS API for Python and
// ArcREST have this one in getSamples, computeHistograms and exportImage.
var misspelled = map[string]string{"moasiacrule": "mosaicRule"}

// Parse reads the parameters in a query string or a form into a request, which keeps its values where there is no
// parameter. Names are read in any case and with blanks around them; an empty value is the same as none.
//
// A parameter that comes twice with different values, or whose value has no meaning, is an *exportimage.Error of kind
// Invalid that names it.
func (t Table[T]) Parse(v url.Values, into *T) (Remarks, error) {
	texts := map[string]string{}
	forgiven := &Forgiven{}
	for _, name := range slices.Sorted(maps.Keys(v)) {
		key := strings.ToLower(strings.TrimSpace(name))
		if right, ok := misspelled[key]; ok {
			forgiven.Add("%s for %s", quote.Text(name), right)
			key = strings.ToLower(right)
		}
		known := slices.IndexFunc(t, func(f Field[T]) bool { return strings.ToLower(f.Name) == key })
		for _, text := range v[name] {
			if text = strings.TrimSpace(text); text == "" {
				continue
			}
			if known >= 0 {
				if f := t[known]; len(text) > f.max {
					return Remarks{}, tooLong(f.Name, f.max)
				}
				if old, ok := texts[key]; ok && old != text {
					return Remarks{}, invalid(t[known].Name, "the parameter comes twice, with different values")
				}
			}
			texts[key] = text
		}
	}
	for _, f := range t {
		key := strings.ToLower(f.Name)
		text, ok := texts[key]
		if !ok {
			continue
		}
		delete(texts, key)
		if err := f.into(into, text, forgiven); err != nil {
			return Remarks{}, err
		}
	}
	return Remarks{Unknown: slices.Sorted(maps.Keys(texts)), Forgiven: forgiven.Notes()}, nil
}

// Infos returns the descriptions of the parameters.
func (t Table[T]) Infos() []Info {
	out := make([]Info, len(t))
	for i, f := range t {
		out[i] = f.Info
	}
	return out
}

func invalid(param, format string, args ...any) *exportimage.Error {
	return &exportimage.Error{Kind: exportimage.Invalid, Param: param, Err: fmt.Errorf(format, args...)}
}

// unsupported returns the error for what is understood and not served. Param.Parse names the parameter in it.
func unsupported(format string, args ...any) *exportimage.Error {
	return &exportimage.Error{Kind: exportimage.Unsupported, Err: fmt.Errorf(format, args...)}
}
