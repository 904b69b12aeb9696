package projection

import "fmt"

// A Projection is a map projection with an ellipsoid and its parameters. It is comparable. The zero Projection is none.
type Projection struct {
	Descriptor *Descriptor // nil for the zero Projection

	// Ellipsoid is the datum's, or a sphere where the method is defined on one.
	Ellipsoid Ellipsoid

	Parameters

	// Variant is a form of the method, by the name of PROJ's flag if it has one: "no_uoff", "hyperbolic", "guam".
	Variant string

	// Axes are the directions of x and y. They turn the kernel's plane before the false origin is added.
	Axes Axes
}

// Parameters are the numbers that a projection may depend on. Angles are degrees.
type Parameters struct {
	// LatitudeOfOrigin and CentralMeridian are those of the natural or false origin, or of the projection's centre.
	LatitudeOfOrigin, CentralMeridian float64

	// StandardParallel1 is also the latitude of true scale where there is one.
	StandardParallel1, StandardParallel2 float64

	// Two points that define a line. Longitudes are counted from the central meridian.
	LatitudeOfPoint1, LongitudeOfPoint1, LatitudeOfPoint2, LongitudeOfPoint2 float64

	// ScaleFactor is that at the natural origin. 0 means 1.
	ScaleFactor float64

	// Azimuth is that of the initial line, and RectifiedGridAngle the one from the rectified to the oblique grid.
	Azimuth, RectifiedGridAngle float64

	// Height is that of the viewpoint, or of the projection's plane, in metres.
	Height float64

	// FalseEasting and FalseNorthing are what x and y are at the origin, along the axes, in units of the system.
	FalseEasting, FalseNorthing float64
}

func (p *Projection) phi0() float64 { return p.LatitudeOfOrigin * degree }
func (p *Projection) phi1() float64 { return p.StandardParallel1 * degree }
func (p *Projection) phi2() float64 { return p.StandardParallel2 * degree }

func (p *Projection) k0() float64 {
	if p.ScaleFactor == 0 {
		return 1
	}
	return p.ScaleFactor
}

// A Descriptor is all that is known of one projection.
type Descriptor struct {
	// ID is PROJ's name of the projection, or a name like PROJ's where it has none.
	ID string

	// Name is the projection's name in English.
	Name string

	// New sets up the projection's kernel for an ellipsoid and parameters. The error says what is impossible in them.
	New func(p *Projection) (Kernel, error)
}

// ID returns the descriptor's, or "" for the zero Projection.
func (p Projection) ID() string {
	if p.Descriptor == nil {
		return ""
	}
	return p.Descriptor.ID
}

// NewKernel sets up a projection.
func NewKernel(p Projection) (Kernel, error) {
	if p.LatitudeOfOrigin == 0 {
		p.LatitudeOfOrigin = 0 // and not the negative zero, whose signs would spread
	}
	k, err := p.Descriptor.New(&p)
	if err != nil {
		return nil, fmt.Errorf("srs: projection %s: %w", p.ID(), err)
	}
	return newOrientedKernel(k, p.Axes), nil
}
