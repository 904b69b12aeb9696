package projection

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What follows is all that a new projection takes: a file with a kernel and a descriptor, and a line in All, in place of
// which TestToyProjection adds it to a table of its own.

var toyProjection = Descriptor{
	Name:       "Toy",
	Operations: []Operation{{Name: "toy", Keys: []Key{lat1.must()}}},
	Methods: []Method{{
		EPSG: "Toy Projection", Code: 32001, Esri: "Toy", GeoTIFF: 32002, Aliases: []string{"Toy_Conic"},
		Parameters: of(atNaturalOrigin, firstParallel, longitudeOfNaturalOrigin),
	}},
	Lacks:  LacksPROJ,
	Domain: "all of the earth", Source: "this file",
	Samples: []string{"+proj=toy +lat_1=40"},
	New:     pointwise(newToy),
}

// toy stretches longitudes and latitudes by the parallel's scale.
type toy struct{ scale float64 }

func newToy(def *Projection) (toy, error) { return toy{scaleAt(def.phi1(), def.Ellipsoid.es())}, nil }

func (p toy) extent() Extent { return worldExtent(p) }

func (p toy) project(lam, phi float64) (x, y float64) { return lam * p.scale, phi * p.scale }

func (p toy) unproject(x, y float64) (lam, phi float64) {
	return longitude(x, p.scale), latitude(y / p.scale)
}

// TestToyProjection finds the projection in every spelling.
func TestToyProjection(t *testing.T) {
	n := newTable(append(All[:len(All):len(All)], &toyProjection))
	name, e, args := sampleArguments(t, toyProjection.Samples[0])
	p, err := n.parse(name, e, args)
	require.NoError(t, err)
	require.Equal(t, Projection{Descriptor: &toyProjection, Ellipsoid: wgs84, Parameters: Parameters{StandardParallel1: 40, ScaleFactor: 1}}, p)

	k, err := NewKernel(p)
	require.NoError(t, err)
	off, ok := thereAndBack(k, 1, 0.5)
	require.True(t, ok)
	assert.Less(t, off, 1e-8)

	s, ok := p.Spell(wgs84)
	require.True(t, ok)
	assert.Equal(t, "Toy Projection", s.Method.EPSG)
	assert.Equal(t, []SpelledValue{{firstParallel, 40}, {longitudeOfNaturalOrigin, 0}, {falseEasting, 0}, {falseNorthing, 0}}, s.Values)
	s, ok = p.SpellEsri(wgs84)
	require.True(t, ok)
	assert.Equal(t, []SpelledValue{{falseEasting, 0}, {falseNorthing, 0}, {longitudeOfNaturalOrigin, 0}, {firstParallel, 40}}, s.Values)

	for _, text := range []Text{{Method: "Toy Projection", Dialect: EPSG}, {Method: "Toy"}, {Method: "Toy_Conic", Dialect: OGC}} {
		text.Values = map[string]TextValue{"lat_1": {"x", 40}}
		got, err := n.fromText(text, wgs84)
		require.NoError(t, err)
		assert.Equal(t, p, got)
	}
	assert.Len(t, n.geoTIFF[32002], 1)
}
