package projection

import "github.com/geoexport/geoexport/internal/portable"

// rotated returns the point of the unit sphere in axes east, north and up at a centre on the central meridian.
func rotated(lam, phi, sin0, cos0 float64) (u, v, w float64) {
	sin, cos := portable.Sincos(phi)
	sinLam, cosLam := portable.Sincos(lam)
	c := float64(cos * cosLam)
	return cos * sinLam, float64(cos0*sin) - float64(sin0*c), float64(sin0*sin) + float64(cos0*c)
}

// unrotated inverts rotated. The vector may have any length but 0.
func unrotated(u, v, w, sin0, cos0 float64) (lam, phi float64) {
	t := float64(w*cos0) - float64(v*sin0)
	return portable.Atan2(u, t), portable.Atan2(float64(w*sin0)+float64(v*cos0), portable.Hypot(t, u))
}
