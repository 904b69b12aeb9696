package params

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/quote"
	"github.com/geoexport/geoexport/srs"
)

// maxVertices bounds how many vertices a geometry may have, over all its parts.
const maxVertices = 1 << 16

// Geometry reads a geometry: the JSON of a point, multipoint, polyline, polygon or envelope, or the short forms "x,y"
// of a point and "xmin,ymin,xmax,ymax" of an envelope. An open ring of a polygon is closed; heights and measures are
// passed over.
//
// If geometryType, which requests send beside it, is not empty, the geometry must be of that type.
func Geometry(text, geometryType string) (exportimage.Geometry, error) {
	g, err := GeometryParam.Parse(text)
	if err != nil {
		return exportimage.Geometry{}, err
	}
	want, err := GeometryTypeParam.Parse(geometryType)
	if err != nil {
		return exportimage.Geometry{}, err
	}
	if want != 0 && g.Type != 0 && g.Type != want {
		return exportimage.Geometry{}, invalid(GeometryParam.Name, "it is of type %s, and geometryType is %s",
			GeometryTypes.Name(g.Type), GeometryTypes.Name(want))
	}
	return g, nil
}

func readGeometry(s string, f *Forgiven) (exportimage.Geometry, error) {
	if isJSON(s) {
		return readJSONGeometry(s, f)
	}
	n, err := numbers(s, 4, f)
	if err != nil {
		return exportimage.Geometry{}, err
	}
	switch len(n) {
	case 2:
		return pointAt(n[0], n[1]), nil
	case 4:
		return envelopeOf(Box{Envelope: srs.Envelope{XMin: n[0], YMin: n[1], XMax: n[2], YMax: n[3]}})
	}
	return exportimage.Geometry{}, fmt.Errorf("x,y or xmin,ymin,xmax,ymax is wanted, not %d numbers", len(n))
}

func readJSONGeometry(s string, f *Forgiven) (g exportimage.Geometry, err error) {
	m, err := readMembers(s, f)
	if err != nil {
		return g, err
	}
	if err := m.oneShape(); err != nil {
		return g, err
	}
	switch {
	case m.has("x") || m.has("y"):
		g, err = m.takeVertex()
	case m.has("points"):
		g, err = m.takeParts(exportimage.MultipointGeometry, "points")
	case m.has("paths"):
		g, err = m.takeParts(exportimage.PolylineGeometry, "paths")
	case m.has("rings"):
		g, err = m.takeParts(exportimage.PolygonGeometry, "rings")
	case m.has("xmin"):
		var b Box
		if b, err = m.takeBox(); err == nil {
			g, err = envelopeOf(b)
		}
	default:
		err = errors.New("it is no point, multipoint, polyline, polygon or envelope")
	}
	if err == nil && g.Type != exportimage.EnvelopeGeometry { // whose spatial reference was read with the box
		err = m.takeCRS("spatialReference", &g.CRS)
	}
	if err == nil {
		err = m.noMore(g.Type)
	}
	if err != nil {
		return exportimage.Geometry{}, err
	}
	return g, nil
}

// shapeMembers are the members of which a geometry has those of one row.
var shapeMembers = [][]string{{"x", "y"}, {"points"}, {"paths"}, {"rings"}, {"xmin", "ymin", "xmax", "ymax"}}

// oneShape returns an error for members of two shapes, one of which would be passed over, and for curves.
func (m members) oneShape() error {
	first := ""
	for _, row := range shapeMembers {
		at := slices.IndexFunc(row, m.has)
		if at < 0 {
			continue
		}
		if first != "" {
			return fmt.Errorf("it has both %s and %s: a geometry is one shape", first, row[at])
		}
		first = row[at]
	}
	for _, key := range []string{"curvePaths", "curveRings"} {
		if raw := m.raw[strings.ToLower(key)]; raw != nil && !isEmpty(raw) {
			return unsupported("curves are not supported")
		}
	}
	return nil
}

// flatMembers are the members of a geometry that do not matter where heights and measures do not.
var flatMembers = []string{
	"hasz", "hasm", "z", "m", "id", "zmin", "zmax", "mmin", "mmax", "idmin", "idmax", "curvepaths", "curverings", "ids",
}

// typeWords are the names of types of geometries that programs have besides ArcGIS's.
var typeWords = map[string]exportimage.GeometryType{
	"point": exportimage.PointGeometry, "multipoint": exportimage.MultipointGeometry, "polyline": exportimage.PolylineGeometry,
	"polygon": exportimage.PolygonGeometry, "extent": exportimage.EnvelopeGeometry, "envelope": exportimage.EnvelopeGeometry,
}

// noMore returns an error for a member that says something else about a geometry, of which nothing is read.
func (m members) noMore(t exportimage.GeometryType) error {
	m.drop(flatMembers...)
	for _, key := range []string{"type", "geometryType"} {
		var text string
		if ok, err := m.take(key, &text); err != nil || !ok {
			if err != nil {
				return err
			}
			continue
		}
		if word := strings.TrimPrefix(strings.ToLower(text), "esrigeometry"); typeWords[word] != t {
			return fmt.Errorf("it is of type %s, and its %s is %s", GeometryTypes.Name(t), key, quote.Text(text))
		}
	}
	for key := range m.raw {
		if strings.HasPrefix(key, "_") { // of a program's own
			m.drop(key)
		}
	}
	if name := m.left(); name != "" {
		return unsupported("member %s of a geometry is not supported", quote.Text(name))
	}
	return nil
}

func pointAt(x, y float64) exportimage.Geometry {
	return exportimage.Geometry{
		Type: exportimage.PointGeometry, Parts: [][][2]float64{{{x, y}}},
		Envelope: srs.Envelope{XMin: x, YMin: y, XMax: x, YMax: y},
	}
}

// envelopeOf returns the geometry of a box whose corners may come in any order, except that a box with XMin > XMax and
// YMin <= YMax crosses the antimeridian.
func envelopeOf(b Box) (exportimage.Geometry, error) {
	e := b.Envelope
	xSwapped, ySwapped := e.XMin > e.XMax, e.YMin > e.YMax
	if ySwapped {
		e.YMin, e.YMax = e.YMax, e.YMin
	}
	if xSwapped && ySwapped {
		e.XMin, e.XMax = e.XMax, e.XMin
	}
	return exportimage.Geometry{Type: exportimage.EnvelopeGeometry, CRS: b.CRS, Envelope: e}, nil
}

func (m members) takeVertex() (exportimage.Geometry, error) {
	var x, y float64
	for _, c := range []struct {
		name string
		v    *float64
	}{{"x", &x}, {"y", &y}} {
		ok, err := m.take(c.name, c.v)
		if err != nil {
			return exportimage.Geometry{}, err
		}
		if !ok {
			return exportimage.Geometry{}, fmt.Errorf("member %q is missing", c.name)
		}
	}
	return pointAt(x, y), nil
}

// takeParts takes the vertices of a multipoint, polyline or polygon.
func (m members) takeParts(t exportimage.GeometryType, key string) (exportimage.Geometry, error) {
	far := math.Inf(1)
	g := exportimage.Geometry{Type: t, Envelope: srs.Envelope{XMin: far, YMin: far, XMax: -far, YMax: -far}}
	var parts [][][]float64
	var into any = &parts
	if t == exportimage.MultipointGeometry {
		parts = make([][][]float64, 1)
		into = &parts[0]
	}
	raw := m.raw[key]
	if _, err := m.take(key, into); err != nil {
		if m.raw[key] = flat(raw, t == exportimage.MultipointGeometry); m.raw[key] == nil {
			return g, err
		}
		if _, err := m.take(key, into); err != nil {
			return g, err
		}
	}
	count := 0
	for _, part := range parts {
		if count += len(part); count > maxVertices {
			return g, fmt.Errorf("it has more than %d vertices", maxVertices)
		}
		line, err := vertices(part, &g.Envelope)
		if err != nil {
			return g, err
		}
		if t == exportimage.PolygonGeometry && len(line) > 0 && line[0] != line[len(line)-1] {
			line = append(line, line[0])
		}
		if least := fewest[t]; len(line) < least {
			return g, fmt.Errorf("a part of %s has %d vertices, at least %d are wanted", key, len(line), least)
		}
		g.Parts = append(g.Parts, line)
	}
	if count == 0 {
		return g, errors.New("it has no vertices")
	}
	return g, nil
}

// flat returns the vertices of a shape without heights and measures, if some of these are null or the text NaN, which stand
// for none; nil if that is not what is wrong with the vertices.
func flat(raw json.RawMessage, onePart bool) json.RawMessage {
	var parts [][][]json.RawMessage
	if onePart {
		parts = make([][][]json.RawMessage, 1)
		if json.Unmarshal(raw, &parts[0]) != nil {
			return nil
		}
	} else if json.Unmarshal(raw, &parts) != nil {
		return nil
	}
	some := false
	for _, part := range parts {
		for i, v := range part {
			if len(v) < 3 {
				continue
			}
			for _, height := range v[2:] {
				some = some || string(height) == "null" || strings.EqualFold(string(height), `"NaN"`)
			}
			part[i] = v[:2:2]
		}
	}
	if !some {
		return nil
	}
	var all any = parts
	if onePart {
		all = parts[0]
	}
	out, err := json.Marshal(all)
	if err != nil {
		return nil
	}
	return out
}

// fewest is the number of vertices that a part must have at least; the last of a ring is its first.
var fewest = map[exportimage.GeometryType]int{
	exportimage.MultipointGeometry: 1, exportimage.PolylineGeometry: 2, exportimage.PolygonGeometry: 4,
}

// vertices returns x and y of each vertex, and grows e around them.
func vertices(part [][]float64, e *srs.Envelope) ([][2]float64, error) {
	out := make([][2]float64, len(part), len(part)+1)
	for i, v := range part {
		if len(v) < 2 || len(v) > 4 {
			return nil, fmt.Errorf("a vertex of %d numbers is none", len(v))
		}
		out[i] = [2]float64{v[0], v[1]}
		e.XMin, e.XMax = min(e.XMin, v[0]), max(e.XMax, v[0])
		e.YMin, e.YMax = min(e.YMin, v[1]), max(e.YMax, v[1])
	}
	return out, nil
}

func readPixelSize(s string, f *Forgiven) (size exportimage.PixelSize, err error) {
	if isJSON(s) {
		m, err := readMembers(s, f)
		if err != nil {
			return size, err
		}
		g, err := m.takeVertex()
		if err != nil {
			return size, err
		}
		size.X, size.Y = g.Envelope.XMin, g.Envelope.YMin
		if err := m.takeCRS("spatialReference", &size.CRS); err != nil {
			return size, err
		}
	} else {
		n, err := numbers(s, 2, f)
		if err != nil {
			return size, err
		}
		if len(n) == 0 || len(n) > 2 {
			return size, fmt.Errorf("two numbers are wanted, width,height, not %d", len(n))
		}
		size.X, size.Y = n[0], n[len(n)-1]
	}
	if !(size.X > 0 && size.Y > 0) {
		return size, errors.New("width and height must be positive")
	}
	return size, nil
}
