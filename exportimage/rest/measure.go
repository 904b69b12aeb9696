package rest

import (
	"math"
	"net/url"
	"strconv"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/params"
	"github.com/geoexport/geoexport/srs"
)

// measureRequest is a request with what is about the form of the answer.
type measureRequest struct {
	exportimage.MeasureRequest
	kind                  exportimage.GeometryType
	linear, area, angular params.Unit
}

// measureTable holds the parameters of measure. Pixels do not matter for measures on the ground.
var measureTable = append(params.Table[measureRequest]{
	params.Bind(params.MeasureOperationParam, func(r *measureRequest, m exportimage.Measurement) { r.Measurement = m }),
	params.Bind(params.FromGeometryParam, func(r *measureRequest, g exportimage.Geometry) { r.From = g }),
	params.Bind(params.ToGeometryParam, func(r *measureRequest, g exportimage.Geometry) { r.To = g }),
	params.Bind(params.GeometryTypeParam, func(r *measureRequest, t exportimage.GeometryType) { r.kind = t }),
	params.Bind(params.LinearUnitParam, func(r *measureRequest, u params.Unit) { r.linear = u }),
	params.Bind(params.AngularUnitParam, func(r *measureRequest, u params.Unit) { r.angular = u }),
	params.Bind(params.AreaUnitParam, func(r *measureRequest, u params.Unit) { r.area = u }),
	params.Bind(params.MosaicRuleParam, func(r *measureRequest, m params.Mosaic) { r.MosaicRule = m.Rule }),
	params.Bind(params.PixelSizeParam, func(*measureRequest, exportimage.PixelSize) {}),
}, refusedOf[measureRequest]("raster", "datumTransformation")...)

var measureInquiry = inquiry{title: "Measure", infos: measureTable.Infos(), answer: (*responder).measure}

// measuredValue is a measure in a unit. The uncertainty, which ArcGIS takes from a sensor's model, is not known.
type measuredValue struct {
	Value   float64 `json:"value"`
	Display string  `json:"displayValue"`
	Unit    string  `json:"unit"`
}

func measuredIn(v float64, u params.Unit) *measuredValue {
	v /= u.Size
	return &measuredValue{v, strconv.FormatFloat(v, 'f', displayDigits(v), 64), u.Name}
}

// displayDigits returns the number of decimals that make about seven digits.
func displayDigits(v float64) int {
	n := 6
	for x := math.Abs(v); x >= 10 && n > 0; x /= 10 {
		n--
	}
	return n
}

type measureJSON struct {
	Name      string         `json:"name"`
	Sensor    string         `json:"sensorName"`
	Point     *measuredPoint `json:"point,omitempty"`
	Distance  *measuredValue `json:"distance,omitempty"`
	Azimuth   *measuredValue `json:"azimuthAngle,omitempty"`
	Area      *measuredValue `json:"area,omitempty"`
	Perimeter *measuredValue `json:"perimeter,omitempty"`
}

type measuredPoint struct {
	Value pointJSON `json:"value"`
}

// measure answers with measures on the ground.
func (r *responder) measure(form url.Values) (any, error) {
	req := measureRequest{linear: params.LinearUnits[0].Value, area: params.AreaUnits[0].Value, angular: params.AngularUnits[0].Value}
	if err := parse(r, measureTable, form, &req); err != nil {
		return nil, err
	}
	if req.kind != 0 && req.From.Type != 0 && req.kind != req.From.Type {
		return nil, invalid("fromGeometry", "it is of type %s, and geometryType is %s",
			params.GeometryTypes.Name(req.From.Type), params.GeometryTypes.Name(req.kind))
	}
	res, err := r.service.Measure(r.request.Context(), req.MeasureRequest)
	if err != nil {
		return nil, err
	}
	j := measureJSON{}
	if it := res.Raster; it != nil {
		j.Name = it.Name
		if sensor, ok := it.Attribute("SensorName").(string); ok {
			j.Sensor = sensor
		}
	}
	switch req.Measurement {
	case exportimage.MeasureDistance:
		j.Distance, j.Azimuth = measuredIn(res.Distance, req.linear), measuredIn(res.Azimuth, req.angular)
	case exportimage.MeasureArea:
		j.Area, j.Perimeter = measuredIn(res.Area, req.area), measuredIn(res.Perimeter, req.linear)
	default:
		j.Point = &measuredPoint{pointOf(res.Point)}
	}
	return j, nil
}

type projectRequest struct {
	exportimage.ProjectRequest
	inSR srs.CRS
}

// projectTable holds the parameters of project.
var projectTable = append(params.Table[projectRequest]{
	params.Bind(params.GeometriesParam, func(r *projectRequest, g []exportimage.Geometry) { r.Geometries = g }),
	params.Bind(params.InSRParam, func(r *projectRequest, c srs.CRS) { r.inSR = c }),
	params.Bind(params.OutSRParam, func(r *projectRequest, c srs.CRS) { r.CRS = c }),
}, refusedOf[projectRequest]("transformation", "transformForward", "datumTransformation", "vertical")...)

var projectInquiry = inquiry{title: "Project", infos: projectTable.Infos(), answer: (*responder).project}

// project answers with geometries in another reference.
func (r *responder) project(form url.Values) (any, error) {
	var req projectRequest
	if err := parse(r, projectTable, form, &req); err != nil {
		return nil, err
	}
	if len(req.Geometries) == 0 {
		return nil, invalid("geometries", "it is missing")
	}
	for i := range req.Geometries {
		if req.Geometries[i].CRS.IsZero() {
			req.Geometries[i].CRS = req.inSR
		}
	}
	out, err := r.service.Project(r.request.Context(), req.ProjectRequest)
	if err != nil {
		return nil, err
	}
	list := make([]any, len(out))
	for i, g := range out {
		list[i] = geometryJSON(g)
	}
	return map[string]any{"geometries": list}, nil
}

// geometryJSON returns a geometry as ArcGIS writes it, without its reference.
func geometryJSON(g exportimage.Geometry) any {
	switch g.Type {
	case exportimage.PointGeometry:
		return pointJSON{X: g.Envelope.XMin, Y: g.Envelope.YMin}
	case exportimage.MultipointGeometry:
		return map[string]any{"points": g.Parts[0]}
	case exportimage.PolylineGeometry:
		return map[string]any{"paths": g.Parts}
	case exportimage.EnvelopeGeometry:
		e := g.Envelope
		return map[string]any{"xmin": e.XMin, "ymin": e.YMin, "xmax": e.XMax, "ymax": e.YMax}
	}
	return ringsJSON{g.Parts}
}

type pixelRequest struct {
	points []exportimage.Geometry
	id     int64
}

// pixelTable holds the parameters of computePixelLocation.
var pixelTable = append(params.Table[pixelRequest]{
	params.Bind(params.GeometriesParam, func(r *pixelRequest, g []exportimage.Geometry) { r.points = g }),
	params.Bind(params.RasterIDParam, func(r *pixelRequest, id int64) { r.id = id }),
}, refusedOf[pixelRequest]("spatialReference", "datumTransformation")...)

var pixelInquiry = inquiry{title: "Compute pixel location", infos: pixelTable.Infos(), answer: (*responder).pixelLocation}

// pixelLocation answers with the columns and rows of places in a raster.
func (r *responder) pixelLocation(form url.Values) (any, error) {
	var req pixelRequest
	if err := parse(r, pixelTable, form, &req); err != nil {
		return nil, err
	}
	if len(req.points) == 0 {
		return nil, invalid("geometries", "it is missing")
	}
	at, err := r.service.PixelLocations(r.request.Context(), req.id, req.points)
	if err != nil {
		return nil, err
	}
	list := make([]pointJSON, len(at))
	for i, p := range at {
		list[i] = pointJSON{X: p[0], Y: p[1]}
	}
	return map[string]any{"geometries": list}, nil
}
