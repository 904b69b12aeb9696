package function

import (
	"math"

	"github.com/geoexport/geoexport/internal/horn"
	"github.com/geoexport/geoexport/internal/portable"
)

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

// A shader computes shades from gradients: whole numbers from 0 to 255, cut and not rounded, as ArcGIS does.
type shader struct {
	lights []light // of one, or of six weighted directions
	sum    float64 // of the lights' weights
	parts  *horn.Lights
}

// newShader returns a shader. The six lights and their weights are those of Esri's client.
func newShader(t HillshadeType, azimuth, altitude float64) *shader {
	s := shader{lights: []light{newLight(azimuth, altitude, 1)}, sum: 1}
	if t == Multidirectional {
		s.lights = []light{
			newLight(315, 60, 3), newLight(270, 60, 5), newLight(225, 60, 3),
			newLight(360, 60, 2), newLight(180, 60, 1), newLight(0, 90, 4),
		}
		s.sum = 18
	}
	var parts []horn.Light
	for _, l := range s.lights {
		by := 255 * l.weight / s.sum
		parts = append(parts, horn.Light{Up: l.cosZenith * by, East: l.east * by, North: l.north * by})
	}
	s.parts = horn.NewLights(parts...)
	return &s
}

// factors returns what gradients are multiplied with to become rise over run. Light from many directions doubles heights.
func (s *shader) factors(scale slopeScale, c Cell) (fx, fy float64) {
	fx, fy = scale.factors(c)
	if len(s.lights) > 1 {
		fx, fy = fx+fx, fy+fy
	}
	return fx, fy
}
