package rest

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/params"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
	"github.com/geoexport/geoexport/resample"
	"github.com/geoexport/geoexport/srs"
)

// identifyRequest is a request with what is about the form of the answer.
type identifyRequest struct {
	exportimage.IdentifyRequest
	kind             exportimage.GeometryType // of the geometry
	outlines, values bool
	most             int // items
}

// identifyTable holds the parameters of identify.
var identifyTable = append(params.Table[identifyRequest]{
	params.Bind(params.GeometryParam, func(r *identifyRequest, g exportimage.Geometry) { r.Geometry = g }),
	params.Bind(params.GeometryTypeParam, func(r *identifyRequest, t exportimage.GeometryType) { r.kind = t }),
	params.Bind(params.MosaicRuleParam, func(r *identifyRequest, m params.Mosaic) {
		r.Export.MosaicRule, r.Export.ItemFunction = m.Rule, m.ItemFunction
	}),
	params.Bind(params.RenderingParam, func(r *identifyRequest, f params.Rendering) {
		r.Export.Function, r.Export.Slices = f.Function, append(r.Export.Slices, f.Slices...)
	}),
	params.Bind(params.RenderingRulesParam, func(r *identifyRequest, f []function.Function) { r.Rules = f }),
	params.Bind(params.PixelSizeParam, func(r *identifyRequest, p exportimage.PixelSize) { r.PixelSize = p }),
	params.Bind(params.TimeParam, func(r *identifyRequest, t mosaic.TimeExtent) { r.Export.Time = t }),
	params.Bind(params.SliceIDParam, func(r *identifyRequest, id int64) { r.Export.SliceID = &id }),
	params.Bind(params.MultidimensionalDefinitionParam,
		func(r *identifyRequest, c []mosaic.SliceCondition) { r.Export.Slices = append(r.Export.Slices, c...) }),
	params.Bind(params.InterpolationParam, func(r *identifyRequest, i resample.Interpolation) { r.Export.Interpolation = i }),
	params.Bind(params.BandIDsParam, func(r *identifyRequest, b []int) { r.Export.BandIDs = b }),
	params.Bind(params.PixelTypeParam, func(r *identifyRequest, t raster.PixelType) { r.Export.PixelType = t }),
	params.Bind(params.NoDataParam, func(r *identifyRequest, v []float64) { r.Export.NoData = v }),
	params.Bind(params.NoDataInterpretationParam,
		func(r *identifyRequest, m exportimage.NoDataMatch) { r.Export.NoDataMatch = m }),
	params.Bind(params.ReturnCatalogItemsParam, func(r *identifyRequest, b bool) { r.Items = b }),
	params.Bind(params.ReturnGeometryParam, func(r *identifyRequest, b bool) { r.outlines = b }),
	params.Bind(params.ReturnPixelValuesParam, func(r *identifyRequest, b bool) { r.values = b }),
	params.Bind(params.MaxItemCountParam, func(r *identifyRequest, n int) { r.most = n }),
	params.Bind(params.ProcessAsMultidimensionalParam, func(r *identifyRequest, b bool) { r.AllSlices = b }),
}, refusedOf[identifyRequest]("datumTransformation")...)

type pointJSON struct {
	X  float64 `json:"x"`
	Y  float64 `json:"y"`
	SR *srJSON `json:"spatialReference,omitempty"`
}

type identifyJSON struct {
	ObjectID     int              `json:"objectId"`
	Name         string           `json:"name"`
	Value        string           `json:"value"`
	Location     pointJSON        `json:"location"`
	Properties   *identifyValues  `json:"properties"`
	Items        *featureListJSON `json:"catalogItems"`
	Visibilities []int            `json:"catalogItemVisibilities"`
	Processed    []string         `json:"processedValues,omitempty"`
	Results      []layerResult    `json:"results,omitempty"`
}

// A layerResult is the answer in the form that identify of a map service has, whose clients state how large their map is.
type layerResult struct {
	LayerID      int               `json:"layerId"`
	LayerName    string            `json:"layerName"`
	DisplayField string            `json:"displayFieldName"`
	Value        string            `json:"value"`
	Attributes   map[string]string `json:"attributes"`
	GeometryType string            `json:"geometryType"`
	Geometry     pointJSON         `json:"geometry"`
}

// pixelField is the name of the pixel's value there.
const pixelField = "Pixel Value"

type identifyValues struct {
	Values []string `json:"Values"`
}

// A featureListJSON is a set of features as ArcGIS writes it.
type featureListJSON struct {
	ObjectIDField string        `json:"objectIdFieldName"`
	GeometryType  string        `json:"geometryType,omitempty"`
	SR            *srJSON       `json:"spatialReference,omitempty"`
	Features      []featureJSON `json:"features"`
}

type featureJSON struct {
	Geometry   *ringsJSON     `json:"geometry,omitempty"`
	Attributes map[string]any `json:"attributes"`
}

type ringsJSON struct {
	Rings [][][2]float64 `json:"rings"`
}

// identify answers with the pixel at a place and the rasters there.
func (r *responder) identify(form url.Values) error {
	req := identifyRequest{values: true}
	req.Items = true
	if err := parse(r, identifyTable, form, &req); err != nil {
		return err
	}
	if err := agree(req.Geometry, req.kind); err != nil {
		return err
	}
	ctx := r.request.Context()
	d, err := r.service.Describe(ctx)
	if err != nil {
		return err
	}
	req.Items = req.Items && d.Rasters > 1
	res, err := r.service.Identify(ctx, req.IdentifyRequest)
	if err != nil {
		return err
	}
	j := identifyJSON{Name: "Pixel", Value: valueText(res.Values, res.Type, ", ", "NoData"), Location: pointOf(res.Location)}
	if req.AllSlices {
		values := make([]string, len(res.Slices))
		for i, s := range res.Slices {
			values[i] = valueText(s.Values, s.Type, ", ", "NoData")
		}
		j.Value = strings.Join(values, "; ")
	}
	for _, v := range res.Ruled {
		j.Processed = append(j.Processed, valueText(v, raster.F64, ", ", "NoData"))
	}
	j.Results = layerResults(form, &j, title(r.service))
	if req.Items {
		j.Items = &featureListJSON{ObjectIDField: "OBJECTID", Features: []featureJSON{}}
		j.Visibilities = []int{}
		if req.outlines {
			sr := srOf(d.CRS)
			j.Items.GeometryType, j.Items.SR = "esriGeometryPolygon", &sr
		}
		values := &identifyValues{Values: []string{}}
		for i, it := range res.Items {
			if req.most > 0 && i == req.most {
				break
			}
			f := featureJSON{Attributes: attributesOf(it.Item)}
			if req.outlines {
				if f.Geometry, err = outlineOf(it.Item.Footprint, d.CRS); err != nil {
					return err
				}
			}
			j.Items.Features = append(j.Items.Features, f)
			visible := 0
			if it.Visible {
				visible = 1
			}
			j.Visibilities = append(j.Visibilities, visible)
			values.Values = append(values.Values, valueText(it.Values, res.Type, " ", "NoData"))
		}
		if req.values {
			j.Properties = values
		}
	}
	r.json(j)
	return nil
}

// layerResults returns an answer in the form of map services, for requests in theirs, as QGIS writes them, which reads nothing
// else.
func layerResults(form url.Values, j *identifyJSON, layer string) []layerResult {
	if formValue(form, "mapExtent") == "" || formValue(form, "imageDisplay") == "" {
		return nil
	}
	return []layerResult{{
		LayerName: layer, DisplayField: pixelField, Value: j.Value, Attributes: map[string]string{pixelField: j.Value},
		GeometryType: params.GeometryTypes.Name(exportimage.PointGeometry), Geometry: j.Location,
	}}
}

// agree returns an error if a geometry is not of the type that the request states.
func agree(g exportimage.Geometry, kind exportimage.GeometryType) error {
	if kind != 0 && g.Type != 0 && g.Type != kind {
		return invalid("geometry", "it is of type %s, and geometryType is %s",
			params.GeometryTypes.Name(g.Type), params.GeometryTypes.Name(kind))
	}
	return nil
}

func srOf(c srs.CRS) srJSON { return extentOf(srs.Envelope{}, c).SR }

func pointOf(p mosaic.Point) pointJSON {
	sr := srOf(p.CRS)
	return pointJSON{p.X, p.Y, &sr}
}

// valueText returns the values of bands as text, with all digits that their type has.
func valueText(values []float64, t raster.PixelType, between, none string) string {
	if values == nil {
		return none
	}
	bits := 64
	if t == raster.F32 {
		bits = 32
	}
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = strconv.FormatFloat(v, 'f', -1, bits)
	}
	return strings.Join(out, between)
}

// attributesOf returns the fields of an item, with dates in milliseconds since 1970.
func attributesOf(it *mosaic.Item) map[string]any {
	out := map[string]any{"OBJECTID": it.ID, "Name": it.Name, "MinPS": it.MinPS, "MaxPS": it.MaxPS}
	for name, v := range it.Attrs {
		if strings.EqualFold(name, mosaic.IDFieldName) {
			continue // the ID is the item's, under the name that the answer states
		}
		for _, usual := range []string{"Name", "MinPS", "MaxPS"} {
			if strings.EqualFold(name, usual) {
				delete(out, usual) // an attribute of that name is what conditions read
			}
		}
		switch v := v.(type) {
		case time.Time:
			out[name] = v.UnixMilli()
		case nil, string, bool, int, int32, int64, float32, float64:
			out[name] = finiteOrNil(v)
		default:
			out[name] = fmt.Sprint(v)
		}
	}
	return out
}

// finiteOrNil returns a value that JSON holds: nil in the place of a number that is not finite.
func finiteOrNil(v any) any {
	switch f := v.(type) {
	case float64:
		if f-f != 0 {
			return nil
		}
	case float32:
		if f-f != 0 {
			return nil
		}
	}
	return v
}

// outlineOf returns a footprint as a polygon in a CRS: its ring, or else its box.
func outlineOf(f mosaic.Footprint, to srs.CRS) (*ringsJSON, error) {
	ring := slices.Clone(f.Ring)
	if ring == nil {
		e := f.Envelope
		ring = mosaic.Ring{{e.XMin, e.YMin}, {e.XMin, e.YMax}, {e.XMax, e.YMax}, {e.XMax, e.YMin}}
	}
	if len(ring) > 0 && ring[0] != ring[len(ring)-1] {
		ring = append(ring, ring[0])
	}
	if f.CRS != to && !f.CRS.IsZero() {
		t, err := srs.Options{Area: &f.Envelope}.NewTransformer(f.CRS, to)
		if err != nil {
			return nil, unsupported("returnGeometry", "an outline has no image in the service's spatial reference: %w", err)
		}
		xs, ys := make([]float64, len(ring)), make([]float64, len(ring))
		for i, p := range ring {
			xs[i], ys[i] = p[0], p[1]
		}
		if t.Transform(xs, ys) > 0 {
			return nil, unsupported("returnGeometry", "an outline has no image in the service's spatial reference")
		}
		for i := range ring {
			ring[i] = [2]float64{xs[i], ys[i]}
		}
	}
	return &ringsJSON{[][][2]float64{ring}}, nil
}
