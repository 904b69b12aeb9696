package function

import (
	"image"
	"image/color"
	"math"
	"slices"
	"strings"

	"github.com/geoexport/geoexport/internal/quote"
	"github.com/geoexport/geoexport/raster"
)

// A ColorEntry gives a value its colour.
type ColorEntry struct {
	Value float64
	Color color.NRGBA
}

// Colormap gives the values of its input's only band colours: those of Colors, of Ramp, or of the map or ramp called Name.
// Values are rounded first. Those that Colors has no entry for, or one of alpha 0, become pixels without data.
//
// Bytes stay bytes and get a palette. Wider types become three bands of bytes. A ramp has 256 colours: bytes are their
// numbers, and other types are spread over them from the least to the greatest value of the input's statistics.
type Colormap struct {
	Input  Function
	Colors []ColorEntry // the last of several for one value counts; values that no pixel can have are passed over
	Ramp   []ColorRamp  // one after the other
	Name   string       // of a map or ramp of ArcGIS, in any case, if there are neither Colors nor a Ramp; "" is Gray
	Output raster.PixelType

	passed []string // notes on what a rule states and what does not count
}

// maxColors bounds the entries of a colour map.
const maxColors = 1 << 16

var colormapSpec = newSpec("Colormap", func() *Colormap { return &Colormap{} },
	func(f *Colormap) *raster.PixelType { return &f.Output },
	rasterArg("Raster", func(f *Colormap) *Function { return &f.Input }),
	switchArg("Colormap", "a list of values and colours", readColormap),
	switchArg("ColormapName", "a text", readText),
	switchArg("ColorrampName", "a text", readText),
	switchArg("Colorramp", "a ramp", readRampOrName),
	switchArg("ColorSchemeType", "0 (map) or 1 (ramp)", func(v any) (int, error) { return readChoice(v, colorSchemes) }),
).finished(func(f Function, switches map[string]any) error {
	m := f.(*Colormap)
	var err error
	m.Colors, m.Ramp, m.Name, m.passed, err = chooseColors(switches)
	return err
}, func(f Function) map[string]any {
	m := f.(*Colormap)
	return colorSwitches(m.Colors, m.Ramp, m.Name)
}).passing(func(f Function) []string { return f.(*Colormap).passed })

var colorSchemes = []choice{{0, []string{"Colormap"}}, {1, []string{"ColorRamp"}}}

// readColormap reads what may stand for a map: rows of values and colours, an object of both, or a ramp.
func readColormap(v any) (any, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case *object:
		kind, _ := v.get("type")
		if s, ok := kind.(string); ok && strings.EqualFold(s, "RasterColormap") {
			return readRasterColormap(v)
		}
		return readRamp(v, 0)
	case []any:
		if len(v) > maxColors {
			return nil, tooLarge("", "more than %d colours", maxColors)
		}
		colors := make([]ColorEntry, len(v))
		for i, row := range v {
			n, err := readList(row, readNumber)
			if err != nil {
				return nil, invalid("", "row %d: %w", i, err)
			}
			if len(n) == 0 {
				return nil, invalid("", "row %d is empty", i)
			}
			c, err := colorOf(n[1:])
			if err != nil {
				return nil, invalid("", "row %d: %w", i, err)
			}
			colors[i] = ColorEntry{n[0], c}
		}
		return colors, nil
	}
	return nil, wrongKind(v, "a colour map")
}

// readRasterColormap reads the map of stored templates, whose colours are signed numbers of 32 bits: from the most
// significant byte alpha, blue, green, red.
func readRasterColormap(o *object) (any, error) {
	var values, colors []float64
	for _, m := range o.members {
		var err error
		switch {
		case named(m.name, "values", nil):
			values, err = readList(m.value, readNumber)
		case named(m.name, "colors", nil):
			colors, err = readList(m.value, readNumber)
		case named(m.name, "type", about):
		default:
			err = unsupported("", "member %s of a colour map is not supported", quote.Text(m.name))
		}
		if err != nil {
			return nil, err
		}
	}
	if len(values) != len(colors) || len(values) > maxColors {
		return nil, invalid("", "it has %d values and %d colours", len(values), len(colors))
	}
	out := make([]ColorEntry, len(values))
	for i, c := range colors {
		if c != math.Trunc(c) || c < math.MinInt32 || c > math.MaxUint32 {
			return nil, invalid("", "%v is no colour", c)
		}
		n := uint32(int64(c))
		out[i] = ColorEntry{values[i], color.NRGBA{R: uint8(n), G: uint8(n >> 8), B: uint8(n >> 16), A: uint8(n >> 24)}}
	}
	return out, nil
}

func readRampOrName(v any) (any, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case *object:
		if kind, _ := v.get("type"); kind == "RandomColorRamp" {
			return "Random", nil
		}
		return readRamp(v, 0)
	}
	return nil, wrongKind(v, "a ramp")
}

// chooseColors returns the colours that count among the arguments of a rule: the first of Colormap, Colorramp, its name and
// ColormapName, unless ColorSchemeType prefers a map or a ramp and there is one.
// passed are notes on those that do not count, unless ColorSchemeType chooses among them.
func chooseColors(switches map[string]any) (colors []ColorEntry, ramp []ColorRamp, name string, passed []string, err error) {
	colors, ramp, name, key, err := firstColors(switches)
	if _, stated := switches["ColorSchemeType"]; stated || key == "" || err != nil {
		return colors, ramp, name, nil, err
	}
	for _, other := range []string{"Colormap", "Colorramp", "ColorrampName", "ColormapName"} {
		if v, ok := switches[other]; ok && other != key && v != "" && !absentColors(v) && v != switches[key] {
			passed = append(passed, passedOver(other, key+" counts before it"))
		}
	}
	return colors, ramp, name, passed, nil
}

func absentColors(v any) bool {
	list, ok := v.([]ColorEntry)
	return ok && len(list) == 0
}

// firstColors returns the first of the colours that are stated, and the argument that states them.
func firstColors(switches map[string]any) (colors []ColorEntry, ramp []ColorRamp, name, key string, err error) {
	order := []string{"Colormap", "Colorramp", "ColorrampName", "ColormapName"}
	switch scheme, stated := switches["ColorSchemeType"].(int); {
	case stated && scheme == 0:
		order = []string{"Colormap", "ColormapName", "Colorramp", "ColorrampName"}
	case stated:
		order = []string{"Colorramp", "ColorrampName", "Colormap", "ColormapName"}
	}
	for _, key = range order {
		switch v := switches[key].(type) {
		case []ColorEntry:
			if len(v) > 0 {
				return v, nil, "", key, nil
			}
		case []ColorRamp:
			return nil, v, "", key, nil
		case string:
			if v == "" {
				continue
			}
			if namedRamp(v) == nil {
				return nil, nil, "", "", unsupported(key, "the colours of %s are not known here: state them by Colormap or ColorRamp", quote.Text(v))
			}
			return nil, nil, v, key, nil
		}
	}
	return nil, nil, "", "", nil
}

// colorSwitches is the inverse of chooseColors.
func colorSwitches(colors []ColorEntry, ramp []ColorRamp, name string) map[string]any {
	switch {
	case len(colors) > 0:
		rows := [][]float64{}
		for _, e := range colors {
			rows = append(rows, []float64{e.Value, float64(e.Color.R), float64(e.Color.G), float64(e.Color.B), float64(e.Color.A)})
		}
		return map[string]any{"Colormap": rows}
	case len(ramp) > 0:
		return map[string]any{"Colorramp": writeRamp(ramp)}
	}
	return map[string]any{"ColorrampName": name}
}

func writeRamp(ramp []ColorRamp) any {
	parts := []any{}
	var at float64
	for _, r := range ramp {
		list := func(c color.NRGBA) []int { return []int{int(c.R), int(c.G), int(c.B), int(c.A)} }
		parts = append(parts, map[string]any{
			"type": "algorithmic", "algorithm": "esri" + r.Algorithm.String() + "Algorithm",
			"fromColor": list(r.From), "toColor": list(r.To), "start": at, "stop": at + r.length(),
		})
		at += r.length()
	}
	return map[string]any{"type": "multipart", "colorRamps": parts}
}

func (f *Colormap) spec() *spec { return &colormapSpec }

func (f *Colormap) compile(c *compilation, in []input) (step, error) {
	src := in[0]
	switch {
	case len(src.Bands) != 1:
		return step{}, invalid("", "it is for one band, and its input has %d: choose one by ExtractBand", len(src.Bands))
	case f.Output != raster.Unknown && f.Output != raster.U8:
		return step{}, unsupported("outputPixelType", "colours of type %v are not supported", f.Output)
	case len(f.Colors) > 0 && len(f.Ramp) > 0:
		return step{}, invalid("Colormap", "it has both colours and a ramp")
	case len(f.Colors) > maxColors:
		return step{}, tooLarge("Colormap", "more than %d colours", maxColors)
	case slices.ContainsFunc(f.Colors, func(e ColorEntry) bool { return math.IsNaN(e.Value) }):
		return step{}, invalid("Colormap", "a colour has no value")
	}
	if err := realInput(src); err != nil {
		return step{}, err
	}
	if len(f.Colors) > 0 {
		return colorEntries(f.Colors, src), nil
	}
	table, err := rampTable(f.Ramp, f.Name)
	if err != nil {
		return step{}, err
	}
	if src.Palette != nil {
		return step{}, invalid("Colorramp", "a ramp over palette indices has no meaning")
	}
	if src.Type == raster.U8 {
		out := src.Samples
		out.Palette = make(color.Palette, 256)
		for v, c := range table {
			out.Palette[v] = c
		}
		return step{out: out}, nil
	}
	sum, err := c.summary(src, 0, false)
	if err != nil {
		return step{}, err
	}
	return step{out: rgb(), run: colorRows(partsOf(span{sum.Min, sum.Max}), table)}, nil
}

// rampTable returns the 256 colours of a ramp or of the one called name.
func rampTable(ramp []ColorRamp, name string) ([]color.NRGBA, error) {
	switch {
	case len(ramp) > maxRamps:
		return nil, tooLarge("Colorramp", "a ramp has 1 to %d parts", maxRamps)
	case slices.ContainsFunc(ramp, func(r ColorRamp) bool { return r.Algorithm > RampLCh || !(r.Length >= 0 && finite(r.Length)) }):
		return nil, invalid("Colorramp", "a part has an unknown algorithm or no length")
	case len(ramp) > 0:
		return rampColors(ramp, 256), nil
	}
	table := namedRamp(name)
	if table == nil {
		return nil, unsupported("ColorrampName", "the colours of %s are not known here: state them by Colormap or ColorRamp", quote.Text(name))
	}
	return table, nil
}

// colorEntries returns the step for a map.
func colorEntries(entries []ColorEntry, in input) step {
	// Sorted by value; of several entries for one value, the last remains.
	colors := slices.Clone(entries)
	slices.Reverse(colors)
	slices.SortStableFunc(colors, byValue)
	colors = slices.CompactFunc(colors, func(a, b ColorEntry) bool { return a.Value == b.Value })
	if in.Type != raster.U8 {
		table := make([]color.NRGBA, len(colors))
		for i, e := range colors {
			table[i] = e.Color
		}
		return step{out: rgb(), run: colorRows(entriesOf(colors, in.Type), table)}
	}
	out := in.Samples
	out.Palette = make(color.Palette, 256)
	var known [256]bool
	for v := range known {
		out.Palette[v] = color.NRGBA{}
	}
	for _, e := range colors {
		if v := int(e.Value); float64(v) == e.Value && 0 <= v && v < 256 && e.Color.A > 0 {
			out.Palette[v], known[v] = e.Color, true
		}
	}
	return step{out: out, run: func(_ Cell, in []*raster.Block, _ image.Rectangle) (*raster.Block, error) {
		return onlyKnown(in[0], &known), nil
	}}
}

// An indexer finds the indices of the colours of a row of samples, -1 for samples without one.
type indexer func(dst []int32, row []float64)

// entriesOf returns the indexer for colours sorted by value. It uses a table if they span few enough values.
func entriesOf(colors []ColorEntry, t raster.PixelType) indexer {
	lo, hi := t.Range()
	lo, hi = math.Max(lo, math.Ceil(colors[0].Value)), math.Min(hi, math.Floor(colors[len(colors)-1].Value))
	if hi-lo >= maxTable {
		return func(dst []int32, row []float64) {
			for x, v := range row {
				dst[x] = -1
				if i, ok := slices.BinarySearchFunc(colors, ColorEntry{Value: math.Round(v)}, byValue); ok {
					dst[x] = int32(i)
				}
			}
		}
	}
	table := make([]int32, max(0, int(hi-lo)+1))
	for i := range table {
		table[i] = -1
	}
	for i, e := range colors {
		if e.Value >= lo && e.Value <= hi && e.Value == math.Trunc(e.Value) {
			table[int(e.Value-lo)] = int32(i)
		}
	}
	return func(dst []int32, row []float64) {
		for x, v := range row {
			dst[x] = -1
			if v = math.Round(v); v >= lo && v <= hi {
				dst[x] = table[int(v-lo)]
			}
		}
	}
}

func byValue(a, b ColorEntry) int {
	switch {
	case a.Value < b.Value:
		return -1
	case a.Value > b.Value:
		return 1
	}
	return 0
}

// onlyKnown returns b without the pixels whose value has no colour.
func onlyKnown(b *raster.Block, known *[256]bool) *raster.Block {
	p := b.Bands[0].(*raster.PlaneOf[uint8])
	valid := b.CopyValid()
	for y := p.Rect.Min.Y; y < p.Rect.Max.Y; y++ {
		marks := raster.AlphaRow(valid, y, p.Rect)
		for x, v := range p.Row(y) {
			if !known[v] {
				marks[x] = 0
			}
		}
	}
	return &raster.Block{Type: b.Type, Bands: b.Bands, Valid: valid}
}

// partsOf returns an indexer that finds in which of 256 equal parts of a range samples lie. Samples outside the range are
// in its first or last part.
func partsOf(r span) indexer {
	const parts, last = 256.0, 255
	return func(dst []int32, row []float64) {
		for x, v := range row {
			switch {
			case v != v:
				dst[x] = -1
			case v >= r.max && r.max > r.min:
				dst[x] = last
			case v > r.min && v < r.max:
				dst[x] = min(int32(r.fraction(v)*parts), last)
			default:
				dst[x] = 0
			}
		}
	}
}

// rgb returns what is known of three computed bands of bytes.
func rgb() Samples {
	s := computed(raster.U8, 3, ranged(0, 255))
	for i, name := range []string{"Red", "Green", "Blue"} {
		s.Bands[i].Name = name
	}
	return s
}

// colorRows returns a run that makes three bands of one. Alpha becomes a part of the validity.
func colorRows(find indexer, colors []color.NRGBA) runFunc {
	return func(_ Cell, in []*raster.Block, rect image.Rectangle) (*raster.Block, error) {
		out := raster.NewBlock(raster.U8, 3, rect)
		var planes [3]*raster.PlaneOf[uint8]
		for i, p := range out.Bands {
			planes[i] = p.(*raster.PlaneOf[uint8])
		}
		buf := make([]float64, rect.Dx())
		found := make([]int32, rect.Dx())
		for y := rect.Min.Y; y < rect.Max.Y; y++ {
			find(found, loadRow(buf, in[0].Bands[0], y))
			red, green, blue := planes[0].Row(y), planes[1].Row(y), planes[2].Row(y)
			marks := raster.AlphaRow(out.Valid, y, rect)
			leastValid(marks, in, y)
			for x, i := range found {
				if i < 0 || marks[x] == 0 {
					marks[x] = 0
					continue
				}
				c := colors[i]
				red[x], green[x], blue[x] = c.R, c.G, c.B
				if c.A != 255 {
					marks[x] = uint8((uint32(marks[x])*uint32(c.A) + 127) / 255)
				}
			}
		}
		return out, nil
	}
}
