package exportimage

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
)

// GDAL 3.6.2, gdal.DataTypeUnion of its Python bindings, and for U32 with S16 or S32, which makes Int64 there, F64.
const unions = `
    U8  U16 S16 U32 S32 F32 F64
U8  U8  U16 S16 U32 S32 F32 F64
U16 U16 U16 S32 U32 S32 F32 F64
S16 S16 S32 S16 F64 S32 F32 F64
U32 U32 U32 F64 U32 F64 F64 F64
S32 S32 S32 S32 F64 S32 F64 F64
F32 F32 F32 F32 F64 F64 F32 F64
F64 F64 F64 F64 F64 F64 F64 F64
`

func pixelType(t *testing.T, name string) raster.PixelType {
	p, ok := raster.ParsePixelType(name)
	require.True(t, ok, name)
	return p
}

func TestCommonType(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(unions), "\n")
	columns := strings.Fields(lines[0])
	for _, line := range lines[1:] {
		words := strings.Fields(line)
		for i, want := range words[1:] {
			a, b := pixelType(t, words[0]), pixelType(t, columns[i])
			assert.Equal(t, pixelType(t, want), commonType(a, b), "%v and %v", a, b)
		}
	}
	for _, c := range [][3]raster.PixelType{
		{raster.U1, raster.U4, raster.U4},
		{raster.S8, raster.U4, raster.S8},
		{raster.S8, raster.U8, raster.S16},
		{raster.U8, raster.Unknown, raster.U8},
		{raster.C64, raster.C64, raster.C64},
		{raster.C64, raster.F32, raster.C64}, // which fitsType then refuses
	} {
		assert.Equal(t, c[2], commonType(c[0], c[1]), "%v and %v", c[0], c[1])
	}
	assert.Equal(t, raster.F32, commonType(raster.U16, raster.S16, raster.F32))
}

// What is promoted to holds both, and no order matters.
func TestCommonTypesHoldBoth(t *testing.T) {
	for a := raster.U1; a <= raster.F64; a++ {
		for b := raster.U1; b <= raster.F64; b++ {
			c := commonType(a, b)
			assert.Equal(t, c, commonType(b, a))
			require.NoError(t, fitsType(c, a))
			require.NoError(t, fitsType(c, b))
			assert.Equal(t, c, commonType(a, b, c), "%v and %v", a, b)
		}
	}
}

func TestMosaicType(t *testing.T) {
	items := mosaic.SummaryOf([]*mosaic.Item{{Type: raster.S16}, {}, {Type: raster.U16}}).Types
	assert.Equal(t, raster.S32, (&Service{}).mosaicType(raster.U8, items))
	assert.Equal(t, raster.F64, (&Service{PixelType: raster.F64}).mosaicType(raster.U8, items))
	require.EqualError(t, fitsType(raster.S16, raster.U16),
		"pixels of type U16 in a mosaic of S16 are not supported: the service must state another pixel type")
}
