package function

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/geoexport/geoexport/raster"
)

// A spec is what a function is called, what its arguments are called, and where they are in its struct. Rules are read
// and written by specs, and equal functions are found by them.
type spec struct {
	name    string
	aliases []string
	fresh   func() Function                    // with the defaults of arguments that are left out
	output  func(f Function) *raster.PixelType // where outputPixelType is
	args    []arg
	// finish, if not nil, is called when the arguments of a rule are read, with the switches among them by name, and
	// switches returns those that a function would be written with.
	finish   func(f Function, switches map[string]any) error
	switches func(f Function) map[string]any
	// complete, if not nil, is called before finish with whether a rule states an argument.
	complete func(f Function, states func(argument string) bool) error
	// passed, if not nil, returns the notes that finish has left in a function.
	passed func(f Function) []string
}

// An arg is one argument of a function.
type arg struct {
	name    string
	aliases []string
	kind    string // for messages, such as "a number"
	// Of arguments that are rasters. A raster that is implied is Source where it is left out.
	raster    func(f Function) *Function
	rasters   func(f Function) *[]Function
	implied   bool
	constants bool // a number stands for a constant
	// Of all others: read stores a value of JSON, and write returns one.
	read  func(f Function, v any) error
	write func(f Function) any
	// Switches are no fields: finish does with them what there is to do.
	readSwitch func(v any) (any, error)
	// ignored arguments have no influence on pixels.
	ignored bool
	choices []choice
	// moot, if not nil, returns why the argument has no influence beside the others of a function; "" if it has.
	moot func(f Function) string
}

// A choice is one value of an enumeration.
type choice struct {
	value int
	names []string
}

var errMissing = errors.New("it names no raster")

// inputs returns the functions that f works on. Those that are left out are nil.
func (s *spec) inputs(f Function) (in []Function) {
	for _, a := range s.args {
		switch {
		case a.raster != nil:
			if in = append(in, *a.raster(f)); in[len(in)-1] == nil && !a.implied && a.optional() {
				in = in[:len(in)-1]
			}
		case a.rasters != nil:
			if in = append(in, *a.rasters(f)...); len(in) == 0 && a.implied {
				in = append(in, Source{})
			}
		}
	}
	return in
}

// optional reports whether a raster may be left out, so that the function has an input less.
func (a arg) optional() bool { return a.kind == optionalRaster }

const optionalRaster = "a raster that may be left out"

// argument returns the argument to which input i belongs.
func (s *spec) argument(i int) *arg {
	for n := range s.args {
		a := &s.args[n]
		if a.rasters != nil || a.raster != nil && i == 0 {
			return a
		}
		if a.raster != nil {
			i--
		}
	}
	return &s.args[0]
}

func (s *spec) implied(i int) bool      { return s.argument(i).implied }
func (s *spec) rasterName(i int) string { return s.argument(i).name }

// outputType returns the type that a function's result is to have; Unknown is the function's own.
func (s *spec) outputType(f Function) raster.PixelType {
	if s.output == nil {
		return raster.Unknown
	}
	return *s.output(f)
}

// writeArguments writes what a function's result depends on, besides its inputs.
func (s *spec) writeArguments(b *strings.Builder, f Function) {
	fmt.Fprintf(b, "%v", s.outputType(f))
	for _, a := range s.args {
		if a.write == nil || a.ignored {
			continue
		}
		text, err := json.Marshal(a.write(f))
		if err != nil { // NaN, which is refused by compile
			text = fmt.Appendf(nil, "%v", a.write(f))
		}
		fmt.Fprintf(b, " %s=%s", a.name, text)
	}
	if s.switches != nil {
		text, err := json.Marshal(s.switches(f))
		if err != nil {
			text = fmt.Appendf(nil, "%v", s.switches(f))
		}
		fmt.Fprintf(b, " %s", text)
	}
}

// find returns the argument of a name, in any case; nil if there is none.
func (s *spec) find(name string) *arg {
	for i := range s.args {
		if s.args[i].called(name) {
			return &s.args[i]
		}
	}
	return nil
}

func (a *arg) called(name string) bool { return named(name, a.name, a.aliases) }

func named(name, one string, aliases []string) bool {
	if strings.EqualFold(name, one) {
		return true
	}
	for _, other := range aliases {
		if strings.EqualFold(name, other) {
			return true
		}
	}
	return false
}

// newSpec returns the spec of a function struct F. fresh returns the value whose fields have the defaults.
func newSpec[F any, P interface {
	*F
	Function
}](name string, fresh func() P, output func(P) *raster.PixelType, args ...arg) spec {
	s := spec{name: name, fresh: func() Function { return fresh() }, args: args}
	if output != nil {
		s.output = func(f Function) *raster.PixelType { return output(f.(P)) }
	}
	return s
}

func (s spec) alias(names ...string) spec {
	s.aliases = names
	return s
}

func (s spec) finished(finish func(Function, map[string]any) error, switches func(Function) map[string]any) spec {
	s.finish, s.switches = finish, switches
	return s
}

func (s spec) completed(complete func(f Function, states func(argument string) bool) error) spec {
	s.complete = complete
	return s
}

func (s spec) passing(passed func(f Function) []string) spec {
	s.passed = passed
	return s
}

// field returns an argument that is a field of F, given how a value of JSON is read into it.
func field[F, T any](name, kind string, at func(*F) *T, read func(v any) (T, error), write func(T) any) arg {
	return arg{
		name: name, kind: kind,
		read: func(f Function, v any) error {
			t, err := read(v)
			if err == nil {
				*at(any(f).(*F)) = t
			}
			return err
		},
		write: func(f Function) any { return write(*at(any(f).(*F))) },
	}
}

func plain[T any](v T) any { return v }

func (a arg) alias(names ...string) arg {
	a.aliases = names
	return a
}

// rasterArg returns the argument that is F's only raster or its first one, which is Source if it is left out.
func rasterArg[F any](name string, at func(*F) *Function) arg {
	return arg{name: name, kind: "a raster", implied: true, raster: func(f Function) *Function { return at(any(f).(*F)) }}
}

// orConstant allows a number where a raster is wanted.
func (a arg) orConstant() arg {
	a.constants = true
	return a
}

// neededRaster returns an argument that is another raster, which must not be left out.
func neededRaster[F any](name string, at func(*F) *Function) arg {
	a := rasterArg(name, at)
	a.implied = false
	return a
}

// extraRaster returns an argument that is another raster, which may be left out: the function then has an input less.
func extraRaster[F any](name string, at func(*F) *Function) arg {
	a := neededRaster(name, at)
	a.kind = optionalRaster
	return a
}

// rastersArg returns the argument that is the list of F's rasters.
func rastersArg[F any](name string, at func(*F) *[]Function) arg {
	return arg{name: name, kind: "a list of rasters", implied: true, constants: true, rasters: func(f Function) *[]Function { return at(any(f).(*F)) }}
}

func number[F any](name string, at func(*F) *float64) arg {
	return field(name, "a number", at, readNumber, plain[float64])
}

// optionalNumber returns an argument that is a number, or nil where it is left out.
func optionalNumber[F any](name string, at func(*F) **float64) arg {
	return field(name, "a number", at, func(v any) (*float64, error) {
		n, err := readNumber(v)
		return &n, err
	}, plain[*float64])
}

func whole[F any, T ~int | ~uint8](name string, at func(*F) *T) arg {
	return field(name, "a whole number", at, func(v any) (T, error) {
		n, err := readWhole(v)
		if err == nil && int(T(n)) != n {
			return 0, fmt.Errorf("%d is out of range", n)
		}
		return T(n), err
	}, plain[T])
}

func flag[F any](name string, at func(*F) *bool) arg {
	return field(name, "true or false", at, readBool, plain[bool])
}

func text[F any](name string, at func(*F) *string) arg {
	return field(name, "a text", at, readText, plain[string])
}

func numbers[F any](name string, at func(*F) *[]float64) arg {
	return field(name, "a list of numbers", at, func(v any) ([]float64, error) { return readSeries(v, readNumber) }, plain[[]float64])
}

func wholes[F any](name string, at func(*F) *[]int) arg {
	return field(name, "a list of whole numbers", at, func(v any) ([]int, error) { return readSeries(v, readWhole) }, plain[[]int])
}

func texts[F any](name string, at func(*F) *[]string) arg {
	return field(name, "a list of texts", at, func(v any) ([]string, error) { return readList(v, readText) }, plain[[]string])
}

// enum returns an argument whose values are numbers with names.
func enum[F any, T ~uint8 | ~int](name string, at func(*F) *T, choices []choice) arg {
	a := field(name, "one of "+choiceList(choices), at, func(v any) (T, error) {
		n, err := readChoice(v, choices)
		return T(n), err
	}, plain[T])
	a.choices = choices
	return a
}

// switchArg returns an argument that changes what others mean.
func switchArg[T any](name, kind string, read func(v any) (T, error)) arg {
	return arg{name: name, kind: kind, readSwitch: func(v any) (any, error) { return read(v) }}
}

// ignoredArg returns an argument that is understood and has no influence on pixels, and whose value must be of a kind.
func ignoredArg[T any](name, kind string, read func(v any) (T, error)) arg {
	return arg{
		name: name, kind: kind, ignored: true,
		read: func(_ Function, v any) error {
			_, err := read(v)
			return err
		},
	}
}

// refusedArg returns an argument that is known and not served.
func refusedArg(name string) arg {
	return arg{name: name, kind: "refused", ignored: true, read: func(Function, any) error {
		return unsupported("", "it is not supported")
	}}
}

func choiceList(choices []choice) string {
	var b strings.Builder
	for i, c := range choices {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprint(&b, c.value)
		if len(c.names) > 0 {
			fmt.Fprintf(&b, " (%s)", c.names[0])
		}
	}
	return b.String()
}
