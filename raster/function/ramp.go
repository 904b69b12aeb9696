package function

import (
	"fmt"
	"image/color"
	"strings"

	"github.com/geoexport/geoexport/internal/quote"
)

// RampAlgorithm determines the colours between the two ends of a ColorRamp.
type RampAlgorithm uint8

// The algorithms, named for the colour space in which colours change linearly.
const (
	RampHSV RampAlgorithm = iota // hue the short way round; a grey end has the other's hue
	RampLab                      // CIE L*a*b*
	RampLCh                      // CIE L*a*b* in polar coordinates, hue the short way round
)

// A ColorRamp runs from one colour to another.
type ColorRamp struct {
	From, To  color.NRGBA
	Algorithm RampAlgorithm
	Length    float64 // in proportion to those of other parts; 0 counts as 1
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

func (r ColorRamp) length() float64 {
	if r.Length > 0 {
		return r.Length
	}
	return 1
}

// rampColors returns n colours at even steps over consecutive ramps, with the ends of the first and the last.
func rampColors(ramps []ColorRamp, n int) []color.NRGBA {
	var sum float64
	for _, r := range ramps {
		sum += r.length()
	}
	out := make([]color.NRGBA, n)
	part, before := 0, 0.0
	for i := range out {
		t := float64(float64(i) / float64(n-1) * sum)
		for part < len(ramps)-1 && t >= before+ramps[part].length() {
			before += ramps[part].length()
			part++
		}
		out[i] = ramps[part].at(min((t-before)/ramps[part].length(), 1))
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

// maxRamps bounds how many parts a ramp may have.
const maxRamps = 256

// readRamp reads a ramp of one colour to another, or one of several parts, in the two spellings that clients have: that of
// the REST API, with lists for colours, and that of stored templates, with objects.
func readRamp(o *object, depth int) ([]ColorRamp, error) {
	kind := ""
	if v, ok := o.get("type"); ok {
		var err error
		if kind, err = readText(v); err != nil {
			return nil, err
		}
	}
	switch {
	case depth > 8:
		return nil, tooLarge("", "ramps nest too deep")
	case named(kind, "algorithmic", []string{"AlgorithmicColorRamp"}):
		return readOneRamp(o)
	case named(kind, "multipart", []string{"MultiPartColorRamp", "multipartColorRamp"}):
		return readParts(o, depth)
	}
	return nil, unsupported("", "ramps of type %s are not supported", quote.Text(kind))
}

// about are members that describe a ramp to people.
var about = []string{"_class", "name", "description", "primitiveName", "_object_id"}

func readOneRamp(o *object) ([]ColorRamp, error) {
	var r ColorRamp
	var found [2]bool
	var from, to float64
	for _, m := range o.members {
		var err error
		switch {
		case named(m.name, "fromColor", nil):
			found[0] = true
			r.From, err = readColor(m.value)
		case named(m.name, "toColor", nil):
			found[1] = true
			r.To, err = readColor(m.value)
		case named(m.name, "algorithm", nil):
			r.Algorithm, err = readAlgorithm(m.value)
		case named(m.name, "start", nil):
			from, err = readNumber(m.value)
		case named(m.name, "stop", nil):
			to, err = readNumber(m.value)
		case named(m.name, "type", about):
		default:
			err = unsupported("", "member %s of a ramp is not supported", quote.Text(m.name))
		}
		if err != nil {
			return nil, err
		}
	}
	if !found[0] || !found[1] {
		return nil, invalid("", "a ramp has no fromColor or no toColor")
	}
	r.Length = max(to-from, 0)
	return []ColorRamp{r}, nil
}

func readAlgorithm(v any) (RampAlgorithm, error) {
	n, err := readChoice(v, []choice{
		{0, []string{"esriHSVAlgorithm", "HSV"}}, {1, []string{"esriCIELabAlgorithm", "CIELab"}},
		{2, []string{"esriLabLChAlgorithm", "LabLCh"}},
	})
	return RampAlgorithm(n), err
}

// readParts reads the parts of a ramp. They are of equal length unless each states where it starts and stops.
func readParts(o *object, depth int) ([]ColorRamp, error) {
	var parts []any
	for _, m := range o.members {
		switch {
		case named(m.name, "colorRamps", []string{"ArrayOfColorRamp"}):
			list, ok := m.value.([]any)
			if !ok {
				return nil, wrongKind(m.value, "a list of ramps")
			}
			parts = list
		case named(m.name, "type", append([]string{"numColorRamps", "Size"}, about...)):
		default:
			return nil, unsupported("", "member %s of a ramp is not supported", quote.Text(m.name))
		}
	}
	if len(parts) == 0 || len(parts) > maxRamps {
		return nil, invalid("", "a ramp has 1 to %d parts, not %d", maxRamps, len(parts))
	}
	var groups [][]ColorRamp
	placed := true
	for _, p := range parts {
		one, ok := p.(*object)
		if !ok {
			return nil, wrongKind(p, "a ramp")
		}
		g, err := readRamp(one, depth+1)
		if err != nil {
			return nil, err
		}
		groups = append(groups, g)
		placed = placed && len(g) == 1 && g[0].Length > 0
	}
	var all []ColorRamp
	for _, g := range groups {
		var sum float64
		for _, r := range g {
			sum += r.length()
		}
		for _, r := range g {
			if !placed {
				r.Length = r.length() / sum
			}
			all = append(all, r)
		}
	}
	if len(all) > maxRamps {
		return nil, invalid("", "a ramp has 1 to %d parts", maxRamps)
	}
	return all, nil
}

// readColor reads a colour: a list of red, green, blue and, perhaps, alpha, or an object of a colour space.
func readColor(v any) (color.NRGBA, error) {
	switch v := v.(type) {
	case []any:
		parts, err := readList(v, readNumber)
		if err != nil {
			return color.NRGBA{}, err
		}
		return colorOf(parts)
	case *object:
		return readColorObject(v)
	}
	return color.NRGBA{}, wrongKind(v, "a colour")
}

// colorOf returns the colour of red, green, blue and, perhaps, alpha, each from 0 to 255.
func colorOf(v []float64) (color.NRGBA, error) {
	if len(v) != 3 && len(v) != 4 {
		return color.NRGBA{}, invalid("", "a colour is three or four numbers, not %d", len(v))
	}
	part := [4]uint8{3: 255}
	for i, x := range v {
		if !(x >= 0 && x <= 255) {
			return color.NRGBA{}, invalid("", "%v is no part of a colour", x)
		}
		part[i] = uint8(x + 0.5)
	}
	return color.NRGBA{R: part[0], G: part[1], B: part[2], A: part[3]}, nil
}

// readColorObject reads an HsvColor, of hue 0 to 360, saturation and value 0 to 100, or an RgbColor; AlphaValue is 0 to
// 255.
func readColorObject(o *object) (color.NRGBA, error) {
	n := map[string]float64{"alphavalue": 255}
	kind := ""
	for _, m := range o.members {
		key := strings.ToLower(m.name)
		var err error
		switch key {
		case "type":
			kind, err = readText(m.value)
		case "_class", "usedither", "usewindowsdithering", "name", "_object_id":
		case "hue", "saturation", "value", "red", "green", "blue", "alphavalue":
			n[key], err = readNumber(m.value)
		default:
			err = unsupported("", "member %s of a colour is not supported", quote.Text(m.name))
		}
		if err != nil {
			return color.NRGBA{}, err
		}
	}
	rgb := []float64{n["red"], n["green"], n["blue"], n["alphavalue"]}
	_, hue := n["hue"]
	if named(kind, "HsvColor", nil) || kind == "" && hue {
		h, s, v := n["hue"], n["saturation"], n["value"]
		if !(h >= 0 && h <= 360 && s >= 0 && s <= 100 && v >= 0 && v <= 100) {
			return color.NRGBA{}, invalid("", "hue %v, saturation %v, value %v is no colour", h, s, v)
		}
		red, green, blue := hsv{h / 60, s / 100, v / 100}.rgb()
		rgb[0], rgb[1], rgb[2] = float64(unitByte(red)), float64(unitByte(green)), float64(unitByte(blue))
	} else if !named(kind, "RgbColor", []string{""}) {
		return color.NRGBA{}, unsupported("", "a colour of type %s is not supported", quote.Text(kind))
	}
	return colorOf(rgb)
}
