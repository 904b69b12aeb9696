package exportimage

import (
	"cmp"
	"context"
	"errors"
	"image"
	"image/color"
	"math"
	"slices"

	"github.com/geoexport/geoexport/raster"
)

// A ColorEntry is the colour of one value.
type ColorEntry struct {
	Value float64
	Color color.NRGBA
}

// A ColormapFunction gives the values of the only band of its Input colours: those of Colors, and then values that are
// not in it become pixels without data; or those of Ramp, spread over the range of the values.
//
// Bytes stay bytes and get a palette. Wider types become three bands of bytes.
type ColormapFunction struct {
	Input  RasterFunction
	Colors []ColorEntry // of one value twice the last counts; values no pixel can have are passed over
	Ramp   []ColorRamp  // each over an equal part of the range
}

func (f *ColormapFunction) input() RasterFunction { return f.Input }

func (f *ColormapFunction) compile(ctx context.Context, s *Service, a *about, in samples) (step, samples, error) {
	switch {
	case len(in.bands) != 1:
		return nil, in, errors.New("function Colormap is for one band: choose it by ExtractBand")
	case in.typ.Complex():
		return nil, in, unsupported("renderingRule", "Colormap of pixels of type %v is not supported", in.typ)
	case (len(f.Colors) == 0) == (len(f.Ramp) == 0):
		return nil, in, errors.New("function Colormap wants either colours or a ramp")
	case len(f.Ramp) > 0 && in.palette != nil:
		return nil, in, errors.New("a ramp over palette indices has no meaning")
	}
	if len(f.Colors) > 0 {
		return f.compileColors(in)
	}
	return f.compileRamp(ctx, s, a, in)
}

func (f *ColormapFunction) compileColors(in samples) (step, samples, error) {
	// Sorted by value; of entries for one value only the last is left.
	colors := slices.Clone(f.Colors)
	slices.Reverse(colors)
	slices.SortStableFunc(colors, byValue)
	colors = slices.CompactFunc(colors, func(a, b ColorEntry) bool { return a.Value == b.Value })
	find := func(v float64) (color.NRGBA, bool) {
		i, ok := slices.BinarySearchFunc(colors, ColorEntry{Value: v}, byValue)
		if !ok {
			return color.NRGBA{}, false
		}
		return colors[i].Color, true
	}
	if in.typ != raster.U8 {
		return colorStep(find), rgb(), nil
	}
	out := in
	out.palette = make(color.Palette, 256)
	var known [256]bool
	for v := range known {
		out.palette[v], known[v] = find(float64(v))
	}
	return func(b *raster.Block) (*raster.Block, error) { return onlyKnown(b, &known), nil }, out, nil
}

func byValue(a, b ColorEntry) int { return cmp.Compare(a.Value, b.Value) }

// onlyKnown is b without the pixels whose value has no colour.
func onlyKnown(b *raster.Block, known *[256]bool) *raster.Block {
	p := b.Bands[0].(*raster.PlaneOf[uint8])
	valid := validity(b)
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

// validity is a copy of a block's validity plane.
func validity(b *raster.Block) *image.Alpha {
	r := b.Bounds()
	valid := image.NewAlpha(r)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := valid.Pix[valid.PixOffset(r.Min.X, y):][:r.Dx()]
		if b.Valid != nil {
			copy(row, b.Valid.Pix[b.Valid.PixOffset(r.Min.X, y):])
			continue
		}
		for x := range row {
			row[x] = 255
		}
	}
	return valid
}

func (f *ColormapFunction) compileRamp(ctx context.Context, s *Service, a *about, in samples) (step, samples, error) {
	table := rampColors(f.Ramp, 256)
	span := in.bands[0].known
	if id := in.bands[0].id; id >= 0 {
		all, err := s.bandRanges(ctx, a)
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
	perColor := 256 / (span.Max - span.Min)
	if !(perColor > 0) || math.IsInf(perColor, 0) {
		perColor = 0
	}
	return colorStep(func(v float64) (color.NRGBA, bool) {
		if math.IsNaN(v) {
			return color.NRGBA{}, false
		}
		return table[int(math.Min(math.Max((v-span.Min)*perColor, 0), 255))], true
	}), rgb(), nil
}

// rgb are three computed bands of bytes.
func rgb() samples {
	band := sampleBand{id: -1, known: Range{0, 255}}
	return samples{typ: raster.U8, bands: []sampleBand{band, band, band}}
}

// colorStep makes three bands of one. Alpha becomes a part of the validity. Values that repeat along a row are looked up
// once.
func colorStep(colorOf func(v float64) (color.NRGBA, bool)) step {
	return func(b *raster.Block) (*raster.Block, error) {
		wide, err := raster.Convert(b, raster.F64)
		if err != nil {
			return nil, err
		}
		out := raster.NewBlock(raster.U8, 3, b.Bounds())
		out.Valid = validity(wide)
		src := wide.Bands[0].(*raster.PlaneOf[float64])
		var planes [3]*raster.PlaneOf[uint8]
		for i, p := range out.Bands {
			planes[i] = p.(*raster.PlaneOf[uint8])
		}
		for y := src.Rect.Min.Y; y < src.Rect.Max.Y; y++ {
			red, green, blue := planes[0].Row(y), planes[1].Row(y), planes[2].Row(y)
			marks := out.Valid.Pix[out.Valid.PixOffset(src.Rect.Min.X, y):]
			last, c, known := math.NaN(), color.NRGBA{}, false
			for x, v := range src.Row(y) {
				if marks[x] == 0 {
					continue
				}
				if v != last {
					c, known = colorOf(v)
					last = v
				}
				if !known {
					marks[x] = 0
					continue
				}
				red[x], green[x], blue[x] = c.R, c.G, c.B
				if c.A != 255 {
					marks[x] = uint8((uint32(marks[x])*uint32(c.A) + 127) / 255)
				}
			}
		}
		return out, nil
	}
}
