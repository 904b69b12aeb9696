package function

import (
	"image/color"
	"slices"

	"github.com/geoexport/geoexport/raster"
)

// StatisticsHistogram leaves pixels as they are, and states their statistics for functions on top, such as Stretch.
type StatisticsHistogram struct {
	Input      Function
	Statistics []raster.Statistics // one a band or one for all
	Histograms []Histogram         // one a band or one for all
	Output     raster.PixelType
}

var statisticsHistogramSpec = newSpec("StatisticsHistogram", func() *StatisticsHistogram { return &StatisticsHistogram{} },
	func(f *StatisticsHistogram) *raster.PixelType { return &f.Output },
	rasterArg("Raster", func(f *StatisticsHistogram) *Function { return &f.Input }),
	statisticsArg(func(f *StatisticsHistogram) *[]raster.Statistics { return &f.Statistics }),
	histogramsArg(func(f *StatisticsHistogram) *[]Histogram { return &f.Histograms }),
).alias("StatisticsHistograms", "StatisticsAndHistogram")

func (f *StatisticsHistogram) spec() *spec { return &statisticsHistogramSpec }

func (f *StatisticsHistogram) compile(_ *compilation, in []input) (step, error) {
	for _, s := range f.Statistics {
		if !usableStatistics(s) {
			return step{}, invalid("Statistics", "they must be finite, the least at most the greatest, and the standard deviation not negative")
		}
	}
	for _, h := range f.Histograms {
		if err := h.validate(); err != nil {
			return step{}, err
		}
	}
	out := in[0].Samples
	out.Bands = slices.Clone(out.Bands)
	for i := range out.Bands {
		stats, err := ofBand(f.Statistics, i, "Statistics")
		if err != nil {
			return step{}, err
		}
		hist, err := ofBand(f.Histograms, i, "Histograms")
		if err != nil {
			return step{}, err
		}
		switch {
		case hist != nil:
			s := hist.summary()
			out.Bands[i].Known = &s
		case stats != nil:
			out.Bands[i].Known = &Summary{Statistics: *stats}
		}
	}
	return step{out: out}, nil
}

// Table leaves pixels as they are: the names of their values are for people.
type Table struct {
	Input  Function
	Output raster.PixelType
}

var tableSpec = newSpec("Table", func() *Table { return &Table{} },
	func(f *Table) *raster.PixelType { return &f.Output },
	rasterArg("Raster", func(f *Table) *Function { return &f.Input }),
	ignoredArg("AttributeTableAsRecordSet", "a feature set", func(v any) (any, error) { return v, nil }),
).alias("AttributeTable")

func (f *Table) spec() *spec { return &tableSpec }

func (f *Table) compile(_ *compilation, in []input) (step, error) {
	return step{out: in[0].Samples}, nil
}

// ColormapToRGB makes three bands of bytes of the colours that its input's palette has for its values. Values without a
// colour, and colours of alpha 0, become pixels without data.
type ColormapToRGB struct {
	Input  Function
	Output raster.PixelType
}

var colormapToRGBSpec = newSpec("ColormapToRGB", func() *ColormapToRGB { return &ColormapToRGB{} },
	func(f *ColormapToRGB) *raster.PixelType { return &f.Output },
	rasterArg("Raster", func(f *ColormapToRGB) *Function { return &f.Input }),
	field("UnmappedAsRandomColor", "false", func(*ColormapToRGB) *bool { return new(bool) }, func(v any) (bool, error) {
		random, err := readBool(v)
		if err == nil && random {
			err = unsupported("", "random colours are not supported")
		}
		return random, err
	}, plain[bool]),
)

func (f *ColormapToRGB) spec() *spec { return &colormapToRGBSpec }

func (f *ColormapToRGB) compile(_ *compilation, in []input) (step, error) {
	src := in[0]
	if len(src.Palette) == 0 || len(src.Bands) != 1 || !src.Type.Integer() {
		return step{}, invalid("", "its input has no palette")
	}
	entries := make([]ColorEntry, len(src.Palette))
	table := make([]color.NRGBA, len(entries))
	for i, c := range src.Palette {
		table[i] = color.NRGBAModel.Convert(c).(color.NRGBA)
		entries[i] = ColorEntry{float64(i), table[i]}
	}
	out := rgb()
	for i := range out.Bands {
		out.Bands[i].Known = nominal(0, 255, 100, 20)
	}
	return step{out: out, run: colorRows(entriesOf(entries, src.Type), table)}, nil
}
