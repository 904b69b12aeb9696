package geotiff

import (
	"context"
	"fmt"
	"image/color"
	"slices"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/sidecar"
)

// colorBands sets the colour interpretation of the bands that are not alpha, and what the photometric interpretation
// states about their colours.
func (f *File) colorBands() {
	const rgb, yCbCr = 2, 6 // the latter is read as the former
	l := f.levels[0].layout
	data := len(f.info.DataBands())
	colors := []raster.ColorInterp{raster.ColorGray}
	switch {
	case l.photometric == photometricPalette:
		colors = []raster.ColorInterp{raster.ColorPalette}
	case l.photometric == rgb || l.photometric == yCbCr:
		colors = []raster.ColorInterp{raster.ColorRed, raster.ColorGreen, raster.ColorBlue}
	case l.photometric == photometricCMYK && l.otherInks || l.photometric == photometricCMYK && data < 4:
		f.note("the inks are not cyan, magenta, yellow and black: their colours are not known")
		colors = nil
	case l.photometric == photometricCMYK:
		f.note("the samples are CMYK, and stay so; pictures show them as RGB, without a colour profile")
		colors = []raster.ColorInterp{raster.ColorCyan, raster.ColorMagenta, raster.ColorYellow, raster.ColorBlack}
	case l.photometric == photometricWhiteIsZero:
		f.info.WhiteIsZero = data == 1
	}
	for i := range f.info.Bands {
		switch b := &f.info.Bands[i]; {
		case b.Alpha:
			b.Color = raster.ColorAlpha
		case len(colors) > 0:
			b.Color, colors = colors[0], colors[1:]
		}
	}
}

// readAlpha finds the alpha band: the first extra sample that is marked as alpha, or else the first band that the
// metadata call alpha.
func (f *File) readAlpha(ctx context.Context, d *directory, m *sidecar.Metadata) error {
	f.alpha = -1
	bands := len(f.info.Bands)
	if d.has(tagExtraSamples) {
		const associated, unassociated = 1, 2
		extra, err := d.firstUints(ctx, tagExtraSamples, uint64(bands)+1)
		if err != nil {
			return err
		}
		if len(extra) > bands {
			return wrong(tagExtraSamples, extra, fmt.Sprintf("more than %d bands", bands))
		}
		if i := slices.IndexFunc(extra, func(v uint64) bool { return v == associated || v == unassociated }); i >= 0 {
			f.alpha = bands - len(extra) + i
			if extra[i] == associated && bands > 1 {
				f.info.Premultiplied = true
				f.note("colours are premultiplied with alpha: samples stay so, and pictures divide them by it")
			}
		}
	}
	if f.alpha < 0 {
		f.alpha = m.Alpha()
	}
	if f.alpha < 0 {
		return nil
	}
	if bands == 1 {
		f.note("the only band is called alpha: taken as data")
		f.alpha = -1
		return nil
	}
	f.info.Bands[f.alpha].Alpha = true
	return nil
}

// readPalette reads the ColorMap tag: all reds, then all greens, then all blues.
func (f *File) readPalette(ctx context.Context, d *directory) error {
	l := f.levels[0].layout
	if n := len(f.info.DataBands()); n != 1 || l.typ > raster.U16 || l.typ == raster.S8 {
		return unsupported(tagPhotometric, photometricPalette, fmt.Sprintf("a palette for %d bands of type %v", l.bands, l.typ))
	}
	if l.signedIndices {
		f.note(fmt.Sprintf("%v says that indices of the palette are signed: read as unsigned ones", tagSampleFormat))
	}
	v, err := d.uints(ctx, tagColorMap)
	if err != nil {
		return err
	}
	n := 1 << l.bits
	if len(v) != 3*n {
		return wrong(tagColorMap, nil, fmt.Sprintf("%d values for samples of %d bits, want %d", len(v), l.bits, 3*n))
	}
	// Components should have 16 bits, but some writers store 8 bits; libtiff's tools use the same test.
	shift := 0
	if slices.Max(v) > 0xff {
		shift = 8
	}
	f.info.Palette = make(color.Palette, n)
	for i := range n {
		f.info.Palette[i] = color.RGBA{uint8(v[i] >> shift), uint8(v[n+i] >> shift), uint8(v[2*n+i] >> shift), 0xff}
	}
	return nil
}
