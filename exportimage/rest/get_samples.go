package rest

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/params"
	"github.com/geoexport/geoexport/internal/quote"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/resample"
)

// samplesRequest is a request with what is about the form of the answer.
type samplesRequest struct {
	exportimage.SamplesRequest
	kind   exportimage.GeometryType
	fields []string
}

// samplesTable holds the parameters of getSamples.
var samplesTable = append(params.Table[samplesRequest]{
	params.Bind(params.GeometryParam, func(r *samplesRequest, g exportimage.Geometry) { r.Geometry = g }),
	params.Bind(params.GeometryTypeParam, func(r *samplesRequest, t exportimage.GeometryType) { r.kind = t }),
	params.Bind(params.SampleDistanceParam, func(r *samplesRequest, d float64) { r.Distance = d }),
	params.Bind(params.SampleCountParam, func(r *samplesRequest, n int) { r.Count = n }),
	params.Bind(params.MosaicRuleParam, func(r *samplesRequest, m params.Mosaic) {
		r.Export.MosaicRule, r.Export.ItemFunction = m.Rule, m.ItemFunction
	}),
	params.Bind(params.RenderingParam, func(r *samplesRequest, f params.Rendering) {
		r.Export.Function, r.Export.Slices = f.Function, append(r.Export.Slices, f.Slices...)
	}),
	params.Bind(params.PixelSizeParam, func(r *samplesRequest, p exportimage.PixelSize) { r.PixelSize = p }),
	params.Bind(params.ReturnFirstValueOnlyParam, func(r *samplesRequest, b bool) { r.All = !b }),
	params.Bind(params.InterpolationParam, func(r *samplesRequest, i resample.Interpolation) { r.Export.Interpolation = i }),
	params.Bind(params.OutFieldsParam, func(r *samplesRequest, f []string) { r.fields = f }),
	params.Bind(params.SliceIDParam, func(r *samplesRequest, id int64) { r.Export.SliceID = &id }),
	params.Bind(params.MultidimensionalDefinitionParam,
		func(r *samplesRequest, c []mosaic.SliceCondition) { r.Export.Slices = append(r.Export.Slices, c...) }),
	params.Bind(params.TimeParam, func(r *samplesRequest, t mosaic.TimeExtent) { r.Export.Time = t }),
	params.Bind(params.BandIDsParam, func(r *samplesRequest, b []int) { r.Export.BandIDs = b }),
	params.Bind(params.PixelTypeParam, func(r *samplesRequest, t raster.PixelType) { r.Export.PixelType = t }),
	params.Bind(params.NoDataParam, func(r *samplesRequest, v []float64) { r.Export.NoData = v }),
	params.Bind(params.NoDataInterpretationParam,
		func(r *samplesRequest, m exportimage.NoDataMatch) { r.Export.NoDataMatch = m }),
	params.Bind(params.ProcessAsMultidimensionalParam, func(r *samplesRequest, b bool) { r.All = r.All || b }),
}, refusedOf[samplesRequest]("datumTransformation")...)

type sampleJSON struct {
	Location   pointJSON      `json:"location"`
	LocationID int            `json:"locationId"`
	Value      string         `json:"value"`
	RasterID   *int64         `json:"rasterId,omitempty"`
	Resolution *float64       `json:"resolution,omitempty"`
	Attributes map[string]any `json:"attributes,omitempty"`
}

type samplesJSON struct {
	Samples []sampleJSON `json:"samples"`
}

// getSamples answers with the pixels at places.
func (r *responder) getSamples(form url.Values) error {
	var req samplesRequest
	if err := parse(r, samplesTable, form, &req); err != nil {
		return err
	}
	if err := agree(req.Geometry, req.kind); err != nil {
		return err
	}
	known := map[string]bool{} // fields that some raster has, as the request names them
	ctx := r.request.Context()
	d, err := r.service.Describe(ctx)
	if err != nil {
		return err
	}
	for _, name := range req.fields {
		if m := d.Multidimensional; m != nil && hasVariable(m, name) {
			req.Variables = append(req.Variables, name)
			known[name] = true
		}
	}
	samples, err := r.service.Samples(ctx, req.SamplesRequest)
	if err != nil {
		return err
	}
	j := samplesJSON{[]sampleJSON{}}
	for _, s := range samples {
		one := sampleJSON{
			Location: pointOf(s.Location), LocationID: s.LocationID, Value: valueText(s.Values, s.Type, " ", "NoData"),
		}
		if s.Item != nil {
			one.RasterID = &s.Item.ID
			resolution := (s.Cell.X + s.Cell.Y) / 2
			one.Resolution = &resolution
			one.Attributes = chosenFields(s.Item, req.fields, known)
		}
		if s.Slice != nil {
			all := sliceAttributes(s)
			maps.Copy(all, one.Attributes)
			one.Attributes = all
		}
		j.Samples = append(j.Samples, one)
	}
	for _, name := range req.fields {
		if name != "*" && !known[name] && len(known) > 0 {
			return invalid("outFields", "no raster there has a field %s", quote.Text(name))
		}
	}
	r.json(j)
	return nil
}

func hasVariable(m *exportimage.Multidimensional, name string) bool {
	return slices.ContainsFunc(m.Variables, func(v exportimage.Variable) bool { return strings.EqualFold(v.Name, name) })
}

// chosenFields returns the fields of an item that a request names, in any case; nil if it names none. It notes in known
// which there are.
func chosenFields(it *mosaic.Item, names []string, known map[string]bool) map[string]any {
	if len(names) == 0 {
		return nil
	}
	all := attributesOf(it)
	if slices.Contains(names, "*") {
		return all
	}
	known["OBJECTID"] = true
	out := map[string]any{}
	for _, name := range names {
		for field, v := range all {
			if strings.EqualFold(field, name) {
				out[field], known[name] = v, true
			}
		}
	}
	return out
}
