package exportimage

import (
	"fmt"
	"image/color"

	"github.com/lucasb-eyer/go-colorful"
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
	from, to := toColorful(r.From), toColorful(r.To)
	var c colorful.Color
	switch r.Algorithm {
	case RampLab:
		c = from.BlendLab(to, t)
	case RampLCh:
		c = from.BlendHcl(to, t)
	default:
		c = from.BlendHsv(to, t)
	}
	red, green, blue := c.Clamped().RGB255()
	alpha := float64(r.From.A) + float64(t*(float64(r.To.A)-float64(r.From.A)))
	return color.NRGBA{R: red, G: green, B: blue, A: uint8(alpha + 0.5)}
}

func toColorful(c color.NRGBA) colorful.Color {
	return colorful.Color{R: float64(c.R) / 255, G: float64(c.G) / 255, B: float64(c.B) / 255}
}

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
