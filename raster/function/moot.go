package function

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
)

// moot returns the argument of F with what makes it one without influence: why returns the reason, which follows the
// name of the argument in a note, or "" where the argument counts.
func moot[F any](a arg, why func(f *F) string) arg {
	a.moot = func(f Function) string { return why(any(f).(*F)) }
	return a
}

// mootNotes returns a note for each argument of f that has another value than its default and no influence. Defaults
// are left alone, as stored templates state all arguments.
func (s *spec) mootNotes(f Function) (notes []string) {
	if s.passed != nil {
		for _, text := range s.passed(f) {
			notes = append(notes, s.name+": "+text)
		}
	}
	var usual Function
	for i := range s.args {
		a := &s.args[i]
		if a.moot == nil {
			continue
		}
		why := a.moot(f)
		if why == "" {
			continue
		}
		if usual == nil {
			usual = s.fresh()
		}
		if v := reflect.ValueOf(a.write(f)); v.IsZero() || reflect.DeepEqual(a.write(f), a.write(usual)) {
			continue
		}
		notes = append(notes, s.name+": "+passedOver(a.name, why))
	}
	return notes
}

// passedOver is a note on an argument without influence.
func passedOver(argument, why string) string {
	return fmt.Sprintf("%s: it was passed over, as %s", argument, why)
}

// note adds notes to those of a compilation, each once.
func (c *compilation) note(notes []string) {
	for _, text := range notes {
		if !slices.Contains(c.notes, text) {
			c.notes = append(c.notes, text)
		}
	}
}

// Notes returns a sentence for each argument that a rule states and that has no influence beside its others, such as
// the Kernel of a Convolution whose Type has one of its own. The slice must not be changed.
func (p *Program) Notes() []string { return p.notes }

// ownKernel returns why the Kernel of a Convolution does not count, "" if it does, or if it is that of the Type.
func (f *Convolution) ownKernel() string {
	switch k, ok := kernels[f.Type]; {
	case f.Type == noKernel:
		return fmt.Sprintf("Type %d is that of no kernel", noKernel)
	case !ok || sameKernel(f.Kernel, k.w):
		return ""
	default:
		return fmt.Sprintf("Type %d (%s) has a kernel of its own", f.Type, k.name)
	}
}

// sameKernel reports whether the weights of two kernels are in the same proportion. Templates have those of their
// Type, divided by their sum or not.
func sameKernel(a, b []float64) bool {
	if len(a) != len(b) {
		return false
	}
	var scale float64 // of a to b, by the largest of b
	for i, v := range b {
		if math.Abs(v) > math.Abs(scale) {
			scale = b[i]
		}
	}
	at := slices.Index(b, scale)
	factor := a[at] / scale
	if !(factor > 0) {
		return false
	}
	for i := range b {
		if math.Abs(a[i]-float64(factor*b[i])) > 1e-3*math.Abs(float64(factor*scale)) {
			return false
		}
	}
	return true
}

// ownSide returns why a number of rows or columns does not count beside a Type: "" if it is that of the Type's kernel,
// or the 3 that templates have in any case.
func (f *Convolution) ownSide(n int) string {
	k, ok := kernels[f.Type]
	if !ok || n == k.side {
		return ""
	}
	return fmt.Sprintf("Type %d (%s) has a kernel of %d by %d pixels", f.Type, k.name, k.side, k.side)
}

// onlyFor returns why an argument does not count unless it is used.
func onlyFor(used bool, what string, values ...string) string {
	if used {
		return ""
	}
	return "it is for " + what + " " + strings.Join(values, " and ") + " alone"
}
