package projection

import "math"

var zonedMercatorProjection = Descriptor{
	Name:       "Transverse Mercator Zoned Grid System",
	Operations: []Operation{{Name: "tmerc_zoned", Keys: []Key{lat0, k0}}},
	Methods: []Method{{
		EPSG: "Transverse Mercator Zoned Grid System", Code: 9824,
		Parameters: of(atNaturalOrigin, latitudeOfNaturalOrigin, initialLongitude, zoneWidth, scaleAtNaturalOrigin),
	}},
	Lacks:  LacksPROJ | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: guidance,
	Samples: []string{"+proj=tmerc_zoned +k_0=0.9996"},
	New:     pointwise(newZonedMercator),
}

// zonedMercator is the Transverse Mercator Zoned Grid System of 60 zones from 180° west: EPSG method 9824. A point's
// zone follows from its longitude, and its number is written before the easting: 1,000,000 m a zone. Source: IOGP
// Guidance Note 7-2.
//
// The domain is all of the earth. The meridian between two zones belongs to the eastern one.
type zonedMercator struct {
	zone *transverseMercator
	step float64 // a million metres
}

const zones = 60

func newZonedMercator(def *Projection) (zonedMercator, error) {
	k, err := newTransverseMercator(def)
	if err != nil {
		return zonedMercator{}, err
	}
	return zonedMercator{k.(*transverseMercator), 1e6 / def.Ellipsoid.A}, nil
}

func (p zonedMercator) extent() Extent {
	e := p.zone.Extent()
	e.Bounds.XMin, e.Bounds.XMax = 0.5*p.step, (zones+0.5)*p.step
	return e
}

// center returns a zone's central meridian.
func (zonedMercator) center(zone float64) float64 {
	return -math.Pi + float64((zone-0.5)*(2*math.Pi/zones))
}

func (p zonedMercator) project(lam, phi float64) (x, y float64) {
	zone := 1 + math.Floor((lam+math.Pi)/(2*math.Pi/zones))
	zone = max(1, min(zones, zone))
	xs, ys := [1]float64{lam - p.center(zone)}, [1]float64{phi}
	p.zone.Forward(xs[:], ys[:])
	return xs[0] + float64(zone*p.step), ys[0]
}

func (p zonedMercator) unproject(x, y float64) (lam, phi float64) {
	zone := math.Round(x / p.step)
	if !(zone >= 1 && zone <= zones) {
		return math.NaN(), math.NaN()
	}
	xs, ys := [1]float64{x - float64(zone*p.step)}, [1]float64{y}
	p.zone.Inverse(xs[:], ys[:])
	if !(math.Abs(xs[0]) <= math.Pi/zones+1e-9) {
		return math.NaN(), math.NaN()
	}
	return p.center(zone) + xs[0], ys[0]
}
