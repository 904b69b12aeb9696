package projection

import (
	"errors"
	"fmt"
)

// A Projection is a map projection with an ellipsoid and its parameters. It is comparable. The zero Projection is none.
type Projection struct {
	Descriptor *Descriptor // nil for the zero Projection

	// Inner is the projection that another, an oblique one, turns. It is nil for all others.
	Inner *Descriptor

	// Ellipsoid is the datum's, or a sphere where the method is defined on one.
	Ellipsoid Ellipsoid

	Parameters

	// Variant is a form of the method, by the name of PROJ's flag if it has one: "no_uoff", "hyperbolic", "guam".
	Variant string

	// Axes are the directions of x and y. They turn the kernel's plane before the false origin is added.
	Axes Axes
}

func (p *Projection) phi0() float64 { return float64(p.LatitudeOfOrigin * degree) }
func (p *Projection) phi1() float64 { return float64(p.StandardParallel1 * degree) }
func (p *Projection) phi2() float64 { return float64(p.StandardParallel2 * degree) }

func (p *Projection) k0() float64 {
	if p.ScaleFactor == 0 {
		return 1
	}
	return p.ScaleFactor
}

// A Descriptor is all that is known of one projection.
type Descriptor struct {
	// Name is the projection's name in English.
	Name string

	// Operations are PROJ's, or ours in PROJ's manner where it has none. The name of the first is the projection's ID.
	Operations []Operation

	// Methods are the projection's forms in the words of EPSG, Esri and GeoTIFF.
	Methods []Method

	// Lacks are the authorities that have no name or number for any form of the projection.
	Lacks Authority

	// Domain describes the points that have an image, and Source the origin of the formulas.
	Domain, Source string

	// Accuracy is how far from where it was a point may come back, in metres, in the whole domain but a rim of 0.1° of
	// arc, and RimAccuracy the same up to 0.001° from the domain's edge. 0 stands for 1e-6 and 1e-4.
	Accuracy, RimAccuracy float64

	// Samples are PROJ strings of typical uses, which together have all of the methods' forms. They are of WGS 84 unless
	// they name an ellipsoid by +R, or by +a and +rf.
	Samples []string

	// New sets up the projection's kernel for an ellipsoid and parameters. The error states what is impossible in them.
	New func(p *Projection) (Kernel, error)
}

// ID returns PROJ's name of the projection, or one in PROJ's manner.
func (d *Descriptor) ID() string { return d.Operations[0].Name }

// An Authority is a set of those that name projections.
type Authority uint8

const (
	LacksPROJ Authority = 1 << iota
	LacksEPSG
	LacksEsri
	LacksGeoTIFF
)

// ID returns the descriptor's, or "" for the zero Projection.
func (p Projection) ID() string {
	if p.Descriptor == nil {
		return ""
	}
	return p.Descriptor.ID()
}

// NewKernel sets up a projection.
func NewKernel(p Projection) (Kernel, error) {
	if p.Descriptor == nil {
		return nil, errors.New("srs: there is no projection")
	}
	if p.LatitudeOfOrigin == 0 {
		p.LatitudeOfOrigin = 0 // and not the negative zero, whose signs would spread
	}
	k, err := p.Descriptor.New(&p)
	if err != nil {
		return nil, fmt.Errorf("srs: projection %s: %w", p.ID(), err)
	}
	return newOrientedKernel(k, p.Axes), nil
}

// Sources that several projections have.
const (
	snyder   = "J. P. Snyder, Map Projections: A Working Manual, USGS Professional Paper 1395 (1987)"
	album    = "J. P. Snyder and P. M. Voxland, An Album of Map Projections, USGS Professional Paper 1453 (1989)"
	guidance = "IOGP Guidance Note 7-2"
)
