package geotiff

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/raster"
)

// metadata are what the GDAL_METADATA tag and the .aux.xml file say: texts, which are looked at when they are applied.
// Empty ones say nothing.
type metadata struct {
	bands         map[int]*bandMetadata
	srs           string // of the .aux.xml alone, as the following
	geoTransform  string
	controlPoints bool // there are ground control points
}

type bandMetadata struct {
	name, unit, scale, offset, color, noData string
	categories                               []string
	stats                                    [4]string // in the order of statisticsKeys
}

var statisticsKeys = [...]string{"STATISTICS_MINIMUM", "STATISTICS_MAXIMUM", "STATISTICS_MEAN", "STATISTICS_STDDEV"}

func newMetadata() *metadata { return &metadata{bands: map[int]*bandMetadata{}} }

// band is what is said of a band, to be added to.
func (m *metadata) band(i int) *bandMetadata {
	b := m.bands[i]
	if b == nil {
		b = &bandMetadata{}
		m.bands[i] = b
	}
	return b
}

func (b *bandMetadata) statistic(key, value string) {
	if i := slices.Index(statisticsKeys[:], key); i >= 0 {
		b.stats[i] = value
	}
}

// alpha is the first band whose colour is alpha, or -1.
func (m *metadata) alpha() int {
	for _, i := range slices.Sorted(maps.Keys(m.bands)) {
		if m.bands[i].color == raster.ColorAlpha.String() {
			return i
		}
	}
	return -1
}

// readMetadata reads the tag and the file. What the file says of a band goes before what the tag says, since it is what
// was found out or put right later.
func (f *File) readMetadata(ctx context.Context, d *directory) (*metadata, error) {
	bands := f.levels[0].layout.bands
	m := newMetadata()
	if fd, ok := d.fields[tagGDALMetadata]; ok {
		text := ""
		var err error
		if limit := f.limits.MetadataBytes; exceeds(fd.size, limit) {
			err = &LimitError{"MetadataBytes", "bytes of text", fd.size, limit}
		} else {
			text, err = d.ascii(ctx, tagGDALMetadata)
		}
		if err == nil {
			m, err = parseGDALMetadata([]byte(text), bands)
		}
		if err != nil {
			if isContext(err) {
				return nil, err
			}
			// What was read before the fault is as good as ever, but half of a text is a poor witness.
			m = newMetadata()
			f.warn(fmt.Sprintf("%v is left aside: %v", tagGDALMetadata, err))
		}
	}
	text, err := f.sidecarText(ctx, suffixPAM)
	if err != nil || text == nil {
		return m, err
	}
	pam, err := parsePAM(text, bands)
	if err != nil {
		return m, f.spare(suffixPAM, err)
	}
	m.override(pam)
	return m, nil
}

// override takes over all that o says.
func (m *metadata) override(o *metadata) {
	set := func(s *string, v string) {
		if v != "" {
			*s = v
		}
	}
	m.srs, m.geoTransform, m.controlPoints = o.srs, o.geoTransform, o.controlPoints
	for i, b := range o.bands {
		a := m.band(i)
		set(&a.name, b.name)
		set(&a.unit, b.unit)
		set(&a.scale, b.scale)
		set(&a.offset, b.offset)
		set(&a.color, b.color)
		set(&a.noData, b.noData)
		if b.stats != [4]string{} {
			a.stats = b.stats // four that belong together
		}
		if b.categories != nil {
			a.categories = b.categories
		}
	}
}

// describeBands tells in Info what the metadata say, noData and georeference apart.
func (f *File) describeBands(m *metadata) {
	for _, i := range slices.Sorted(maps.Keys(m.bands)) { // so that warnings are always in the same order
		b, from := &f.info.Bands[i], m.bands[i]
		b.Name, b.Unit, b.Categories = from.name, from.unit, from.categories
		if c := raster.ParseColorInterp(from.color); from.color != "" && c != raster.ColorAlpha &&
			!b.Alpha && (c != raster.ColorPalette || f.info.Palette != nil) {
			b.Color = c
		}
		b.Scale = f.number(i, "scale", from.scale)
		if b.Scale == 0 && from.scale != "" {
			f.warn(fmt.Sprintf("band %d: scale %q is left aside", i, show(from.scale)))
		}
		b.Offset = f.number(i, "offset", from.offset)
		b.Stats = f.statistics(i, from.stats)
	}
}

// number reads a finite number; 0, with a warning, if the text is no such thing.
func (f *File) number(band int, what, text string) float64 {
	if text == "" {
		return 0
	}
	v, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || v-v != 0 {
		f.warn(fmt.Sprintf("band %d: %s %q is no finite number", band, what, show(text)))
		return 0
	}
	return v
}

// statistics reads the four of them; nil if one is missing. Those that cannot be are left aside with a warning.
func (f *File) statistics(band int, text [4]string) *raster.Statistics {
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
		f.warn(fmt.Sprintf("band %d: statistics %s are left aside", band, show(fmt.Sprintf("%q", text))))
		return nil
	}
	return s
}
