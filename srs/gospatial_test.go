package srs

import (
	"testing"

	"github.com/go-spatial/proj/core"
	"github.com/go-spatial/proj/support"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A program that uses go-spatial has our kernels once it has registered them.
func TestGoSpatialCallsOurKernels(t *testing.T) {
	RegisterWithGoSpatial()
	RegisterWithGoSpatial()
	ps, err := support.NewProjString("+proj=x_tmerc +lon_0=15 +k_0=0.9996 +x_0=500000 +a=6378137 +rf=298.257223563")
	require.NoError(t, err)
	_, op, err := core.NewSystem(ps)
	require.NoError(t, err)
	conv := op.(core.IConvertLPToXY)
	lp := &core.CoordLP{Lam: 12.1 * degree, Phi: 47.25 * degree}
	xy, err := conv.Forward(lp)
	require.NoError(t, err)

	xs, ys := []float64{12.1}, []float64{47.25}
	mustTransformer(t, 4326, 32633).Transform(xs, ys)
	assert.InDelta(t, xs[0], xy.X, 1e-6)
	assert.InDelta(t, ys[0], xy.Y, 1e-6)
	back, err := conv.Inverse(xy)
	require.NoError(t, err)
	assert.InDelta(t, 12.1*degree, back.Lam, 1e-14)

	_, err = conv.Forward(&core.CoordLP{Lam: 105 * degree})
	assert.ErrorIs(t, err, errNoImage)
	_, err = conv.Inverse(&core.CoordXY{X: 1e9})
	assert.ErrorIs(t, err, errNoImage)
}
