package projection

import (
	"fmt"
	"math"
	"strconv"
)

var rhealpixProjection = Descriptor{
	Name: "rHEALPix",
	Operations: []Operation{{
		Name: "rhealpix", Keys: []Key{word("north_square"), word("south_square")}, Check: checkRHealpix,
	}},
	Methods: []Method{{
		EPSG: "PROJ rhealpix",
		Parameters: []Parameter{
			projNamed("lon_0", CentralMeridian), projNamed("x_0", FalseEasting), projNamed("y_0", FalseNorthing),
		},
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: "R. Gibb and others, The rHEALPix discrete global grid system (2016)",
	Samples: []string{"+proj=rhealpix", "+proj=rhealpix +R=6371000 +lon_0=-50"},
	New:     pointwise(newRHealpix),
}

// rhealpix is HEALPix with the four triangles of each pole put together to a square, above one quarter of the cylinder:
// number 0 to 3 from the west. Variant has the two numbers where one is not 0. Source: R. Gibb, A. Raichev and M. Speth,
// The rHEALPix discrete global grid system (2016).
type rhealpix struct {
	healpix
	north, south float64
}

func newRHealpix(def *Projection) (rhealpix, error) {
	p := rhealpix{}
	var err error
	p.healpix, err = newHealpix(def)
	if v := def.Variant; len(v) == 2 {
		p.north, p.south = float64(v[0]-'0'), float64(v[1]-'0')
	}
	return p, err
}

func checkRHealpix(p *Projection, a Arguments) error {
	square := map[string]int{}
	for _, key := range [...]string{"north_square", "south_square"} {
		value := a[key].String()
		if !a.Has(key) || a[key] == numberValue(0) {
			value = "0"
		}
		n, err := strconv.Atoi(value)
		if err != nil || n < 0 || n > 3 {
			return &Unsupported{"value of a parameter of rhealpix", key + "=" + value}
		}
		square[key] = n
	}
	if square["north_square"] != 0 || square["south_square"] != 0 {
		p.Variant = fmt.Sprint(square["north_square"], square["south_square"])
		p.Variant = p.Variant[:1] + p.Variant[2:]
	}
	return nil
}

func (p rhealpix) extent() Extent {
	x, y := float64(math.Pi*p.radius)+planeSlack, float64(0.75*math.Pi*p.radius)+planeSlack
	return Extent{Top: math.Inf(1), Bounds: Box{-x, -y, x, y}}
}

// tip returns where the pole is, in the middle of its square, and the quarter of the cylinder below or above it.
func (p rhealpix) tip(y float64) (x, yTip, square float64) {
	square = p.north
	if y < 0 {
		square = p.south
	}
	return float64(math.Pi/2*square) - 3*math.Pi/4, math.Copysign(math.Pi/2, y), square
}

func (p rhealpix) project(lam, phi float64) (x, y float64) {
	x, y = p.plane(lam, phi)
	if math.Abs(y) > p.corner {
		tip, yTip, square := p.tip(y)
		middle := triangle(lam)
		turns := int(math.Round((middle+3*math.Pi/4)*2/math.Pi) - square)
		if y < 0 {
			turns = -turns
		}
		dx, dy := quarterTurns(x-middle, y-yTip, turns)
		x, y = tip+dx, yTip+dy
	}
	return p.radius * x, p.radius * y
}

func (p rhealpix) unproject(x, y float64) (lam, phi float64) {
	x, y = x/p.radius, y/p.radius
	if math.Abs(y) <= p.corner {
		return p.globe(x, y)
	}
	tip, yTip, square := p.tip(y)
	dx, dy := x-tip, y-yTip
	if !(max(math.Abs(dx), math.Abs(dy)) <= p.corner+planeSlack) {
		return math.NaN(), math.NaN()
	}
	// The triangle whose base is towards the equator belongs to the square's own quarter, and the others follow eastward.
	turns := 0
	switch inward := dy * -math.Copysign(1, y); {
	case inward >= math.Abs(dx):
	case dx >= math.Abs(dy):
		turns = 1
	case -inward >= math.Abs(dx):
		turns = 2
	default:
		turns = 3
	}
	quarter := math.Mod(square+float64(turns), 4)
	turns = int(quarter - square)
	if y < 0 {
		turns = -turns
	}
	dx, dy = quarterTurns(dx, dy, -turns)
	middle := float64(math.Pi/2*quarter) - 3*math.Pi/4
	// Rounding must not take a point on the triangle's edge into the next one, nor into the cylinder if it lies on a cut.
	dx = max(-p.corner, min(p.corner, dx))
	if turns != 0 {
		dy = max(planeSlack-p.corner, min(p.corner-planeSlack, dy))
	}
	return p.globe(middle+dx, yTip+dy)
}

// quarterTurns turns a vector by n quarters against the clock.
func quarterTurns(x, y float64, n int) (float64, float64) {
	switch n & 3 {
	case 1:
		return -y, x
	case 2:
		return -x, -y
	case 3:
		return y, -x
	}
	return x, y
}
