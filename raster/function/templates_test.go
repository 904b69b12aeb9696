package function

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
)

// Every template compiles for what it is made for, by its name, and with an argument overridden.
func TestTemplatesCompile(t *testing.T) {
	heights := worlds{Source{}: {raster.F32, 1}}
	for _, one := range Elevation() {
		f, err := Resolve(Named(one.Name), Elevation())
		require.NoError(t, err, one.Name)
		_, err = heights.compile(f)
		require.NoError(t, err, one.Name)
	}
	images := worlds{Source{}: {raster.U8, 4}}
	all := Imagery(ImageryBands{0, 1, 2, 3})
	require.Len(t, all, 6)
	for _, one := range all {
		f, err := Resolve(Named(one.Name), all)
		require.NoError(t, err, one.Name)
		_, err = images.compile(f)
		require.NoError(t, err, one.Name)
	}
	assert.Len(t, Imagery(ImageryBands{0, 1, 2, -1}), 1)
	assert.NotEmpty(t, Imagery(ImageryBands{}), "all bands are the first")

	rule, err := ParseRule(`{"rasterFunction":"hillshade gray","rasterFunctionArguments":{"azimuth":90,"Raster":"$$"}}`)
	require.NoError(t, err)
	f, err := Resolve(rule, Elevation())
	require.NoError(t, err)
	assert.InDelta(t, 90, f.(*Hillshade).Azimuth, 0)
	rule, err = ParseRule(`{"rasterFunction":"Hillshade Gray","rasterFunctionArguments":{"Colour":90}}`)
	require.NoError(t, err)
	_, err = Resolve(rule, Elevation())
	require.ErrorContains(t, err, `argument "Colour" of raster function "Hillshade Gray" is not supported`)
}

// Every name of a ramp or a map has 256 opaque colours, which begin and end as stated.
func TestNamedRamps(t *testing.T) {
	names := namedRamps()
	assert.Len(t, names, 59+6-1, "Gray is both")
	for name := range names {
		colors := namedRamp(name)
		require.Len(t, colors, 256, name)
		for _, c := range colors {
			require.Equal(t, uint8(255), c.A, name)
		}
		parts := names[name]
		assert.Equal(t, parts[0].From, colors[0], name)
		assert.Equal(t, parts[len(parts)-1].To, colors[255], name)
	}
	assert.NotEqual(t, namedRamp("Random")[0], namedRamp("RANDOM")[1])
	assert.Equal(t, namedRamp("Random"), namedRamp("RANDOM"))
	assert.Nil(t, namedRamp("no such ramp"))
}
