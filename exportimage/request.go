package exportimage

import (
	"image"
	"image/color"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
	"github.com/geoexport/geoexport/resample"
	"github.com/geoexport/geoexport/srs"
)

// A Request asks for one image. Every field's zero value means the service's default; the default in parentheses is for
// services that state none. Package exportimage/params makes a Request of the operation's parameters.
type Request struct {
	// BBox is the box to draw, in BBoxSR (default the whole service). In a geographic BBoxSR, a box with XMin > XMax
	// and YMin < YMax crosses the antimeridian; otherwise corners may come in any order, except that x alone must not
	// be swapped in a projected BBoxSR.
	BBox    srs.Envelope
	BBoxSR  srs.CRS // (default the service's)
	ImageSR srs.CRS // (default the service's, whatever BBoxSR is)

	// Size is the image's width and height in pixels (default 400 by 400). It is never changed; Aspect determines what
	// happens to the box instead.
	Size   image.Point
	Aspect Aspect

	Format             string // a key of the service's Formats (default png)
	CompressionQuality *int   // 0 to 100, for lossy formats (default 75)

	PixelType   raster.PixelType // (default that of the rasters)
	NoData      []float64        // finite; pixels with these values are transparent, besides the rasters' own
	NoDataMatch NoDataMatch
	// Background, whose alpha does not count, is drawn where pixels hold no data. An image over a background has no
	// transparency. It is for formats that draw (see encode.Format.Bands); the trace lists it for others. Nil leaves pixels
	// transparent where the format can, and black where it cannot.
	Background    *color.NRGBA
	Interpolation resample.Interpolation // (default bilinear, and nearest for palettes)
	// Antialias widens the kernels of bilinear and cubic where the image is coarser than what it is made from, so that
	// every sample has its weight: see resample.Options. The overview is the same as without, the coarsest that is as
	// fine as the image. So a kernel widens at most twofold, and no memory grows with the scale, unless pixels are
	// oblong or the projection's scale varies; there it goes on, up to 64-fold, along the axis that needs it.
	Antialias bool
	// BandIDs are the bands to draw, counted from 0 (default all that are not alpha). A band may be named up to three
	// times.
	BandIDs        []int
	MosaicRule     mosaic.Rule // its Corner defaults to that of the service's extent, a zero CRS of it to the service's
	ValidateExtent bool        // fail if the box lies outside the service
	// Function computes the pixels (default none: Source). BandIDs select from its output. Names in it are those of the
	// service's Functions.
	Function function.Function
	// ItemFunction computes the pixels of each raster by itself, on the image's grid, before they are merged (default none:
	// Source); Function computes from what is merged. Where it needs statistics, they are the service's, so that equal
	// values look alike in all rasters. Single rasters that Function names are left as they are. A
	// Function that names a template of single rasters (see function.OnItems) is computed here, too.
	ItemFunction function.Function

	// Time chooses the rasters of this time, and those without a time (default all). MosaicRule.Time, if it is set too,
	// chooses among these.
	Time mosaic.TimeExtent

	// DatumTransformation are the datum operations to use, in a row, from the service's reference to ImageSR (default
	// those that are best for each raster, and for the box). They are used for every raster, and for the box, whose datum
	// they lead from; the trace notes others. An operation that leads neither from the service's datum nor from the box's
	// is an error, and so is one whose grid file is not among the service's ShiftGrids.
	DatumTransformation []srs.Operation

	// SliceID chooses a slice of a multidimensional service by its ID, as Service.Slices has it, and Slices choose slices,
	// besides those of MosaicRule. Multidimensional describes which slice is shown where a request leaves that open.
	SliceID *int64
	Slices  []mosaic.SliceCondition

	// The following are for some formats; the trace lists those that do not concern the image's.
	Compression          string
	CompressionTolerance *float64
	LERCVersion          int

	// Explain adds to the trace the plan and the rasters that the rule left out, which may take one more query of the
	// catalogue. It changes nothing in the image.
	Explain bool

	// Unknown are the parameters of a parsed request that the operation does not have: the first 64 by name, with long
	// names cut. They change nothing and are listed in the trace.
	Unknown []string
	// Forgiven are the things in a parsed request that are not as documented and have one meaning all the same. They are
	// listed in the trace.
	Forgiven []string

	samples   bool // pixels are not encoded: see samplesFormat
	allSlices bool // no dimension is left open: all slices are shown
	datum     datumChoice
	notes     []string // for the trace

	sink     *sink              // takes the pixels; nil unless they are rendered
	progress func(done, of int) // is called with the rows that are ready; may be nil
}

// Aspect determines what happens if box and size have different shapes.
type Aspect uint8

// The aspects. Both leave the size as it is.
const (
	DefaultAspect Aspect = iota // the service's (default GrowBox)
	GrowBox                     // the box grows about its centre, along one axis, until pixels are square in ImageSR
	ExactBox                    // the box is kept; pixels may be oblong
)

// NoDataMatch determines how many bands must have their noData value for a pixel to be transparent.
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
	fill(&r.Background, d.Background)
	fill(&r.Interpolation, d.Interpolation)
	if len(r.BandIDs) == 0 {
		r.BandIDs = d.BandIDs
	}
	if r.MosaicRule.Method == mosaic.DefaultMethod {
		m := &r.MosaicRule
		m.Method, m.LockIDs, m.Viewpoint = d.MosaicRule.Method, d.MosaicRule.LockIDs, d.MosaicRule.Viewpoint
		if m.Corner == nil {
			m.Corner = d.MosaicRule.Corner
		}
		m.SortField, m.SortValue, m.Descending = d.MosaicRule.SortField, d.MosaicRule.SortValue, d.MosaicRule.Descending
	}
	fill(&r.MosaicRule.Operation, d.MosaicRule.Operation)
	fill(&r.MosaicRule.Where, d.MosaicRule.Where)
	fill(&r.MosaicRule.Time, d.MosaicRule.Time)
	if r.MosaicRule.IDs == nil {
		r.MosaicRule.IDs = d.MosaicRule.IDs
	}
	fill(&r.Time, d.Time)
	if r.Function == nil {
		r.Function = d.Function
	}
	if r.ItemFunction == nil {
		r.ItemFunction = d.ItemFunction
	}
	if len(r.DatumTransformation) == 0 {
		r.DatumTransformation = d.DatumTransformation
	}
	if r.SliceID == nil && r.Slices == nil && r.MosaicRule.Slices == nil {
		r.SliceID, r.Slices, r.MosaicRule.Slices = d.SliceID, d.Slices, d.MosaicRule.Slices
	}
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
