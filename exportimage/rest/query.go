package rest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/params"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/srs"
)

// queryRequest is a request with what is about the form of the answer.
type queryRequest struct {
	exportimage.QueryRequest
	kind               exportimage.GeometryType
	inSR               srs.CRS
	ids, count, extent bool
	outlines           bool // are asked for by name
}

// queryTable holds the parameters of query.
var queryTable = append(params.Table[queryRequest]{
	params.Bind(params.WhereParam, func(r *queryRequest, s string) { r.Where = s }),
	params.Bind(params.ObjectIDsParam, func(r *queryRequest, ids []int64) { r.IDs = ids }),
	params.Bind(params.TimeParam, func(r *queryRequest, t mosaic.TimeExtent) { r.Time = t }),
	params.Bind(params.GeometryParam, func(r *queryRequest, g exportimage.Geometry) { r.Geometry = g }),
	params.Bind(params.GeometryTypeParam, func(r *queryRequest, t exportimage.GeometryType) { r.kind = t }),
	params.Bind(params.InSRParam, func(r *queryRequest, c srs.CRS) { r.inSR = c }),
	params.Bind(params.SpatialRelParam, func(r *queryRequest, v exportimage.Relation) { r.Relation = v }),
	params.Bind(params.OutFieldsParam, func(r *queryRequest, f []string) { r.Fields = f }),
	params.Bind(params.ReturnOutlinesParam, func(r *queryRequest, b bool) { r.Outlines, r.outlines = b, b }),
	params.Bind(params.OutSRParam, func(r *queryRequest, c srs.CRS) { r.CRS = c }),
	params.Bind(params.ReturnIDsOnlyParam, func(r *queryRequest, b bool) { r.ids = b }),
	params.Bind(params.ReturnCountOnlyParam, func(r *queryRequest, b bool) { r.count = b }),
	params.Bind(params.ReturnExtentOnlyParam, func(r *queryRequest, b bool) { r.extent = b }),
	params.Bind(params.PixelSizeParam, func(r *queryRequest, p exportimage.PixelSize) { r.PixelSize = p }),
	params.Bind(params.OrderByFieldsParam, func(r *queryRequest, o []exportimage.FieldOrder) { r.Order = o }),
	params.Bind(params.GroupByFieldsForStatisticsParam, func(r *queryRequest, f []string) { r.GroupBy = f }),
	params.Bind(params.OutStatisticsParam, func(r *queryRequest, s []exportimage.FieldStatistic) { r.Statistics = s }),
	params.Bind(params.ReturnDistinctValuesParam, func(r *queryRequest, b bool) { r.Distinct = b }),
	params.Bind(params.ResultOffsetParam, func(r *queryRequest, n int) { r.Offset = n }),
	params.Bind(params.ResultRecordCountParam, func(r *queryRequest, n int) { r.Count = n }),
	params.Bind(params.MaxAllowableOffsetParam, func(r *queryRequest, n float64) { r.MaxOffset = n }),
	params.Bind(params.MultidimensionalDefinitionParam, func(r *queryRequest, c []mosaic.SliceCondition) { r.Slices = c }),
	params.Bind(params.GeometryPrecisionParam, func(r *queryRequest, n int) { r.Decimals = &n }),
}, refusedOf[queryRequest](
	"relationParam", "rasterQuery", "quantizationParameters", "having", "returnTrueCurves",
	"returnZ", "returnM", "returnCentroid", "historicMoment", "gdbVersion", "datumTransformation", "distance", "text",
	"topFilter", "fullText", "returnUniqueIdsOnly",
)...)

// refusedOf returns parameters that are errors unless they ask for nothing.
func refusedOf[T any](names ...string) (out []params.Field[T]) {
	for _, name := range names {
		out = append(out, params.Bind(params.Refused(name), func(*T, struct{}) {}))
	}
	return out
}

// queryInquiry asks the catalogue.
var queryInquiry = inquiry{
	title: "Query", infos: queryTable.Infos(), answer: (*responder).query, show: (*responder).showFeatures,
	usual: func(_ *responder, form url.Values) error {
		form.Set("where", "1=1")
		form.Set("outFields", "*")
		return nil
	},
}

// ordered is a JSON object whose members are in the order of fields.
type ordered struct {
	fields []mosaic.Field
	values []any
}

func (o ordered) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, f := range o.fields {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := json.Marshal(f.Name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(attributeJSON(o.values[i]))
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// attributeJSON returns the value of a field as JSON has it: dates are milliseconds since 1970.
func attributeJSON(v any) any {
	if t, ok := v.(time.Time); ok {
		return t.UnixMilli()
	}
	return finiteOrNil(v)
}

// fieldJSON is a field as ArcGIS describes it.
type fieldJSON struct {
	Name   string `json:"name"`
	Type   string `json:"type"`
	Alias  string `json:"alias"`
	Length int    `json:"length,omitempty"`
}

func fieldsJSON(fields []mosaic.Field) []fieldJSON {
	out := make([]fieldJSON, len(fields))
	for i, f := range fields {
		out[i] = fieldJSON{Name: f.Name, Type: fieldType(f), Alias: f.Name}
		switch f.Type {
		case mosaic.TextField:
			out[i].Length = max(1, f.Length)
		case mosaic.DateField:
			out[i].Length = 8
		}
	}
	return out
}

// fieldType returns the name of a field's type. Whole numbers of more than 32 bits are doubles, which all clients read.
func fieldType(f mosaic.Field) string {
	switch f.Type {
	case mosaic.IDField:
		return "esriFieldTypeOID"
	case mosaic.IntegerField:
		if !f.Wide {
			return "esriFieldTypeInteger"
		}
		return "esriFieldTypeDouble"
	case mosaic.NumberField:
		return "esriFieldTypeDouble"
	case mosaic.DateField:
		return "esriFieldTypeDate"
	}
	return "esriFieldTypeString"
}

// featureSetJSON is a set of features as ArcGIS writes it.
type featureSetJSON struct {
	Display      string            `json:"displayFieldName"`
	Aliases      map[string]string `json:"fieldAliases"`
	ObjectID     string            `json:"objectIdFieldName,omitempty"`
	GeometryType string            `json:"geometryType,omitempty"`
	SR           *srJSON           `json:"spatialReference,omitempty"`
	Fields       []fieldJSON       `json:"fields"`
	Features     []orderedFeature  `json:"features"`
	More         bool              `json:"exceededTransferLimit,omitempty"`

	result exportimage.QueryResult // that it was made from
}

type orderedFeature struct {
	Attributes ordered    `json:"attributes"`
	Geometry   *ringsJSON `json:"geometry,omitempty"`
}

// query answers with what the catalogue has.
func (r *responder) query(form url.Values) (any, error) {
	req := queryRequest{}
	req.Outlines = true
	if err := parse(r, queryTable, form, &req); err != nil {
		return nil, err
	}
	if err := agree(req.Geometry, req.kind); err != nil {
		return nil, err
	}
	if req.Geometry.CRS.IsZero() {
		req.Geometry.CRS = req.inSR
	}
	switch {
	case req.outlines && req.Distinct:
		return nil, unsupported("returnGeometry", "distinct rows have no outlines: leave one of the two out")
	case req.extent && req.ids:
		return nil, invalid("returnExtentOnly", "an answer has the IDs or the extent: returnIdsOnly is true, too")
	case req.extent:
		req.Part = exportimage.QueryExtent
	case req.count:
		req.Part = exportimage.QueryCount
	case req.ids:
		req.Part = exportimage.QueryIDs
	}
	geojson := r.f == "geojson"
	if geojson && req.CRS.IsZero() {
		var err error
		if req.CRS, err = srs.FromWKID(4326); err != nil {
			return nil, err
		}
	}
	res, err := r.service.Query(r.request.Context(), req.QueryRequest)
	if err != nil {
		return nil, err
	}
	switch {
	case req.extent:
		return extentAnswer(res, req.count), nil
	case req.count:
		return map[string]int{"count": res.Count}, nil
	case req.ids:
		return struct {
			Name string  `json:"objectIdFieldName"`
			IDs  []int64 `json:"objectIds"`
		}{mosaic.IDFieldName, res.IDs}, nil
	case geojson:
		return newGeoJSON(res), nil
	}
	return newFeatureSet(res), nil
}

// extentAnswer returns the box around rasters; of none, its coordinates are the text NaN, as ArcGIS writes them.
func extentAnswer(res exportimage.QueryResult, count bool) any {
	out := map[string]any{"extent": extentOf(res.Extent, res.CRS)}
	if res.Count == 0 {
		out["extent"] = map[string]any{
			"xmin": "NaN", "ymin": "NaN", "xmax": "NaN", "ymax": "NaN", "spatialReference": srOf(res.CRS),
		}
	}
	if count {
		out["count"] = res.Count
	}
	return out
}

func newFeatureSet(res exportimage.QueryResult) featureSetJSON {
	j := featureSetJSON{
		Aliases: map[string]string{}, Fields: fieldsJSON(res.Fields), Features: make([]orderedFeature, len(res.Features)),
		More: res.More, result: res,
	}
	for _, f := range res.Fields {
		j.Aliases[f.Name] = f.Name
		if f.Type == mosaic.IDField {
			j.ObjectID = f.Name
		}
	}
	for i, f := range res.Features {
		j.Features[i].Attributes = ordered{res.Fields, f.Values}
		if f.Outline != nil {
			j.Features[i].Geometry = &ringsJSON{[][][2]float64{f.Outline}}
			if j.SR == nil {
				sr := srOf(res.CRS)
				j.GeometryType, j.SR = "esriGeometryPolygon", &sr
			}
		}
	}
	return j
}

// geoJSON is a set of features as RFC 7946 has it; with another reference than WGS 84, as the specification of 2008 has it.
type geoJSON struct {
	Type     string           `json:"type"`
	CRS      *geoJSONCRS      `json:"crs,omitempty"`
	More     *geoJSONMore     `json:"properties,omitempty"` // as ArcGIS writes it
	Features []geoJSONFeature `json:"features"`
}

type geoJSONCRS struct {
	Type       string            `json:"type"`
	Properties map[string]string `json:"properties"`
}

type geoJSONMore struct {
	More bool `json:"exceededTransferLimit"`
}

type geoJSONFeature struct {
	Type       string           `json:"type"`
	ID         *int64           `json:"id,omitempty"`
	Geometry   *geoJSONGeometry `json:"geometry"`
	Properties ordered          `json:"properties"`
}

type geoJSONGeometry struct {
	Type        string `json:"type"`
	Coordinates any    `json:"coordinates"` // a list of rings, or of such lists for a MultiPolygon
}

func newGeoJSON(res exportimage.QueryResult) geoJSON {
	j := geoJSON{Type: "FeatureCollection", Features: make([]geoJSONFeature, len(res.Features))}
	code, _ := res.CRS.WKID()
	if code != 4326 {
		j.CRS = &geoJSONCRS{"name", map[string]string{"name": fmt.Sprintf("EPSG:%d", code)}}
	}
	if res.More {
		j.More = &geoJSONMore{true}
	}
	for i, f := range res.Features {
		one := geoJSONFeature{Type: "Feature", Properties: ordered{res.Fields, f.Values}}
		if f.Item != nil {
			one.ID = &f.Item.ID
		}
		if f.Outline != nil {
			ring := slices.Clone(f.Outline)
			slices.Reverse(ring) // outer rings run against the clock there
			one.Geometry = &geoJSONGeometry{"Polygon", [][][2]float64{ring}}
			if code == 4326 {
				one.Geometry = polygonsOf(cutAtAntimeridian(ring))
			}
		}
		j.Features[i] = one
	}
	return j
}

// polygonsOf returns rings as one polygon or several.
func polygonsOf(rings [][][2]float64) *geoJSONGeometry {
	if len(rings) == 1 {
		return &geoJSONGeometry{"Polygon", rings}
	}
	all := make([][][][2]float64, len(rings))
	for i, r := range rings {
		all[i] = [][][2]float64{r}
	}
	return &geoJSONGeometry{"MultiPolygon", all}
}

// showFeatures adds the features of an answer to a page as a table, and other answers as JSON.
func (r *responder) showFeatures(p *page, answer any) {
	set, ok := answer.(featureSetJSON)
	if !ok {
		p.Text = indented(answer)
		return
	}
	t := &grid{}
	for _, f := range set.result.Fields {
		t.Header = append(t.Header, f.Name)
	}
	for _, f := range set.result.Features {
		var cells []link
		for i, v := range f.Values {
			cell := link{Name: attributeText(v)}
			if set.result.Fields[i].Type == mosaic.IDField && f.Item != nil {
				cell.URL = r.root + "/" + strconv.FormatInt(f.Item.ID, 10)
			}
			cells = append(cells, cell)
		}
		t.Rows = append(t.Rows, cells)
	}
	p.Grid = t
	p.Message = fmt.Sprintf("%d found", len(set.result.Features))
	if set.More {
		p.Message += ", and there are more"
	}
}

// attributeText returns the value of a field for people.
func attributeText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case time.Time:
		return v.UTC().Format("2006-01-02 15:04:05")
	case float64:
		return plain(v)
	}
	return fmt.Sprint(v)
}
