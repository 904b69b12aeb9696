package params

import (
	"encoding/json"
	"errors"
	"fmt"
	"image/color"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/quote"
	"github.com/geoexport/geoexport/raster"
)

// readFunction reads a raster function in any of the forms in use: an object with a rasterFunction and its arguments, a
// raster function template, or a bare name. An empty object, which some clients send for no rule, is nil.
func readFunction(s string, f *Forgiven) (exportimage.RasterFunction, error) {
	if !isJSON(s) {
		return named(strings.Trim(s, `"'`), members{}), nil
	}
	m, err := readMembers(s, f)
	if err != nil {
		return nil, err
	}
	if len(m.raw) == 0 {
		return nil, nil
	}
	var name string
	args := json.RawMessage("{}")
	if m.has("function") {
		if name, err = m.takeTemplate(&args); err != nil {
			return nil, err
		}
	} else {
		for _, key := range []string{"name", "rasterFunction"} { // the latter counts
			if _, err := m.take(key, &name); err != nil {
				return nil, err
			}
		}
		if _, err := m.take("rasterFunctionArguments", &args); err != nil {
			return nil, err
		}
	}
	if name == "" {
		return nil, errors.New("it names no raster function")
	}
	in, err := readMembers(string(args), f)
	if err != nil {
		return nil, fmt.Errorf("arguments of %s: %w", quote.Text(name), err)
	}
	var output string
	if _, err := m.take("outputPixelType", &output); err != nil {
		return nil, err
	}
	// The name of the argument that is the raster does not matter: the argument that holds a function is it.
	var variable string
	if _, err := m.take("variableName", &variable); err != nil {
		return nil, err
	}
	if other := m.left(); other != "" {
		return nil, unsupported("member %s of a raster function is not supported", quote.Text(other))
	}
	return functionOf(name, in, output)
}

// takeTemplate reads the form in which functions are stored, whose arguments are objects around the values. It returns
// the function's name and stores the plain arguments in args.
func (m members) takeTemplate(args *json.RawMessage) (name string, err error) {
	var function struct{ Type, Name, PixelType string }
	if _, err := m.take("function", &function); err != nil {
		return "", err
	}
	for _, key := range []string{ // which are about the template
		"name", "description", "functionType", "thumbnail", "thumbnailEx", "help", "tag", "version", "_class",
		"definition", "group",
	} {
		m.drop(key)
	}
	var stored map[string]json.RawMessage
	if _, err := m.take("arguments", &stored); err != nil {
		return "", err
	}
	plain := map[string]json.RawMessage{}
	for key, raw := range stored {
		var v struct {
			Type  string
			Value json.RawMessage
		}
		if json.Unmarshal(raw, &v) == nil && v.Type == "RasterFunctionVariable" {
			if raw = v.Value; raw == nil {
				continue // the raster itself
			}
		}
		if key != "type" {
			plain[key] = raw
		}
	}
	if *args, err = json.Marshal(plain); err != nil {
		return "", err
	}
	if t := function.PixelType; t != "" {
		m.raw["outputpixeltype"], _ = json.Marshal(t)
	}
	if name = strings.TrimSuffix(function.Type, "Function"); name == "" {
		name = function.Name
	}
	return name, nil
}

// functionOf returns the function of a name and arguments.
func functionOf(name string, args members, output string) (f exportimage.RasterFunction, err error) {
	var typ raster.PixelType
	if output != "" {
		var ok bool
		if typ, ok = raster.ParsePixelType(output); !ok {
			return nil, fmt.Errorf("outputPixelType: %s is no pixel type", quote.Text(output))
		}
	}
	input, err := args.takeInput()
	if err != nil {
		return nil, err
	}
	read := functions[strings.ToLower(name)]
	switch {
	case read != nil:
		f, err = read(args, input, typ)
	case input != nil:
		return nil, unsupported("raster function %s is not supported", quote.Text(name))
	default:
		f = converted(named(name, args), typ)
	}
	if e, ok := err.(*exportimage.Error); ok {
		return nil, e
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if other := args.left(); other != "" {
		return nil, unsupported("argument %s of raster function %s is not supported", quote.Text(other), quote.Text(name))
	}
	return f, nil
}

// A functionReader makes a function from its arguments, which it removes from args. input is the function in the
// argument that is the raster, and output the pixel type that was asked for, or Unknown.
type functionReader func(
	args members, input exportimage.RasterFunction, output raster.PixelType,
) (exportimage.RasterFunction, error)

// functions are the raster functions of which requests may build rules, by name in lower case.
var functions = map[string]functionReader{
	"stretch":     members.stretch,
	"colormap":    members.colormap,
	"extractband": members.extractBand,
}

// converted returns f followed by a conversion to a type, if there is one.
func converted(f exportimage.RasterFunction, t raster.PixelType) exportimage.RasterFunction {
	if t == raster.Unknown {
		return f
	}
	if f == exportimage.NoFunction {
		f = nil
	}
	return &exportimage.StretchFunction{Input: f, Type: exportimage.StretchNone, Output: t}
}

// named returns one of the service's functions, or NoFunction.
func named(name string, args members) exportimage.RasterFunction {
	if strings.EqualFold(name, string(exportimage.NoFunction)) {
		clear(args.raw) // of a function that does nothing
		return exportimage.NoFunction
	}
	return exportimage.FunctionName(name)
}

// takeInput reads the argument that holds another function. A text such as "$$" stands for the rasters themselves.
func (m members) takeInput() (exportimage.RasterFunction, error) {
	for _, key := range []string{"raster", "dem"} {
		raw, ok := m.takeRaw(key)
		if !ok {
			continue
		}
		var text string
		if json.Unmarshal(raw, &text) == nil {
			if strings.HasPrefix(text, "$") || text == "" {
				return nil, nil
			}
			return nil, unsupported("raster %s is not supported", quote.Text(text))
		}
		f, err := readFunction(string(raw), m.forgiven)
		if f == exportimage.NoFunction {
			f = nil
		}
		return f, err
	}
	return nil, nil
}

// stretch reads the arguments of Stretch.
func (m members) stretch(input exportimage.RasterFunction, out raster.PixelType) (exportimage.RasterFunction, error) {
	f := &exportimage.StretchFunction{
		Input: input, Output: out, Deviations: 2, MinPercent: 0.25, MaxPercent: 0.5, Max: 255,
	}
	var kind int
	var statistics [][]float64
	var gamma []float64
	var useGamma, computeGamma, dra, estimate bool
	if err := m.takeAll(map[string]any{
		"stretchType": &kind, "min": &f.Min, "max": &f.Max, "minPercent": &f.MinPercent, "maxPercent": &f.MaxPercent,
		"numberOfStandardDeviation": &f.Deviations, "numberOfStandardDeviations": &f.Deviations,
		"statistics": &statistics, "gamma": &gamma, "useGamma": &useGamma, "computeGamma": &computeGamma, "dra": &dra,
		"estimateStatsHistogram": &estimate,
	}); err != nil {
		return nil, err
	}
	switch {
	case kind < 0 || kind > math.MaxUint8:
		return nil, fmt.Errorf("StretchType %d has no meaning", kind)
	case f.Deviations == 0: // which a StretchFunction takes for the default
		return nil, errors.New("the number of standard deviations must be positive")
	case dra:
		return nil, unsupported("DRA, statistics of what a picture shows, is not supported")
	case useGamma && computeGamma && len(gamma) == 0:
		return nil, unsupported("ComputeGamma is not supported: state Gamma")
	}
	f.Type = exportimage.StretchType(kind)
	m.drop("sigmoidstrengthlevel") // of a StretchType that is refused
	for _, s := range statistics {
		if len(s) < 2 {
			return nil, errors.New("each of Statistics is a list of min, max, mean and standard deviation, a list a band")
		}
		s = append(s, (s[0]+s[1])/2, 0)
		f.Statistics = append(f.Statistics, raster.Statistics{Min: s[0], Max: s[1], Mean: s[2], StdDev: s[3]})
	}
	if useGamma {
		f.Gamma = gamma
	}
	return f, f.Validate()
}

// takeAll takes the members that are there.
func (m members) takeAll(into map[string]any) error {
	for _, name := range slices.Sorted(maps.Keys(into)) {
		if _, err := m.take(name, into[name]); err != nil {
			return err
		}
	}
	return nil
}

// extractBand reads the arguments of ExtractBand by IDs, the only method that needs no knowledge of sensors.
func (m members) extractBand(
	input exportimage.RasterFunction, out raster.PixelType,
) (exportimage.RasterFunction, error) {
	f := &exportimage.ExtractBandFunction{Input: input}
	method, missing := 2, 0
	if err := m.takeAll(map[string]any{
		"method": &method, "missingBandAction": &missing, "bandIds": &f.BandIDs,
	}); err != nil {
		return nil, err
	}
	if method != 2 {
		return nil, unsupported("Method %d is not supported: name bands by BandIds", method)
	}
	f.Nearest = missing == 0
	return converted(f, out), nil
}

// colormap reads the arguments of Colormap.
func (m members) colormap(input exportimage.RasterFunction, out raster.PixelType) (exportimage.RasterFunction, error) {
	if out != raster.Unknown && out != raster.U8 {
		return nil, unsupported("colours of type %v are not supported", out)
	}
	f := &exportimage.ColormapFunction{Input: input}
	var rows [][]float64
	if raw, ok := m.takeRaw("colormap"); ok {
		if json.Unmarshal(raw, &rows) != nil {
			m.raw["colorramp"] = raw // some clients use this name for a ramp
		}
	}
	for _, row := range rows {
		c, err := colorOf(row[min(1, len(row)):])
		if err != nil {
			return nil, err
		}
		f.Colors = append(f.Colors, exportimage.ColorEntry{Value: row[0], Color: c})
	}
	var scheme int
	var name string
	if err := m.takeAll(map[string]any{"colorSchemeType": &scheme, "colormapName": &name}); err != nil {
		return nil, err
	}
	if raw, ok := m.takeRaw("colorramp"); ok && len(f.Colors) == 0 {
		if json.Unmarshal(raw, &name) != nil {
			var err error
			if f.Ramp, err = readRamp(string(raw), m.forgiven); err != nil {
				return nil, err
			}
		}
	}
	if raw, ok := m.takeRaw("colorrampname"); ok && name == "" {
		if json.Unmarshal(raw, &name) != nil {
			return nil, errors.New("ColorRampName is no text")
		}
	}
	if len(f.Colors) == 0 && len(f.Ramp) == 0 {
		ramp, ok := namedRamps[strings.ToLower(name)]
		if !ok {
			return nil, unsupported(
				"the colours of %s are not known here: state them by Colormap or ColorRamp", quote.Text(name))
		}
		f.Ramp = ramp
	}
	return f, nil
}

// colorOf returns the colour of red, green, blue and, optionally, alpha.
func colorOf(v []float64) (color.NRGBA, error) {
	if len(v) != 3 && len(v) != 4 {
		return color.NRGBA{}, errors.New("a colour is three or four numbers")
	}
	part := [4]uint8{3: 255}
	for i, x := range v {
		if !(x >= 0 && x <= 255) {
			return color.NRGBA{}, fmt.Errorf("%s is no part of a colour", strconv.FormatFloat(x, 'g', -1, 64))
		}
		part[i] = uint8(math.Round(x))
	}
	return color.NRGBA{R: part[0], G: part[1], B: part[2], A: part[3]}, nil
}
