package rest

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/quote"
	"github.com/geoexport/geoexport/mosaic"
)

// The dimensions of a service of slices are those of its default variable, of which a map shows one slice. By OGC 06-042,
// annex C, the height is called elevation and is asked for as ELEVATION, and another dimension as DIM_ and its name.

const (
	timeDimension   = "StdTime"
	heightDimension = "StdZ"
	elevation       = "elevation"
	dimPrefix       = "DIM_"
)

// wmsDimensionName returns the name of a dimension in capabilities.
func wmsDimensionName(d *exportimage.Dimension) string {
	switch d.Name {
	case timeDimension:
		return "time"
	case heightDimension:
		return elevation
	}
	return strings.ToLower(d.Name)
}

// dimensionsOf returns the dimensions of the default variable of a service, none if it is not one of slices.
func dimensionsOf(d *exportimage.Description) []exportimage.Dimension {
	m := d.Multidimensional
	if m == nil {
		return nil
	}
	for _, v := range m.Variables {
		if v.Name == m.Default {
			return v.Dimensions
		}
	}
	return nil
}

// wmsSlices returns the conditions about slices that a request states by ELEVATION and DIM_ parameters.
func (r *responder) wmsSlices(p wmsParams) (out []mosaic.SliceCondition, err error) {
	var names []string
	for name := range p {
		if name == "ELEVATION" || strings.HasPrefix(name, dimPrefix) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil, nil
	}
	slices.Sort(names)
	d, err := r.service.Describe(r.request.Context())
	if err != nil {
		return nil, err
	}
	all := dimensionsOf(&d)
	if m := d.Multidimensional; m != nil && p["MOSAICRULE"] != "" { // which may name another variable
		for _, v := range m.Variables {
			all = append(slices.Clip(all), v.Dimensions...)
		}
	}
	stated := map[string]string{} // the parameter by the name of its dimension
	for _, name := range names {
		at, dim, err := findPlace(name, p[name], all)
		if err != nil {
			return nil, err
		}
		if other, twice := stated[dim.Name]; twice {
			return nil, wmsInvalid("InvalidDimensionValue", name, "%s is about the same dimension", quote.Text(other))
		}
		stated[dim.Name] = name
		out = append(out, mosaic.SliceCondition{Dimension: dim.Name, Values: []mosaic.Interval{at}})
	}
	return out, nil
}

// findPlace reads the value of a parameter as that of the first dimension with its name that has the value.
func findPlace(param, text string, all []exportimage.Dimension) (at mosaic.Interval, dim *exportimage.Dimension, err error) {
	asked := strings.ToLower(strings.TrimPrefix(param, dimPrefix))
	for i := range all {
		d := &all[i]
		named := strings.EqualFold(asked, d.Name) || d.Alias != "" && strings.EqualFold(asked, d.Alias)
		if !named && asked != wmsDimensionName(d) {
			continue
		}
		if d.Name == timeDimension {
			return at, nil, wmsInvalid("InvalidDimensionValue", param, "the parameter TIME is that of the dimension %s", quote.Text(d.Name))
		}
		var fault error
		if at, fault = parsePlace(param, text, d); fault == nil {
			return at, d, nil
		} else if err == nil {
			err = fault
		}
	}
	if err == nil {
		err = wmsInvalid("InvalidDimensionValue", param, "the layer has no dimension %s", quote.Text(asked))
	}
	return at, nil, err
}

// parsePlace reads a value of a dimension, which must be one that a slice has or, of slices that are ranges, lie in one.
func parsePlace(param, text string, d *exportimage.Dimension) (mosaic.Interval, error) {
	fault := func(format string, args ...any) (mosaic.Interval, error) {
		return mosaic.Interval{}, wmsInvalid("InvalidDimensionValue", param, format, args...)
	}
	if strings.ContainsAny(text, ",/") {
		return fault("a map shows one value of the dimension, not a list or an interval: %s", quote.Text(text))
	}
	v, err := strconv.ParseFloat(text, 64)
	if d.Time {
		var span mosaic.TimeExtent
		var ok bool
		if span, ok = parseWMSInstant(text); !ok {
			return fault("%s is no time such as 2020-06-01T12:00:00Z", quote.Text(text))
		}
		v, err = float64(span.From.UnixMilli()), nil
	}
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return fault("%s is no number", quote.Text(text))
	}
	for _, known := range d.Values {
		if margin := float64(1e-9 * math.Abs(v)); v >= known.From-margin && v <= known.To+margin {
			if known.From == known.To {
				return known, nil
			}
			return mosaic.Interval{From: v, To: v}, nil
		}
	}
	return fault("no slice is at %s: the first is at %s, the last at %s", quote.Text(text),
		placeText(d.Values[0], d), placeText(d.Values[len(d.Values)-1], d))
}

// placeText returns a value of a dimension as capabilities write it.
func placeText(v mosaic.Interval, d *exportimage.Dimension) string {
	one := plain
	if d.Time {
		one = func(ms float64) string { return wmsInstant(time.UnixMilli(int64(ms))) }
	}
	if v.From == v.To {
		return one(v.From)
	}
	return one(v.From) + "/" + one(v.To) + "/0"
}

// maxDimensionValues bounds how many values of a dimension capabilities list.
const maxDimensionValues = 10_000

// setSliceDimensions describes the dimensions of the slices. The default of each is the value of the slice that a map shows
// unless it is asked for another.
func (r *responder) setSliceDimensions(l *wmsLayer, d *exportimage.Description, version string) error {
	shown, err := r.service.UsualSlices(r.request.Context())
	if err != nil {
		return err
	}
	all := dimensionsOf(d)
	for i := range all {
		dim := &all[i]
		if len(dim.Values) == 0 || len(dim.Values) > maxDimensionValues {
			continue
		}
		var values []string
		for _, v := range dim.Values {
			values = append(values, placeText(v, dim))
		}
		out := dimension{
			Name: wmsDimensionName(dim), Multiple: "0", Nearest: "0", Values: strings.Join(values, ","),
		}
		units := dim.Unit
		if dim.Time {
			units = "ISO8601"
		}
		if dim.Name == timeDimension {
			out.Multiple, out.Current = "1", "1"
		}
		if len(shown) == 1 {
			for _, c := range shown[0].Coordinates {
				if strings.EqualFold(c.Dimension, dim.Name) {
					lower, upper := c.Range()
					out.Default = placeText(mosaic.Interval{From: lower, To: upper}, dim)
				}
			}
		}
		l.addDimension(out, units, version)
	}
	return nil
}

// addDimension adds a dimension. In version 1.1.1, its values are in an element of their own.
func (l *wmsLayer) addDimension(d dimension, units, version string) {
	if version == wms111 {
		l.Dimension = append(l.Dimension, dimension{Name: d.Name, Units: &units})
		l.Extent = append(l.Extent, d)
		return
	}
	d.Units = &units
	l.Dimension = append(l.Dimension, d)
}
