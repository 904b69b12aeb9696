package function

import (
	"math"

	"github.com/geoexport/geoexport/internal/horn"
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

// sixLights returns why the direction of light does not count for a type; "" if it does.
func sixLights(t HillshadeType) string {
	if t != Multidirectional {
		return ""
	}
	return "HillshadeType 1 (Multidirectional) has six lights of its own"
}

var hillshadeSpec = newSpec("Hillshade", func() *Hillshade { return NewHillshade(nil) },
	func(f *Hillshade) *raster.PixelType { return &f.Output },
	rasterArg("Raster", func(f *Hillshade) *Function { return &f.Input }).alias("DEM"),
	enum("HillshadeType", func(f *Hillshade) *HillshadeType { return &f.Type }, hillshadeTypes),
	moot(number("Azimuth", func(f *Hillshade) *float64 { return &f.Azimuth }),
		func(f *Hillshade) string { return sixLights(f.Type) }),
	moot(number("Altitude", func(f *Hillshade) *float64 { return &f.Altitude }),
		func(f *Hillshade) string { return sixLights(f.Type) }),
	zFactorArg(func(f *Hillshade) *float64 { return &f.ZFactor }),
	scaledArg(func(f *Hillshade) *bool { return &f.Scaled }),
	moot(number("PSPower", func(f *Hillshade) *float64 { return &f.PSPower }),
		func(f *Hillshade) string { return onlyFor(f.Scaled, "SlopeType", "3 (Scaled)") }),
	moot(number("PSZFactor", func(f *Hillshade) *float64 { return &f.PSZFactor }),
		func(f *Hillshade) string { return onlyFor(f.Scaled, "SlopeType", "3 (Scaled)") }),
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
	return gradientStep(out, f.RemoveEdgeEffect, func(c Cell, _ *raster.Block) gradientRow {
		shade := newShader(f.Type, f.Azimuth, f.Altitude)
		fx, fy := shade.factors(scale, c)
		var bytes []uint8
		var wide []float64
		row := gradientRow{fx: fx, fy: fy}
		row.of = func(planes []raster.Plane, y int, valid []uint8, east, south []float64) {
			if p, ok := planes[0].(*raster.PlaneOf[uint8]); ok {
				horn.ShadesOf(p.Row(y), valid, east, south, shade.parts)
				return
			}
			if bytes == nil {
				bytes, wide = make([]uint8, len(valid)), make([]float64, len(valid))
			}
			horn.ShadesOf(bytes, valid, east, south, shade.parts)
			widen(wide, bytes)
			storeRow(planes[0], y, wide, valid, clamps, out.Type)
		}
		if out.Type == raster.U8 {
			row.ofSingles = func(planes []raster.Plane, y, from int, valid []uint8, heights horn.Rows) {
				heights.Shades(planes[0].(*raster.PlaneOf[uint8]).Row(y)[from:from+len(valid)], valid, shade.parts)
			}
		}
		return row
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
