package function

import (
	"image/color"
	"strconv"
	"strings"
	"sync"
)

// ramps are the names of ArcGIS's colour maps and ramps, with colours of our own that are what the names say: from the
// start to the end, two to seven stops, in hexadecimal notation. Names are what programs agree on; those who need the very
// colours of ArcGIS send them. Diverging and sequential schemes are near those of ColorBrewer (C. Brewer, 2003).
const ramps = `
Aspect: ff0000 ffa600 ffff00 00ff00 00ffff 0000ff ff00ff ff0000
Black to White: 000000 ffffff
Blue Bright: e6f2ff 0050ff
Blue Light to Dark: d6e6f4 08306b
Blue-Green Bright: e0fff8 00a591
Blue-Green Light to Dark: d8f0ee 00524c
Brown Light to Dark: f3e6d2 5a3308
Brown to Blue Green Diverging, Bright: a6611a f5f5f5 018571
Brown to Blue Green Diverging, Dark: 543005 c7b994 003c30
Coefficient Bias: 2166ac f7f7f7 b2182b
Cold to Hot Diverging: 2c7bb6 abd9e9 ffffbf fdae61 d7191c
Condition Number: 1a9641 ffffbf d7191c
Cyan to Purple: 00e5e5 3c6fd6 7a1fa2
Cyan-Light to Blue-Dark: d9f7fa 3aa6d0 08306b
Distance: ffff80 f2a72e a83800 38a8a8 0b2c7a
Elevation #1: aff0e9 ffffb3 008040 fcba03 800000 69300d ababab fffcff
Elevation #2: 76dbd3 ffffc7 80c773 e0b56c a8714b 8f6c5e ffffff
Errors: ffffd4 fe9929 993404
Gray Light to Dark: e6e6e6 262626
Green Bright: e5ffe0 00a000
Green Light to Dark: e0f2d9 00441b
Green to Blue: 38a800 00a0a0 0046c8
Orange Bright: fff0d9 ff7f00
Orange Light to Dark: fde3c8 7f2704
Partial Spectrum: 0038a8 00a0a0 59c25a f2f25a f27b1e
Partial Spectrum 1 Diverging: 8c510a f6e8c3 c7eae5 01665e
Partial Spectrum 2 Diverging: 762a83 e7d4e8 d9f0d3 1b7837
Pink to YellowGreen Diverging, Bright: d01c8b f7f7f7 4dac26
Pink to YellowGreen Diverging, Dark: 8e0152 c9b8b8 276419
Precipitation: c2523c edA113 ffff00 00db00 20998f 0b2c7a
Prediction: 0000ff 00ffff 00ff00 ffff00 ff0000
Purple Bright: f4e5ff 8f00e0
Purple Light to Dark: e9e0f1 3f007d
Purple to Green Diverging, Bright: 7b3294 f7f7f7 008837
Purple to Green Diverging, Dark: 40004b b8b8b8 00441b
Purple-Blue Bright: ece5ff 4a2cff
Purple-Blue Light to Dark: e0e0ef 2a1a6e
Purple-Red Bright: ffe5f4 e00078
Purple-Red Light to Dark: f1dbe8 67001f
Red Bright: ffe5e5 f00000
Red Light to Dark: fbdcd3 67000d
Red to Blue Diverging, Bright: ca0020 f7f7f7 0571b0
Red to Blue Diverging, Dark: 67001f b8b8b8 053061
Red to Green: f00000 f5f500 00a000
Red to Green Diverging, Bright: d7191c ffffbf 1a9641
Red to Green Diverging, Dark: a50026 c8c37d 006837
Slope: 38a800 8bd100 ffff00 ff8000 ff0000
Spectrum-Full Bright: ff0000 ffff00 00ff00 00ffff 0000ff ff00ff
Spectrum-Full Dark: 800000 808000 008000 008080 000080 800080
Spectrum-Full Light: ffb3b3 ffffb3 b3ffb3 b3ffff b3b3ff ffb3ff
Surface: 704489 3e6fb0 57b576 f5ef6b e8663c
Temperature: 1f3b8c 4fb3e8 c8f0c8 f9e14b f0722d a80000
White to Black: ffffff 000000
Yellow to Dark Red: ffffb2 fd8d3c 800026
Yellow to Green to Dark Blue: ffffd9 41b6c4 081d58
Yellow to Red: ffff00 ff0000
Yellow-Green Bright: fbffe0 9ad400
Yellow-Green Light to Dark: f2f6cf 3f5c00
`

// colormaps are ArcGIS's colour maps, whose colours are those of the numbers 0 to 255. Those of vegetation are made for an index
// from 0 to 200, of which 100 stands for 0.
var colormaps = map[string][]stop{
	"gray":      {{0, 0x000000}, {255, 0xffffff}},
	"ndvi":      {{0, 0x1f3fb4}, {95, 0xb89b78}, {110, 0xa8633a}, {122, 0xe0301e}, {135, 0xf08a24}, {150, 0xf5ef4a}, {170, 0x4cb43c}, {200, 0x0a4d1a}, {255, 0x0a4d1a}},
	"ndvi2":     {{0, 0xffffff}, {60, 0xcfe8c0}, {110, 0x6aa84f}, {140, 0x9a9a9a}, {165, 0x8a5aa8}, {185, 0x1c2a7a}, {200, 0x000000}, {255, 0x000000}},
	"ndvi3":     {{0, 0x1f3fb4}, {98, 0x1f3fb4}, {102, 0xc81e1e}, {125, 0xf08a24}, {150, 0xf5ef4a}, {180, 0x2e9e3a}, {255, 0x2e9e3a}},
	"elevation": {{0, 0x00e0e0}, {85, 0x2a50d8}, {170, 0x7a2a9a}, {255, 0x1e0a2a}},
	"hillshade": {{0, 0x2e3640}, {128, 0x8f8f8c}, {255, 0xf7f5ec}},
}

// A stop is a colour at a number.
type stop struct {
	at  int
	rgb uint32
}

func opaque(rgb uint32) color.NRGBA {
	return color.NRGBA{R: uint8(rgb >> 16), G: uint8(rgb >> 8), B: uint8(rgb), A: 255}
}

// namedRamps are the parts of the ramps by their names in lower case. Between stops, colours are mixed in CIE L*a*b*.
var namedRamps = sync.OnceValue(func() map[string][]ColorRamp {
	all := map[string][]ColorRamp{}
	for line := range strings.Lines(ramps) {
		name, stops, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok {
			continue
		}
		var parts []ColorRamp
		var before color.NRGBA
		for i, hex := range strings.Fields(stops) {
			rgb, err := strconv.ParseUint(hex, 16, 32)
			if err != nil {
				panic("function: ramp " + name + ": " + err.Error()) // a test reads them all
			}
			at := opaque(uint32(rgb))
			if i > 0 {
				parts = append(parts, ColorRamp{From: before, To: at, Algorithm: RampLab})
			}
			before = at
		}
		all[strings.ToLower(name)] = parts
	}
	for name, stops := range colormaps {
		var parts []ColorRamp
		for i, s := range stops[1:] {
			parts = append(parts, ColorRamp{
				From: opaque(stops[i].rgb), To: opaque(s.rgb), Algorithm: RampLab, Length: float64(s.at - stops[i].at),
			})
		}
		all[name] = parts
	}
	return all
})

// namedRamp returns the 256 colours of a map or ramp of ArcGIS, by its name in any case; nil if there is none. The empty
// name is that of Gray.
func namedRamp(name string) []color.NRGBA {
	if name == "" {
		name = "gray"
	}
	name = strings.ToLower(name)
	if name == "random" {
		return randomColors()
	}
	parts := namedRamps()[name]
	if parts == nil {
		return nil
	}
	return rampColors(parts, 256)
}

// randomColors returns colours without an order, which are always the same: by a linear congruential generator.
func randomColors() []color.NRGBA {
	out := make([]color.NRGBA, 256)
	seed := uint32(1)
	next := func() uint8 {
		seed = seed*1664525 + 1013904223
		return uint8(seed >> 24)
	}
	for i := range out {
		out[i] = color.NRGBA{R: next(), G: next(), B: next(), A: 255}
	}
	return out
}
