package srs

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The table of codes is what its script makes of this machine's proj.db.
func TestGeoCodesAreCurrent(t *testing.T) {
	checkWithScript(t, "registry/geokeys.py")
}

// TestGeoCodesOpen: each conversion makes a projection that works, and each horizontal part is in the registry.
func TestGeoCodesOpen(t *testing.T) {
	table := openGeoCodes()
	assert.Greater(t, len(table.conversions), 2400)
	assert.Greater(t, len(table.horizontal), 600)
	refused := map[uint16]string{}
	for code := range table.conversions {
		p, ok, err := conversionOf(code, wgs84Ellipsoid, 0.3048)
		require.True(t, ok, code)
		if err == nil {
			_, err = newConversion(system{datum: datum{ellipsoid: wgs84Ellipsoid}, unit: 0.3048, projection: p})
		}
		if err != nil {
			refused[code] = err.Error()
		}
	}
	assert.LessOrEqual(t, len(refused), 2, "%v", refused)
	for code, part := range table.horizontal {
		wkid, err := strconv.Atoi(part)
		require.NoError(t, err)
		_, err = lookup(epsg, wkid)
		assert.NoError(t, err, "%d %d", code, wkid)
	}
	_, ok, _ := conversionOf(15593, wgs84Ellipsoid, metre) // from geographic 3D to 2D
	assert.False(t, ok)
	_, ok = horizontalOf(4978) // geocentric
	assert.False(t, ok)
}

// TestConversionScales: a conversion's false origin is a length, whatever the unit of the system on it. 10431 is SPCS83
// California zone 1 of EPSG's data set: 2,000,000 m and 500,000 m.
func TestConversionScales(t *testing.T) {
	for _, unit := range []float64{metre, 0.3048, 12 / 39.37} {
		p, ok, err := conversionOf(10431, wgs84Ellipsoid, exactLength(unit))
		require.True(t, ok)
		require.NoError(t, err)
		assert.InDelta(t, 2e6, p.FalseEasting*unit, 1e-6)
		assert.InDelta(t, 5e5, p.FalseNorthing*unit, 1e-6)
		assert.InDelta(t, 39+1./3, p.LatitudeOfOrigin, 1e-9)
	}
}
