package function

import (
	"fmt"
	"image"
	"slices"
	"strings"

	"github.com/geoexport/geoexport/internal/quote"
	"github.com/geoexport/geoexport/raster"
)

// Mask takes the data out of pixels whose bands have certain values. All bands of a pixel go together.
type Mask struct {
	Input Function
	// NoDataValues are, band by band, the values that are bad.
	NoDataValues [][]float64
	// IncludedRanges are, band by band, the ranges outside of which values are bad. Both ends are included.
	IncludedRanges []ValueRange
	// MatchAll takes data out only where all bands of the input have bad values. Otherwise one is enough.
	MatchAll bool
	Output   raster.PixelType
}

var noDataInterpretations = []choice{{0, []string{"MatchAny"}}, {1, []string{"MatchAll"}}}

var maskSpec = newSpec("Mask", func() *Mask { return &Mask{} },
	func(f *Mask) *raster.PixelType { return &f.Output },
	rasterArg("Raster", func(f *Mask) *Function { return &f.Input }),
	field("NoDataValues", "a list of texts, one a band", func(f *Mask) *[][]float64 { return &f.NoDataValues },
		func(v any) ([][]float64, error) { return readList(v, readValues) },
		func(lists [][]float64) any {
			out := make([]string, len(lists))
			for i, list := range lists {
				out[i] = strings.Trim(fmt.Sprint(list), "[]")
			}
			return out
		}),
	rangesArg("IncludedRanges", func(f *Mask) *[]ValueRange { return &f.IncludedRanges }),
	field("NoDataInterpretation", "one of "+choiceList(noDataInterpretations), func(f *Mask) *bool { return &f.MatchAll }, func(v any) (bool, error) {
		n, err := readChoice(v, noDataInterpretations)
		return n == 1, err
	}, func(all bool) any {
		if all {
			return 1
		}
		return 0
	}),
)

// readValues reads a band's values: numbers in a text, separated by blanks or commas, or a number, or a list.
func readValues(v any) ([]float64, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case []any:
		return readList(v, readNumber)
	case string:
		var out []float64
		for _, word := range strings.FieldsFunc(v, func(r rune) bool { return r == ' ' || r == ',' || r == '\t' }) {
			n, err := readNumber(word)
			if err != nil {
				return nil, fmt.Errorf("%s is no list of numbers", quote.Text(v))
			}
			out = append(out, n)
		}
		return out, nil
	}
	n, err := readNumber(v)
	return []float64{n}, err
}

func (f *Mask) spec() *spec { return &maskSpec }

func (f *Mask) compile(_ *compilation, in []input) (step, error) {
	if err := realInput(in[0]); err != nil {
		return step{}, err
	}
	n := len(in[0].Bands)
	if len(f.NoDataValues) > n {
		return step{}, invalid("NoDataValues", "it has values for %d bands, and there are %d", len(f.NoDataValues), n)
	}
	if len(f.IncludedRanges) > n {
		return step{}, invalid("IncludedRanges", "it has ranges for %d bands, and there are %d", len(f.IncludedRanges), n)
	}
	tests := make([]maskBand, n)
	total := 0
	for i, list := range f.NoDataValues {
		tests[i].values = slices.Compact(slices.Sorted(slices.Values(list)))
		total += len(list)
	}
	if total > maxRanges {
		return step{}, tooLarge("NoDataValues", "more than %d values", maxRanges)
	}
	for i, r := range f.IncludedRanges {
		if !(r.Min <= r.Max) {
			return step{}, invalid("IncludedRanges", "the range from %v to %v holds nothing", r.Min, r.Max)
		}
		tests[i].ranged, tests[i].within = true, r
	}
	return step{out: in[0].Samples, run: func(_ Cell, in []*raster.Block, rect image.Rectangle) (*raster.Block, error) {
		return f.mask(in[0], tests, rect), nil
	}}, nil
}

// A maskBand is which values of a band are bad.
type maskBand struct {
	values []float64 // ascending
	ranged bool
	within ValueRange
}

func (f *Mask) mask(b *raster.Block, tests []maskBand, rect image.Rectangle) *raster.Block {
	valid := b.CopyValid()
	buf := make([]float64, rect.Dx())
	bad := make([]uint8, rect.Dx()) // the number of bands with bad values; a service has at most 64
	for y := rect.Min.Y; y < rect.Max.Y; y++ {
		clear(bad)
		for i, p := range b.Bands {
			if tests[i].ranged || len(tests[i].values) > 0 {
				tests[i].count(bad, loadRow(buf, p, y))
			}
		}
		need := uint8(1)
		if f.MatchAll {
			need = uint8(len(b.Bands))
		}
		marks := raster.AlphaRow(valid, y, rect)
		for x, n := range bad {
			if n >= need {
				marks[x] = 0
			}
		}
	}
	return &raster.Block{Type: b.Type, Bands: b.Bands, Valid: valid}
}

// count adds 1 where a value is bad.
func (m *maskBand) count(bad []uint8, row []float64) {
	bad = bad[:len(row)]
	for x, v := range row {
		if m.ranged && !(v >= m.within.Min && v <= m.within.Max) || m.listed(v) {
			bad[x]++
		}
	}
}

func (m *maskBand) listed(v float64) bool {
	if len(m.values) > 8 {
		_, found := slices.BinarySearch(m.values, v)
		return found
	}
	return slices.Contains(m.values, v)
}
