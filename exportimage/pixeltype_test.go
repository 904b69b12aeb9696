package exportimage_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/srs"
)

// Every pixel type of the operation can be asked for as TIFF, and comes as that type, clamped to it.
func TestPixelTypesAsTIFF(t *testing.T) {
	s, _ := service(heights(t))
	for want := raster.U1; want <= raster.C128; want++ {
		t.Run(want.String(), func(t *testing.T) {
			res, err := s.Export(context.Background(), parse(t, whole16+"&format=tiff&pixelType="+want.String()))
			require.NoError(t, err)
			f, err := geotiff.Open(context.Background(), source.FromReaderAt(bytes.NewReader(res.Data), int64(len(res.Data))), nil)
			require.NoError(t, err)
			defer f.Close()
			assert.Equal(t, want, f.Info().Type)
			b, err := f.Read(context.Background(), nil, 0, image.Rect(0, 0, 16, 16), nil)
			require.NoError(t, err)
			expected := float64(200) // the sample in column 8 of row 12
			if _, hi := want.Range(); expected > hi {
				expected = hi
			}
			switch p := b.Bands[0].(type) {
			case *raster.PlaneOf[complex64]:
				assert.Equal(t, complex64(complex(expected, 0)), p.Row(12)[8])
			case *raster.PlaneOf[complex128]:
				assert.Equal(t, complex(expected, 0), p.Row(12)[8])
			default:
				wide, err := raster.Convert(b, raster.F64)
				require.NoError(t, err)
				assert.Equal(t, expected, wide.Bands[0].(*raster.PlaneOf[float64]).Row(12)[8])
			}
		})
	}
}

// In formats that do not hold them, one bit is drawn black and white, and complex samples are refused by name.
func TestPixelTypesThatFormatsDoNotHold(t *testing.T) {
	s, _ := service(heights(t))
	res, err := s.Export(context.Background(), parse(t, whole16+"&format=png&pixelType=U1"))
	require.NoError(t, err)
	img, err := png.Decode(bytes.NewReader(res.Data))
	require.NoError(t, err)
	for x, want := range []uint32{0, 0xffff, 0xffff} {
		grey, _, _, _ := img.At(x, 0).RGBA()
		assert.Equal(t, want, grey, "sample %d", x)
	}
	_, err = s.Export(context.Background(), parse(t, whole16+"&format=png&pixelType=C64"))
	var e *exportimage.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, exportimage.Unsupported, e.Kind)
	assert.ErrorContains(t, err, "C64")

	g := raster.NorthUp(crs(t, 3857), srs.Envelope{XMax: 4, YMax: 4}, image.Pt(4, 4))
	s, _ = service(rastertest.FromFunc(g, 1, func(_, x, y int) complex64 { return complex(float32(x), float32(y)) }))
	_, err = s.Export(context.Background(), parse(t, "size=4,4&format=tiff&pixelType=F32"))
	require.ErrorAs(t, err, &e)
	assert.Equal(t, "pixelType", e.Param)
	_, err = s.Export(context.Background(), parse(t, "size=4,4&format=tiff"))
	require.NoError(t, err, "complex as they are")
}
