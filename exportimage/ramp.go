package exportimage

import (
	"fmt"
	"image/color"
)

// RampAlgorithm determines the colours between the two ends of a ColorRamp.
type RampAlgorithm uint8

// The algorithms, named for the colour space in which colours change linearly.
const (
	RampHSV RampAlgorithm = iota // hue the short way round
	RampLab                      // CIE L*a*b*
	RampLCh                      // CIE L*a*b* in polar coordinates, hue the short way round
)

// A ColorRamp runs from one colour to another.
type ColorRamp struct {
	From, To  color.NRGBA
	Algorithm RampAlgorithm
}

// at returns the ramp's colour at a fraction from 0 to 1. Alpha changes linearly.
func (r ColorRamp) at(t float64) color.NRGBA {
	red1, green1, blue1 := unitRGB(r.From)
	red2, green2, blue2 := unitRGB(r.To)
	var red, green, blue float64
	switch r.Algorithm {
	case RampLab:
		red, green, blue = mixLab(toLab(red1, green1, blue1), toLab(red2, green2, blue2), t).rgb()
	case RampLCh:
		red, green, blue = mixLCh(toLab(red1, green1, blue1), toLab(red2, green2, blue2), t).rgb()
	default:
		red, green, blue = mixHSV(toHSV(red1, green1, blue1), toHSV(red2, green2, blue2), t).rgb()
	}
	alpha := mix(float64(r.From.A), float64(r.To.A), t)
	return color.NRGBA{unitByte(red), unitByte(green), unitByte(blue), uint8(alpha + 0.5)}
}

// unitRGB returns a colour's components from 0 to 1, without its alpha.
func unitRGB(c color.NRGBA) (r, g, b float64) {
	return float64(c.R) / 255, float64(c.G) / 255, float64(c.B) / 255
}

// unitByte undoes unitRGB. What is beyond becomes 0 or 255, and halves are rounded up, also where they lack some last bits.
func unitByte(v float64) uint8 { return uint8(float64(255*max(0, min(1, v))) + (0.5 + 1e-9)) }

// rampColors returns n colours at even steps over consecutive ramps, each of which covers an equal part.
func rampColors(ramps []ColorRamp, n int) []color.NRGBA {
	out := make([]color.NRGBA, n)
	for i := range out {
		t := float64(float64(i) / float64(n-1) * float64(len(ramps)))
		k := min(int(t), len(ramps)-1)
		out[i] = ramps[k].at(t - float64(k))
	}
	return out
}

func (a RampAlgorithm) String() string {
	switch a {
	case RampHSV:
		return "HSV"
	case RampLab:
		return "CIELab"
	case RampLCh:
		return "LabLCh"
	}
	return fmt.Sprintf("RampAlgorithm(%d)", uint8(a))
}
