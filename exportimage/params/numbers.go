package params

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/internal/quote"
)

// decimal matches numbers as the operation writes them: with a point whatever the locale, digits only, and perhaps an
// exponent. Other forms that Go's parser takes (hexadecimal, underscores, "inf", "nan") are refused.
var decimal = regexp.MustCompile(`^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$`)

func number(s string) (float64, error) {
	if !decimal.MatchString(s) {
		return 0, fmt.Errorf("%s is not a number", quote.Text(s))
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0, fmt.Errorf("%s is too large", quote.Text(s))
	}
	return v, nil
}

func integer(s string) (int64, error) {
	v, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%s is not a whole number", quote.Text(s))
	}
	return v, nil
}

// wholeNumber is integer, and takes numbers such as 75.0 and 1e2 too, which are whole.
func wholeNumber(s string, f *Forgiven) (int64, error) {
	n, err := integer(s)
	if err == nil {
		return n, nil
	}
	v, notOne := number(s)
	if notOne != nil || v != math.Trunc(v) || math.Abs(v) > 1<<53 {
		return 0, err
	}
	f.Add("whole numbers with a point or an exponent")
	return int64(v), nil
}

// fields cuts a list at commas, or at blanks if it has no comma. It returns at most one field more than the given
// number, which callers refuse, so that the length of a text does not become the length of a slice.
func fields(s string, most int) []string {
	if !strings.Contains(s, ",") {
		f := strings.Fields(s)
		return f[:min(len(f), most+1)]
	}
	f := strings.SplitN(s, ",", most+2)
	for i := range f {
		f[i] = strings.TrimSpace(f[i])
	}
	return f[:min(len(f), most+1)]
}

func list[T any](s string, most int, read func(string) (T, error)) ([]T, error) {
	f := fields(s, most)
	if len(f) > most {
		return nil, fmt.Errorf("there are more than %d numbers", most)
	}
	out := make([]T, len(f))
	for i := range f {
		var err error
		if out[i], err = read(f[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// brokenExponent matches an exponent whose plus sign became a blank in a URL, as in 3.4e 38.
var brokenExponent = regexp.MustCompile(`([0-9.][eE]) ([0-9])`)

func numbers(s string, most int, f *Forgiven) ([]float64, error) {
	if brokenExponent.MatchString(s) {
		f.Add("a blank for the plus sign of an exponent")
		s = brokenExponent.ReplaceAllString(s, "$1+$2")
	}
	return list(s, most, number)
}

func integers(s string, most int) ([]int64, error) { return list(s, most, integer) }
