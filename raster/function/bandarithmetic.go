package function

import (
	"math"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/internal/quote"
	"github.com/geoexport/geoexport/raster"
)

// BandArithmetic computes an index from several bands of its input: that of a Method, or an Expression.
//
// Bands hold values as they are stored; indices with constants expect reflectances from 0 to 1. A quotient by zero is 0 in
// all methods and in expressions, and the pixel holds data.
type BandArithmetic struct {
	Input Function
	// Method is ArcGIS's number of an index, from 1 (NDVI) to 29 (MNDWI), or 0 for an expression.
	Method int
	// Bands are what a method uses, counted from 1, in its order, and Constants what follows them.
	Bands     []int
	Constants []float64
	// Expression has + - * / ( ), numbers, and bands as B1, B2 and so on.
	Expression string
	Output     raster.PixelType // Unknown is F32
}

// An index is a method of BandArithmetic.
type index struct {
	name      string
	bands     int       // that it uses
	constants []float64 // what they are where they are left out; NaN is one that must be stated
	outputs   int
	optional  bool // bands may be left out, and are then the first ones
	at        func(b, c []float64, out []float64)
}

// ratio returns a/b, 0 for a b of 0.
func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

func one(f func(b, c []float64) float64) func(b, c, out []float64) {
	return func(b, c, out []float64) { out[0] = f(b, c) }
}

// difference is (first - second) / (first + second).
func difference(b, _ []float64) float64 { return ratio(b[0]-b[1], b[0]+b[1]) }

func quotient(b, _ []float64) float64 { return ratio(b[0], b[1]) }

var stated = math.NaN()

// indices are ArcGIS's methods by their numbers. Formulas are those of the publications that ArcGIS names: where its pages
// misprint one, the published one is taken (GVITM's last weight, MTVI2's division).
var indices = map[int]index{
	1: {name: "NDVI", bands: 2, at: one(difference)},
	2: {name: "SAVI", bands: 2, constants: []float64{0.5}, at: one(func(b, c []float64) float64 {
		return ratio(b[0]-b[1], b[0]+b[1]+c[0]) * (1 + c[0])
	})},
	3: {name: "TSAVI", bands: 2, constants: []float64{stated, stated, stated}, at: one(func(b, c []float64) float64 {
		s, a, x := c[0], c[1], c[2]
		return ratio(s*(b[0]-float64(s*b[1])-a), float64(a*b[0])+b[1]-float64(a*s)+float64(x*(1+float64(s*s))))
	})},
	4: {name: "MSAVI2", bands: 2, at: one(func(b, _ []float64) float64 {
		t := b[0] + b[0] + 1
		return 0.5 * (t - math.Sqrt(float64(t*t)-float64(8*(b[0]-b[1]))))
	})},
	5: {name: "GEMI", bands: 2, at: one(gemi)},
	6: {name: "PVI", bands: 2, constants: []float64{stated, stated}, at: one(func(b, c []float64) float64 {
		return (b[0] - float64(c[0]*b[1]) - c[1]) / math.Sqrt(1+float64(c[0]*c[0]))
	})},
	7:  {name: "GVITM", bands: 6, optional: true, at: one(gvitm)},
	8:  {name: "Sultan", bands: 5, outputs: 3, optional: true, at: sultan},
	9:  {name: "VARI", bands: 3, at: one(func(b, _ []float64) float64 { return ratio(b[1]-b[0], b[1]+b[0]-b[2]) })},
	10: {name: "GNDVI", bands: 2, at: one(difference)},
	11: {name: "SR", bands: 2, at: one(quotient)},
	12: {name: "NDVIre", bands: 2, at: one(difference)},
	13: {name: "SRre", bands: 2, at: one(quotient)},
	14: {name: "MTVI2", bands: 3, at: one(mtvi2)},
	15: {name: "RTVICore", bands: 3, at: one(func(b, _ []float64) float64 {
		return float64(100*(b[0]-b[1])) - float64(10*(b[0]-b[2]))
	})},
	16: {name: "CIre", bands: 2, at: one(excess)},
	17: {name: "CIg", bands: 2, at: one(excess)},
	18: {name: "NDWI", bands: 2, at: one(func(b, _ []float64) float64 { return ratio(b[1]-b[0], b[1]+b[0]) })},
	19: {name: "EVI", bands: 3, at: one(func(b, _ []float64) float64 {
		return 2.5 * ratio(b[0]-b[1], b[0]+float64(6*b[1])-float64(7.5*b[2])+1)
	})},
	20: {name: "IronOxide", bands: 2, at: one(quotient)},
	21: {name: "FerrousMinerals", bands: 2, at: one(quotient)},
	22: {name: "ClayMinerals", bands: 2, at: one(quotient)},
	23: {name: "WNDWI", bands: 3, constants: []float64{0.5}, at: one(func(b, c []float64) float64 {
		dry := float64(c[0]*b[1]) + float64((1-c[0])*b[2])
		return ratio(b[0]-dry, b[0]+dry)
	})},
	24: {name: "BAI", bands: 2, at: one(func(b, _ []float64) float64 {
		red, infrared := 0.1-b[0], 0.06-b[1]
		return ratio(1, float64(red*red)+float64(infrared*infrared))
	})},
	25: {name: "NBR", bands: 2, at: one(difference)},
	26: {name: "NDBI", bands: 2, at: one(difference)},
	27: {name: "NDMI", bands: 2, at: one(difference)},
	28: {name: "NDSI", bands: 2, at: one(difference)},
	29: {name: "MNDWI", bands: 2, at: one(difference)},
}

func excess(b, _ []float64) float64 {
	if b[1] == 0 {
		return 0
	}
	return b[0]/b[1] - 1
}

func gemi(b, _ []float64) float64 {
	n, r := b[0], b[1]
	below := n + r + 0.5
	if below == 0 || r == 1 {
		return 0
	}
	eta := (float64(2*(float64(n*n)-float64(r*r))) + float64(1.5*n) + float64(0.5*r)) / below
	return float64(eta*(1-float64(0.25*eta))) - (r-0.125)/(1-r)
}

// gvitm is the greenness of Crist and Cicone (1984).
func gvitm(b, _ []float64) float64 {
	sum := 0.0
	for i, w := range [6]float64{-0.2848, -0.2435, -0.5436, 0.7243, 0.0840, -0.1800} {
		sum += float64(w * b[i])
	}
	return sum
}

// sultan takes bands 1, 3, 4, 5 and 6.
func sultan(b, _, out []float64) {
	out[0] = 100 * ratio(b[3], b[4])
	out[1] = 100 * ratio(b[3], b[0])
	out[2] = 100 * (ratio(b[1], b[2]) * ratio(b[3], b[2]))
}

func mtvi2(b, _ []float64) float64 {
	n, r, g := b[0], b[1], b[2]
	t := n + n + 1
	above := 1.5 * (float64(1.2*(n-g)) - float64(2.5*(r-g)))
	return ratio(above, math.Sqrt(float64(t*t)-(float64(6*n)-float64(5*math.Sqrt(r)))-0.5))
}

var bandArithmeticSpec = newSpec("BandArithmetic", func() *BandArithmetic { return &BandArithmetic{} },
	func(f *BandArithmetic) *raster.PixelType { return &f.Output },
	rasterArg("Raster", func(f *BandArithmetic) *Function { return &f.Input }),
	switchArg("Method", "0 (expression) to 29", readMethod),
	switchArg("BandIndexes", "a text", readIndexes).alias("BandIndices"),
).finished(func(f Function, switches map[string]any) error {
	return f.(*BandArithmetic).set(switches)
}, func(f Function) map[string]any {
	b := f.(*BandArithmetic)
	return map[string]any{"Method": b.Method, "BandIndexes": b.indexes()}
})

func readMethod(v any) (int, error) {
	if s, ok := v.(string); ok {
		if named(squeeze(s), "UserDefined", []string{"User", "Expression"}) {
			return 0, nil
		}
		for n, i := range indices {
			if strings.EqualFold(squeeze(s), i.name) {
				return n, nil
			}
		}
	}
	n, err := readWhole(v)
	if err == nil && (n < 0 || n > 29) {
		err = invalid("", "there is no method %d", n)
	}
	return n, err
}

// readIndexes reads a text, or the list of numbers that some clients send in its place.
func readIndexes(v any) (string, error) {
	list, ok := v.([]any)
	if !ok {
		return readText(v)
	}
	var words []string
	for _, item := range list {
		s, err := readText(item)
		if err != nil {
			return "", err
		}
		words = append(words, s)
	}
	return strings.Join(words, " "), nil
}

// set takes the arguments of a rule. Without a method, a text with letters is an expression, and any other is for NDVI.
func (f *BandArithmetic) set(switches map[string]any) error {
	text, _ := switches["BandIndexes"].(string)
	text = strings.TrimSpace(text)
	method, stated := switches["Method"].(int)
	if !stated && !strings.ContainsFunc(text, func(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }) {
		method = 1
	}
	f.Method = method
	if method == 0 {
		f.Expression = text
		return nil
	}
	words := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' || r == ';' || r == '\t' })
	n := indices[method].bands
	if method == 8 && len(words) == 6 { // all six, of which the second is not used
		words = append(words[:1:1], words[2:]...)
	}
	for i, word := range words {
		v, err := readNumber(word)
		if err != nil {
			return invalid("BandIndexes", "%w", err)
		}
		if i >= n {
			f.Constants = append(f.Constants, v)
			continue
		}
		if v != math.Trunc(v) || math.Abs(v) > math.MaxInt32 {
			return invalid("BandIndexes", "%s is no number of a band", quote.Text(word))
		}
		f.Bands = append(f.Bands, int(v))
	}
	return nil
}

func (f *BandArithmetic) indexes() string {
	if f.Method == 0 {
		return f.Expression
	}
	var words []string
	for _, b := range f.Bands {
		words = append(words, strconv.Itoa(b))
	}
	for _, c := range f.Constants {
		words = append(words, strconv.FormatFloat(c, 'g', -1, 64))
	}
	return strings.Join(words, " ")
}

func (f *BandArithmetic) spec() *spec { return &bandArithmeticSpec }

func (f *BandArithmetic) compile(_ *compilation, in []input) (step, error) {
	if err := quantities(in[0]); err != nil {
		return step{}, err
	}
	if f.Method == 0 {
		return f.compileExpression(in[0])
	}
	ix, ok := indices[f.Method]
	if !ok {
		return step{}, invalid("Method", "there is no method %d", f.Method)
	}
	bands, err := f.bands(ix, len(in[0].Bands))
	if err != nil {
		return step{}, err
	}
	constants, err := f.constants(ix)
	if err != nil {
		return step{}, err
	}
	out := computed(typeOr(f.Output, raster.F32), max(ix.outputs, 1), nil)
	row := func(dst, src [][]float64, _ []uint8) {
		b, to := make([]float64, len(src)), make([]float64, len(dst))
		for x := range dst[0] {
			for i := range b {
				b[i] = src[i][x]
			}
			ix.at(b, constants, to)
			for i := range to {
				dst[i][x] = to[i]
			}
		}
	}
	switch f.Method { // the most frequent ones, in loops of their own
	case 1, 10, 12, 25, 26, 27, 28, 29:
		row = func(dst, src [][]float64, _ []uint8) { normalisedDifference(dst[0], src[0], src[1]) }
	}
	return step{out: out, uses: [][]int{bands}, run: perRow(out.Type, len(out.Bands), drops, row)}, nil
}

// bands returns the bands that a method uses, counted from 0.
func (f *BandArithmetic) bands(ix index, n int) ([]int, error) {
	given := f.Bands
	if len(given) == 0 && ix.optional {
		given = []int{1, 2, 3, 4, 5, 6}
		if f.Method == 8 {
			given = []int{1, 3, 4, 5, 6}
		}
	}
	if len(given) != ix.bands {
		return nil, invalid("BandIndexes", "%s is made of %d bands, not %d", ix.name, ix.bands, len(given))
	}
	bands := make([]int, len(given))
	for i, b := range given {
		if b < 1 || b > n {
			return nil, invalid("BandIndexes", "there is no band %d: there are %d, counted from 1", b, n)
		}
		bands[i] = b - 1
	}
	return bands, nil
}

func (f *BandArithmetic) constants(ix index) ([]float64, error) {
	if len(f.Constants) > len(ix.constants) {
		return nil, invalid("BandIndexes", "%s has %d constants, not %d", ix.name, len(ix.constants), len(f.Constants))
	}
	out := append(f.Constants[:len(f.Constants):len(f.Constants)], ix.constants[len(f.Constants):]...)
	if !finite(out...) {
		return nil, invalid("BandIndexes", "%s has %d constants after its bands, and they must be stated", ix.name, len(ix.constants))
	}
	return out, nil
}

// compileExpression compiles an expression of bands.
func (f *BandArithmetic) compileExpression(in input) (step, error) {
	var uses []int
	e, err := parseExpression(f.Expression, bandGrammar, func(name string) (int, bool) {
		n, err := strconv.Atoi(name[1:])
		if err != nil || name[0] != 'b' && name[0] != 'B' || n < 1 || n > len(in.Bands) {
			return 0, false
		}
		for i, b := range uses {
			if b == n-1 {
				return i, true
			}
		}
		uses = append(uses, n-1)
		return len(uses) - 1, true
	})
	if err != nil {
		return step{}, invalid("BandIndexes", "%w", err)
	}
	if len(uses) == 0 {
		return step{}, invalid("BandIndexes", "it names no band: write them as B1, B2 and so on")
	}
	out := computed(typeOr(f.Output, raster.F32), 1, nil)
	return step{out: out, uses: [][]int{uses}, run: perRow(out.Type, 1, drops, func(dst, src [][]float64, _ []uint8) {
		copy(dst[0], e.run(src, len(dst[0])))
	})}, nil
}
