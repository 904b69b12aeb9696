package srs

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestEnvelopeMethods(t *testing.T) {
	e := Envelope{1, 2, 5, 4}
	assert.Equal(t, 4.0, e.Width())
	assert.Equal(t, 2.0, e.Height())
	x, y := e.Center()
	assert.Equal(t, [2]float64{3, 3}, [2]float64{x, y})
	assert.Equal(t, Envelope{-1, 2, 5, 9}, e.Union(Envelope{-1, 3, 2, 9}))

	for _, c := range []struct {
		e             Envelope
		empty, finite bool
	}{
		{Envelope{}, true, true},
		{e, false, true},
		{Envelope{1, 2, 1, 4}, true, true},
		{Envelope{5, 2, 1, 4}, true, true},
		{Envelope{1, 2, math.NaN(), 4}, true, false},
		{Envelope{1, math.Inf(-1), 2, 4}, false, false},
	} {
		assert.Equal(t, c.empty, c.e.Empty(), "%v", c.e)
		assert.Equal(t, c.finite, c.e.Finite(), "%v", c.e)
	}

	assert.True(t, e.Intersects(Envelope{4, 3, 9, 9}))
	assert.False(t, e.Intersects(Envelope{5, 2, 9, 4}), "boxes that only touch")
	assert.False(t, e.Intersects(Envelope{6, 2, 9, 4}))
}
