package params

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster/function"
)

// A Rendering is what a renderingRule states: a function, and which slices of a multidimensional service it is of, if it
// has an argument multidimensionalDefinition.
type Rendering struct {
	Function function.Function
	Slices   []mosaic.SliceCondition
}

// RenderingParam is RenderingRuleParam for images: the rule may choose slices.
var RenderingParam = Param[Rendering]{Info: RenderingRuleParam.Info, Read: readRendering}

const definitionArgument = "multidimensionaldefinition"

// readRendering reads a rule with the definition that it, or a function that is its only raster, has as an argument.
// Elsewhere in a rule, where it would be of one raster among several, the argument is unknown.
func readRendering(s string, f *Forgiven) (out Rendering, err error) {
	if isJSON(s) && strings.Contains(strings.ToLower(s), definitionArgument) {
		strict, err := readJSONWithin(s, f, functionLimits)
		if err != nil {
			return out, err
		}
		if strict, out.Slices, err = liftDefinition(strict, f); err != nil {
			return out, within("multidimensionalDefinition", err)
		}
		s = string(strict)
	}
	out.Function, err = readFunction(s, f)
	return out, err
}

// liftDefinition returns a rule without its definition, and the definition.
func liftDefinition(raw json.RawMessage, f *Forgiven) (json.RawMessage, []mosaic.SliceCondition, error) {
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil || members == nil {
		return raw, nil, nil
	}
	single := true // its rasters are one
	for name := range members {
		switch key := strings.ToLower(name); key {
		case "raster", "rasterfunction", "rasterfunctionarguments":
		default:
			single = single && !strings.HasPrefix(key, "raster")
		}
	}
	var found []mosaic.SliceCondition
	changed := false
	for name, v := range members {
		var own []mosaic.SliceCondition
		var err error
		switch key := strings.ToLower(name); {
		case key == definitionArgument:
			if own, err = definitionValue(v, f); err != nil {
				return nil, nil, err
			}
			delete(members, name)
			changed = true
		case key == "rasterfunctionarguments", key == "arguments", key == "raster" && single:
			var rest json.RawMessage
			if rest, own, err = liftDefinition(v, f); err != nil {
				return nil, nil, err
			}
			members[name] = rest
			changed = changed || own != nil
		}
		if own != nil && found != nil {
			return nil, nil, fmt.Errorf("a rule has one, and not several")
		}
		if own != nil {
			found = own
		}
	}
	if !changed {
		return raw, nil, nil
	}
	rest, err := json.Marshal(members)
	return rest, found, err
}

// definitionValue reads a definition, or a variable of a template whose value is one.
func definitionValue(raw json.RawMessage, f *Forgiven) ([]mosaic.SliceCondition, error) {
	var variable struct{ Value json.RawMessage }
	if isJSON(string(raw)) && json.Unmarshal(raw, &variable) == nil && variable.Value != nil {
		raw = variable.Value
	}
	if isEmpty(raw) {
		return []mosaic.SliceCondition{}, nil
	}
	return sliceConditions(raw, f)
}
