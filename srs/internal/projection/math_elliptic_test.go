package projection

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// Values are those of Abramowitz & Stegun, table 17.1: K for m = 0.5; and table 17.5: F(30°, m = 0.5), α = 45°.
func TestEllipticFunctions(t *testing.T) {
	assert.InDelta(t, 1.85407467730137, ellipticF(1, 0), 1e-14)
	assert.InDelta(t, 0.53562273, ellipticF(0.5, 0.75), 1e-8)
	j := newJacobi()
	sn, cn, dn := j.at(0.53562273280540331)
	assert.InDelta(t, 0.5, sn, 1e-8)
	assert.InDelta(t, 1, sn*sn+cn*cn, 1e-15)
	assert.InDelta(t, 1, dn*dn+0.5*sn*sn, 1e-15)
}
