package projection

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// metres is the distance of two points on a sphere of the earth's size. Angles are radians.
func metres(lam1, phi1, lam2, phi2 float64) float64 {
	sin, cos := math.Sin(0.5*(phi1-phi2)), math.Sin(0.5*(lam1-lam2))
	return 2 * 6378137 * math.Asin(min(1, math.Sqrt(sin*sin+math.Cos(phi1)*math.Cos(phi2)*cos*cos)))
}

// thereAndBack maps a point to the plane and back, and returns by how many metres it is off. ok is false if it has no
// image.
func thereAndBack(k Kernel, lam, phi float64) (off float64, ok bool) {
	x, y := []float64{lam}, []float64{phi}
	k.Forward(x, y)
	if math.IsNaN(x[0]) || math.IsNaN(y[0]) {
		return 0, false
	}
	k.Inverse(x, y)
	return metres(lam, phi, x[0], y[0]), true
}

// ahead is the point at an angle from another in some direction, on the sphere.
func ahead(lam, phi, azimuth, angle float64) (float64, float64) {
	sin, cos := math.Sincos(angle)
	sinPhi, cosPhi := math.Sincos(phi)
	sinA, cosA := math.Sincos(azimuth)
	z := sinPhi*cos + cosPhi*sin*cosA
	u, v := sinA*sin, cosPhi*cos-sinPhi*sin*cosA
	return math.Remainder(lam+math.Atan2(u, v), 2*math.Pi), math.Atan2(z, math.Hypot(u, v))
}

func orElse(v, otherwise float64) float64 {
	if v == 0 {
		return otherwise
	}
	return v
}

// TestThereAndBackInsideTheDomain: points of a lattice over all of the earth come back to where they were, if they are in
// the domain.
func TestThereAndBackInsideTheDomain(t *testing.T) {
	eachSample(t, func(t *testing.T, d *Descriptor, sample string, p Projection, datum Ellipsoid) {
		k, err := NewKernel(p)
		require.NoError(t, err)
		inside := 0
		for lat := -87.75; lat < 90; lat += 4.5 {
			for lon := -177.75; lon < 180; lon += 4.5 {
				if off, ok := thereAndBack(k, lon*degree, lat*degree); ok && !onRim(k, lon*degree, lat*degree) {
					inside++
					require.LessOrEqual(t, off, orElse(d.Accuracy, 1e-6), "metres off at %g, %g", lon, lat)
				}
			}
		}
		assert.NotZero(t, inside)
	})
}

// onRim reports whether the domain ends within 0.1° of arc of a point.
func onRim(k Kernel, lam, phi float64) bool {
	for i := range 8 {
		l, f := ahead(lam, phi, float64(i)*math.Pi/4, 0.1*degree)
		x, y := []float64{l}, []float64{f}
		k.Forward(x, y)
		if math.IsNaN(x[0]) || math.IsNaN(y[0]) {
			return true
		}
	}
	return false
}

// edge returns at which angle from the origin, in some direction, the domain ends, or π.
func edge(k Kernel, phi0, azimuth float64) float64 {
	has := func(angle float64) bool {
		lam, phi := ahead(0, phi0, azimuth, angle)
		_, ok := thereAndBack(k, lam, phi)
		return ok
	}
	angle := 0.5 * degree
	for angle < math.Pi && has(angle) {
		angle = min(math.Pi, angle+0.5*degree)
	}
	if has(angle) {
		return angle
	}
	low, high := angle-0.5*degree, angle
	for range 40 {
		if mid := 0.5 * (low + high); has(mid) {
			low = mid
		} else {
			high = mid
		}
	}
	return low
}

// TestThereAndBackNextToTheEdge goes from the origin in 24 directions to where the domain ends or the globe is round, and
// then back by 0.1°, 0.01° and 0.001°; and to the poles and the meridian opposite the central one.
func TestThereAndBackNextToTheEdge(t *testing.T) {
	eachSample(t, func(t *testing.T, d *Descriptor, sample string, p Projection, datum Ellipsoid) {
		k, err := NewKernel(p)
		require.NoError(t, err)
		checked := 0
		check := func(lam, phi float64) {
			if off, ok := thereAndBack(k, lam, phi); ok {
				checked++
				require.LessOrEqual(t, off, orElse(d.RimAccuracy, 1e-4), "metres off at %g, %g", lam/degree, phi/degree)
			}
		}
		for _, near := range [...]float64{0.1, 0.01, 0.001} {
			for azimuth := 0.0; azimuth < 360; azimuth += 15 {
				angle := edge(k, p.phi0(), azimuth*degree)
				check(ahead(0, p.phi0(), azimuth*degree, angle-near*degree))
			}
			for lon := -180.0; lon <= 180; lon += 30 {
				check(lon*degree, (90-near)*degree)
				check(lon*degree, (near-90)*degree)
			}
			for lat := -90.0; lat <= 90; lat += 15 {
				check((180-near)*degree, lat*degree)
				check((near-180)*degree, lat*degree)
			}
		}
		assert.NotZero(t, checked)
	})
}
