package function

import (
	"image/color"
	"strings"
)

// namedRamp returns the 256 colours of a map or ramp of ArcGIS, by its name in any case; nil if there is none.
func namedRamp(name string) []color.NRGBA {
	switch strings.ToLower(name) {
	case "", "gray", "black to white":
		return rampColors([]ColorRamp{{From: color.NRGBA{A: 255}, To: color.NRGBA{R: 255, G: 255, B: 255, A: 255}, Algorithm: RampLab}}, 256)
	}
	return nil
}
