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
		inside, worst := 0, 0.0
		for lat := -87.75; lat < 90; lat += 4.5 {
			for lon := -177.75; lon < 180; lon += 4.5 {
				if off, ok := thereAndBack(k, lon*degree, lat*degree); ok && !onRim(k, lon*degree, lat*degree) {
					inside++
					worst = max(worst, off)
					if !(off <= orElse(d.Accuracy, 1e-6)) {
						require.Failf(t, "not where it was", "%g, %g is %.3g m off", lon, lat, off)
					}
				}
			}
		}
		assert.NotZero(t, inside)
		t.Logf("%.3g m", worst)
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

// TestThereAndBackNextToTheEdge goes from the origin in 24 directions to where the domain ends or the globe is round, and
// then back by 0.1°, 0.01° and 0.001°; and to the poles and the meridian opposite the central one.
func TestThereAndBackNextToTheEdge(t *testing.T) {
	eachSample(t, func(t *testing.T, d *Descriptor, sample string, p Projection, datum Ellipsoid) {
		k, err := NewKernel(p)
		require.NoError(t, err)
		checked, worst := 0, 0.0
		check := func(lam, phi float64) {
			off, ok := thereAndBack(k, lam, phi)
			if !ok {
				return
			}
			checked++
			worst = max(worst, off)
			if !(off <= orElse(d.RimAccuracy, 1e-4)) {
				require.Failf(t, "not where it was", "%g, %g is %.3g m off", lam/degree, phi/degree, off)
			}
		}
		phi0 := p.phi0()
		for i := range 24 {
			azimuth := float64(i) * math.Pi / 12
			has := func(angle float64) bool {
				lam, phi := ahead(0, phi0, azimuth, angle)
				_, ok := thereAndBack(k, lam, phi)
				return ok
			}
			edge := 0.5 * degree
			for edge < math.Pi && has(edge) {
				edge = min(math.Pi, edge+0.5*degree)
			}
			if !has(edge) {
				low, high := edge-0.5*degree, edge
				for range 40 {
					if mid := 0.5 * (low + high); has(mid) {
						low = mid
					} else {
						high = mid
					}
				}
				edge = low
			}
			for _, back := range [...]float64{0.1, 0.01, 0.001} {
				check(ahead(0, phi0, azimuth, edge-back*degree))
			}
		}
		for _, near := range [...]float64{0.1, 0.01, 0.001} {
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
		t.Logf("%.3g m", worst)
	})
}
