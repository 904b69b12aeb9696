package function

import (
	"cmp"
	"math"
	"slices"

	"github.com/geoexport/geoexport/raster"
)

// A ValueRange holds the numbers v with Min <= v < Max, or the number Min alone if it equals Max.
type ValueRange struct{ Min, Max float64 }

// Remap gives values of the first band other ones, by the ranges in which they lie.
type Remap struct {
	Input        Function
	Ranges       []ValueRange // the last that contains a value counts
	Values       []float64    // of the pixels in Ranges, as many
	NoDataRanges []ValueRange // of values that become pixels without data, before all else
	// DropUnmatched makes pixels in no range ones without data. Otherwise they get the value Replacement or, if that is
	// nil, keep theirs.
	DropUnmatched bool
	Replacement   *float64
	// Output is the type of the result. Unknown is the first of U8, S8, U16, S16, U32, S32 and F32 that holds all values
	// of the result exactly, and all of the input's type if values may be kept.
	Output raster.PixelType
}

// maxRanges bounds the tables that come with one function.
const maxRanges = 1 << 16

var remapSpec = newSpec("Remap", func() *Remap { return &Remap{} },
	func(f *Remap) *raster.PixelType { return &f.Output },
	rasterArg("Raster", func(f *Remap) *Function { return &f.Input }),
	rangesArg("InputRanges", func(f *Remap) *[]ValueRange { return &f.Ranges }),
	numbers("OutputValues", func(f *Remap) *[]float64 { return &f.Values }),
	rangesArg("NoDataRanges", func(f *Remap) *[]ValueRange { return &f.NoDataRanges }),
	field("AllowUnmatched", "true or false", func(f *Remap) *bool { return &f.DropUnmatched }, func(v any) (bool, error) {
		allow, err := readBool(v)
		return !allow, err
	}, func(drop bool) any { return !drop }),
	optionalNumber("ReplacementValue", func(f *Remap) **float64 { return &f.Replacement }),
	ignoredArg("UseTable", "false", func(v any) (bool, error) {
		use, err := readBool(v)
		if err == nil && use {
			err = unsupported("", "remapping by a table is not supported: state InputRanges and OutputValues")
		}
		return use, err
	}),
	ignoredArg("RemapTableType", "a whole number", readWhole),
	refusedArg("RemapTable").alias("Table"),
	refusedArg("InputField"),
	refusedArg("InputMaxField"),
	refusedArg("OutputField"),
	refusedArg("GeometryType"),
	refusedArg("Geometries"),
)

// flatPairs returns a list of pairs, as the client-side functions of ArcGIS JS have them, as the one list that services
// take; other values as they are.
func flatPairs(v any) any {
	list, ok := v.([]any)
	if !ok {
		return v
	}
	flat := make([]any, 0, 2*len(list))
	for _, item := range list {
		pair, ok := item.([]any)
		if !ok || len(pair) != 2 {
			return v
		}
		flat = append(flat, pair...)
	}
	return flat
}

func rangesArg[F any](name string, at func(*F) *[]ValueRange) arg {
	return field(name, "a list of pairs of numbers", at, func(v any) ([]ValueRange, error) {
		list, err := readSeries(flatPairs(v), readNumber)
		if err != nil {
			return nil, err
		}
		if len(list)%2 != 0 {
			return nil, invalid("", "its %d numbers are no pairs of least and greatest", len(list))
		}
		out := make([]ValueRange, 0, len(list)/2)
		for pair := range slices.Chunk(list, 2) {
			out = append(out, ValueRange{pair[0], pair[1]})
		}
		return out, nil
	}, func(ranges []ValueRange) any {
		list := []float64{}
		for _, r := range ranges {
			list = append(list, r.Min, r.Max)
		}
		return list
	})
}

func (f *Remap) spec() *spec { return &remapSpec }

func (f *Remap) compile(_ *compilation, in []input) (step, error) {
	if err := realInput(in[0]); err != nil {
		return step{}, err
	}
	if err := f.check(); err != nil {
		return step{}, err
	}
	known, own := f.result(in[0])
	out := computed(typeOr(f.Output, own), 1, known)
	table := newRangeTable(f)
	st := step{out: out, uses: [][]int{{0}}}
	st.run = perRow(out.Type, 1, clamps, func(dst, src [][]float64, valid []uint8) { table.row(dst[0], src[0], valid) })
	if searched(in[0].Type) {
		st.run = newRangeSearch(table, in[0].Type, out.Type).run(out.Type)
	} else if small(in[0].Type) {
		st.run = lookup(in[0].Type, out.Type, st.run)
	}
	return st, nil
}

func (f *Remap) check() error {
	if len(f.Ranges) != len(f.Values) {
		return invalid("OutputValues", "%d values for %d ranges", len(f.Values), len(f.Ranges))
	}
	if len(f.Ranges)+len(f.NoDataRanges) > maxRanges {
		return tooLarge("InputRanges", "more than %d ranges", maxRanges)
	}
	for _, v := range f.Values {
		if v-v != 0 {
			return invalid("OutputValues", "%v is not finite", v)
		}
	}
	if f.Replacement != nil && *f.Replacement-*f.Replacement != 0 {
		return invalid("ReplacementValue", "%v is not finite", *f.Replacement)
	}
	for i, list := range [][]ValueRange{f.Ranges, f.NoDataRanges} {
		for _, r := range list {
			if !(r.Min <= r.Max) {
				return invalid([]string{"InputRanges", "NoDataRanges"}[i], "the range from %v to %v holds nothing", r.Min, r.Max)
			}
		}
	}
	return nil
}

// result returns the range of the values that come out, if it is known, and the function's own type.
func (f *Remap) result(in input) (*Summary, raster.PixelType) {
	values := slices.Clone(f.Values)
	keeps := !f.DropUnmatched && f.Replacement == nil
	if !f.DropUnmatched && f.Replacement != nil {
		values = append(values, *f.Replacement)
	}
	own := smallest(values)
	if keeps {
		own = joined(in.Type, own)
		if len(in.Bands) == 0 || in.Bands[0].Known == nil {
			return nil, own
		}
		values = append(values, in.Bands[0].Known.Min, in.Bands[0].Known.Max)
	}
	if len(values) == 0 {
		return nil, own
	}
	return ranged(slices.Min(values), slices.Max(values)), own
}

// smallest returns the first of U8, S8, U16, S16, U32, S32 that holds all values, or F32.
func smallest(values []float64) raster.PixelType {
	for _, t := range []raster.PixelType{raster.U8, raster.S8, raster.U16, raster.S16, raster.U32, raster.S32} {
		lo, hi := t.Range()
		if !slices.ContainsFunc(values, func(v float64) bool { return v < lo || v > hi || v != math.Trunc(v) }) {
			return t
		}
	}
	return raster.F32
}

// joined returns the first type that holds all values of two types, or F32 or F64 where none of integers does.
func joined(a, b raster.PixelType) raster.PixelType {
	switch {
	case a == raster.F64 || b == raster.F64:
		return raster.F64
	case a == raster.F32 || b == raster.F32:
		return raster.F32
	}
	alo, ahi := a.Range()
	blo, bhi := b.Range()
	if t := smallest([]float64{alo, ahi, blo, bhi}); t != raster.F32 {
		return t
	}
	return raster.F64 // U32 with a signed type
}

// A rangeTable finds what ranges make of a value: the real numbers are cut at every end of a range, and each cut itself
// and each part between two has one result.
type rangeTable struct {
	cuts []float64 // ascending
	// at[2i+1] is the result of cuts[i], and at[2i] of what lies between cuts[i-1] and cuts[i].
	at []result
}

// A result is a value, or that a pixel keeps its own, or has none.
type result struct {
	value       float64
	keeps, none bool
}

func newRangeTable(f *Remap) *rangeTable {
	t := &rangeTable{}
	for _, r := range slices.Concat(f.Ranges, f.NoDataRanges) {
		t.cuts = append(t.cuts, r.Min, r.Max)
	}
	slices.Sort(t.cuts)
	t.cuts = slices.Compact(t.cuts)
	unmatched := result{keeps: true}
	switch {
	case f.DropUnmatched:
		unmatched = result{none: true}
	case f.Replacement != nil:
		unmatched = result{value: *f.Replacement}
	}
	t.at = make([]result, 2*len(t.cuts)+1)
	for i := range t.at {
		t.at[i] = unmatched
	}
	paint := func(r ValueRange, with result) {
		from, _ := slices.BinarySearch(t.cuts, r.Min)
		to, _ := slices.BinarySearch(t.cuts, r.Max)
		if from == to {
			t.at[2*from+1] = with
			return
		}
		for i := 2*from + 1; i < 2*to+1; i++ {
			t.at[i] = with
		}
	}
	for i, r := range f.Ranges {
		paint(r, result{value: f.Values[i]})
	}
	for _, r := range f.NoDataRanges {
		paint(r, result{none: true})
	}
	return t
}

// find returns what becomes of a value.
func (t *rangeTable) find(v float64) result {
	if len(t.cuts) <= 16 { // counting is faster than halving
		n := 0
		for _, c := range t.cuts {
			if v >= c {
				n++
			}
		}
		if n > 0 && t.cuts[n-1] == v {
			return t.at[2*n-1]
		}
		return t.at[2*n]
	}
	n, exact := slices.BinarySearchFunc(t.cuts, v, cmp.Compare[float64])
	if exact {
		return t.at[2*n+1]
	}
	return t.at[2*n]
}

func (t *rangeTable) row(dst, src []float64, valid []uint8) {
	for x, v := range src {
		r := t.find(v)
		switch {
		case r.none:
			valid[x] = 0
		case r.keeps:
			dst[x] = v
		default:
			dst[x] = r.value
		}
	}
}

// small reports whether a type has so few values that a table of all of them is small.
func small(t raster.PixelType) bool { return t >= raster.U1 && t <= raster.S16 }
