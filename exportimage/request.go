package exportimage

import (
	"image"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/resample"
	"github.com/geoexport/geoexport/srs"
)

// A Request asks for one picture. Every field's zero value means the service's default, and the comment says what that is
// where the service states none.
//
// ParseRequest makes one from the parameters of the operation.
type Request struct {
	// BBox is the box to draw, in BBoxSR: the whole service if zero. In a geographic BBoxSR, XMin > XMax with
	// YMin < YMax is a box across the antimeridian; otherwise corners may come in any order, except that x alone must
	// not be swapped in a projected one.
	BBox    srs.Envelope
	BBoxSR  srs.CRS // the service's
	ImageSR srs.CRS // the service's, whatever BBoxSR is

	// Size is the picture's width and height in pixels: 400 by 400. It is never changed; Aspect says what becomes of
	// the box instead.
	Size   image.Point
	Aspect Aspect

	Format             string // a key of the service's Formats: png
	CompressionQuality *int   // 0 to 100, for formats with loss: 75

	PixelType     raster.PixelType // that of the rasters
	NoData        []float64        // pixels with these values are transparent: none but the rasters' own
	NoDataMatch   NoDataMatch
	Interpolation resample.Interpolation // bilinear, and nearest for palettes
	// Antialias widens the kernels of bilinear and cubic where the picture is coarser than what it is made from, so that
	// every sample has its weight: see resample.Options. The overview is the same as without, the coarsest that is as fine as
	// the picture. So a kernel widens at most twofold, and no memory grows with the scale, unless pixels are oblong or
	// the projection's scale varies; there it goes on, up to 64-fold, along the axis that needs it. The service's.
	Antialias      bool
	BandIDs        []int // bands to draw, 0 the first: all that are not alpha
	MosaicRule     mosaic.Rule
	ValidateExtent bool           // fail if the box lies outside the service
	RenderingRule  RasterFunction // what is computed of the pixels: NoFunction. BandIDs then choose from what it gives

	Time mosaic.TimeExtent // only rasters of this time; a raster without a time is of any: all

	// What is understood but not served yet: an Export with one of these set fails by name.
	SliceID             *int64
	DatumTransformation string

	// What other formats than those served would use. They are checked when parsed and listed in the trace.
	Compression          string
	CompressionTolerance *float64
	LERCVersion          int

	// Explain adds to the trace what the export was planned as and what its rule left out, which may take one more look into the
	// catalogue. It changes nothing in the image.
	Explain bool

	// Unknown are parameters of a parsed request that the operation does not have, the first 64 by name, long names cut.
	// They change nothing and are listed in the trace.
	Unknown []string
}

// Aspect says what happens where box and size have different shapes.
type Aspect uint8

// The aspects. Both leave the size as it is.
const (
	DefaultAspect Aspect = iota // the service's, and GrowBox where that is not stated either
	GrowBox                     // the box grows about its centre, along one axis, until pixels are square in ImageSR
	ExactBox                    // the box is as asked; pixels may be oblong
)

// NoDataMatch says how many bands must have their noData value for a pixel to be transparent.
type NoDataMatch uint8

// The ways to match.
const (
	DefaultMatch NoDataMatch = iota // MatchAny for one value, MatchAll for a list
	MatchAny
	MatchAll
)

// withDefaults fills the zero fields of r from d.
func (r Request) withDefaults(d Request) Request {
	fill(&r.BBoxSR, d.BBoxSR)
	if (r.BBox == srs.Envelope{}) {
		r.BBox, r.BBoxSR = d.BBox, d.BBoxSR
	}
	fill(&r.ImageSR, d.ImageSR)
	fill(&r.Size, d.Size)
	fill(&r.Aspect, d.Aspect)
	fill(&r.Format, d.Format)
	fill(&r.CompressionQuality, d.CompressionQuality)
	fill(&r.PixelType, d.PixelType)
	if len(r.NoData) == 0 {
		r.NoData, r.NoDataMatch = d.NoData, d.NoDataMatch
	}
	fill(&r.Interpolation, d.Interpolation)
	if len(r.BandIDs) == 0 {
		r.BandIDs = d.BandIDs
	}
	if r.MosaicRule.Method == mosaic.DefaultMethod {
		m := &r.MosaicRule
		m.Method, m.LockIDs, m.Viewpoint = d.MosaicRule.Method, d.MosaicRule.LockIDs, d.MosaicRule.Viewpoint
		m.SortField, m.SortValue, m.Descending = d.MosaicRule.SortField, d.MosaicRule.SortValue, d.MosaicRule.Descending
	}
	fill(&r.MosaicRule.Operation, d.MosaicRule.Operation)
	fill(&r.MosaicRule.Where, d.MosaicRule.Where)
	if r.MosaicRule.IDs == nil {
		r.MosaicRule.IDs = d.MosaicRule.IDs
	}
	fill(&r.Time, d.Time)
	if r.RenderingRule == nil {
		r.RenderingRule = d.RenderingRule
	}
	fill(&r.DatumTransformation, d.DatumTransformation)
	fill(&r.SliceID, d.SliceID)
	fill(&r.Compression, d.Compression)
	fill(&r.CompressionTolerance, d.CompressionTolerance)
	fill(&r.LERCVersion, d.LERCVersion)
	r.Antialias = r.Antialias || d.Antialias
	r.ValidateExtent = r.ValidateExtent || d.ValidateExtent
	return r
}

func fill[T comparable](v *T, def T) {
	var zero T
	if *v == zero {
		*v = def
	}
}
