package srs

import (
	"strings"
	"testing"

	"github.com/go-spatial/proj/support"
	"github.com/stretchr/testify/assert"
)

// TestEllipsoidsByName: PROJ's names mean what PROJ 9.1.1 means by them, which the registry has, although go-spatial's
// table has some ellipsoids rounded.
func TestEllipsoidsByName(t *testing.T) {
	r, names := openRegistry(), 0
	for i, row := range r.ellipsoids {
		for name := range strings.FieldsSeq(split(row)[5]) {
			names++
			got, ok := ellipsoidNamed(name)
			assert.True(t, ok, name)
			assert.Equal(t, r.ellipsoid(i), got, name)
		}
	}
	assert.Len(t, support.EllipsoidsTable, names)
	_, ok := ellipsoidNamed("wgs84")
	assert.False(t, ok)
}
