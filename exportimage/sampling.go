package exportimage

import (
	"context"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/resample"
)

// nearest is the interpolation of values that are asked for and not drawn.
const nearest = resample.Nearest

// maxSamples bounds how many places one request may ask about, as in ArcGIS.
const maxSamples = 1000

// A SamplesRequest asks for the values at places.
type SamplesRequest struct {
	// Geometry has the places: its vertices if it is a point or multipoint, and else places along a polyline or inside an
	// envelope or polygon.
	Geometry Geometry
	// Count is about how many places are taken of lines and areas, at equal distances (default 100). Distance, in units
	// of the geometry's CRS, is what lies between them instead.
	Count    int
	Distance float64

	PixelSize PixelSize // as in an IdentifyRequest
	Export    Request   // as in an IdentifyRequest
	// All asks for the values of all rasters at each place, the topmost first, instead of the one value of an export. Of a
	// multidimensional service, these are all slices that Export chooses: no dimension is left open.
	All bool
	// Variables are further variables of a multidimensional service whose values are asked for, besides those that Export
	// names, or the default variable.
	Variables []string
}

// A Sample is a value at a place.
type Sample struct {
	Location   mosaic.Point // in the geometry's CRS
	LocationID int          // counts places from 0: of several rasters at one, all have the same
	Type       raster.PixelType
	Values     []float64    // of each band; nil where there is no data
	Item       *mosaic.Item // the topmost with data there, or the one that All asks for; nil where there is none
	Cell       PixelSize    // of Item, in its own CRS
	// Slice is the slice that Item is; nil if it is none. Variables are the values of the variables that were asked for at
	// its place along dimensions, the first of which are Values.
	Slice     *raster.Slice
	Variables []VariableValues
}

// VariableValues are the values of a variable at a place.
type VariableValues struct {
	Variable string
	Type     raster.PixelType // of the values
	Values   []float64        // of each band; nil where there is no data
}

// Samples returns the pixels at places, each as Identify does. Errors are of type *Error.
func (s *Service) Samples(ctx context.Context, req SamplesRequest) ([]Sample, error) {
	return observed(ctx, s, "sampling", nil, func() ([]Sample, error) { return s.samples(ctx, req) })
}

func (s *Service) samples(ctx context.Context, req SamplesRequest) ([]Sample, error) {
	d, err := s.describe(ctx)
	if err != nil {
		return nil, err
	}
	places, err := req.places(orCRS(req.Geometry.CRS, d.CRS))
	if err != nil {
		return nil, err
	}
	ctx, t, leave, err := s.enter(ctx, planPixels*int64(len(places)))
	if err != nil {
		return nil, err
	}
	defer leave()
	defer t.keep(need{})
	req.Export = s.dated(req.Export)
	if d.Multidimensional == nil {
		if len(req.Variables) > 0 {
			return nil, notMultidimensional("outFields")
		}
		return s.samplesOf(ctx, t, req, places, d)
	}
	return s.variableSamples(ctx, t, req, places, d)
}

// samplesOf returns samples of one variable, or of a service without any.
func (s *Service) samplesOf(
	ctx context.Context, t *ticket, req SamplesRequest, places [][2]float64, d *Description,
) ([]Sample, error) {
	req.Export.allSlices = req.All
	var out []Sample
	for id, at := range places {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		one := Sample{Location: mosaic.Point{CRS: orCRS(req.Geometry.CRS, d.CRS), X: at[0], Y: at[1]}, LocationID: id}
		export, err := s.pixelAt(d, one.Location, req.PixelSize, req.Export)
		if err != nil {
			return nil, err
		}
		px, err := s.pixel(ctx, t, export, true)
		if err != nil {
			return nil, atPlace(err)
		}
		one.Type, one.Values = px.typ, px.values
		found := 0
		for _, l := range px.parts {
			if l.values == nil || found > 0 && !req.All {
				continue
			}
			found++
			one.Item, one.Cell = l.item, l.cell
			if req.All {
				one.Values = l.values
				out = append(out, one)
			}
		}
		if !req.All || found == 0 {
			out = append(out, one)
		}
	}
	return out, nil
}
