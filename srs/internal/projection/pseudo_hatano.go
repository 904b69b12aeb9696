package projection

var hatanoProjection = Descriptor{
	Name:       "Hatano Asymmetrical Equal Area",
	Operations: []Operation{{Name: "hatano", Sphere: true}},
	Methods: []Method{{
		EPSG:       "PROJ hatano",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", pages 219 to 226",
	RimAccuracy: 0.2, // latitudes crowd at the poles
	Samples:     []string{"+proj=hatano"},
	New:         pointwise(newHatano),
}

// hatano is M. Hatano's projection of 1972, which has a shorter line for the north pole than for the south pole: with
// 2θ + sin 2θ = c sin φ, x = 0.85 λ cos θ, y = cy sin θ.
type hatano struct{ north, south mollweide }

func newHatano(*Projection) (hatano, error) {
	return hatano{mollweide{0.85, 1.75859, 2.67595}, mollweide{0.85, 1.93052, 2.43763}}, nil
}

func (p hatano) extent() Extent { return worldExtent(p) }

func (p hatano) project(lam, phi float64) (x, y float64) {
	if phi < 0 {
		return p.south.project(lam, phi)
	}
	return p.north.project(lam, phi)
}

func (p hatano) unproject(x, y float64) (lam, phi float64) {
	if y < 0 {
		return p.south.unproject(x, y)
	}
	return p.north.unproject(x, y)
}
