package sidecar

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/raster"
)

// Metadata is what GDAL's metadata state about a raster: texts, which are looked at when they are applied. Empty ones
// state nothing.
type Metadata struct {
	Bands         map[int]*Band // by number from 0; those that are not in it have no metadata
	SRS           string        // the spatial reference, of an .aux.xml file alone, as the following
	GeoTransform  string        // the map from pixel corners to map coordinates; see ParseGeoTransform
	ControlPoints bool          // whether there are ground control points
}

// A Band is what metadata state about a band.
type Band struct {
	Name, Unit, Scale, Offset, Color, NoData string
	Categories                               []string
	Stats                                    [4]string // minimum, maximum, mean, standard deviation
}

var statisticsKeys = [...]string{"STATISTICS_MINIMUM", "STATISTICS_MAXIMUM", "STATISTICS_MEAN", "STATISTICS_STDDEV"}

func newMetadata() *Metadata { return &Metadata{Bands: map[int]*Band{}} }

// band returns the metadata of a band, to be added to.
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

func (b *Band) statistic(key, value string) {
	if i := slices.Index(statisticsKeys[:], key); i >= 0 {
		b.Stats[i] = value
	}
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

// Override replaces what o states, and leaves the rest. Georeference and control points are those of o in any case.
func (m *Metadata) Override(o *Metadata) {
	set := func(s *string, v string) {
		if v != "" {
			*s = v
		}
	}
	m.SRS, m.GeoTransform, m.ControlPoints = o.SRS, o.GeoTransform, o.ControlPoints
	for i, b := range o.Bands {
		a := m.band(i)
		set(&a.Name, b.Name)
		set(&a.Unit, b.Unit)
		set(&a.Scale, b.Scale)
		set(&a.Offset, b.Offset)
		set(&a.Color, b.Color)
		set(&a.NoData, b.NoData)
		if b.Stats != [4]string{} {
			a.Stats = b.Stats // four that belong together
		}
		if b.Categories != nil {
			a.Categories = b.Categories
		}
	}
}

// Describe stores the metadata of bands in info, NoData and georeference apart, and returns notes about what it left
// aside. A band keeps its colour if it is alpha, and where the metadata call it alpha, or a palette's although there is
// none.
func (m *Metadata) Describe(info *raster.Info) (notes []string) {
	for _, i := range slices.Sorted(maps.Keys(m.Bands)) { // so that notes are always in the same order
		b, from := &info.Bands[i], m.Bands[i]
		note := func(format string, args ...any) {
			notes = append(notes, fmt.Sprintf("band %d: ", i)+fmt.Sprintf(format, args...))
		}
		b.Name, b.Unit, b.Categories = from.Name, from.Unit, from.Categories
		if c := raster.ParseColorInterp(from.Color); from.Color != "" && c != raster.ColorAlpha &&
			!b.Alpha && (c != raster.ColorPalette || info.Palette != nil) {
			b.Color = c
		}
		b.Scale = number("scale", from.Scale, note)
		if b.Scale == 0 && from.Scale != "" {
			note("scale %q is left aside", shorten(from.Scale))
		}
		b.Offset = number("offset", from.Offset, note)
		b.Stats = statistics(from.Stats, note)
	}
	return notes
}

// number reads a finite number; 0, with a note, if the text is no such thing.
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

// statistics reads the four of them; nil if one is missing. Impossible ones are left aside with a note.
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

// shorten returns a text for a message, which a long one must not fill.
func shorten(s string) string {
	if len(s) > 80 {
		s = s[:80] + "…"
	}
	return s
}
