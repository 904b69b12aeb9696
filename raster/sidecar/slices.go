package sidecar

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/internal/cf"
	"github.com/geoexport/geoexport/raster"
)

// The items in which GDAL's netCDF driver states of which variable a band is, and where along its dimensions. Files that
// were made of netCDF keep them (https://gdal.org/drivers/raster/netcdf.html, "Dimension").
const (
	variableItem   = "NETCDF_VARNAME"
	coordinateItem = "NETCDF_DIM_"      // with the name of a dimension
	dimensionsItem = "NETCDF_DIM_EXTRA" // of the raster: all dimensions besides columns and rows, in order
)

// slices sets the slices of the bands of info that state one, and returns notes about what is not understood.
func (m *Metadata) slices(info *raster.Info) (notes []string) {
	r := sliceReader{items: m.Items, order: list(m.Items[dimensionsItem]), axes: map[string]cf.Axis{}}
	for _, i := range slices.Sorted(maps.Keys(m.Bands)) {
		s, err := r.slice(m.Bands[i])
		if err != nil {
			notes = append(notes, fmt.Sprintf("band %d: %v", i, err))
			continue
		}
		info.Bands[i].Slice = s
	}
	return append(notes, r.notes...)
}

// list returns the names in a text such as "{time,depth}".
func list(text string) []string {
	text = strings.Trim(strings.TrimSpace(text), "{}")
	if text == "" {
		return nil
	}
	out := strings.Split(text, ",")
	for i, s := range out {
		out[i] = strings.TrimSpace(s)
	}
	return out
}

// A sliceReader reads the slices of a raster's bands.
type sliceReader struct {
	items map[string]string // of the raster: attributes of dimensions and variables are "name#attribute"
	order []string
	axes  map[string]cf.Axis // by the names of dimensions
	notes []string
}

// slice returns the slice of a band; nil if it states none.
func (r *sliceReader) slice(b *Band) (*raster.Slice, error) {
	var dimensions []string
	for name := range b.Items {
		if d, ok := strings.CutPrefix(name, coordinateItem); ok && d != "" {
			dimensions = append(dimensions, d)
		}
	}
	variable := strings.TrimSpace(b.Items[variableItem])
	if variable == "" && len(dimensions) > 0 {
		variable = strings.TrimSpace(b.Name)
	}
	if variable == "" {
		return nil, nil
	}
	// In the order of the file; names that it does not list come behind, by name.
	slices.Sort(dimensions)
	slices.SortStableFunc(dimensions, func(a, o string) int { return r.rank(a) - r.rank(o) })
	s := &raster.Slice{Variable: variable, Description: r.described(b, variable, "long_name"), Unit: b.Unit}
	if s.Unit == "" {
		s.Unit = r.described(b, variable, "units")
	}
	for _, d := range dimensions {
		text := strings.TrimSpace(b.Items[coordinateItem+d])
		v, err := strconv.ParseFloat(text, 64)
		if err != nil || v-v != 0 {
			return nil, fmt.Errorf("its place %q along dimension %q is no number: it counts as no slice", shorten(text), shorten(d))
		}
		c := r.coordinate(d, v)
		if c.Value-c.Value != 0 {
			return nil, fmt.Errorf("its place %q along dimension %q is no time: it counts as no slice", shorten(text), shorten(d))
		}
		if slices.ContainsFunc(s.Coordinates, func(o raster.Coordinate) bool { return strings.EqualFold(o.Dimension, c.Dimension) }) {
			c = raster.Coordinate{Dimension: d, Unit: r.items[d+"#units"], Value: v} // a second time, say
		}
		s.Coordinates = append(s.Coordinates, c)
	}
	return s, nil
}

func (r *sliceReader) rank(dimension string) int {
	if i := slices.Index(r.order, dimension); i >= 0 {
		return i
	}
	return len(r.order)
}

// described returns an attribute of a band's variable.
func (r *sliceReader) described(b *Band, variable, attribute string) string {
	if text := b.Items[attribute]; text != "" {
		return text
	}
	return r.items[variable+"#"+attribute]
}

// coordinate returns the place of a value along a dimension.
func (r *sliceReader) coordinate(dimension string, v float64) raster.Coordinate {
	axis, known := r.axes[dimension]
	if !known {
		var note string
		axis, note = cf.NewAxis(dimension, func(attribute string) string { return r.items[dimension+"#"+attribute] })
		if note != "" {
			r.notes = append(r.notes, note)
		}
		r.axes[dimension] = axis
	}
	at := axis.Value(v)
	c := raster.Coordinate{Dimension: axis.Name, Unit: axis.Unit, Time: axis.Time, Value: at}
	if axis.Name != dimension {
		c.Alias = dimension
	}
	return c
}
