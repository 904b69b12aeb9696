package projection

import (
	"fmt"
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var spaceObliqueProjection = Descriptor{
	Name: "Space Oblique Mercator",
	Operations: []Operation{
		{
			Name: "som", Check: checkSpaceOblique,
			Keys: []Key{
				{Name: "inc_angle", Field: Azimuth, Required: true}, {Name: "ps_rev", Field: ShapeM, Required: true},
				{Name: "asc_lon", Field: CentralMeridian, Required: true},
			},
		},
		{Name: "lsat", Keys: []Key{{Name: "lsat", Field: ShapeN, Required: true}, pathKey}, Check: checkLandsat},
		{Name: "misrsom", Keys: []Key{pathKey}, Check: checkMISR},
	},
	Methods: []Method{
		{
			EPSG: "PROJ som",
			Parameters: of(atNaturalOrigin, projNamed("inc_angle", Azimuth).keyAs("inc_angle"),
				projNamed("ps_rev", ShapeM).keyAs("ps_rev"), projNamed("asc_lon", CentralMeridian).keyAs("asc_lon")),
		},
		{
			EPSG: "PROJ lsat", Operation: "lsat", Variant: "lsat", Form: pathAlone,
			Parameters: of(atNaturalOrigin, projNamed("lsat", ShapeN).keyAs("lsat"), projNamed("path", ShapeM).keyAs("path")),
		},
		{
			EPSG: "PROJ misrsom", Operation: "misrsom", Variant: "misrsom", Form: pathAlone,
			Parameters: of(atNaturalOrigin, projNamed("path", ShapeM).keyAs("path")),
		},
	},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "one revolution of the satellite, up to 75° from its ground track", Source: snyder + ", pages 214 to 229",
	Samples: []string{
		"+proj=som +inc_angle=98.30382 +ps_rev=0.06866666666666667 +asc_lon=127.76", "+proj=lsat +lsat=1 +path=2",
		"+proj=lsat +lsat=5 +path=100 +R=6371000", "+proj=misrsom +path=1",
	},
	New: pointwise(newSpaceOblique),
}

var pathKey = Key{Name: "path", Field: ShapeM, Required: true}

// spaceOblique is J. P. Snyder's Space Oblique Mercator projection for a circular orbit, on which the ground track of a
// satellite is nearly true to scale, although the earth turns below it. x is nearly proportional to the angle λ″ by which
// the satellite is beyond its ascending node, and y to the distance from the track.
//
// Snyder's iterations end at 1e-7 radians, and so do PROJ's, which leaves up to 4 cm. These end at the last digits, and
// the oblique frame is worked out from the point of the ellipsoid as a vector: with X towards the ascending node, Z to the
// pole, and Y′ and Z′ turned from Y and Z by the inclination, λ″ is the angle of (X, Y′), and Z′ is sin φ″.
//
// Far from the track the turning earth shows places twice: the domain ends at 75°, where the iterations still gain more
// than half a digit a step. Where the end of a revolution overlaps its beginning, both show the same places, which have
// one image.
type spaceOblique struct {
	es, ones         float64
	sa, ca           float64 // of the inclination
	p22              float64 // revolutions of the earth, about the orbit's nodes, in one of the satellite
	q, t, w, xj      float64
	b, a2, a4        float64
	c1, c3           float64
	start            float64 // λ″ where the revolution starts
	sinMost, tanMost float64 // bounds of sin φ″ and of the isometric latitude
}

func newSpaceOblique(def *Projection) (spaceOblique, error) {
	angle, turn, start := def.Azimuth, def.ShapeM, 0.0
	switch def.Variant {
	case "lsat":
		angle, turn = 98.2, 98.8841202/1440
		if def.ShapeN <= 3 {
			angle, turn = 99.092, 103.2669323/1440
		}
		start = math.Pi * (1./248 + 0.5161290322580645) // Landsat's rows count from there
	case "misrsom":
		angle, turn = 98.30382, 98.88/1440
	}
	if !(angle >= 0 && angle <= 180) || !(turn > 0 && turn <= 0.25) {
		return spaceOblique{}, fmt.Errorf("the orbit's inclination is %g° and its period %g days: want 0 to 180, and up to 0.25", angle, turn)
	}
	p := spaceOblique{es: def.Ellipsoid.es(), p22: turn, start: start}
	p.ones = 1 - p.es
	p.sa, p.ca = portable.Sincos(angle * degree)
	esc, ess := float64(p.es*p.ca*p.ca), float64(p.es*p.sa*p.sa)
	p.w = (1 - esc) / p.ones
	p.w = float64(p.w*p.w) - 1
	p.q, p.t = ess/p.ones, ess*(2-p.es)/(p.ones*p.ones)
	p.xj = float64(p.ones * p.ones * p.ones)
	p.sinMost = portable.Sin(75 * degree)
	p.tanMost = portable.Asinh(portable.Tan(75 * degree))
	p.integrate()
	return p, nil
}

// integrate works out the Fourier coefficients by Simpson's rule with 9° between points. Source: Snyder, page 221.
func (p *spaceOblique) integrate() {
	for i := range 11 {
		weight := 4.0
		switch {
		case i == 0 || i == 10:
			weight = 1
		case i%2 == 0:
			weight = 2
		}
		lam := float64(float64(i) * 9 * degree)
		sin, cos := portable.Sincos(lam)
		s2 := float64(sin * sin)
		s, up, across := p.slope(sin, cos), 1+float64(p.q*s2), 1+float64(p.w*s2)
		h := float64(math.Sqrt(up/across) * (across/float64(up*up) - float64(p.p22*p.ca)))
		root := math.Sqrt(float64(p.xj*p.xj) + float64(s*s))
		f := weight * (float64(h*p.xj) - float64(s*s)) / root
		p.b += f / 30
		p.a2 += f * portable.Cos(2*lam) / 30
		p.a4 += f * portable.Cos(4*lam) / 60
		f = weight * s * (h + p.xj) / root
		p.c1 += f * cos / 15
		p.c3 += f * portable.Cos(3*lam) / 45
	}
}

// slope is Snyder's S, given sine and cosine of λ″.
func (p spaceOblique) slope(sin, cos float64) float64 {
	s2 := float64(sin * sin)
	return p.p22 * p.sa * cos * math.Sqrt((1+float64(p.t*s2))/((1+float64(p.w*s2))*(1+float64(p.q*s2))))
}

func (p spaceOblique) extent() Extent {
	y := p.tanMost + math.Abs(p.c1) + math.Abs(p.c3) + planeSlack
	slack := math.Abs(p.a2) + math.Abs(p.a4) + float64(p.p22*p.tanMost/p.xj) + planeSlack
	from := float64(p.b * p.start)
	return Extent{Top: math.Inf(1), Bounds: Box{from - slack, -y, from + float64(p.b*2*math.Pi) + slack, y}}
}

func (p spaceOblique) project(lam, phi float64) (x, y float64) {
	sin, cos := portable.Sincos(phi)
	n := primeVertical(sin, p.es)
	z, r := n*p.ones*sin, n*cos
	track, across := p.along(lam, r, z, phi < 0)
	if !(math.Abs(across) <= p.sinMost) {
		return math.NaN(), math.NaN()
	}
	sin, cos = portable.Sincos(track)
	s, up := p.slope(sin, cos), portable.Atanh(across)
	d := math.Sqrt(float64(p.xj*p.xj) + float64(s*s))
	return p.alongTrack(track) - float64(up*s/d), p.acrossTrack(track) + float64(up*p.xj/d)
}

func (p spaceOblique) alongTrack(track float64) float64 {
	return float64(p.b*track) + float64(p.a2*portable.Sin(2*track)) + float64(p.a4*portable.Sin(4*track))
}

func (p spaceOblique) acrossTrack(track float64) float64 {
	return float64(p.c1*portable.Sin(track)) + float64(p.c3*portable.Sin(3*track))
}

// along returns λ″ and sin φ″ of a place, of which r and z are the distances from the axis and the equator's plane. The
// satellite is at λ″ at the time at which the earth has turned by p22 λ″, so that both follow from each other. Starting
// in the middle of the orbit's half on the place's side of the equator leads to λ″ within half a turn from there.
func (p spaceOblique) along(lam, r, z float64, south bool) (track, across float64) {
	middle := 0.5 * math.Pi
	if south {
		middle = 1.5 * math.Pi
	}
	end := p.start + float64(2*math.Pi)
	for _, from := range [...]float64{middle, middle + float64(2*math.Pi), middle - float64(2*math.Pi)} {
		track = from
		for range 60 {
			sin, cos := portable.Sincos(lam + float64(p.p22*track))
			u, v := r*cos, r*sin
			across = float64(p.ca*z) - float64(p.sa*v)
			step := math.Remainder(portable.Atan2(float64(p.ca*v)+float64(p.sa*z), u)-track, 2*math.Pi)
			track += step
			if math.Abs(step) < 1e-15 {
				break
			}
		}
		if track >= p.start-planeSlack && track <= end+planeSlack {
			return track, across
		}
	}
	return math.NaN(), math.NaN()
}

func (p spaceOblique) unproject(x, y float64) (lam, phi float64) {
	track := x / p.b
	var up float64
	for range 60 {
		sin, cos := portable.Sincos(track)
		s := p.slope(sin, cos) / p.xj
		off := y - p.acrossTrack(track)
		up = off * math.Sqrt(1+float64(s*s))
		step := (x - p.alongTrack(track) + float64(off*s)) / p.b
		track += step
		if math.Abs(step) < 1e-15 {
			break
		}
	}
	if !(math.Abs(up) <= p.tanMost+planeSlack && track >= p.start-planeSlack && track <= p.start+float64(2*math.Pi)+planeSlack) {
		return math.NaN(), math.NaN()
	}
	// The point of the ellipsoid with Z′ = sin φ″ in the direction λ″ is at a distance r from the axis Z′.
	z := portable.Tanh(up)
	sin, cos := portable.Sincos(track)
	a := float64(cos*cos) + float64(sin*sin*(float64(p.ca*p.ca)+float64(p.sa*p.sa)/p.ones))
	b := float64(z*sin*p.ca*p.sa) * p.es / p.ones
	c := float64(z*z*(float64(p.sa*p.sa)+float64(p.ca*p.ca)/p.ones)) - 1
	r := (math.Sqrt(max(0, float64(b*b)-float64(a*c))) - b) / a
	u, v := r*cos, float64(p.ca*r*sin)-float64(p.sa*z)
	phi = portable.Atan2((float64(p.sa*r*sin)+float64(p.ca*z))/p.ones, portable.Hypot(u, v))
	return math.Remainder(portable.Atan2(v, u)-float64(p.p22*track), 2*math.Pi), phi
}

func checkSpaceOblique(p *Projection, a Arguments) error {
	if a.Has("lon_0") {
		return &Unsupported{"parameter of som", "lon_0"}
	}
	_, err := newSpaceOblique(p)
	if err != nil {
		return &Unsupported{"orbit", err.Error()}
	}
	return nil
}

// checkPath makes the longitude of the ascending node that of a path, of which there are a number, and the first is at a
// longitude.
func checkPath(p *Projection, a Arguments, name string, first, paths float64) error {
	p.Variant = name
	if a.Has("lon_0") {
		return &Unsupported{"parameter of " + name, "lon_0"}
	}
	if path := p.ShapeM; !(path >= 1 && path <= paths && path == math.Trunc(path)) {
		return &Unsupported{"path of " + name, fmt.Sprint(path)}
	}
	p.CentralMeridian = math.Remainder(first-float64(360/paths*p.ShapeM), 360)
	return nil
}

func checkLandsat(p *Projection, a Arguments) error {
	switch p.ShapeN {
	case 1, 2, 3:
		return checkPath(p, a, "lsat", 128.87, 251)
	case 4, 5:
		return checkPath(p, a, "lsat", 129.3, 233)
	}
	return &Unsupported{"satellite of lsat", fmt.Sprint(p.ShapeN)}
}

func checkMISR(p *Projection, a Arguments) error { return checkPath(p, a, "misrsom", 129.3056, 233) }

// pathAlone resets what a satellite's path implies.
func pathAlone(p *Projection) bool {
	p.CentralMeridian = 0
	return true
}
