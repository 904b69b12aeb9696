package horn

// A cubic is a polynomial, which stands for a function on a short piece: c[0] + c[1] x + c[2] x² + c[3] x³.
type cubic [4]float64

// at returns the polynomial's value.
func (c *cubic) at(x float64) float64 {
	return (c[0] + float64(c[1]*x)) + float64(float64(x*x)*(c[2]+float64(c[3]*x)))
}

// newCubic returns the cubic that equals f at the four places between lo and hi that Chebyshev chose.
func newCubic(f func(float64) float64, lo, hi float64) cubic {
	var x, y [4]float64
	for i, place := range [4]float64{-0.92387953251128674, -0.38268343236508977, 0.38268343236508977, 0.92387953251128674} {
		x[i] = float64((lo+hi)/2) + float64((hi-lo)/2*place)
		y[i] = f(x[i])
	}
	for k := 1; k < 4; k++ { // Newton's divided differences
		for i := 3; i >= k; i-- {
			y[i] = (y[i] - y[i-1]) / (x[i] - x[i-k])
		}
	}
	c := cubic{y[3]}
	for i := 2; i >= 0; i-- { // c is multiplied by the distance from x[i]
		for j := 3; j > 0; j-- {
			c[j] = c[j-1] - float64(x[i]*c[j])
		}
		c[0] = y[i] - float64(x[i]*c[0])
	}
	return c
}
