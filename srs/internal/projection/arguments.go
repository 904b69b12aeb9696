package projection

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/go-spatial/proj/support"
)

// An Unsupported error states which part of a definition there is no projection for.
type Unsupported struct {
	Element string // what kind of part it is, such as "projection"
	Name    string // which one it is
}

func (e *Unsupported) Error() string { return fmt.Sprintf("unsupported %s %q", e.Element, e.Name) }

// Arguments are the parameters of a projection by PROJ's names for them, without the plus sign.
type Arguments map[string]Value

// A Value is an argument: a number, or what a PROJ string has behind the equals sign. Flags have an empty word.
type Value struct {
	Word     string
	Number   float64
	IsNumber bool
}

// numberValue returns a number as a Value.
func numberValue(v float64) Value { return Value{Number: v, IsNumber: true} }

func (v Value) String() string {
	if v.IsNumber {
		return strconv.FormatFloat(v.Number, 'g', -1, 64)
	}
	return v.Word
}

// Has reports whether an argument is there.
func (a Arguments) Has(key string) bool { _, ok := a[key]; return ok }

// Flag reports whether a flag is set: +south, but not +south=F.
func (a Arguments) Flag(key string) bool {
	v, ok := a[key]
	return ok && !strings.HasPrefix(strings.ToLower(v.Word), "f")
}

// ReadNumber reads a number, or an angle in degrees, which may be 8d30'15"W, if the argument is there. The error is an
// *Unsupported of the method.
func (a Arguments) ReadNumber(method, key string, to *float64) error {
	value, ok := a[key]
	if !ok {
		return nil
	}
	v, err := value.Number, error(nil)
	if !value.IsNumber {
		if v, err = strconv.ParseFloat(value.Word, 64); err != nil {
			v, err = support.DMSToDD(value.Word)
		}
	}
	if err != nil || !(math.Abs(v) <= 1e15) {
		return &Unsupported{"value of a parameter of " + method, key + "=" + value.String()}
	}
	*to = v
	return nil
}
