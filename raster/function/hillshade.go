package function

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
	"github.com/geoexport/geoexport/raster"
)

// HillshadeType determines from where light comes.
type HillshadeType uint8

// The types of hillshade.
const (
	Traditional      HillshadeType = 0 // from one direction
	Multidirectional HillshadeType = 1 // from six, weighted; Azimuth and Altitude are not used
)

// Hillshade shades the heights of its input's first band, from 0 in the dark to 255. It needs a margin of one pixel. A
// pixel holds data if it and at least seven of its eight neighbours do.
//
// NewHillshade returns one with the operation's defaults. The zero value has its light at the horizon in the north.
type Hillshade struct {
	Input    Function
	Type     HillshadeType
	Azimuth  float64 // of the light, in degrees clockwise from north; the default of the operation is 315
	Altitude float64 // of the light above the horizon, in degrees from 0 to 90; the default of the operation is 45
	ZFactor  float64 // by which heights are multiplied; 0 means 1

	// Scaled multiplies heights by ZFactor + PSZFactor·size^PSPower in place of ZFactor, size being that of a pixel.
	Scaled             bool
	PSPower, PSZFactor float64 // the defaults of the operation are 0.664 and 0.024

	RemoveEdgeEffect bool // all eight neighbours must hold data
	Output           raster.PixelType
}

// NewHillshade returns a Hillshade of the given input with the operation's defaults.
func NewHillshade(in Function) *Hillshade {
	return &Hillshade{Input: in, Azimuth: 315, Altitude: 45, ZFactor: 1, PSPower: 0.664, PSZFactor: 0.024}
}

var hillshadeTypes = []choice{{0, []string{"Traditional"}}, {1, []string{"Multidirectional"}}}

// scaledArg reads SlopeType for functions that do not measure slopes: 3 is scaled, 1 and 2 are the same here.
func scaledArg[F any](at func(*F) *bool) arg {
	choices := []choice{{1, []string{"Degree"}}, {2, []string{"PercentRise"}}, {3, []string{"Scaled", "Adjusted"}}}
	a := field("SlopeType", "one of "+choiceList(choices), at, func(v any) (bool, error) {
		n, err := readChoice(v, choices)
		return n == 3, err
	}, func(scaled bool) any {
		if scaled {
			return 3
		}
		return 1
	})
	a.choices = choices
	return a.alias("ScalingType", "Scaling")
}

var hillshadeSpec = newSpec("Hillshade", func() *Hillshade { return NewHillshade(nil) },
	func(f *Hillshade) *raster.PixelType { return &f.Output },
	rasterArg("Raster", func(f *Hillshade) *Function { return &f.Input }).alias("DEM"),
	enum("HillshadeType", func(f *Hillshade) *HillshadeType { return &f.Type }, hillshadeTypes),
	number("Azimuth", func(f *Hillshade) *float64 { return &f.Azimuth }),
	number("Altitude", func(f *Hillshade) *float64 { return &f.Altitude }),
	zFactorArg(func(f *Hillshade) *float64 { return &f.ZFactor }),
	scaledArg(func(f *Hillshade) *bool { return &f.Scaled }),
	number("PSPower", func(f *Hillshade) *float64 { return &f.PSPower }),
	number("PSZFactor", func(f *Hillshade) *float64 { return &f.PSZFactor }),
	flag("RemoveEdgeEffect", func(f *Hillshade) *bool { return &f.RemoveEdgeEffect }),
)

// zFactorArg reads a factor of heights, which must not be 0: a function takes that for the default.
func zFactorArg[F any](at func(*F) *float64) arg {
	return field("ZFactor", "a number", at, func(v any) (float64, error) {
		z, err := readNumber(v)
		if err == nil && z == 0 {
			err = invalid("", "0 makes all heights equal")
		}
		return z, err
	}, plain[float64])
}

func (f *Hillshade) spec() *spec { return &hillshadeSpec }

func (f *Hillshade) compile(_ *compilation, in []input) (step, error) {
	if err := oneBand(in[0]); err != nil {
		return step{}, err
	}
	if err := checkLight(f.Type, f.Azimuth, f.Altitude, f.ZFactor, f.PSPower, f.PSZFactor); err != nil {
		return step{}, err
	}
	out := computed(typeOr(f.Output, raster.U8), 1, nominal(0, 255, 60, 10))
	scale := slopeScale{f.ZFactor, f.Scaled, f.PSPower, f.PSZFactor}
	return gradientStep(out, f.RemoveEdgeEffect, func(c Cell) func(dst, gx, gy []float64) {
		shade := newShader(f.Type, f.Azimuth, f.Altitude, scale, c)
		return shade.row
	}), nil
}

func checkLight(t HillshadeType, azimuth, altitude float64, numbers ...float64) error {
	switch {
	case t > Multidirectional:
		return unsupported("HillshadeType", "there is no type %d", t)
	case !finite(azimuth) || math.Abs(azimuth) > 1e6:
		return invalid("Azimuth", "%v is no direction", azimuth)
	case !(altitude >= 0 && altitude <= 90):
		return invalid("Altitude", "%v is not between 0 and 90", altitude)
	case !finite(numbers...):
		return invalid("ZFactor", "factors must be finite")
	}
	return nil
}

// A light is one of the directions from which a surface is lit.
type light struct {
	cosZenith, east, north float64 // east and north are those of the direction, times the sine of the zenith angle
	weight                 float64
}

func newLight(azimuth, altitude, weight float64) light {
	const degree = math.Pi / 180
	// Reduced first, so that equal directions have equal lights.
	angle := math.Mod(450-azimuth, 360) * degree
	zenith := (90 - altitude) * degree
	sin := portable.Sin(zenith)
	return light{portable.Cos(zenith), sin * portable.Cos(angle), sin * portable.Sin(angle), weight}
}

// A shader computes shades from gradients.
type shader struct {
	fx, fy float64
	lights []light
	sum    float64 // of the lights' weights
}

// newShader returns the shader for pixels of a size. The six lights and their weights are those of Esri's client.
func newShader(t HillshadeType, azimuth, altitude float64, scale slopeScale, c Cell) shader {
	s := shader{lights: []light{newLight(azimuth, altitude, 1)}, sum: 1}
	s.fx, s.fy = scale.factors(c)
	if t == Multidirectional {
		s.fx, s.fy = s.fx+s.fx, s.fy+s.fy
		s.lights = []light{
			newLight(315, 60, 3), newLight(270, 60, 5), newLight(225, 60, 3),
			newLight(360, 60, 2), newLight(180, 60, 1), newLight(0, 90, 4),
		}
		s.sum = 18
	}
	return s
}

// row computes whole shades from 0 to 255, cut and not rounded, as ArcGIS does.
func (s *shader) row(dst, gx, gy []float64) {
	dst, gy = dst[:len(gx)], gy[:len(gx)]
	if len(s.lights) == 1 {
		l := s.lights[0]
		for x := range gx {
			p, q := gx[x]*s.fx, gy[x]*s.fy
			v := l.cosZenith + float64(l.north*q) - float64(l.east*p)
			v = 255 * v / math.Sqrt(1+float64(p*p)+float64(q*q))
			dst[x] = math.Trunc(max(v, 0))
		}
		return
	}
	for x := range gx {
		p, q := gx[x]*s.fx, gy[x]*s.fy
		root := math.Sqrt(1 + float64(p*p) + float64(q*q))
		sum := 0.0
		for _, l := range s.lights {
			v := 255 * (l.cosZenith + float64(l.north*q) - float64(l.east*p)) / root
			sum += float64(l.weight * max(v, 0))
		}
		dst[x] = math.Trunc(sum / s.sum)
	}
}
