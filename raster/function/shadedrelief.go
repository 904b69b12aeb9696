package function

import (
	"image/color"
	"math"

	"github.com/geoexport/geoexport/internal/horn"
	"github.com/geoexport/geoexport/raster"
)

// ShadedRelief tints a hillshade by height: hue and saturation are those of a colour map, and how bright a pixel is the
// hillshade alone says. It makes three bands of bytes. The colours are spread from the least to the greatest height of the
// input's statistics. It needs a margin of one pixel.
type ShadedRelief struct {
	Shade Hillshade // with the Input; its Output is not used
	// The colours are given as those of a Colormap. Colors are the colours of the numbers 0 to 255.
	Colors []ColorEntry
	Ramp   []ColorRamp
	Name   string
	Output raster.PixelType

	passed []string // notes on what a rule states and what does not count
}

// NewShadedRelief returns a ShadedRelief of the given input with the operation's defaults, in grey.
func NewShadedRelief(in Function) *ShadedRelief { return &ShadedRelief{Shade: *NewHillshade(in)} }

var shadedReliefSpec = newSpec("ShadedRelief", func() *ShadedRelief { return NewShadedRelief(nil) },
	func(f *ShadedRelief) *raster.PixelType { return &f.Output },
	rasterArg("Raster", func(f *ShadedRelief) *Function { return &f.Shade.Input }).alias("DEM"),
	enum("HillshadeType", func(f *ShadedRelief) *HillshadeType { return &f.Shade.Type }, hillshadeTypes),
	moot(number("Azimuth", func(f *ShadedRelief) *float64 { return &f.Shade.Azimuth }),
		func(f *ShadedRelief) string { return sixLights(f.Shade.Type) }),
	moot(number("Altitude", func(f *ShadedRelief) *float64 { return &f.Shade.Altitude }),
		func(f *ShadedRelief) string { return sixLights(f.Shade.Type) }),
	zFactorArg(func(f *ShadedRelief) *float64 { return &f.Shade.ZFactor }),
	scaledArg(func(f *ShadedRelief) *bool { return &f.Shade.Scaled }),
	moot(number("PSPower", func(f *ShadedRelief) *float64 { return &f.Shade.PSPower }),
		func(f *ShadedRelief) string { return onlyFor(f.Shade.Scaled, "SlopeType", "3 (Scaled)") }),
	moot(number("PSZFactor", func(f *ShadedRelief) *float64 { return &f.Shade.PSZFactor }),
		func(f *ShadedRelief) string { return onlyFor(f.Shade.Scaled, "SlopeType", "3 (Scaled)") }),
	flag("RemoveEdgeEffect", func(f *ShadedRelief) *bool { return &f.Shade.RemoveEdgeEffect }),
	switchArg("Colormap", "a list of values and colours", readColormap),
	switchArg("ColormapName", "a text", readText),
	switchArg("ColorrampName", "a text", readText),
	switchArg("Colorramp", "a ramp", readRampOrName),
	switchArg("ColorSchemeType", "0 (map) or 1 (ramp)", func(v any) (int, error) { return readChoice(v, colorSchemes) }),
).finished(func(f Function, switches map[string]any) error {
	r := f.(*ShadedRelief)
	var err error
	r.Colors, r.Ramp, r.Name, r.passed, err = chooseColors(switches)
	return err
}, func(f Function) map[string]any {
	r := f.(*ShadedRelief)
	return colorSwitches(r.Colors, r.Ramp, r.Name)
}).passing(func(f Function) []string { return f.(*ShadedRelief).passed })

func (f *ShadedRelief) spec() *spec { return &shadedReliefSpec }

func (f *ShadedRelief) compile(c *compilation, in []input) (step, error) {
	h := f.Shade
	if err := oneBand(in[0]); err != nil {
		return step{}, err
	}
	if err := checkLight(h.Type, h.Azimuth, h.Altitude, h.ZFactor, h.PSPower, h.PSZFactor); err != nil {
		return step{}, err
	}
	tints, err := f.tints()
	if err != nil {
		return step{}, err
	}
	sum, err := c.summary(in[0], 0, false)
	if err != nil {
		return step{}, err
	}
	out := rgb()
	out.Type = typeOr(f.Output, raster.U8)
	for i := range out.Bands {
		out.Bands[i].Known = nominal(0, 255, 60, 10)
	}
	scale := slopeScale{h.ZFactor, h.Scaled, h.PSPower, h.PSZFactor}
	return gradientStep(out, h.RemoveEdgeEffect, func(c Cell, block *raster.Block) gradientRow {
		shade := newShader(h.Type, h.Azimuth, h.Altitude)
		fx, fy := shade.factors(scale, c)
		var light []uint8
		var buf []float64
		dst := make([][]float64, 3)
		return gradientRow{fx: fx, fy: fy, of: func(planes []raster.Plane, y int, valid []uint8, east, south []float64) {
			if light == nil {
				light, buf = make([]uint8, len(valid)), make([]float64, len(valid)+2)
				for i := range dst {
					dst[i] = make([]float64, len(valid))
				}
			}
			horn.ShadesOf(light, valid, east, south, shade.parts)
			for x, height := range loadRow(buf, block.Bands[0], y)[1 : len(valid)+1] {
				t := &tints[index256(height, sum.Min, sum.Max)]
				for i := range dst {
					dst[i][x] = math.Round(t[i] * float64(light[x]))
				}
			}
			for i, p := range planes {
				storeRow(p, y, dst[i], valid, clamps, out.Type)
			}
		}}
	}), nil
}

// tints returns red, green and blue of each of 256 colours at their brightest, from 0 to 1.
func (f *ShadedRelief) tints() (tints [256][3]float64, err error) {
	var table []color.NRGBA
	if len(f.Colors) == 0 {
		if table, err = rampTable(f.Ramp, f.Name); err != nil {
			return tints, err
		}
	} else {
		table = make([]color.NRGBA, 256)
		for _, e := range f.Colors {
			if v := int(e.Value); e.Value == float64(v) && 0 <= v && v < 256 {
				table[v] = e.Color
			}
		}
	}
	for i, c := range table {
		red, green, blue := unitRGB(c)
		full := toHSV(red, green, blue)
		full.value = 1
		tints[i][0], tints[i][1], tints[i][2] = full.rgb()
	}
	return tints, nil
}

// index256 returns in which of 256 parts of a range a value lies. The factor is that of Esri's client.
func index256(v, lo, hi float64) int {
	if !(hi > lo) || v != v {
		return 0
	}
	return int(min(max((v-lo)*255.00001/(hi-lo), 0), 255))
}
