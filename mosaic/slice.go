package mosaic

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/geoexport/geoexport/raster"
)

// The attributes by which an item states that it is a slice of a multidimensional variable, as in the attribute tables of
// ArcGIS's mosaic datasets. Dimensions lists the names of the attributes with its places, between commas; without it,
// these are those of standardDimensions that the item has. An attribute with maxSuffix behind the name of a dimension is
// the end of the range for which the slice stands.
const (
	variableAttribute   = "Variable"
	dimensionsAttribute = "Dimensions"
	maxSuffix           = "_Max"
)

// standardDimensions are the dimensions of known units.
var standardDimensions = []struct{ name, unit string }{{"StdTime", timeUnit}, {"StdZ", "m"}, {"StdPressure", "Pa"}}

// timeUnit is the unit of times, as ArcGIS calls it.
const timeUnit = "ISO8601"

// Slice returns the slice of a multidimensional variable that the item is: its Part or, if that is nil, the one that its
// attributes state. It returns nil if the item states no variable, and an *ItemError if a dimension that it states lacks
// a place.
func (it *Item) Slice() (*raster.Slice, error) {
	if it.Part != nil {
		return it.Part, nil
	}
	if len(it.Attrs) == 0 {
		return nil, nil
	}
	variable, _ := it.attr(variableAttribute).(string)
	if variable = strings.TrimSpace(variable); variable == "" {
		return nil, nil
	}
	s := &raster.Slice{Variable: variable}
	list, _ := it.attr(dimensionsAttribute).(string)
	names := strings.Split(list, ",")
	if strings.TrimSpace(list) == "" {
		names = nil
		for _, d := range standardDimensions {
			if it.attr(d.name) != nil {
				names = append(names, d.name)
			}
		}
	}
	for _, name := range names {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		if dimensionIndex(s, name) >= 0 {
			return nil, &ItemError{it.ID, it.Name, fmt.Errorf("%s names %s twice", dimensionsAttribute, strconv.Quote(name))}
		}
		c, ok := it.coordinate(name)
		if !ok {
			return nil, &ItemError{it.ID, it.Name, fmt.Errorf("it has no number or time in the field %q, which %s names", name, dimensionsAttribute)}
		}
		s.Coordinates = append(s.Coordinates, c)
	}
	return s, nil
}

// attr returns an attribute by its name in any case, nil if there is none.
func (it *Item) attr(name string) any {
	if v, ok := it.Attrs[name]; ok {
		return v
	}
	f := readField{name: name}
	v, _ := f.attribute(it)
	return v
}

// coordinate returns the place along a dimension that attributes state.
func (it *Item) coordinate(name string) (c raster.Coordinate, ok bool) {
	c.Dimension = name
	for _, d := range standardDimensions {
		if strings.EqualFold(d.name, name) {
			c.Dimension, c.Unit = d.name, d.unit
		}
	}
	if c.Value, c.Time, ok = placeOf(it.attr(name)); !ok {
		return c, false
	}
	if upper, instant, ok := placeOf(it.attr(name + maxSuffix)); ok && instant == c.Time && upper > c.Value {
		c.Ranged, c.Upper = true, upper
	}
	if c.Time {
		c.Unit = timeUnit
	}
	return c, true
}

// placeOf returns an attribute as a place along a dimension.
func placeOf(v any) (at float64, instant, ok bool) {
	switch v := v.(type) {
	case time.Time:
		return milliseconds(v), true, true
	case float64:
		return v, false, v-v == 0
	case int64:
		return float64(v), false, true
	}
	return 0, false, false
}

func milliseconds(t time.Time) float64 {
	return float64(t.UnixMilli())
}

// dimensionIndex returns the index of a slice's coordinate along a dimension, by its name or alias in any case; -1 if
// there is none.
func dimensionIndex(s *raster.Slice, name string) int {
	i := slices.IndexFunc(s.Coordinates, func(c raster.Coordinate) bool { return strings.EqualFold(c.Dimension, name) })
	if i < 0 {
		i = slices.IndexFunc(s.Coordinates, func(c raster.Coordinate) bool { return c.Alias != "" && strings.EqualFold(c.Alias, name) })
	}
	return i
}

// Period returns the item's Time or, if that is all of time, the StdTime of the slice that the item is.
func (it *Item) Period() TimeExtent {
	if !it.Time.IsZero() {
		return it.Time
	}
	s, err := it.Slice()
	if s == nil || err != nil {
		return TimeExtent{}
	}
	return periodOf(s)
}

func periodOf(s *raster.Slice) TimeExtent {
	i := dimensionIndex(s, standardDimensions[0].name)
	if i < 0 || !s.Coordinates[i].Time {
		return TimeExtent{}
	}
	from, to := s.Coordinates[i].Range()
	return TimeExtent{time.UnixMilli(int64(from)).UTC(), time.UnixMilli(int64(to)).UTC()}
}

// SplitSlices returns items, of which each raster whose bands state slices of multidimensional variables is replaced by
// one item for each slice, with the band or the bands of that slice alone. infos are what the rasters of the items state.
// A raster is left whole if one of its bands that is not alpha states no slice, or if the item's attributes state a
// Variable, and all are if no band states a dimension.
//
// The items of a raster have the names of its slices behind its own, the slice as their Part, which they also state in
// attributes, and its StdTime as their Time if the raster's item has none. The first keeps the item's ID; the others have
// IDs after the largest of all, in order.
func SplitSlices(items []*Item, infos []raster.Info) []*Item {
	last := int64(0)
	for _, it := range items {
		last = max(last, it.ID)
	}
	return splitSlices(items, infos, func(int, *raster.Slice) int64 {
		last++
		return last
	})
}

// splitSlices is SplitSlices with id, which returns the ID of a slice of a raster that is not its first.
func splitSlices(items []*Item, infos []raster.Info, id func(raster int, s *raster.Slice) int64) []*Item {
	dimensional := false
	for i := range items {
		for _, b := range infos[i].Bands {
			dimensional = dimensional || b.Slice != nil && len(b.Slice.Coordinates) > 0
		}
	}
	if !dimensional {
		return items
	}
	var out []*Item
	for i, it := range items {
		parts := slicesOf(infos[i])
		if parts == nil || it.attr(variableAttribute) != nil {
			out = append(out, it)
			continue
		}
		for n, p := range parts {
			part := p.item(it, infos[i], n == 0)
			if n > 0 {
				part.ID = id(i, p.slice)
			}
			out = append(out, part)
		}
	}
	return out
}

// A slicePart is a slice of a raster and its bands.
type slicePart struct {
	slice *raster.Slice
	bands []int
}

// slicesOf returns the slices of a raster in the order of their first bands, each with the raster's alpha; nil if a band
// states none.
func slicesOf(info raster.Info) (out []slicePart) {
	byKey := map[string]int{}
	var alpha []int
	for i, b := range info.Bands {
		switch {
		case b.Alpha:
			alpha = append(alpha, i)
			continue
		case b.Slice == nil:
			return nil
		}
		key := sliceKey(b.Slice)
		n, ok := byKey[key]
		if !ok {
			n = len(out)
			byKey[key] = n
			out = append(out, slicePart{slice: b.Slice})
		}
		out[n].bands = append(out[n].bands, i)
	}
	for i := range out {
		out[i].bands = append(out[i].bands, alpha...)
	}
	return out
}

// sliceKey returns a text that equal places of equal variables have in common.
func sliceKey(s *raster.Slice) string {
	var b strings.Builder
	b.WriteString(s.Variable)
	for _, c := range s.Coordinates {
		lower, upper := c.Range()
		fmt.Fprintf(&b, "\x00%s\x00%x\x00%x", c.Dimension, math.Float64bits(lower), math.Float64bits(upper))
	}
	return b.String()
}

// item returns the item of a slice of the raster of it.
func (p slicePart) item(it *Item, info raster.Info, first bool) *Item {
	part := *it
	part.Part, part.Type = p.slice, info.Type
	part.Name = partName(it.Name, p.slice)
	part.Attrs = sliceAttributes(it.Attrs, p.slice)
	if part.Time.IsZero() {
		part.Time = periodOf(p.slice)
	}
	part.Open = (&bandChoice{bands: p.bands, first: first}).open(it.Open)
	return &part
}

// partName returns the name of a slice's item.
func partName(name string, s *raster.Slice) string {
	if !strings.EqualFold(name, s.Variable) {
		name += " " + s.Variable
	}
	for _, c := range s.Coordinates {
		name += " " + c.Dimension + "=" + placeText(c)
	}
	return name
}

func placeText(c raster.Coordinate) string {
	text := func(v float64) string {
		if c.Time {
			return time.UnixMilli(int64(v)).UTC().Format(time.RFC3339Nano)
		}
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	lower, upper := c.Range()
	if upper > lower {
		return text(lower) + "/" + text(upper)
	}
	return text(lower)
}

// sliceAttributes returns attributes with those that state a slice, in place of others of these names in any case.
func sliceAttributes(attrs map[string]any, s *raster.Slice) map[string]any {
	own := map[string]any{variableAttribute: s.Variable}
	var names []string
	for _, c := range s.Coordinates {
		names = append(names, c.Dimension)
		lower, upper := c.Range()
		own[c.Dimension] = placeValue(c, lower)
		if upper > lower {
			own[c.Dimension+maxSuffix] = placeValue(c, upper)
		}
	}
	if names != nil {
		own[dimensionsAttribute] = strings.Join(names, ",")
	}
	out := maps.Clone(attrs)
	maps.DeleteFunc(out, func(name string, _ any) bool {
		for o := range own {
			if strings.EqualFold(o, name) {
				return true
			}
		}
		return false
	})
	if out == nil {
		return own
	}
	maps.Copy(out, own)
	return out
}

func placeValue(c raster.Coordinate, v float64) any {
	if c.Time {
		return time.UnixMilli(int64(v)).UTC()
	}
	return v
}
