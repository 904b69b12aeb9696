package function

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/geoexport/geoexport/internal/quote"
	"github.com/geoexport/geoexport/raster"
)

// ExtractBand selects bands of its input, in the order in which they are listed: by IDs or, if there are none, by Names or,
// if there are none, by Wavelengths. A band may be selected up to three times.
type ExtractBand struct {
	Input       Function
	IDs         []int     // counted from 0
	Names       []string  // in any case; NearInfrared is also the first of NearInfrared_1, NearInfrared_2 and so on
	Wavelengths []float64 // in nanometres
	// Tolerance is how far the middle of a band may be from a wavelength that lies in no band.
	Tolerance float64
	// Nearest selects the last band for IDs beyond it, and the band with the nearest middle for wavelengths, which are an
	// error otherwise.
	Nearest bool
	Output  raster.PixelType

	passed []string // notes on what a rule states and what does not count
}

// maxRepeats is how often one band may be selected: as red, green and blue, which is how clients draw one band in grey. A
// longer answer would hold nothing more.
const maxRepeats = 3

var extractBandSpec = newSpec("ExtractBand", func() *ExtractBand { return &ExtractBand{Nearest: true} },
	func(f *ExtractBand) *raster.PixelType { return &f.Output },
	rasterArg("Raster", func(f *ExtractBand) *Function { return &f.Input }),
	wholes("BandIds", func(f *ExtractBand) *[]int { return &f.IDs }),
	texts("BandNames", func(f *ExtractBand) *[]string { return &f.Names }),
	numbers("BandWavelengths", func(f *ExtractBand) *[]float64 { return &f.Wavelengths }).alias("Wavelengths"),
	number("WavelengthMatchTolerance", func(f *ExtractBand) *float64 { return &f.Tolerance }),
	field("MissingBandAction", "0 (best match) or 1 (fail)", func(f *ExtractBand) *bool { return &f.Nearest }, func(v any) (bool, error) {
		n, err := readChoice(v, missingBands)
		return n == 0, err
	}, func(nearest bool) any {
		if nearest {
			return 0
		}
		return 1
	}),
	switchArg("Method", "0 (names), 1 (wavelengths) or 2 (IDs)", func(v any) (int, error) { return readChoice(v, extractMethods) }),
).finished(func(f Function, switches map[string]any) error {
	e := f.(*ExtractBand)
	method, stated := switches["Method"].(int)
	names := []string{"BandNames", "BandWavelengths", "BandIds"}
	lists := []bool{len(e.Names) > 0, len(e.Wavelengths) > 0, len(e.IDs) > 0}
	if !stated { // by the list that is there
		first := slices.Index(lists, true)
		if others := slices.Index(lists[first+1:], true); first >= 0 && others >= 0 {
			return invalid("Method", "%s and %s both name bands: state which counts", names[first], names[first+1+others])
		}
		return nil
	}
	if !lists[method] {
		return invalid(names[method], "it names no band")
	}
	for i, there := range lists {
		if there && i != method {
			e.passed = append(e.passed, passedOver(names[i], fmt.Sprintf("Method %d selects by %s", method, names[method])))
		}
	}
	if method != 2 {
		e.IDs = nil
	}
	if method != 0 {
		e.Names = nil
	}
	return nil
}, func(f Function) map[string]any {
	switch e := f.(*ExtractBand); {
	case len(e.IDs) > 0 && len(e.Names)+len(e.Wavelengths) > 0:
		return map[string]any{"Method": 2}
	case len(e.Names) > 0 && len(e.Wavelengths) > 0:
		return map[string]any{"Method": 0}
	}
	return nil
}).passing(func(f Function) []string { return f.(*ExtractBand).passed })

var (
	missingBands   = []choice{{0, []string{"BestMatch"}}, {1, []string{"Fail"}}}
	extractMethods = []choice{{0, []string{"Name"}}, {1, []string{"Wavelength"}}, {2, []string{"ID"}}}
)

func (f *ExtractBand) spec() *spec { return &extractBandSpec }

func (f *ExtractBand) compile(c *compilation, in []input) (step, error) {
	ids, err := f.Pick(in[0].Samples, c.Limits.Bands)
	if err != nil {
		return step{}, err
	}
	out := in[0].Samples
	all := slices.Concat(out.Bands, out.Extra)
	out.Bands = nil
	for _, id := range ids {
		out.Bands = append(out.Bands, all[id])
	}
	if out.Palette != nil && len(ids) != 1 {
		out.Palette = nil
	}
	return step{out: out, uses: [][]int{ids}}, nil
}

// Pick returns the bands of an input that f selects, at most the given number.
func (f *ExtractBand) Pick(in Samples, most int) ([]int, error) {
	ids, err := f.pick(in)
	if err != nil {
		return nil, err
	}
	switch {
	case len(ids) == 0:
		return nil, invalid("BandIds", "it names no band")
	case len(ids) > most:
		return nil, tooLarge("BandIds", "%d bands are more than %d (limit Bands)", len(ids), most)
	}
	times := map[int]int{}
	for _, id := range ids {
		if times[id]++; times[id] > maxRepeats {
			return nil, invalid("BandIds", "band %d is named more than %d times", id, maxRepeats)
		}
	}
	return ids, nil
}

func (f *ExtractBand) pick(in Samples) (ids []int, err error) {
	switch {
	case len(f.IDs) > 0:
		n := len(in.Bands) + len(in.Extra)
		for _, id := range f.IDs {
			if f.Nearest && id >= n && len(in.Bands) > 0 {
				id = len(in.Bands) - 1
			}
			if id < 0 || id >= n {
				return nil, invalid("BandIds", "there is no band %d: there are %d, counted from 0", id, n)
			}
			ids = append(ids, id)
		}
	case len(f.Names) > 0:
		for _, name := range f.Names {
			id := bandNamed(in, name)
			if id < 0 {
				return nil, invalid("BandNames", "there is no band %s", quote.Text(name))
			}
			ids = append(ids, id)
		}
	default:
		for _, nm := range f.Wavelengths {
			id := f.bandAt(in, nm)
			if id < 0 {
				return nil, invalid("BandWavelengths", "no band shows %v nm", nm)
			}
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// bandNamed returns the band of a name, -1 if there is none.
func bandNamed(in Samples, name string) int {
	at := slices.IndexFunc(in.Bands, func(b Band) bool { return b.Name != "" && strings.EqualFold(b.Name, name) })
	if at < 0 {
		at = slices.IndexFunc(in.Bands, func(b Band) bool {
			return len(b.Name) > len(name) && b.Name[len(name)] == '_' && strings.EqualFold(b.Name[:len(name)], name)
		})
	}
	return at
}

// bandAt returns the band that shows a wavelength and has its middle nearest to it, -1 if there is none.
func (f *ExtractBand) bandAt(in Samples, nm float64) int {
	inside, near := -1, -1
	away := func(i int) float64 { return math.Abs((in.Bands[i].Wavelength.Min+in.Bands[i].Wavelength.Max)/2 - nm) }
	for i, b := range in.Bands {
		w := b.Wavelength
		if w.Max <= 0 {
			continue // not stated
		}
		if w.Min <= nm && nm <= w.Max && (inside < 0 || away(i) < away(inside)) {
			inside = i
		}
		if near < 0 || away(i) < away(near) {
			near = i
		}
	}
	switch {
	case inside >= 0:
		return inside
	case near >= 0 && (f.Nearest || away(near) <= f.Tolerance):
		return near
	}
	return -1
}
