package params

import (
	"image"
	"net/url"
	"slices"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/quote"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/resample"
	"github.com/geoexport/geoexport/srs"
)

// ExportImage returns the parameters of the operation, in the order of ArcGIS's form since 10.9.
func ExportImage() Table[exportimage.Request] { return slices.Clone(exportImage) }

type request = exportimage.Request

var exportImage = Table[request]{
	Bind(BBoxParam, func(r *request, b Box) { r.BBox, r.BBoxSR = b.Envelope, b.CRS }),
	Bind(BBoxSRParam, func(r *request, c srs.CRS) { r.BBoxSR = c }),
	Bind(SizeParam, func(r *request, p image.Point) { r.Size = p }),
	Bind(ImageSRParam, func(r *request, c srs.CRS) { r.ImageSR = c }),
	Bind(TimeParam, func(r *request, t mosaic.TimeExtent) { r.Time = t }),
	Bind(FormatParam, func(r *request, s string) { r.Format = s }),
	Bind(PixelTypeParam, func(r *request, t raster.PixelType) { r.PixelType = t }),
	Bind(NoDataParam, func(r *request, v []float64) { r.NoData = v }),
	Bind(NoDataInterpretationParam, func(r *request, m exportimage.NoDataMatch) { r.NoDataMatch = m }),
	Bind(InterpolationParam, func(r *request, i resample.Interpolation) { r.Interpolation = i }),
	Bind(CompressionParam, func(r *request, s string) { r.Compression = s }),
	Bind(CompressionQualityParam, func(r *request, q int) { r.CompressionQuality = &q }),
	Bind(BandIDsParam, func(r *request, b []int) { r.BandIDs = b }),
	Bind(SliceIDParam, func(r *request, id int64) { r.SliceID = &id }),
	Bind(MultidimensionalDefinitionParam, func(r *request, c []mosaic.SliceCondition) { r.Slices = append(r.Slices, c...) }),
	Bind(MosaicPropertiesParam, func(r *request, m mosaic.Rule) { r.MosaicRule = m }),
	Bind(ViewpointPropertiesParam, func(r *request, p *mosaic.Point) { r.MosaicRule.Viewpoint = p }),
	Bind(MosaicRuleParam, func(r *request, m Mosaic) { // replaces those of 9.3
		r.MosaicRule, r.ItemFunction = m.Rule, m.ItemFunction
	}),
	Bind(RenderingParam, func(r *request, f Rendering) { r.Function, r.Slices = f.Function, append(r.Slices, f.Slices...) }),
	Bind(AdjustAspectRatioParam, func(r *request, grow bool) {
		r.Aspect = exportimage.ExactBox
		if grow {
			r.Aspect = exportimage.GrowBox
		}
	}),
	Bind(ValidateExtentParam, func(r *request, b bool) { r.ValidateExtent = b }),
	Bind(LERCVersionParam, func(r *request, n int) { r.LERCVersion = n }),
	Bind(CompressionToleranceParam, func(r *request, n float64) { r.CompressionTolerance = &n }),
	Bind(DatumTransformationParam, func(r *request, o []srs.Operation) { r.DatumTransformation = o }),
}

// maxUnknown bounds how many unknown parameters are named.
const maxUnknown = 64

// ParseRequest reads the parameters of Export Image from a query string or a form, as Table.Parse does. Parameters that
// the operation does not have are listed in Request.Unknown; those of the transport (see IsTransport) are passed over.
func ParseRequest(v url.Values) (exportimage.Request, error) {
	var r exportimage.Request
	remarks, err := exportImage.Parse(v, &r)
	if err != nil {
		return exportimage.Request{}, err
	}
	for _, name := range remarks.Unknown {
		if !IsTransport(name) {
			r.Unknown = append(r.Unknown, quote.Short(name))
		}
	}
	r.Unknown = r.Unknown[:min(len(r.Unknown), maxUnknown)]
	r.Forgiven = remarks.Forgiven
	return r, nil
}

// transport are the parameters about the form of the answer.
var transport = []string{"f", "pretty", "callback", "explain", "token"}

// IsTransport reports whether a parameter, in lower case, is about the form of the answer: f, pretty, callback, explain
// or token. They are common to all operations and in no table.
func IsTransport(name string) bool { return slices.Contains(transport, name) }
