package exportimage

import (
	"cmp"
	"context"
	"image"
	"image/color"
	"net/url"
	"strconv"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/resample"
	"github.com/geoexport/geoexport/srs"
)

type legendJSON struct {
	Layers []legendLayer `json:"layers"`
}

type legendLayer struct {
	ID       int           `json:"layerId"`
	Name     string        `json:"layerName"`
	Type     string        `json:"layerType"`
	MinScale float64       `json:"minScale"`
	MaxScale float64       `json:"maxScale"`
	Kind     string        `json:"legendType"`
	Entries  []legendEntry `json:"legend"`
}

type legendEntry struct {
	Label  string `json:"label"`
	URL    string `json:"url"`
	Data   []byte `json:"imageData"` // base64
	Media  string `json:"contentType"`
	Height int    `json:"height"`
	Width  int    `json:"width"`
}

// swatchSize is that of ArcGIS's legends.
var swatchSize = image.Pt(20, 20)

// maxSwatches is how many classes a legend shows. Files may name millions.
const maxSwatches = 256

// legend shows how samples are drawn, with the request's bandIds and renderingRule. Its swatches are exports of rasters of
// one value, so that they have the colours of the pictures whatever decides on those.
func (a *answer) legend(about *about, form url.Values) error {
	req, err := ParseRequest(form)
	if err != nil {
		return err
	}
	stats, err := a.service.bandSummaries(a.r.Context(), about)
	if err != nil {
		return err
	}
	ranges, err := a.service.bandRanges(a.r.Context(), about)
	if err != nil {
		return err
	}
	// Its many small exports count as one.
	ctx, leave, err := a.service.enter(a.r.Context())
	if err != nil {
		return err
	}
	defer leave()
	swatches, kind := legendSwatches(about, req, ranges)
	layer := legendLayer{Name: a.service.title(), Type: "Raster Layer", Kind: kind, Entries: []legendEntry{}}
	for i, sw := range swatches {
		// A service like this one, but for its raster.
		like := &Service{
			Catalog: mosaic.Slice{sw.item()}, Formats: a.service.formats(), Functions: a.service.Functions, Stretch: ranges,
			Defaults: Request{RenderingRule: a.service.Defaults.RenderingRule}, summaries: stats,
		}
		for _, s := range stats {
			like.statistics = append(like.statistics, s.Statistics)
		}
		res, err := like.Export(ctx, Request{
			Size: swatchSize, Format: a.service.pictureFormat(), Interpolation: resample.Nearest,
			BandIDs: req.BandIDs, RenderingRule: req.RenderingRule,
		})
		if err != nil {
			return err
		}
		layer.Entries = append(layer.Entries, legendEntry{
			sw.label, strconv.Itoa(i), res.Data, res.MediaType, swatchSize.Y, swatchSize.X,
		})
	}
	a.json(legendJSON{[]legendLayer{layer}})
	return nil
}

// A swatch is a raster of one value a band.
type swatch struct {
	label  string
	info   raster.Info
	values []float64
}

var _ raster.Dataset = (*swatch)(nil)

// legendSwatches are the classes of a raster that has some, each of the three bands of a colour picture alone, or else the
// ends of a band's range.
func legendSwatches(a *about, req Request, ranges []Range) (swatches []*swatch, kind string) {
	add := func(label string, value func(band int) float64) {
		sw := &swatch{label: label, info: raster.Info{
			Grid: raster.NorthUp(a.crs, srs.Envelope{XMax: 1, YMax: 1}, swatchSize), Type: a.typ, Bands: a.bands,
			Levels: []image.Point{swatchSize}, Palette: a.palette,
		}}
		for b := range a.bands {
			sw.values = append(sw.values, value(b))
		}
		swatches = append(swatches, sw)
	}
	bands := req.BandIDs
	if len(bands) == 0 {
		bands = (raster.Info{Bands: a.bands}).Colors()
	}
	switch {
	case a.palette != nil || hasClasses(a):
		names := a.bands[0].Categories
		for v := range max(len(a.palette), len(names)) {
			label := ""
			if v < len(names) {
				label = names[v]
			}
			if len(swatches) < maxSwatches && (label != "" || !hasClasses(a)) {
				add(cmp.Or(label, strconv.Itoa(v)), func(int) float64 { return float64(v) })
			}
		}
		return swatches, "Unique Values"
	case len(bands) == 0:
		return nil, "Stretched" // of a raster of alpha alone
	case len(bands) >= 3:
		for i, color := range []string{"Red", "Green", "Blue"} {
			name := ""
			if bands[i] < len(a.bands) {
				name = bandNames(a)[bands[i]]
			}
			add(color+": "+name, func(b int) float64 {
				r := shown(a, ranges, b)
				if b == bands[i] {
					return r.Max
				}
				return r.Min
			})
		}
		return swatches, "RGB Composite"
	}
	first := shown(a, ranges, bands[0])
	add("High : "+plain(first.Max), func(b int) float64 { return shown(a, ranges, b).Max })
	add("Low : "+plain(first.Min), func(b int) float64 { return shown(a, ranges, b).Min })
	return swatches, "Stretched"
}

// shown is what of a band's values is drawn from black to white.
func shown(a *about, ranges []Range, band int) Range {
	if a.typ == raster.U8 || band >= len(ranges) {
		return Range{0, 255}
	}
	return ranges[band]
}

func (sw *swatch) item() *mosaic.Item {
	return &mosaic.Item{
		Name:      sw.label,
		Footprint: mosaic.Footprint{CRS: sw.info.Grid.CRS, Envelope: sw.info.Grid.Envelope()},
		Open:      func(context.Context) (raster.Dataset, error) { return sw, nil },
	}
}

// Info describes the raster.
func (sw *swatch) Info() raster.Info { return sw.info }

// Read gives the values.
func (sw *swatch) Read(_ context.Context, _ int, win image.Rectangle, bands []int) (*raster.Block, error) {
	if bands == nil {
		bands = make([]int, len(sw.values))
		for i := range bands {
			bands[i] = i
		}
	}
	b := &raster.Block{Type: raster.F64}
	for _, n := range bands {
		p := raster.MakePlane[float64](win)
		for i := range p.Pix {
			p.Pix[i] = sw.values[n]
		}
		b.Bands = append(b.Bands, p)
	}
	return raster.Convert(b, sw.info.Type)
}

// nrgba is a colour without its alpha multiplied in.
func nrgba(c color.Color) color.NRGBA { return color.NRGBAModel.Convert(c).(color.NRGBA) }
