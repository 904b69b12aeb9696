package function

import (
	"fmt"

	"github.com/geoexport/geoexport/raster"
)

// UnitConversion converts values from one unit to another of the same kind. Units have ArcGIS's numbers: 1 inch, 3 foot, 4
// yard, 5 mile, 6 nautical mile, 7 to 10 mm, cm, m and km, 12 dm; 100 m/s, 101 km/h, 102 knot, 103 ft/s, 104 mph; 200
// Celsius, 201 Fahrenheit, 202 Kelvin.
type UnitConversion struct {
	Input    Function
	From, To int
	Output   raster.PixelType // Unknown is F32
}

// A measure converts to the unit of its kind: v·factor + offset.
type measure struct {
	name           string
	kind           string
	factor, offset float64
}

// measures are the international units: a foot is 0.3048 m, a nautical mile 1852 m.
var measures = map[int]measure{
	1: {"Inch", "length", 0.0254, 0}, 3: {"Foot", "length", 0.3048, 0}, 4: {"Yard", "length", 0.9144, 0},
	5: {"Mile", "length", 1609.344, 0}, 6: {"NauticalMile", "length", 1852, 0}, 7: {"Millimeter", "length", 0.001, 0},
	8: {"Centimeter", "length", 0.01, 0}, 9: {"Meter", "length", 1, 0}, 10: {"Kilometer", "length", 1000, 0},
	12:  {"Decimeter", "length", 0.1, 0},
	100: {"MeterPerSecond", "speed", 1, 0}, 101: {"KilometerPerHour", "speed", 1000.0 / 3600, 0},
	102: {"Knot", "speed", 1852.0 / 3600, 0}, 103: {"FootPerSecond", "speed", 0.3048, 0},
	104: {"MilePerHour", "speed", 1609.344 / 3600, 0},
	200: {"Celsius", "temperature", 1, 273.15}, 201: {"Fahrenheit", "temperature", 5.0 / 9, 273.15 - 32*5.0/9},
	202: {"Kelvin", "temperature", 1, 0},
}

func measureChoices() (out []choice) {
	for n := range 300 {
		if m, ok := measures[n]; ok {
			out = append(out, choice{n, []string{m.name}})
		}
	}
	return out
}

var unitConversionSpec = newSpec("UnitConversion", func() *UnitConversion { return &UnitConversion{From: 3, To: 10} },
	func(f *UnitConversion) *raster.PixelType { return &f.Output },
	rasterArg("Raster", func(f *UnitConversion) *Function { return &f.Input }),
	enum("FromUnit", func(f *UnitConversion) *int { return &f.From }, measureChoices()),
	enum("ToUnit", func(f *UnitConversion) *int { return &f.To }, measureChoices()),
)

func (f *UnitConversion) spec() *spec { return &unitConversionSpec }

func (f *UnitConversion) compile(_ *compilation, in []input) (step, error) {
	if err := quantities(in[0]); err != nil {
		return step{}, err
	}
	from, ok := measures[f.From]
	if !ok {
		return step{}, invalid("FromUnit", "there is no unit %d", f.From)
	}
	to, ok := measures[f.To]
	if !ok {
		return step{}, invalid("ToUnit", "there is no unit %d", f.To)
	}
	if from.kind != to.kind {
		return step{}, &Error{Argument: "ToUnit", Err: fmt.Errorf("a %s is no %s", from.kind, to.kind)}
	}
	factor, offset := from.factor/to.factor, (from.offset-to.offset)/to.factor
	out := computed(typeOr(f.Output, raster.F32), len(in[0].Bands), nil)
	for i, b := range in[0].Bands {
		if k := b.Known; k != nil {
			out.Bands[i].Known = nominal(float64(k.Min*factor)+offset, float64(k.Max*factor)+offset,
				float64(k.Mean*factor)+offset, k.StdDev*factor)
		}
	}
	return step{out: out, run: perRow(out.Type, len(out.Bands), clamps, func(dst, src [][]float64, _ []uint8) {
		for i := range dst {
			for x, v := range src[i] {
				dst[i][x] = float64(v*factor) + offset
			}
		}
	})}, nil
}
