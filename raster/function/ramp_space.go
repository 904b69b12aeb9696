package function

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

// A hue is an angle in sixths of the circle, from red at 0 by green at 2 and blue at 4.

// mixHue returns the hue at a fraction of the short way round from one to another, on a circle of some length. Between
// opposite hues, which rounding may have moved, it is the way that falls.
func mixHue(from, to, circle, t float64) float64 {
	way := math.Remainder(to-from, circle)
	if way > circle*(0.5-1e-9) {
		way -= circle
	}
	return from + float64(t*way)
}

func mix(from, to, t float64) float64 { return from + float64(t*(to-from)) }

// An hsv is a colour's hue, saturation and value: the last two from 0 to 1. A grey's hue is 0.
type hsv struct{ hue, saturation, value float64 }

// toHSV converts from red, green and blue from 0 to 1. A. R. Smith, Color Gamut Transform Pairs, SIGGRAPH 1978.
func toHSV(r, g, b float64) hsv {
	value := max(r, g, b)
	chroma := value - min(r, g, b)
	if chroma == 0 {
		return hsv{value: value}
	}
	c := hsv{saturation: chroma / value, value: value}
	switch value {
	case r:
		c.hue = (g - b) / chroma
	case g:
		c.hue = 2 + (b-r)/chroma
	default:
		c.hue = 4 + (r-g)/chroma
	}
	return c
}

// rgb converts to red, green and blue from 0 to 1.
func (c hsv) rgb() (r, g, b float64) {
	component := func(middle float64) float64 { // 0 within a sixth of the hue's opposite, 1 within a sixth of its middle
		away := math.Abs(math.Remainder(c.hue-middle, 6))
		return c.value - float64(c.value*c.saturation*max(0, min(1, away-1)))
	}
	return component(0), component(2), component(4)
}

func mixHSV(from, to hsv, t float64) hsv {
	switch { // a grey has no hue of its own
	case from.saturation == 0:
		from.hue = to.hue
	case to.saturation == 0:
		to.hue = from.hue
	}
	return hsv{
		hue:        mixHue(from.hue, to.hue, 6, t),
		saturation: mix(from.saturation, to.saturation, t),
		value:      mix(from.value, to.value, t),
	}
}

// A lab is a colour in CIE L*a*b*, in hundredths.
type lab struct{ l, a, b float64 }

// labWhite is what D65 has in CIE XYZ, of which IEC 61966-2-1 (sRGB) makes white.
var labWhite = [3]float64{0.95047, 1, 1.08883}

// labKnee is where the cube root of CIE L*a*b* turns into a line: CIE 15.
const labKnee = 6. / 29

// toLab converts from sRGB from 0 to 1: IEC 61966-2-1, CIE 15.
func toLab(r, g, b float64) lab {
	r, g, b = linearLight(r), linearLight(g), linearLight(b)
	xyz := [3]float64{
		float64(0.41239079926595948*r) + float64(0.35758433938387796*g) + float64(0.18048078840183429*b),
		float64(0.21263900587151036*r) + float64(0.71516867876775593*g) + float64(0.072192315360733715*b),
		float64(0.019330818715591851*r) + float64(0.11919477979462599*g) + float64(0.95053215224966058*b),
	}
	var f [3]float64
	for i, v := range xyz {
		v /= labWhite[i]
		if v > labKnee*labKnee*labKnee {
			f[i] = portable.Cbrt(v)
		} else {
			f[i] = v/(3*labKnee*labKnee) + 4./29
		}
	}
	return lab{l: float64(1.16*f[1]) - 0.16, a: 5 * (f[0] - f[1]), b: 2 * (f[1] - f[2])}
}

// rgb converts to sRGB, which is beyond 0 to 1 for colours that it lacks.
func (c lab) rgb() (r, g, b float64) {
	middle := (c.l + 0.16) / 1.16
	xyz := [3]float64{middle + c.a/5, middle, middle - float64(0.5*c.b)}
	for i, v := range xyz {
		if v > labKnee {
			v = float64(v * v * v)
		} else {
			v = float64(3 * labKnee * labKnee * (v - 4./29))
		}
		xyz[i] = float64(v * labWhite[i])
	}
	x, y, z := xyz[0], xyz[1], xyz[2]
	r = float64(3.2409699419045214*x) - float64(1.5373831775700935*y) - float64(0.49861076029300328*z)
	g = float64(1.8759675015077207*y) - float64(0.96924363628087983*x) + float64(0.041555057407175613*z)
	b = float64(0.055630079696993609*x) - float64(0.20397695888897657*y) + float64(1.0569715142428786*z)
	return encodedLight(r), encodedLight(g), encodedLight(b)
}

func mixLab(from, to lab, t float64) lab {
	return lab{mix(from.l, to.l, t), mix(from.a, to.a, t), mix(from.b, to.b, t)}
}

// greyChroma is what is taken for none: greys have some from rounding.
const greyChroma = 1.5e-4

// mixLCh mixes in polar coordinates of a* and b*.
func mixLCh(from, to lab, t float64) lab {
	chroma1, chroma2 := portable.Hypot(from.a, from.b), portable.Hypot(to.a, to.b)
	hue1, hue2 := portable.Atan2(from.b, from.a), portable.Atan2(to.b, to.a)
	switch {
	case chroma1 <= greyChroma:
		hue1 = hue2
	case chroma2 <= greyChroma:
		hue2 = hue1
	}
	sin, cos := portable.Sincos(mixHue(hue1, hue2, 2*math.Pi, t))
	chroma := mix(chroma1, chroma2, t)
	return lab{l: mix(from.l, to.l, t), a: chroma * cos, b: chroma * sin}
}

// linearLight decodes a component of sRGB: IEC 61966-2-1.
func linearLight(v float64) float64 {
	if v <= 0.04045 {
		return v / 12.92
	}
	return portable.Pow((v+0.055)/1.055, 2.4)
}

// encodedLight undoes linearLight.
func encodedLight(v float64) float64 {
	if v <= 0.0031308 {
		return 12.92 * v
	}
	return float64(1.055*portable.Pow(v, 1/2.4)) - 0.055
}
