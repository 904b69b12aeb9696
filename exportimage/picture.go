package exportimage

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"slices"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
)

// Pictures show what files mean, and other formats keep samples as they are stored. So for the formats that draw, if the
// request asks for no function and for no bands, rasters are drawn as the colours that they state: red, green and blue in
// that order, palettes, inks as RGB, white at 0, and colours that were multiplied with alpha divided by it.

// drawsColours reports whether an image is drawn in the colours that its rasters state.
func (p *plan) drawsColours() bool { return p.format.Bands > 0 && p.plain() }

// plain reports whether an image shows its rasters' samples without a function.
func (p *plan) plain() bool { return p.req.plain() }

// plain reports whether a request asks for no function, of rasters or of their mosaic.
func (r *Request) plain() bool { return noFunction(r.Function) && noFunction(r.ItemFunction) }

// noFunction reports whether a function is none.
func noFunction(f function.Function) bool {
	rule, ok := f.(*function.Rule)
	return f == nil || f == function.Function(function.Source{}) || ok && rule.IsNone()
}

// errColours says that rasters have to be turned into colours before they are merged, since they state them in different
// ways; errPalettes that this is not done.
var (
	errColours  = errors.New("rasters state colours in different ways")
	errPalettes = errors.New(
		"palettes that differ in one mosaic are drawn by formats for pictures alone, without a function and with all bands")
)

// setColours settles how the plan's image shows what the rasters of a service mean.
func (p *plan) setColours(d *Description) {
	p.colourful, p.inks, p.whiteIsZero, p.premultiplied = d.colours, inks(d.Bands) != nil, d.WhiteIsZero, d.premultiplied
	if p.format.Bands > 0 && p.plain() && !p.colourful {
		p.orderColours(d)
	}
}

// asColours returns the description of a service whose rasters are turned into colours before they are merged.
func asColours(d *Description) *Description {
	c := *d
	c.PixelType, c.Palette, c.WhiteIsZero, c.Bands = raster.U8, nil, false, nil
	for _, color := range []raster.ColorInterp{raster.ColorRed, raster.ColorGreen, raster.ColorBlue} {
		c.Bands = append(c.Bands, raster.Band{Name: color.String(), Color: color})
	}
	c.colours = true
	return &c
}

// needsColours reports whether the rasters of a service are turned into colours for every picture: inks, and palettes of
// other types than bytes.
func needsColours(d *Description) bool {
	return d.Palette != nil && d.PixelType != raster.U8 || inks(d.Bands) != nil
}

// inks returns the numbers of the bands of cyan, magenta, yellow and black; nil unless there are all four.
func inks(bands []raster.Band) []int {
	return bandsOf(bands, raster.ColorCyan, raster.ColorMagenta, raster.ColorYellow, raster.ColorBlack)
}

// colours returns the numbers of the bands of red, green and blue; nil unless there are all three.
func colours(bands []raster.Band) []int {
	return bandsOf(bands, raster.ColorRed, raster.ColorGreen, raster.ColorBlue)
}

// bandsOf returns the first band of each of the colours; nil unless each has one.
func bandsOf(bands []raster.Band, colors ...raster.ColorInterp) []int {
	out := make([]int, len(colors))
	for i, c := range colors {
		if out[i] = slices.IndexFunc(bands, func(b raster.Band) bool { return b.Color == c }); out[i] < 0 {
			return nil
		}
	}
	return out
}

// orderColours makes an image of the bands red, green and blue in this order, if the service's first raster says which
// these are.
func (p *plan) orderColours(d *Description) {
	order := colours(d.Bands)
	if order == nil || len(p.req.BandIDs) > 0 || slices.Equal(order, []int{0, 1, 2}) || len(p.req.NoData) > 0 {
		return
	}
	p.req.BandIDs = order
	p.ordered = true
}

// A show turns what is read of a raster into what is merged.
type show struct {
	bands []int // to read
	turn  func(*raster.Block) (*raster.Block, error)
}

// shows returns how to show a raster, and what it is then: nil and info itself if it is merged as it is. The error is
// errColours if the plan must be made anew, as that of a service of colours.
func (p *plan) shows(info raster.Info, bands []int) (*show, raster.Info, error) {
	if !p.drawsColours() {
		return nil, info, nil
	}
	if p.colourful {
		return p.showColours(info)
	}
	if len(p.req.BandIDs) == 0 || p.ordered {
		if !samePalette(info.Palette, p.palette) && (p.palette != nil || info.Palette != nil) || (inks(info.Bands) != nil) != p.inks {
			return nil, info, errColours
		}
		if own := colours(info.Bands); own != nil && colours(p.service.Bands) != nil && len(bands) == 3 && !slices.Equal(own, bands) {
			return &show{bands: own}, info, nil
		}
	}
	if info.WhiteIsZero != p.whiteIsZero && info.Palette == nil && len(info.DataBands()) == 1 {
		if !info.Type.Integer() || info.Type != p.typ {
			return nil, info, fmt.Errorf("0 is white in some rasters and black in others: samples of type %v are not turned", info.Type)
		}
		lo, hi := info.Type.Range()
		return &show{bands: bands, turn: func(b *raster.Block) (*raster.Block, error) { return mirrored(b, lo+hi) }}, info, nil
	}
	return nil, info, nil
}

// showColours returns how to turn a raster into red, green and blue.
func (p *plan) showColours(info raster.Info) (*show, raster.Info, error) {
	shown := info
	shown.Type, shown.Palette, shown.WhiteIsZero, shown.Bands = raster.U8, nil, false, p.service.Bands
	data := info.DataBands()
	switch {
	case info.Palette != nil && len(data) == 1:
		table := newColourTable(info.Palette)
		return &show{data, func(b *raster.Block) (*raster.Block, error) { return table.colours(b) }}, shown, nil
	case inks(info.Bands) != nil && (info.Type == raster.U8 || info.Type == raster.U16):
		return &show{inks(info.Bands), inksToColours}, shown, nil
	case info.Type != raster.U8 && info.Type != raster.U1:
		return nil, info, fmt.Errorf("samples of type %v beside palettes or inks are not drawn as colours", info.Type)
	case len(data) == 1:
		_, top := info.Type.Range()
		table := greys(int(top), info.WhiteIsZero)
		return &show{data, func(b *raster.Block) (*raster.Block, error) { return table.colours(b) }}, shown, nil
	case info.Type == raster.U8 && len(data) >= 3:
		own := colours(info.Bands)
		if own == nil {
			own = data[:3]
		}
		return &show{bands: own}, shown, nil
	}
	return nil, info, fmt.Errorf("%d bands of type %v beside palettes or inks are not drawn as colours", len(data), info.Type)
}

func samePalette(a, b color.Palette) bool {
	return slices.EqualFunc(a, b, func(a, b color.Color) bool { return a == b })
}

// greys returns the colours of a band of greys from 0 to top.
func greys(top int, whiteIsZero bool) *colourTable {
	p := make(color.Palette, top+1)
	for i := range p {
		v := uint8(i * 255 / top)
		if whiteIsZero {
			v = 255 - v
		}
		p[i] = color.RGBA{v, v, v, 255}
	}
	return newColourTable(p)
}

// A colourTable is a palette in 8 bits.
type colourTable struct{ entries []color.NRGBA }

func newColourTable(p color.Palette) *colourTable {
	t := &colourTable{make([]color.NRGBA, len(p))}
	for i, c := range p {
		t.entries[i] = color.NRGBAModel.Convert(c).(color.NRGBA)
	}
	return t
}

// colours turns a block of indices into red, green and blue. Indices without a colour are without data.
func (t *colourTable) colours(b *raster.Block) (*raster.Block, error) {
	switch p := b.Bands[0].(type) {
	case *raster.PlaneOf[uint8]:
		return lookUp(t, p, b.Valid), nil
	case *raster.PlaneOf[int8]:
		return lookUp(t, p, b.Valid), nil
	case *raster.PlaneOf[uint16]:
		return lookUp(t, p, b.Valid), nil
	case *raster.PlaneOf[int16]:
		return lookUp(t, p, b.Valid), nil
	case *raster.PlaneOf[uint32]:
		return lookUp(t, p, b.Valid), nil
	case *raster.PlaneOf[int32]:
		return lookUp(t, p, b.Valid), nil
	}
	return nil, fmt.Errorf("a palette of samples of type %v", b.Type)
}

func lookUp[T uint8 | int8 | uint16 | int16 | uint32 | int32](
	t *colourTable, p *raster.PlaneOf[T], valid *image.Alpha,
) *raster.Block {
	r := p.Rect
	out := &raster.Block{Type: raster.U8, Bands: raster.NewPlanes(raster.U8, 3, r), Valid: image.NewAlpha(r)}
	n := int64(len(t.entries))
	for y := r.Min.Y; y < r.Max.Y; y++ {
		red, green, blue := row8(out, 0, y), row8(out, 1, y), row8(out, 2, y)
		alpha := out.Valid.Pix[out.Valid.PixOffset(r.Min.X, y):]
		had := (&raster.Block{Valid: valid, Bands: []raster.Plane{p}}).ValidRow(y)
		for x, v := range p.Row(y) {
			if int64(v) < 0 || int64(v) >= n {
				continue
			}
			c := t.entries[v]
			red[x], green[x], blue[x], alpha[x] = c.R, c.G, c.B, c.A
			if had != nil && had[x] != 255 {
				alpha[x] = uint8((int(had[x])*int(c.A) + 127) / 255)
			}
		}
	}
	return out
}

func row8(b *raster.Block, band, y int) []uint8 { return b.Bands[band].(*raster.PlaneOf[uint8]).Row(y) }

// inksToColours turns cyan, magenta, yellow and black into red, green and blue without a colour profile: what is left of
// white by an ink, and of that by black, as GDAL does.
func inksToColours(b *raster.Block) (*raster.Block, error) {
	r := b.Bounds()
	out := &raster.Block{Type: raster.U8, Bands: raster.NewPlanes(raster.U8, 3, r), Valid: b.Valid}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for i := range 3 {
			dst := row8(out, i, y)
			switch ink := b.Bands[i].(type) {
			case *raster.PlaneOf[uint8]:
				black := row8(b, 3, y)
				for x, v := range ink.Row(y) {
					dst[x] = uint8((255 - int(v)) * (255 - int(black[x])) / 255)
				}
			case *raster.PlaneOf[uint16]:
				black := b.Bands[3].(*raster.PlaneOf[uint16]).Row(y)
				for x, v := range ink.Row(y) {
					dst[x] = uint8((65535 - uint64(v)) * (65535 - uint64(black[x])) / (65535 * 257))
				}
			default:
				return nil, fmt.Errorf("inks of type %v", b.Type)
			}
		}
	}
	return out, nil
}

// mirrored returns a block whose samples are what is left of sum, so that black and white change places.
func mirrored(b *raster.Block, sum float64) (*raster.Block, error) {
	wide, err := raster.Convert(&raster.Block{Type: b.Type, Bands: b.Bands}, raster.F64)
	if err != nil {
		return nil, err
	}
	out := &raster.Block{Type: raster.F64}
	for _, p := range wide.Bands { // which is b's own if that is of type F64
		from := p.(*raster.PlaneOf[float64])
		to := raster.NewPlane[float64](from.Rect)
		for y := from.Rect.Min.Y; y < from.Rect.Max.Y; y++ {
			row := to.Row(y)
			for x, v := range from.Row(y) {
				row[x] = sum - v
			}
		}
		out.Bands = append(out.Bands, to)
	}
	if out, err = raster.Convert(out, b.Type); err != nil {
		return nil, err
	}
	out.Valid = b.Valid
	return out, nil
}

// describe says of an image's bands and alpha what formats of samples can store, if the bands are the rasters' own.
func (p *plan) describe(img *raster.Image) {
	if p.format.Bands > 0 || !p.rule.copiesSamples() || p.rule.out.Type != p.typ || len(p.rule.out.Bands) != img.Bands {
		return
	}
	alpha := slices.ContainsFunc(p.service.Bands, func(b raster.Band) bool { return b.Alpha })
	for _, b := range p.rule.out.Bands {
		id := serviceBand(p.service, b)
		band := p.service.Bands[id]
		if band.Name == bandName(id) {
			band.Name = "" // nobody gave it
		}
		alpha = alpha && !band.Alpha // it is drawn as data
		img.Info = append(img.Info, band)
	}
	img.Alpha, img.Premultiplied = alpha, alpha && p.premultiplied
}

// bandName is the name of a band that has none of its own.
func bandName(id int) string { return fmt.Sprintf("Band_%d", id+1) }

// palettes returns the palette of an image of samples of type t, or notes why it has none: formats of samples store the
// palettes of unsigned samples of up to 16 bits.
func (p *plan) palettes(all color.Palette, t raster.PixelType) (color.Palette, error) {
	lo, hi := t.Range()
	switch {
	case t == raster.U8:
		return all, nil
	case p.format.Bands > 0:
		return nil, unsupported("", "palettes of %v are not supported with a function or with named bands", t)
	case t > raster.U16 || lo < 0 || len(all) > int(hi)+1:
		p.notes = append(p.notes,
			fmt.Sprintf("the palette is left out: format %s stores none of samples of type %v", p.format.Name, t))
		return nil, nil
	}
	return all, nil
}
