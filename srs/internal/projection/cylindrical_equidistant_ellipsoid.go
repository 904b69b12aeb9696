package projection

var ellipsoidalCylindricalProjection = Descriptor{
	Name:       "Equidistant Cylindrical",
	Operations: []Operation{{Name: "eqc_ellipsoid", Keys: []Key{lat0, latTS}, Check: checkTrueScale}},
	Methods: []Method{{
		EPSG: "Equidistant Cylindrical", Code: 1028, Esri: "Equidistant_Cylindrical_Ellipsoidal",
		Parameters: of(atNaturalOrigin, firstParallel, longitudeOfNaturalOrigin), Renames: trueScale,
	}},
	Lacks:  LacksPROJ | LacksGeoTIFF,
	Domain: "all of the earth", Source: guidance,
	Samples: []string{"+proj=eqc_ellipsoid +lat_ts=40"},
	New:     pointwise(newEllipsoidalCylindrical),
}

// ellipsoidalCylindrical is the equidistant cylindrical projection of the ellipsoid: EPSG method 1028. Source: IOGP
// Guidance Note 7-2. The domain is all of the earth.
type ellipsoidalCylindrical struct {
	meridian
	k0, arc0 float64
}

func newEllipsoidalCylindrical(def *Projection) (ellipsoidalCylindrical, error) {
	p := ellipsoidalCylindrical{meridian: newMeridian(def)}
	p.k0 = scaleAt(def.phi1(), def.Ellipsoid.es())
	p.arc0 = p.arc(def.phi0())
	return p, nil
}

func (p ellipsoidalCylindrical) extent() Extent { return cylinderExtent(p) }

func (p ellipsoidalCylindrical) project(lam, phi float64) (x, y float64) {
	return p.k0 * lam, p.arc(phi) - p.arc0
}

func (p ellipsoidalCylindrical) unproject(x, y float64) (lam, phi float64) {
	return x / p.k0, latitude(p.latitude(y + p.arc0))
}
