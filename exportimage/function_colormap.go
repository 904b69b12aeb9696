package exportimage

import (
	"cmp"
	"context"
	"image/color"
	"math"
	"slices"

	"github.com/geoexport/geoexport/raster"
)

// A ColorEntry gives a value its colour.
type ColorEntry struct {
	Value float64
	Color color.NRGBA
}

// A ColormapFunction gives the values of its Input's only band colours: either those of Colors, where values without an
// entry become pixels without data, or those of Ramp, spread over the range of the values.
//
// Bytes stay bytes and get a palette. Wider types become three bands of bytes.
type ColormapFunction struct {
	Input  RasterFunction
	Colors []ColorEntry // the last of several for one value counts; values that no pixel can have are passed over
	Ramp   []ColorRamp  // each over an equal part of the range
}

func (f *ColormapFunction) input() RasterFunction { return f.Input }

func (f *ColormapFunction) compile(ctx context.Context, s *Service, d *Description, in samples) (step, samples, error) {
	switch {
	case len(in.bands) != 1:
		return nil, in, invalid("", "function Colormap is for one band: choose it by ExtractBand")
	case in.typ.Complex():
		return nil, in, unsupported("", "Colormap of pixels of type %v is not supported", in.typ)
	case (len(f.Colors) == 0) == (len(f.Ramp) == 0):
		return nil, in, invalid("", "function Colormap wants either colours or a ramp")
	case slices.ContainsFunc(f.Colors, func(e ColorEntry) bool { return math.IsNaN(e.Value) }):
		return nil, in, invalid("", "function Colormap has a colour of no value")
	case slices.ContainsFunc(f.Ramp, func(r ColorRamp) bool { return r.Algorithm > RampLCh }):
		return nil, in, invalid("", "function Colormap has a ramp of an unknown algorithm")
	case len(f.Ramp) > 0 && in.palette != nil:
		return nil, in, invalid("", "a ramp over palette indices has no meaning")
	}
	if len(f.Colors) > 0 {
		return f.compileColors(in)
	}
	return f.compileRamp(ctx, s, d, in)
}

func (f *ColormapFunction) compileColors(in samples) (step, samples, error) {
	// Sorted by value; of several entries for one value, the last remains.
	colors := slices.Clone(f.Colors)
	slices.Reverse(colors)
	slices.SortStableFunc(colors, byValue)
	colors = slices.CompactFunc(colors, func(a, b ColorEntry) bool { return a.Value == b.Value })
	if in.typ != raster.U8 {
		return colorStep(entriesOf(colors, in.typ), colorsOf(colors)), rgb(), nil
	}
	out := in
	out.palette = make(color.Palette, 256)
	var known [256]bool
	for v := range known {
		out.palette[v] = color.NRGBA{}
	}
	for _, e := range colors {
		if v := int(e.Value); float64(v) == e.Value && 0 <= v && v < 256 {
			out.palette[v], known[v] = e.Color, true
		}
	}
	return func(b *raster.Block) (*raster.Block, error) { return onlyKnown(b, &known), nil }, out, nil
}

func colorsOf(entries []ColorEntry) []color.NRGBA {
	out := make([]color.NRGBA, len(entries))
	for i, e := range entries {
		out[i] = e.Color
	}
	return out
}

// An indexer finds the indices of the colours of a row of samples, -1 for samples without one.
type indexer func(dst []int32, row []float64)

// entriesOf returns the indexer for colours sorted by value. It uses a table if samples are integers and the table is
// small enough.
func entriesOf(colors []ColorEntry, t raster.PixelType) indexer {
	lo, hi := t.Range()
	lo, hi = math.Max(lo, math.Ceil(colors[0].Value)), math.Min(hi, math.Floor(colors[len(colors)-1].Value))
	if !t.Integer() || hi-lo >= maxTable {
		return func(dst []int32, row []float64) {
			for x, v := range row {
				dst[x] = -1
				if i, ok := slices.BinarySearchFunc(colors, ColorEntry{Value: v}, byValue); ok {
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
			if v >= lo && v <= hi {
				dst[x] = table[int(v-lo)]
			}
		}
	}
}

func byValue(a, b ColorEntry) int { return cmp.Compare(a.Value, b.Value) }

// onlyKnown returns b without the pixels whose value has no colour.
func onlyKnown(b *raster.Block, known *[256]bool) *raster.Block {
	p := b.Bands[0].(*raster.PlaneOf[uint8])
	valid := b.CopyValid()
	for y := p.Rect.Min.Y; y < p.Rect.Max.Y; y++ {
		marks := valid.Pix[valid.PixOffset(p.Rect.Min.X, y):]
		for x, v := range p.Row(y) {
			if !known[v] {
				marks[x] = 0
			}
		}
	}
	return &raster.Block{Type: b.Type, Bands: b.Bands, Valid: valid}
}

func (f *ColormapFunction) compileRamp(
	ctx context.Context, s *Service, d *Description, in samples,
) (step, samples, error) {
	table := rampColors(f.Ramp, 256)
	span := in.bands[0].known
	if id := in.bands[0].id; id >= 0 {
		all, err := s.bandRanges(ctx, d)
		if err != nil {
			return nil, in, err
		}
		span = all[id]
	}
	if in.typ == raster.U8 && span == (Range{0, 255}) {
		out := in
		out.palette = make(color.Palette, 256)
		for v, c := range table {
			out.palette[v] = c
		}
		return nil, out, nil
	}
	return colorStep(partsOf(span, len(table)), table), rgb(), nil
}

// partsOf returns an indexer that finds in which of n equal parts of a range samples lie. Samples outside the range are
// in its first or last part.
func partsOf(r Range, n int) indexer {
	parts, last := float64(n), int32(n-1)
	return func(dst []int32, row []float64) {
		for x, v := range row {
			switch {
			case v != v:
				dst[x] = -1
			case v >= r.Max && r.Max > r.Min:
				dst[x] = last
			case v > r.Min && v < r.Max:
				dst[x] = min(int32(r.fraction(v)*parts), last)
			default:
				dst[x] = 0
			}
		}
	}
}

// rgb returns what is known of three computed bands of bytes.
func rgb() samples {
	band := sampleBand{id: -1, known: Range{0, 255}}
	return samples{typ: raster.U8, bands: []sampleBand{band, band, band}}
}

// colorStep returns a step that makes three bands of one. Alpha becomes a part of the validity.
func colorStep(find indexer, colors []color.NRGBA) step {
	return func(b *raster.Block) (*raster.Block, error) {
		wide, err := raster.Convert(b, raster.F64)
		if err != nil {
			return nil, err
		}
		out := raster.NewBlock(raster.U8, 3, b.Bounds())
		out.Valid = wide.CopyValid()
		src := wide.Bands[0].(*raster.PlaneOf[float64])
		var planes [3]*raster.PlaneOf[uint8]
		for i, p := range out.Bands {
			planes[i] = p.(*raster.PlaneOf[uint8])
		}
		found := make([]int32, src.Rect.Dx())
		for y := src.Rect.Min.Y; y < src.Rect.Max.Y; y++ {
			find(found, src.Row(y))
			red, green, blue := planes[0].Row(y), planes[1].Row(y), planes[2].Row(y)
			marks := out.Valid.Pix[out.Valid.PixOffset(src.Rect.Min.X, y):]
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
