package rest

import (
	"math"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/params"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
)

// slicesTable holds the parameter of slices.
var slicesTable = params.Table[[]mosaic.SliceCondition]{
	params.Bind(params.MultidimensionalDefinitionParam, func(r *[]mosaic.SliceCondition, c []mosaic.SliceCondition) { *r = c }),
}

// dimensionsRequest asks for multidimensionalInfo.
type dimensionsRequest struct {
	values   string // always, never or ifIrregular
	function function.Function
}

var dimensionsTable = params.Table[dimensionsRequest]{
	params.Bind(params.ReturnDimensionValuesParam, func(r *dimensionsRequest, s string) { r.values = s }),
	params.Bind(params.RenderingRuleParam, func(r *dimensionsRequest, f function.Function) { r.function = f }),
}

// A definitionJSON is a condition about slices, as ArcGIS writes it.
type definitionJSON struct {
	Variable  string `json:"variableName"`
	Dimension string `json:"dimensionName"`
	Values    []any  `json:"values"`
	Slice     *bool  `json:"isSlice,omitempty"`
}

type sliceJSON struct {
	ID         int64            `json:"sliceId"`
	Definition []definitionJSON `json:"multidimensionalDefinition"`
}

type dimensionJSON struct {
	Name        string  `json:"name"`
	Description string  `json:"description,omitempty"`
	Unit        string  `json:"unit,omitempty"`
	Field       string  `json:"field,omitempty"`
	Extent      [2]any  `json:"extent"`
	Ranges      bool    `json:"hasRanges"`
	Regular     bool    `json:"hasRegularIntervals"`
	Interval    float64 `json:"interval,omitempty"`
	IntervalIn  string  `json:"intervalUnit,omitempty"`
	Values      []any   `json:"values,omitempty"`
}

type variableJSON struct {
	Name        string          `json:"name"`
	Description string          `json:"description,omitempty"`
	Unit        string          `json:"unit,omitempty"`
	Dimensions  []dimensionJSON `json:"dimensions"`
	Statistics  []rangeJSON     `json:"statistics,omitempty"`
}

// rangeJSON is a band's statistics.
type rangeJSON struct {
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
	Mean   float64 `json:"mean"`
	StdDev float64 `json:"standardDeviation"`
}

func rangeList(all []raster.Statistics) []rangeJSON {
	out := []rangeJSON{}
	for _, s := range all {
		out = append(out, rangeJSON{s.Min, s.Max, s.Mean, s.StdDev})
	}
	return out
}

// notDimensional answers, as ArcGIS does, that a service without slices has none.
func (r *responder) notDimensional() error {
	r.fail(notFound("the service is not multidimensional"), http.StatusBadRequest)
	return nil
}

// slices answers with the slices that a definition chooses, all without one.
func (r *responder) slices(form url.Values) error {
	var conditions []mosaic.SliceCondition
	if err := parse(r, slicesTable, form, &conditions); err != nil {
		return err
	}
	ctx := r.request.Context()
	d, err := r.service.Describe(ctx)
	if err != nil {
		return err
	}
	if d.Multidimensional == nil {
		return r.notDimensional()
	}
	all, err := r.service.Slices(ctx, conditions)
	if err != nil {
		return err
	}
	out := make([]sliceJSON, len(all))
	for i, s := range all {
		out[i] = sliceJSON{s.ID, definitionOf(&s.Slice)}
	}
	r.json(map[string][]sliceJSON{"slices": out})
	return nil
}

// definitionOf returns the definition that chooses one slice.
func definitionOf(s *raster.Slice) []definitionJSON {
	if len(s.Coordinates) == 0 {
		return []definitionJSON{{Variable: s.Variable, Values: []any{}}}
	}
	out := make([]definitionJSON, len(s.Coordinates))
	for i, c := range s.Coordinates {
		lower, upper := c.Range()
		out[i] = definitionJSON{Variable: s.Variable, Dimension: c.Dimension, Values: []any{placeJSON(c.Time, lower, upper)}}
	}
	return out
}

// placeJSON returns a place along a dimension, or a range as a list of its ends. Times are whole numbers.
func placeJSON(instant bool, lower, upper float64) any {
	one := func(v float64) any {
		if instant {
			return int64(v)
		}
		return v
	}
	if upper > lower {
		return []any{one(lower), one(upper)}
	}
	return one(lower)
}

// multidimensionalInfo answers with the variables and their dimensions, and the statistics of each variable.
func (r *responder) multidimensionalInfo(form url.Values) error {
	req := dimensionsRequest{values: "always"}
	if err := parse(r, dimensionsTable, form, &req); err != nil {
		return err
	}
	ctx := r.request.Context()
	d, err := r.service.DescribeRendered(ctx, req.function)
	if err != nil {
		return err
	}
	m := d.Multidimensional
	if m == nil {
		return r.notDimensional()
	}
	out := []variableJSON{}
	for _, v := range m.Variables {
		j := variableJSON{Name: v.Name, Description: v.Description, Unit: v.Unit, Dimensions: []dimensionJSON{}}
		for _, dim := range v.Dimensions {
			j.Dimensions = append(j.Dimensions, describeDimension(dim, req.values))
		}
		of, err := r.service.Variable(ctx, v.Name)
		if err != nil {
			return err
		}
		// Where statistics cannot be found, the variable can be described all the same.
		stats, err := of.Statistics(ctx, req.function)
		if err != nil && ctx.Err() == nil {
			logger(r.service).WarnContext(ctx, "no statistics", "service", r.service.Name, "variable", v.Name, "error", err)
		}
		j.Statistics = rangeList(stats)
		out = append(out, j)
	}
	r.json(map[string]map[string][]variableJSON{"multidimensionalInfo": {"variables": out}})
	return nil
}

// describeDimension describes a dimension, with its values if they are to be listed.
func describeDimension(d exportimage.Dimension, list string) dimensionJSON {
	first, last := d.Values[0].From, d.Values[0].To
	for _, v := range d.Values {
		last = max(last, v.To)
	}
	j := dimensionJSON{
		Name: d.Name, Description: d.Alias, Unit: d.Unit, Field: d.Name, Ranges: d.Ranges,
		Extent: [2]any{placeJSON(d.Time, first, first), placeJSON(d.Time, last, last)},
	}
	if j.Interval, j.IntervalIn = interval(d); j.Interval > 0 {
		j.Regular = true
	}
	if list == "always" || list == "ifIrregular" && !j.Regular {
		for _, v := range d.Values {
			upper := v.To
			if d.Ranges && upper == v.From { // as clients want all elements alike
				j.Values = append(j.Values, []any{placeJSON(d.Time, v.From, v.From), placeJSON(d.Time, v.From, v.From)})
				continue
			}
			j.Values = append(j.Values, placeJSON(d.Time, v.From, upper))
		}
	}
	return j
}

// interval returns the distance between each value of a dimension and the next, and its unit; 0 if they differ, or if
// there are less than three values or ranges of them.
func interval(d exportimage.Dimension) (step float64, unit string) {
	if d.Ranges || len(d.Values) < 3 {
		return 0, ""
	}
	if step = d.Values[1].From - d.Values[0].From; regular(d, step) {
		if !d.Time {
			return step, d.Unit
		}
		for _, u := range []struct {
			name string
			ms   float64
		}{{"Days", 86400e3}, {"Hours", 3600e3}, {"Minutes", 60e3}, {"Seconds", 1e3}} {
			if math.Mod(step, u.ms) == 0 {
				return step / u.ms, u.name
			}
		}
		return 0, ""
	}
	if !d.Time {
		return 0, ""
	}
	return months(d)
}

func regular(d exportimage.Dimension, step float64) bool {
	for i, v := range d.Values[1:] {
		off := 0.0
		if !d.Time {
			off = 1e-9 * math.Abs(v.From)
		}
		if math.Abs(v.From-d.Values[i].From-step) > off {
			return false
		}
	}
	return true
}

// months returns the interval of times that are a constant number of months or years apart.
func months(d exportimage.Dimension) (step float64, unit string) {
	at := func(i int) time.Time { return time.UnixMilli(int64(d.Values[i].From)).UTC() }
	first := at(0)
	count := func(t time.Time) int { return 12*(t.Year()-first.Year()) + int(t.Month()-first.Month()) }
	n := count(at(1))
	for i := range d.Values {
		if n < 1 || !first.AddDate(0, i*n, 0).Equal(at(i)) {
			return 0, ""
		}
	}
	if n%12 == 0 {
		return float64(n / 12), "Years"
	}
	return float64(n), "Months"
}

// ofVariable returns the service of the variable that the request names, or the service itself.
func (r *responder) ofVariable(form url.Values) (*exportimage.Service, error) {
	name, err := params.VariableParam.Parse(formValue(form, params.VariableParam.Name))
	if err != nil || name == "" {
		return r.service, err
	}
	return r.service.Variable(r.request.Context(), name)
}

// sliceAttributes returns the attributes of a sample of a multidimensional service: its places along dimensions, and the
// values of variables as texts.
func sliceAttributes(s exportimage.Sample) map[string]any {
	out := map[string]any{}
	names := []string{}
	for _, c := range s.Slice.Coordinates {
		lower, upper := c.Range()
		out[c.Dimension] = placeJSON(c.Time, lower, lower)
		if upper > lower {
			out[c.Dimension+"_Max"] = placeJSON(c.Time, upper, upper)
		}
		names = append(names, c.Dimension)
	}
	out["Dimensions"] = strings.Join(names, ",")
	variables := []string{}
	for _, v := range s.Variables {
		out[v.Variable] = valueText(v.Values, v.Type, " ", "NaN")
		variables = append(variables, v.Variable)
	}
	out["Variables"] = strings.Join(variables, ",")
	return out
}
