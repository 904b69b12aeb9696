package exportimage

import (
	"context"
	"errors"
	"image/color"
	"slices"
	"time"

	"github.com/geoexport/geoexport/internal/portable"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/resample"
	"github.com/geoexport/geoexport/srs"
)

// A Description is what a service knows of its rasters as a whole. It comes from the catalogue's footprints and from
// the raster with the lowest ID, the only one that is opened. Its slices must not be written to.
type Description struct {
	CRS           srs.CRS      // the service's spatial reference
	Extent        srs.Envelope // the box around all rasters, in CRS
	PixelSize     PixelSize    // of the raster with the lowest ID, in CRS
	PixelType     raster.PixelType
	Bands         []raster.Band // those without a name of their own are called Band_1, Band_2 and so on
	Palette       color.Palette
	WhiteIsZero   bool                   // pictures show 0 as white
	Interpolation resample.Interpolation // of requests that state none
	Rasters       int                    // in the catalogue
	Time          mosaic.TimeExtent      // from the first to the last instant that a raster states; zero if none does
	// Times are the different times of rasters that state one, in order; nil if there are more than 1000, or if the
	// catalogue does not list all of its rasters.
	Times  []mosaic.TimeExtent
	Fields []mosaic.Field // of the catalogue
	// Multidimensional describes the variables and dimensions of which rasters are slices; nil if none is one. If it is
	// not, what is said of pixels above and below is of the rasters of the default variable.
	Multidimensional *Multidimensional
	// Metadata are further statements about the only raster, by their names; nil if there are several.
	Metadata map[string]string

	colours       bool // rasters are turned into colours before they are merged
	premultiplied bool // samples are multiplied with alpha

	version string         // of the catalogue
	first   []*mosaic.Item // those with the lowest IDs, from which statistics come
}

// A PixelSize is the width and height of pixels in units of CRS. A zero CRS is that of the image or raster in question.
type PixelSize struct {
	X, Y float64
	CRS  srs.CRS
}

// HasClasses reports whether the values of the only band have names.
func (d *Description) HasClasses() bool {
	if t := d.classTable(); t != nil && className(t) >= 0 {
		return true
	}
	return len(d.Bands) == 1 && slices.ContainsFunc(d.Bands[0].Categories, func(s string) bool { return s != "" })
}

// Describe returns the description of the service. The first call may open a raster; later ones return what it found,
// until that raster is found to have changed, which is looked for once a second, or the catalogue is of another version,
// see Service.Refresh, and unless anything looks at a value of the context meanwhile: see WithShareKey. A failure is not
// remembered.
func (s *Service) Describe(ctx context.Context) (Description, error) {
	return s.DescribeRendered(ctx, nil)
}

func (s *Service) describe(ctx context.Context) (*Description, error) {
	restore, err := s.renew(ctx)
	if err != nil {
		return nil, err
	}
	known, err := remembered(ctx, s, func(f *findings) *[]Description { return &f.known },
		func(*findings) bool { return true },
		func(ctx context.Context) ([]Description, error) {
			d, err := s.findDescription(ctx)
			return []Description{d}, err
		})
	if _, ok := errors.AsType[*RasterError](err); ok && restore != nil && ctx.Err() == nil {
		return restore(ctx) // images that show the raster fail, and others need not
	}
	if err != nil {
		return nil, err
	}
	return &known[0], nil
}

func (s *Service) findDescription(ctx context.Context) (d Description, err error) {
	sum, version, err := s.summary(ctx)
	if err != nil {
		return d, err
	}
	if len(sum.First) == 0 {
		return d, &Error{Err: errors.New("the service's catalogue is empty")}
	}
	times := distinctTimes(sum) // of all rasters
	m, err := s.usual(ctx, &sum, version)
	if err != nil {
		return d, err
	}
	first, info, err := s.firstInfo(ctx, sum.First)
	if err != nil {
		return d, err
	}
	d = Description{
		CRS: s.CRS, Extent: s.Extent, PixelType: s.mosaicType(info.Type, sum.Types),
		Bands: named(info.Bands), Palette: info.Palette, WhiteIsZero: info.WhiteIsZero, premultiplied: info.Premultiplied,
		Rasters: sum.Count, Time: sum.Time, Times: times, Fields: sum.Fields, Multidimensional: m,
		version: version, first: slices.Clone(sum.First[:min(len(sum.First), statisticsItems)]),
	}
	if sum.Count == 1 {
		d.Metadata = info.Metadata
	}
	if s.Tiles != nil {
		fill(&d.CRS, s.Tiles.CRS)
	}
	fill(&d.CRS, info.Grid.CRS)
	if d.PixelSize, err = s.pixelSize(info.Grid, d.CRS); err != nil {
		return d, &RasterError{"place", first.Name, err}
	}
	if d.Extent.Empty() {
		if d.Extent, err = union(sum, d.CRS); err != nil {
			return d, err
		}
	}
	d.Interpolation = interpolation(s.Defaults.Interpolation, d.Palette != nil)
	return d, nil
}

// named returns bands with a name for each.
func named(bands []raster.Band) []raster.Band {
	out := slices.Clone(bands)
	for i := range out {
		fill(&out[i].Name, bandName(i))
	}
	return out
}

// union returns the box around all rasters, in crs.
func union(sum mosaic.Summary, crs srs.CRS) (srs.Envelope, error) {
	boxes := make([]srs.Envelope, len(sum.Boxes))
	for i, f := range sum.Boxes {
		t, err := srs.NewTransformer(f.CRS, crs)
		if err == nil {
			boxes[i], err = t.Envelope(f.Envelope)
		}
		if err != nil {
			return srs.Envelope{}, unplaced(sum, f, err)
		}
	}
	return around(boxes, crs.Period()), nil
}

// unplaced returns the error of a box that has no image, which names a raster if it is one's.
func unplaced(sum mosaic.Summary, box mosaic.Footprint, err error) error {
	for _, it := range sum.First {
		if it.Footprint.CRS == box.CRS && it.Footprint.Envelope == box.Envelope {
			return &RasterError{"place", it.Name, err}
		}
	}
	return &CatalogError{err}
}

// pixelSize returns the width and height of the grid's middle pixel, in units of crs, measured along the pixel's own
// sides.
func (s *Service) pixelSize(g raster.Grid, crs srs.CRS) (PixelSize, error) {
	t, err := s.transformer(g.CRS, crs, g.Envelope())
	if err != nil {
		return PixelSize{}, err
	}
	col, row := float64(g.Size.X)/2, float64(g.Size.Y)/2
	var x, y [4]float64
	for i, d := range [4][2]float64{{-.5, 0}, {.5, 0}, {0, -.5}, {0, .5}} {
		x[i], y[i] = g.Affine.Apply(col+d[0], row+d[1])
	}
	if t.Transform(x[:], y[:]) > 0 {
		return PixelSize{}, errors.New("its middle has no image in the service's spatial reference")
	}
	return PixelSize{portable.Hypot(x[1]-x[0], y[1]-y[0]), portable.Hypot(x[3]-x[2], y[3]-y[2]), crs}, nil
}

// maxTimes bounds how many times a description lists.
const maxTimes = 1000

// distinctTimes returns the different times of a catalogue's items, in order; nil if there are more than maxTimes, or if the
// summary does not have all items.
func distinctTimes(s mosaic.Summary) (out []mosaic.TimeExtent) {
	if len(s.First) < s.Count {
		return nil
	}
	type key struct{ from, to time.Time } // of one zone, so that equal moments are one
	seen := map[key]bool{}
	for _, it := range s.First {
		if it.Time.IsZero() {
			continue
		}
		k := key{it.Time.From.UTC(), it.Time.To.UTC()}
		if seen[k] {
			continue
		}
		if len(out) == maxTimes {
			return nil
		}
		seen[k] = true
		out = append(out, it.Time)
	}
	slices.SortFunc(out, func(a, b mosaic.TimeExtent) int {
		if c := a.From.Compare(b.From); c != 0 {
			return c
		}
		return a.To.Compare(b.To)
	})
	return out
}
