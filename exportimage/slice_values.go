package exportimage

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/mosaic"
)

// perVariable returns a request for each variable that its conditions about slices and also name, or the request itself
// if that are less than two.
func perVariable(req Request, m *Multidimensional, also []string) []Request {
	names := variableNames(slices.Concat(req.MosaicRule.Slices, req.Slices))
	if len(names) == 0 && len(also) > 0 {
		names = []string{m.Default}
	}
	for _, name := range also {
		if !slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) }) {
			names = append(names, name)
		}
	}
	if len(names) < 2 || req.SliceID != nil {
		return []Request{req}
	}
	out := make([]Request, len(names))
	for i, name := range names {
		out[i] = req
		out[i].MosaicRule.Slices = conditionsOf(req.MosaicRule.Slices, name)
		out[i].Slices = append(conditionsOf(req.Slices, name), mosaic.SliceCondition{Variable: name})
	}
	return out
}

// conditionsOf returns the conditions that hold for a variable.
func conditionsOf(all []mosaic.SliceCondition, variable string) (out []mosaic.SliceCondition) {
	for _, c := range all {
		if c.Names(variable) {
			out = append(out, c)
		}
	}
	return out
}

// variableSamples returns samples of a multidimensional service. Samples of several variables at one place on the ground
// and along dimensions are one, that of the first variable that has data there.
func (s *Service) variableSamples(
	ctx context.Context, t *ticket, req SamplesRequest, places [][2]float64, d *Description,
) (out []Sample, err error) {
	m := d.Multidimensional
	for _, list := range [][]mosaic.SliceCondition{req.Export.MosaicRule.Slices, req.Export.Slices} {
		if err := m.check(list, "multidimensionalDefinition", false); err != nil {
			return nil, err
		}
	}
	for _, name := range req.Variables {
		if m.variable(name) == nil {
			return nil, m.noVariable(name, "outFields")
		}
	}
	at := map[string]int{}
	for _, export := range perVariable(req.Export, m, req.Variables) {
		one := req
		one.Export = export
		samples, err := s.samplesOf(ctx, t, one, places, d)
		if err != nil {
			return nil, err
		}
		for _, sample := range samples {
			if sample.Item != nil {
				if sample.Slice, err = sample.Item.Slice(); err != nil {
					return nil, err
				}
			}
			if sample.Slice == nil {
				out = append(out, sample)
				continue
			}
			values := VariableValues{sample.Slice.Variable, sample.Type, sample.Values}
			key := strconv.Itoa(sample.LocationID) + " " + placeKey(sample.Slice)
			i, known := at[key]
			if !known || slices.ContainsFunc(out[i].Variables, func(v VariableValues) bool { return v.Variable == values.Variable }) {
				if !known {
					at[key] = len(out)
				}
				sample.Variables = []VariableValues{values}
				out = append(out, sample)
				continue
			}
			out[i].Variables = append(out[i].Variables, values)
		}
	}
	slices.SortStableFunc(out, func(a, b Sample) int { return a.LocationID - b.LocationID })
	return out, nil
}

// sliceRequests returns a request for each variable whose slices a request for one pixel chooses: those that it names, or
// else all that have the dimensions of its conditions.
func sliceRequests(req Request, m *Multidimensional) []Request {
	conditions := slices.Concat(req.MosaicRule.Slices, req.Slices)
	if len(variableNames(conditions)) > 0 || req.SliceID != nil {
		return perVariable(req, m, nil)
	}
	var out []Request
	for i := range m.Variables {
		v := &m.Variables[i]
		if !slices.ContainsFunc(conditions, func(c mosaic.SliceCondition) bool {
			return c.Dimension != "" && v.dimension(c.Dimension) == nil
		}) {
			one := req
			one.Slices = append(slices.Clone(req.Slices), mosaic.SliceCondition{Variable: v.Name})
			out = append(out, one)
		}
	}
	if out == nil { // which is an error about the dimensions
		return []Request{req}
	}
	return out
}

// sliceValues returns the values of all slices that requests for one pixel, each of one variable, choose.
func (s *Service) sliceValues(ctx context.Context, t *ticket, all []Request, d *Description) (out []SliceValues, err error) {
	m := d.Multidimensional
	for _, one := range all {
		one.allSlices = true
		conditions, err := m.conditions(&one)
		if err != nil {
			return nil, err
		}
		name, _, err := s.variableOf(ctx, one, conditions, d)
		if err != nil {
			return nil, err
		}
		px, err := s.pixel(ctx, t, one, true)
		if err != nil {
			return nil, err
		}
		values := map[string][]float64{} // of the topmost raster with data of each slice
		for _, p := range px.parts {
			part, err := p.item.Slice()
			if err != nil {
				return nil, err
			}
			if part != nil && p.values != nil && values[placeKey(part)] == nil {
				values[placeKey(part)] = p.values
			}
		}
		when := common(one.MosaicRule.Time, one.Time)
		for _, sl := range m.slices {
			if strings.EqualFold(sl.Variable, name) && mosaic.MatchSlice(conditions, &sl.Slice) &&
				when.Intersects((&mosaic.Item{Part: &sl.Slice}).Period()) {
				out = append(out, SliceValues{sl, px.typ, values[placeKey(&sl.Slice)]})
			}
		}
	}
	slices.SortFunc(out, func(a, b SliceValues) int { return int(a.Slice.ID - b.Slice.ID) })
	return out, nil
}
