package exportimage

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/geoexport/geoexport/internal/quote"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/srs"
)

// sliced returns a request whose mosaic rule chooses the slices that are shown, and the service of their variable, which
// is to draw it. Multidimensional describes what a request leaves open.
func (s *Service) sliced(ctx context.Context, req Request, d *Description) (*Service, Request, error) {
	m := d.Multidimensional
	rule := &req.MosaicRule
	if o := s.Defaults; req.SliceID == nil && req.Slices == nil && rule.Slices == nil {
		req.SliceID, req.Slices, rule.Slices = o.SliceID, o.Slices, o.MosaicRule.Slices
	}
	if m == nil {
		switch {
		case req.SliceID != nil:
			return nil, req, notMultidimensional("sliceId")
		case len(req.Slices) > 0:
			return nil, req, notMultidimensional("multidimensionalDefinition")
		case len(rule.Slices) > 0:
			return nil, req, notMultidimensional("mosaicRule")
		}
		return s, req, nil
	}
	conditions, err := m.conditions(&req)
	if err != nil {
		return nil, req, err
	}
	name, free, err := s.variableOf(ctx, req, conditions, d)
	if err != nil {
		return nil, req, err
	}
	req.Slices, req.SliceID = nil, nil
	if name == "" { // rasters that are no slices
		rule.Slices = []mosaic.SliceCondition{} // and not the service's default
		return s, req, nil
	}
	v := m.variable(name)
	for _, c := range conditions {
		if len(c.Values) > 0 && c.Names(v.Name) && v.dimension(c.Dimension) == nil {
			return nil, req, invalid("multidimensionalDefinition", "variable %s, which is shown unless another is named, has no dimension %s%s",
				quote.Text(v.Name), quote.Text(c.Dimension), v.dimensionNames())
		}
	}
	if !free {
		conditions = s.pinned(req, v, conditions, m)
	}
	for i := range conditions {
		conditions[i].Variable = v.Name
	}
	if when := s.period(req); !free && !m.any(conditions, v, when) {
		req.notes = append(slices.Clip(req.notes), fmt.Sprintf("variable %s has no slice at %s", v.Name, conditionsText(conditions, when)))
	}
	if rule.Slices = conditions; len(conditions) == 0 {
		rule.Slices = []mosaic.SliceCondition{{Variable: v.Name}}
	}
	if strings.EqualFold(v.Name, m.Default) {
		return s, req, nil
	}
	return s.ofVariable(v.Name, m), s.elsewhere(req, d), nil
}

// elsewhere returns a request with the spatial references and the box that the service gives it, for the service of a
// variable, whose own may be others.
func (s *Service) elsewhere(req Request, d *Description) Request {
	fill(&req.BBoxSR, s.Defaults.BBoxSR)
	fill(&req.BBoxSR, d.CRS)
	fill(&req.ImageSR, s.Defaults.ImageSR)
	fill(&req.ImageSR, d.CRS)
	if (req.BBox == srs.Envelope{} && s.Defaults.BBox == srs.Envelope{}) {
		req.BBox, req.BBoxSR = d.Extent, d.CRS
	}
	if rule := &req.MosaicRule; rule.Corner == nil && s.Defaults.MosaicRule.Corner == nil {
		rule.Corner = &mosaic.Point{CRS: d.CRS, X: d.Extent.XMin, Y: d.Extent.YMax}
	}
	return req
}

// conditions returns all conditions of a request about slices, checked.
func (m *Multidimensional) conditions(req *Request) ([]mosaic.SliceCondition, error) {
	if err := m.check(req.Slices, "multidimensionalDefinition", true); err != nil {
		return nil, err
	}
	if err := m.check(req.MosaicRule.Slices, "mosaicRule", true); err != nil {
		return nil, err
	}
	all := slices.Concat(req.MosaicRule.Slices, req.Slices)
	if err := (mosaic.Rule{Slices: all}).Validate(); err != nil {
		return nil, &Error{Kind: Invalid, Param: "multidimensionalDefinition", Err: fmt.Errorf("with that of the mosaicRule: %w", err)}
	}
	if req.SliceID == nil {
		return all, nil
	}
	id := *req.SliceID
	if id < 0 || id >= int64(len(m.slices)) {
		return nil, invalid("sliceId", "there is no slice %d: they are 0 to %d", id, len(m.slices)-1)
	}
	s := &m.slices[id].Slice
	if !mosaic.MatchSlice(all, s) {
		return nil, invalid("sliceId", "slice %d is none of those that multidimensionalDefinition chooses", id)
	}
	return exactly(s), nil
}

// exactly returns the conditions that one slice meets.
func exactly(s *raster.Slice) []mosaic.SliceCondition {
	out := []mosaic.SliceCondition{{Variable: s.Variable}}
	for _, c := range s.Coordinates {
		lower, upper := c.Range()
		out = append(out, mosaic.SliceCondition{
			Variable: s.Variable, Dimension: c.Dimension, Values: []mosaic.Interval{{From: lower, To: upper}}, Exact: true,
		})
	}
	return out
}

// check returns an error for conditions with names that do not exist or, if all values must exist, a single value that no
// slice has: an image would show another slice, or none, instead.
func (m *Multidimensional) check(conditions []mosaic.SliceCondition, param string, exist bool) error {
	if err := (mosaic.Rule{Slices: conditions}).Validate(); err != nil {
		return &Error{Kind: Invalid, Param: param, Err: err}
	}
	named := variableNames(conditions)
	for _, name := range named {
		if m.variable(name) == nil {
			return m.noVariable(name, param)
		}
	}
	for _, c := range conditions {
		if c.Dimension == "" {
			continue
		}
		var among []*Dimension
		for i := range m.Variables {
			v := &m.Variables[i]
			chosen := len(named) == 0 || slices.ContainsFunc(named, func(n string) bool { return strings.EqualFold(n, v.Name) })
			if !c.Names(v.Name) || !chosen {
				continue
			}
			if dim := v.dimension(c.Dimension); dim != nil {
				among = append(among, dim)
			} else if c.Variable != "" {
				return invalid(param, "variable %s has no dimension %s%s", quote.Text(v.Name), quote.Text(c.Dimension), v.dimensionNames())
			}
		}
		if len(among) == 0 {
			return invalid(param, "no variable has a dimension %s", quote.Text(c.Dimension))
		}
		if exist {
			if err := checkPlaces(c, among, param); err != nil {
				return err
			}
		}
	}
	return nil
}

// variableNames returns the variables that conditions name, each once.
func variableNames(conditions []mosaic.SliceCondition) (out []string) {
	for _, c := range conditions {
		if c.Variable != "" && !slices.ContainsFunc(out, func(n string) bool { return strings.EqualFold(n, c.Variable) }) {
			out = append(out, c.Variable)
		}
	}
	return out
}

func (v *Variable) dimensionNames() string {
	if len(v.Dimensions) == 0 {
		return ""
	}
	names := make([]string, len(v.Dimensions))
	for i, d := range v.Dimensions {
		names[i] = d.Name
	}
	return ", but " + strings.Join(names, ", ")
}

// checkPlaces returns an error if a condition asks for a single value that none of some dimensions have.
func checkPlaces(c mosaic.SliceCondition, among []*Dimension, param string) error {
	for _, v := range c.Values {
		if v.From != v.To {
			continue
		}
		one := mosaic.SliceCondition{Values: []mosaic.Interval{v}}
		nearest, off := mosaic.Interval{}, math.Inf(1)
		found := slices.ContainsFunc(among, func(d *Dimension) bool {
			return slices.ContainsFunc(d.Values, func(i mosaic.Interval) bool {
				if by := max(i.From-v.From, v.From-i.To, 0); by < off {
					nearest, off = i, by
				}
				return one.Holds(raster.Coordinate{Time: d.Time, Value: i.From, Ranged: i.To > i.From, Upper: i.To})
			})
		})
		if !found {
			d := among[0]
			return invalid(param, "no slice is at %s of %s; the nearest is at %s", d.text(mosaic.Interval{From: v.From, To: v.From}), d.Name, d.text(nearest))
		}
	}
	return nil
}

// text returns values of a dimension as a text.
func (d *Dimension) text(i mosaic.Interval) string {
	one := func(v float64) string {
		text := strconv.FormatFloat(v, 'f', -1, 64)
		if d.Time && math.Abs(v) < 1e15 {
			return text + " (" + time.UnixMilli(int64(v)).UTC().Format(time.RFC3339Nano) + ")"
		}
		return text
	}
	if i.From == i.To {
		return one(i.From)
	}
	return one(i.From) + " to " + one(i.To)
}

// variableOf returns the name of the variable that a request shows, empty if it shows rasters that are no slices, and
// whether the request leaves nothing open.
func (s *Service) variableOf(
	ctx context.Context, req Request, conditions []mosaic.SliceCondition, d *Description,
) (name string, free bool, err error) {
	m := d.Multidimensional
	rule := req.withDefaults(s.Defaults).MosaicRule
	named := variableNames(conditions)
	if len(named) > 1 {
		return "", false, unsupported("multidimensionalDefinition", "an image of several variables (%s) is not supported",
			strings.Join(named, ", "))
	}
	ids := rule.IDs
	if rule.Locks() {
		ids = rule.LockIDs
	}
	switch {
	case req.allSlices && len(named) == 1:
		return named[0], true, nil
	case len(ids) > 0:
		items, err := mosaic.Find(ctx, s.catalog(d), ids...)
		if _, missing := errors.AsType[*mosaic.NotFoundError](err); missing && !rule.Locks() {
			return cmp.Or(append(named, m.Default)...), true, nil // those that exist are drawn
		}
		if err != nil {
			return "", false, ruleError(err)
		}
		name, err := oneVariable(items, named)
		return name, true, err
	case len(named) == 1:
		return named[0], false, nil
	case rule.NamesField("Variable"):
		var items []*mosaic.Item
		for it, err := range rule.Select(ctx, s.catalog(d), mosaic.View{}) {
			if err != nil {
				return "", false, ruleError(err)
			}
			items = append(items, it)
		}
		if len(items) == 0 {
			return m.Default, req.allSlices, nil
		}
		name, err := oneVariable(items, nil)
		return name, req.allSlices, err
	}
	return m.Default, req.allSlices, nil
}

// oneVariable returns the variable whose slices all of some rasters are, of which those named, if any, count alone; empty
// if none is a slice. Rasters of several are an error, since their values must not be mixed.
func oneVariable(items []*mosaic.Item, named []string) (string, error) {
	found, others := "", false
	for _, it := range items {
		s, err := it.Slice()
		if err != nil {
			return "", err
		}
		switch {
		case s == nil:
			others = true
		case len(named) > 0 && !strings.EqualFold(named[0], s.Variable):
		case found != "" && !strings.EqualFold(found, s.Variable):
			return "", unsupported("mosaicRule", "an image of several variables (%s, %s) is not supported", found, s.Variable)
		default:
			found = cmp.Or(found, s.Variable)
		}
	}
	if found == "" && len(named) > 0 {
		return named[0], nil
	}
	if found != "" && others {
		return "", unsupported("mosaicRule", "an image of slices of %s and of rasters that are none is not supported", found)
	}
	return found, nil
}

// pinned returns conditions with one for each dimension that a request leaves open.
func (s *Service) pinned(
	req Request, v *Variable, conditions []mosaic.SliceCondition, m *Multidimensional,
) []mosaic.SliceCondition {
	rule, when := req.withDefaults(s.Defaults).MosaicRule, s.period(req)
	out := slices.Clone(conditions)
	var among []*raster.Slice
	for i := range m.slices {
		one := &m.slices[i].Slice
		if strings.EqualFold(one.Variable, v.Name) && mosaic.MatchSlice(conditions, one) &&
			when.Intersects((&mosaic.Item{Part: one}).Period()) {
			among = append(among, one)
		}
	}
	for i := range v.Dimensions {
		d := &v.Dimensions[i]
		at := raster.Coordinate{Dimension: d.Name, Alias: d.Alias}
		if slices.ContainsFunc(conditions, func(c mosaic.SliceCondition) bool { return c.Dimension != "" && c.About(at) }) ||
			d.Time && d.Name == stdTime && !when.IsZero() ||
			rule.NamesField(d.Name) || d.Alias != "" && rule.NamesField(d.Alias) {
			continue
		}
		first := d.usual(among)
		c := mosaic.SliceCondition{Variable: v.Name, Dimension: d.Name, Values: []mosaic.Interval{first}, Exact: true}
		out = append(out, c)
		among = slices.DeleteFunc(among, func(o *raster.Slice) bool { return !mosaic.MatchSlice([]mosaic.SliceCondition{c}, o) })
	}
	return out
}

const (
	stdTime = "StdTime"
	stdZ    = "StdZ"
)

// usual returns the value of a dimension that is shown unless one is asked for, among those of some slices.
func (d *Dimension) usual(among []*raster.Slice) mosaic.Interval {
	var all []mosaic.Interval
	for _, s := range among {
		for _, c := range s.Coordinates {
			if strings.EqualFold(c.Dimension, d.Name) {
				lower, upper := c.Range()
				all = append(all, mosaic.Interval{From: lower, To: upper})
			}
		}
	}
	if len(all) == 0 {
		all = slices.Clone(d.Values)
	}
	slices.SortFunc(all, compareIntervals)
	if first, last := all[0], all[len(all)-1]; d.Name == stdZ && !d.Ranges && math.Abs(last.To) <= math.Abs(first.From) {
		return last
	}
	return all[0]
}

// period returns the time of a request.
func (s *Service) period(req Request) mosaic.TimeExtent {
	full := req.withDefaults(s.Defaults)
	return common(full.MosaicRule.Time, full.Time)
}

// any reports whether a slice of a variable meets conditions and is of a time.
func (m *Multidimensional) any(conditions []mosaic.SliceCondition, v *Variable, when mosaic.TimeExtent) bool {
	return slices.ContainsFunc(m.slices, func(s Slice) bool {
		return strings.EqualFold(s.Variable, v.Name) && mosaic.MatchSlice(conditions, &s.Slice) &&
			when.Intersects((&mosaic.Item{Part: &s.Slice}).Period())
	})
}

// conditionsText returns conditions and a time as a text of bounded length.
func conditionsText(conditions []mosaic.SliceCondition, when mosaic.TimeExtent) string {
	const most = 8
	var out []string
	if !when.IsZero() {
		out = append(out, fmt.Sprintf("time %s to %s", when.From.Format(time.RFC3339Nano), when.To.Format(time.RFC3339Nano)))
	}
	for _, c := range conditions {
		if c.Dimension == "" || len(c.Values) == 0 {
			continue
		}
		text := c.Dimension + " " + fmt.Sprint(c.Values[0].From)
		if v := c.Values[0]; v.To != v.From {
			text += " to " + fmt.Sprint(v.To)
		}
		if len(c.Values) > 1 {
			text += fmt.Sprintf(" and %d more", len(c.Values)-1)
		}
		if out = append(out, text); len(out) == most {
			break
		}
	}
	return strings.Join(out, ", ")
}
