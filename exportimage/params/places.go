package params

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/geoexport/geoexport/raster/function"
)

// The parameters of operations about places. They must not be changed.
var (
	RenderingRulesParam = Param[[]function.Function]{
		Info: Info{
			Name: "renderingRules", Help: "`JSON` list of raster functions by which the place is looked at besides",
		},
		Read: readFunctions,
	}
	ReturnCatalogItemsParam = Param[bool]{
		Info: Info{
			Name: "returnCatalogItems", Help: "`whether` the rasters at the place are listed",
			Values: []string{"true", "false"}, Default: "true",
		},
		Read: readBoolean,
	}
	BlankTileParam = Param[bool]{
		Info: Info{
			Name: "blankTile", Help: "`whether` a tile that no raster reaches is an image, and not an error",
			Values: []string{"true", "false"},
		},
		Read: readBoolean,
	}
	ReturnGeometryParam = Param[bool]{
		Info: Info{
			Name: "returnGeometry", Help: "`whether` the outlines of rasters are listed with them",
			Values: []string{"false", "true"}, Default: "false",
		},
		Read: readBoolean,
	}
	ReturnPixelValuesParam = Param[bool]{
		Info: Info{
			Name: "returnPixelValues", Help: "`whether` the values of each raster are listed",
			Values: []string{"true", "false"}, Default: "true",
		},
		Read: readBoolean,
	}
	MaxItemCountParam = Param[int]{
		Info: Info{Name: "maxItemCount", Help: "`number` of rasters that are listed at most"},
		Read: readCount,
	}
	ProcessAsMultidimensionalParam = Param[bool]{
		Info: Info{Name: "processAsMultidimensional", Help: "`whether` slices are looked at", Unlisted: true},
		Read: readBoolean,
	}
	SampleDistanceParam = Param[float64]{
		Info: Info{Name: "sampleDistance", Help: "`distance` between samples of a line or an area, in the geometry's units"},
		Read: readDistance,
	}
	SampleCountParam = Param[int]{
		Info: Info{Name: "sampleCount", Help: "`number` of samples of a line or an area", Default: "100"},
		Read: readCount,
	}
	ReturnFirstValueOnlyParam = Param[bool]{
		Info: Info{
			Name: "returnFirstValueOnly", Help: "`whether` the value of an export is returned, and not that of each raster",
			Values: []string{"true", "false"}, Default: "true",
		},
		Read: readBoolean,
	}
	OutFieldsParam = Param[[]string]{
		Info: Info{Name: "outFields", Help: "`fields` of rasters that are listed, or * for all"},
		Read: readFields,
	}
)

// readFunctions reads a list of raster functions, or one.
func readFunctions(s string, f *Forgiven) ([]function.Function, error) {
	strict, err := readJSON(s, f)
	if err != nil {
		return nil, err
	}
	rules := []json.RawMessage{strict}
	if strict[0] == '[' && json.Unmarshal(strict, &rules) != nil {
		return nil, errors.New("it is no list of raster functions")
	}
	const most = 32
	if len(rules) > most {
		return nil, fmt.Errorf("there are more than %d raster functions", most)
	}
	var out []function.Function
	for _, rule := range rules {
		text := string(rule)
		var name string
		if json.Unmarshal(rule, &name) == nil {
			text = name
		}
		fn, err := readFunction(text, f)
		if err != nil {
			return nil, err
		}
		out = append(out, fn)
	}
	return out, nil
}

func readCount(s string, f *Forgiven) (int, error) {
	n, err := wholeNumber(s, f)
	if err == nil && (n < 1 || n > 1<<30) {
		err = fmt.Errorf("%d is no number of them", n)
	}
	return int(n), err
}

func readDistance(s string, _ *Forgiven) (float64, error) {
	n, err := number(s)
	if err == nil && n <= 0 {
		err = fmt.Errorf("%v is no distance", n)
	}
	return n, err
}

// maxFields bounds how many fields a request may name.
const maxFields = 256

func readFields(s string, _ *Forgiven) ([]string, error) {
	f := fields(s, maxFields)
	if len(f) > maxFields {
		return nil, fmt.Errorf("there are more than %d fields", maxFields)
	}
	return f, nil
}
