package params

import (
	"encoding/json"
	"fmt"
	"image/color"
	"strings"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/quote"
)

// maxRamps bounds how many parts a ramp may have.
const maxRamps = 256

var rampAlgorithms = Enum[exportimage.RampAlgorithm]{
	{Value: exportimage.RampHSV, Name: "esriHSVAlgorithm"},
	{Value: exportimage.RampLab, Name: "esriCIELabAlgorithm"},
	{Value: exportimage.RampLCh, Name: "esriLabLChAlgorithm"},
}

// namedRamps are the ramps of ArcGIS whose names describe their colours.
var namedRamps = map[string][]exportimage.ColorRamp{"black to white": blackToWhite, "gray": blackToWhite}

var blackToWhite = []exportimage.ColorRamp{{
	From: color.NRGBA{A: 255}, To: color.NRGBA{R: 255, G: 255, B: 255, A: 255}, Algorithm: exportimage.RampLab,
}}

// readRamp reads an algorithmic ramp, or one of several parts.
func readRamp(s string, f *Forgiven) ([]exportimage.ColorRamp, error) {
	m, err := readMembers(s, f)
	if err != nil {
		return nil, err
	}
	var kind, algorithm string
	var from, to []float64
	var parts []json.RawMessage
	if err := m.takeAll(map[string]any{
		"type": &kind, "algorithm": &algorithm, "fromColor": &from, "toColor": &to, "colorRamps": &parts,
	}); err != nil {
		return nil, err
	}
	if strings.EqualFold(kind, "multipart") {
		if len(parts) == 0 || len(parts) > maxRamps {
			return nil, fmt.Errorf("a ramp has 1 to %d parts, not %d", maxRamps, len(parts))
		}
		var all []exportimage.ColorRamp
		for _, p := range parts {
			ramps, err := readRamp(string(p), f)
			if err != nil {
				return nil, err
			}
			if all = append(all, ramps...); len(all) > maxRamps {
				return nil, fmt.Errorf("a ramp has 1 to %d parts", maxRamps)
			}
		}
		return all, nil
	}
	if !strings.EqualFold(kind, "algorithmic") {
		return nil, unsupported("ramps of type %s are not supported", quote.Text(kind))
	}
	var ramp exportimage.ColorRamp
	if ramp.From, err = colorOf(from); err != nil {
		return nil, err
	}
	if ramp.To, err = colorOf(to); err != nil {
		return nil, err
	}
	if algorithm != "" {
		if ramp.Algorithm, err = rampAlgorithms.Parse(algorithm); err != nil {
			return nil, err
		}
	}
	return []exportimage.ColorRamp{ramp}, nil
}
