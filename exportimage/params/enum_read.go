package params

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/geoexport/geoexport/internal/quote"
)

// Parse returns the value that a text stands for: a name of the enumeration in any case, or a shorter or historic
// spelling, as Read takes it.
func (e Enum[V]) Parse(text string) (V, error) { return e.Read(text, nil) }

// Read is Parse, and adds to f where a text is none of the documented names. Shorter spellings lack the prefix that all
// names of an enumeration share, or signs and blanks between words, or are those of services' descriptions, so that
// "Bilinear", "RSP_Bilinear" and "Bilinear Interpolation" are RSP_BilinearInterpolation. A spelling that fits several
// values is an error.
func (e Enum[V]) Read(text string, f *Forgiven) (V, error) {
	var none V
	for _, w := range e {
		if strings.EqualFold(w.Name, text) {
			return w.Value, nil
		}
	}
	folded := fold(text)
	is := func(s string) bool { return s != "" && fold(s) == folded }
	var found []Word[V]
	for _, w := range e {
		if folded != "" && (is(w.Name) || is(w.Property) || slices.ContainsFunc(w.Aliases, is)) {
			found = append(found, w)
		}
	}
	if len(found) != 1 {
		return none, fmt.Errorf("%s is not one of %s", quote.Text(text), strings.Join(e.Names(), ", "))
	}
	f.Add("%s for %s", quote.Text(text), found[0].Name)
	return found[0].Value, nil
}

// prefixes are those of ArcGIS's enumerations, in the form of fold.
var prefixes = []string{"rsp", "esrimosaic", "esrinodata", "esrino", "esrigeometry", "esrispatialrel", "esrimensuration", "esri", "mt"}

// fold returns the letters and digits of a name in lower case, without the prefix of an enumeration.
func fold(name string) string {
	name = strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
	for _, p := range prefixes {
		if rest, ok := strings.CutPrefix(name, p); ok && rest != "" {
			return rest
		}
	}
	return name
}
