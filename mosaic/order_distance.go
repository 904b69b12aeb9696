package mosaic

import (
	"cmp"
	"math"

	"github.com/geoexport/geoexport/internal/portable"
	"github.com/geoexport/geoexport/srs"
)

// The methods that order items by the distance of a point of theirs from another point.

var center = method{
	name: "Center",
	help: "the raster whose centre is nearest to the centre of the view is on top",
	keys: func(_ Rule, keys []orderKey, v View) { distances(keys, middle(v), false) },
}

var nadir = method{
	name: "Nadir",
	help: "the raster whose nadir is nearest to the centre of the view is on top",
	keys: func(_ Rule, keys []orderKey, v View) { distances(keys, middle(v), true) },
}

var viewpoint = method{
	name: "Viewpoint",
	help: "the raster whose nadir is nearest to the rule's viewpoint is on top",
	check: func(r Rule) error {
		if r.Viewpoint == nil {
			return &RuleError{"the method Viewpoint needs a viewpoint"}
		}
		if v := *r.Viewpoint; v.X-v.X != 0 || v.Y-v.Y != 0 {
			return &RuleError{"the viewpoint is not finite"}
		}
		return nil
	},
	keys: func(r Rule, keys []orderKey, v View) {
		p := middle(v) // of a rule that Validate refuses
		if r.Viewpoint != nil {
			p = *r.Viewpoint
			p.CRS = cmp.Or(p.CRS, v.CRS)
		}
		distances(keys, p, true)
	},
}

var northwest = method{
	name: "Northwest",
	help: "the raster whose centre is nearest to the north-western corner of the catalogue is on top",
	keys: func(r Rule, keys []orderKey, _ View) {
		if r.Corner != nil {
			distances(keys, *r.Corner, false)
		} else {
			farNorthwest(keys)
		}
	},
}

func middle(v View) Point {
	x, y := v.Envelope.Center()
	return Point{v.CRS, x, y}
}

// nearness is the precision of distances: those within 2^-nearness of the coordinates' size are equal.
const nearness = 40

// distances sets the own keys to the distances of items' centres, or nadirs, from p.
func distances(keys []orderKey, p Point, nadir bool) {
	to := places{crs: p.CRS, byCRS: map[srs.CRS]*srs.Transformer{}}
	period := p.CRS.Period()
	_, exponent := math.Frexp(math.Max(math.Abs(p.X), math.Abs(p.Y)))
	for i := range keys {
		x, y, ok := to.of(keys[i].item, nadir)
		if !ok {
			keys[i].own.class = lastClass
			continue
		}
		dx, dy := x-p.X, y-p.Y
		if period > 0 {
			dx -= float64(period * math.Round(dx/period))
		}
		d := portable.Hypot(dx, dy)
		_, e := math.Frexp(d)
		keys[i].own.num = toStep(d, max(e, exponent)-nearness)
	}
}

// farNorthwest sets the own keys to longitude less latitude. That orders items as the distance from a far point in the
// north-west does, of which only the direction matters.
func farNorthwest(keys []orderKey) {
	lonLat, _ := srs.FromWKID(4326) // always known
	to := places{crs: lonLat, byCRS: map[srs.CRS]*srs.Transformer{}}
	for i := range keys {
		x, y, ok := to.of(keys[i].item, false)
		if !ok {
			keys[i].own.class = lastClass
			continue
		}
		x -= float64(360 * math.Floor((x+180)/360))
		keys[i].own.num = toStep(x-y, 9-nearness)
	}
}

// places transforms points of items to one CRS.
type places struct {
	crs   srs.CRS
	byCRS map[srs.CRS]*srs.Transformer
}

// of returns an item's centre, or its nadir. ok is false if the point has no image.
func (p *places) of(it *Item, nadir bool) (x, y float64, ok bool) {
	from := it.Footprint.CRS
	if nadir && it.Nadir != nil {
		x, y = it.Nadir.X, it.Nadir.Y
		from = cmp.Or(it.Nadir.CRS, from)
	} else {
		x, y = it.Footprint.center()
	}
	t, known := p.byCRS[from]
	if !known {
		t, _ = srs.NewTransformer(from, p.crs) // nil where one of them is not stated
		p.byCRS[from] = t
	}
	if t == nil {
		return 0, 0, false
	}
	xs, ys := []float64{x}, []float64{y}
	t.Transform(xs, ys)
	return xs[0], ys[0], xs[0]-xs[0] == 0 && ys[0]-ys[0] == 0
}
