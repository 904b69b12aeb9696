package sidecar

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/raster"
)

// Metadata holds the metadata of a raster in the form of GDAL's texts, which are parsed when they are applied. An empty
// text states nothing.
type Metadata struct {
	Bands         map[int]*Band // by index from 0; bands that are missing have no metadata
	SRS           string        // the spatial reference; this and the following fields come from .aux.xml files only
	GeoTransform  string        // the map from pixel corners to map coordinates; see ParseGeoTransform
	ControlPoints bool          // whether there are ground control points
	Xform         *Xform        // Esri's statement of the map from pixels to map coordinates; nil if there is none
	Items         map[string]string
}

// A Band holds the metadata of one band.
type Band struct {
	Name, Unit, Scale, Offset, Color, NoData string
	Categories                               []string
	Stats                                    [4]string   // minimum, maximum, mean, standard deviation
	Colors                                   *ColorTable // nil if there is none
	Table                                    *raster.AttributeTable
	Items                                    map[string]string // what is none of the above, by name
}

var statisticsKeys = [...]string{"STATISTICS_MINIMUM", "STATISTICS_MAXIMUM", "STATISTICS_MEAN", "STATISTICS_STDDEV"}

func newMetadata() *Metadata { return &Metadata{Bands: map[int]*Band{}} }

// band returns the metadata of a band, and adds them to m if they are missing.
func (m *Metadata) band(i int) *Band {
	if m.Bands == nil {
		m.Bands = map[int]*Band{}
	}
	b := m.Bands[i]
	if b == nil {
		b = &Band{}
		m.Bands[i] = b
	}
	return b
}

// set stores an item of the band's metadata.
func (b *Band) set(key, value string) {
	if i := slices.Index(statisticsKeys[:], key); i >= 0 {
		b.Stats[i] = value
		return
	}
	put(&b.Items, key, value)
}

// put stores an item in a map, which it makes if need be.
func put(m *map[string]string, key, value string) {
	if *m == nil {
		*m = map[string]string{}
	}
	(*m)[key] = value
}

// Alpha returns the first band whose colour is alpha, or -1.
func (m *Metadata) Alpha() int {
	for _, i := range slices.Sorted(maps.Keys(m.Bands)) {
		if m.Bands[i].Color == raster.ColorAlpha.String() {
			return i
		}
	}
	return -1
}

// Override replaces the texts of m that o has, and keeps the others. The georeference and control points are always
// those of o.
func (m *Metadata) Override(o *Metadata) {
	set := func(s *string, v string) {
		if v != "" {
			*s = v
		}
	}
	m.SRS, m.GeoTransform, m.ControlPoints, m.Xform = o.SRS, o.GeoTransform, o.ControlPoints, o.Xform
	for k, v := range o.Items {
		put(&m.Items, k, v)
	}
	for i, b := range o.Bands {
		a := m.band(i)
		set(&a.Name, b.Name)
		set(&a.Unit, b.Unit)
		set(&a.Scale, b.Scale)
		set(&a.Offset, b.Offset)
		set(&a.Color, b.Color)
		set(&a.NoData, b.NoData)
		if b.Stats != [4]string{} {
			a.Stats = b.Stats // the four belong together
		}
		if b.Categories != nil {
			a.Categories = b.Categories
		}
		if b.Colors != nil {
			a.Colors = b.Colors
		}
		if b.Table != nil {
			a.Table = b.Table
		}
		for k, v := range b.Items {
			put(&a.Items, k, v)
		}
	}
}

// SetPalette stores the colour table of the only band that is not alpha as the palette of info, whatever palette that had
// before. It returns a note if a colour table is not used, and an error if one is not understood.
func (m *Metadata) SetPalette(info *raster.Info) (note string, err error) {
	data := info.DataBands()
	for _, i := range slices.Sorted(maps.Keys(m.Bands)) {
		p, err := m.Bands[i].Colors.Palette()
		if err != nil {
			return "", fmt.Errorf("band %d: ColorTable: %w", i, err)
		}
		switch {
		case p == nil:
		case len(data) != 1 || data[0] != i:
			note = fmt.Sprintf("band %d: its colour table is left aside: there are %d bands", i, len(info.Bands))
		case !info.Type.Integer():
			note = fmt.Sprintf("band %d: its colour table is left aside: samples are of type %v", i, info.Type)
		default:
			info.Palette, info.Bands[i].Color = p, raster.ColorPalette
		}
	}
	return note, nil
}

// Describe stores the metadata of bands in info, except NoData and georeference, and returns notes about metadata that
// it ignored. It does not set the colour interpretation of a band that is alpha already, nor set one to alpha, nor
// change whether one is a palette, which follows from there being one.
func (m *Metadata) Describe(info *raster.Info) (notes []string) {
	info.Metadata = m.Items
	for _, i := range slices.Sorted(maps.Keys(m.Bands)) { // so that notes are always in the same order
		b, from := &info.Bands[i], m.Bands[i]
		note := func(format string, args ...any) {
			notes = append(notes, fmt.Sprintf("band %d: ", i)+fmt.Sprintf(format, args...))
		}
		b.Name, b.Unit, b.Categories, b.Table, b.Metadata = from.Name, from.Unit, from.Categories, from.Table, from.Items
		if c := raster.ParseColorInterp(from.Color); from.Color != "" && c != raster.ColorAlpha && !b.Alpha &&
			(b.Color == raster.ColorPalette) == (c == raster.ColorPalette) {
			b.Color = c
		}
		b.Scale = number("scale", from.Scale, note)
		if b.Scale == 0 && from.Scale != "" {
			note("scale %q is left aside", shorten(from.Scale))
		}
		b.Offset = number("offset", from.Offset, note)
		b.Stats = statistics(from.Stats, note)
	}
	return append(notes, m.slices(info)...)
}

// number parses a finite number. It returns 0, and adds a note, if the text is not one.
func number(what, text string, note func(format string, args ...any)) float64 {
	if text == "" {
		return 0
	}
	v, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || v-v != 0 {
		note("%s %q is no finite number", what, shorten(text))
		return 0
	}
	return v
}

// statistics parses the four statistics. It returns nil if one is missing, and adds a note if they are impossible.
func statistics(text [4]string, note func(format string, args ...any)) *raster.Statistics {
	var v [4]float64
	finite := true
	for i, s := range text {
		if s == "" {
			return nil
		}
		var err error
		v[i], err = strconv.ParseFloat(strings.TrimSpace(s), 64)
		finite = finite && err == nil && v[i]-v[i] == 0
	}
	s := &raster.Statistics{Min: v[0], Max: v[1], Mean: v[2], StdDev: v[3]}
	if !finite || s.Min > s.Max || s.StdDev < 0 {
		note("statistics %s are left aside", shorten(fmt.Sprintf("%q", text)))
		return nil
	}
	return s
}

// shorten cuts a text for a message to a bounded length.
func shorten(s string) string {
	if len(s) > 80 {
		s = s[:80] + "…"
	}
	return s
}
