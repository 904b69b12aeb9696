package function

import (
	"encoding/json"
	"strings"

	"github.com/geoexport/geoexport/internal/quote"
)

// A Point is a place, as its geometry states it or in absolute pixels.
type Point struct{ X, Y float64 }

// A Geometry is an area: the inside of its rings by the even-odd rule, so that a ring in another one is a hole.
type Geometry struct {
	Rings [][]Point
	// Reference is the spatial reference as the rule states it, as JSON; empty is the service's.
	Reference string
}

// envelope returns the box around a geometry.
func (g *Geometry) envelope() *Geometry {
	first := true
	var lo, hi Point
	for _, ring := range g.Rings {
		for _, p := range ring {
			if first {
				lo, hi, first = p, p, false
			}
			lo, hi = Point{min(lo.X, p.X), min(lo.Y, p.Y)}, Point{max(hi.X, p.X), max(hi.Y, p.Y)}
		}
	}
	return &Geometry{Rings: [][]Point{box(lo, hi)}, Reference: g.Reference}
}

func box(lo, hi Point) []Point {
	return []Point{lo, {lo.X, hi.Y}, hi, {hi.X, lo.Y}}
}

// readGeometry reads a polygon of rings, or an envelope.
func readGeometry(v any) (*Geometry, error) {
	o, ok := v.(*object)
	if !ok {
		return nil, wrongKind(v, "a polygon or an envelope")
	}
	g := &Geometry{}
	sides := map[string]float64{}
	for _, m := range o.members {
		var err error
		switch {
		case named(m.name, "rings", nil):
			g.Rings, err = readRings(m.value)
		case named(m.name, "spatialReference", nil):
			if m.value != nil {
				var text []byte
				text, err = json.Marshal(unordered(m.value))
				g.Reference = string(text)
			}
		case named(m.name, "xmin", []string{"ymin", "xmax", "ymax"}):
			sides[strings.ToLower(m.name)], err = readNumber(m.value)
		case named(m.name, "hasZ", []string{"hasM", "type", "_class", "zmin", "zmax", "mmin", "mmax"}):
		default:
			err = unsupported("", "member %s of a geometry is not supported: state rings or an envelope", quote.Text(m.name))
		}
		if err != nil {
			return nil, err
		}
	}
	switch {
	case len(sides) == 4 && g.Rings == nil && (sides["xmin"] > sides["xmax"] || sides["ymin"] > sides["ymax"]):
		return nil, invalid("", "the envelope ends before it begins: xmin or ymin is beyond xmax or ymax")
	case len(sides) == 4 && g.Rings == nil:
		g.Rings = [][]Point{box(Point{sides["xmin"], sides["ymin"]}, Point{sides["xmax"], sides["ymax"]})}
	case g.Rings == nil || len(sides) > 0:
		return nil, invalid("", "it is neither rings nor an envelope")
	}
	for i, ring := range g.Rings {
		if len(ring) < 3 {
			return nil, invalid("", "ring %d has %d corners: it encloses nothing", i, len(ring))
		}
	}
	if len(g.Rings) == 0 {
		return nil, invalid("", "it has no rings: it encloses nothing")
	}
	return g, nil
}

func readRings(v any) ([][]Point, error) {
	total := 0
	rings, err := readList(v, func(v any) ([]Point, error) {
		return readList(v, func(v any) (Point, error) {
			if total++; total > maxVertices {
				return Point{}, tooLarge("", "more than %d points", maxVertices)
			}
			n, err := readList(v, readNumber)
			if err == nil && (len(n) < 2 || len(n) > 4) {
				err = invalid("", "a point is x and y, not %d numbers", len(n))
			}
			if err != nil {
				return Point{}, err
			}
			return Point{n[0], n[1]}, nil
		})
	})
	if err == nil && rings == nil {
		rings = [][]Point{}
	}
	return rings, err
}

func writeGeometry(g *Geometry) any {
	if g == nil {
		return nil
	}
	rings := [][][2]float64{}
	for _, ring := range g.Rings {
		points := [][2]float64{}
		for _, p := range ring {
			points = append(points, [2]float64{p.X, p.Y})
		}
		rings = append(rings, points)
	}
	out := map[string]any{"rings": rings}
	if g.Reference != "" {
		out["spatialReference"] = json.RawMessage(g.Reference)
	}
	return out
}
