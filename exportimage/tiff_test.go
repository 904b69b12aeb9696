package exportimage_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/raster/source"
)

// A TIFF has the pixels, where they lie, and what stands for no data.
func TestTIFFIsGeoreferenced(t *testing.T) {
	s, raw := service(ramp(t))
	for _, query := range []string{"", "&noData=-9999", "&noData=7&compression=LZ77", "&compression=zstd&pixelType=S16&noData=-1"} {
		query = "bbox=-8,-8,120,120&bboxSR=3857&size=128,128&interpolation=RSP_NearestNeighbor" + query
		want, res := export(t, s, raw, query)
		got, err := s.Export(context.Background(), parse(t, query+"&format=tiff"))
		require.NoError(t, err)
		assert.Equal(t, "image/tiff", got.MediaType)
		assert.NotContains(t, got.Trace.Ignored, "compression")
		f, err := geotiff.Open(context.Background(), source.FromReaderAt(bytes.NewReader(got.Data), int64(len(got.Data))), nil)
		require.NoError(t, err)
		info := f.Info()
		assert.Equal(t, res.Envelope, info.Grid.Envelope())
		wkid, _ := info.Grid.CRS.WKID()
		assert.Equal(t, 3857, wkid)
		req := parse(t, query)
		if len(req.NoData) > 0 {
			assert.Equal(t, req.NoData[0], *info.Bands[0].NoData)
		} else {
			assert.Nil(t, info.Bands[0].NoData)
		}
		b, err := f.Read(context.Background(), nil, 0, image.Rect(0, 0, 128, 128), nil)
		require.NoError(t, err)
		assert.Empty(t, rastertest.Diff(want, b), query)
	}
}

func TestTIFFParametersAreNamed(t *testing.T) {
	s, _ := service(ramp(t))
	_, err := s.Export(context.Background(), parse(t, "format=tiff&size=8,8&compression=JPEG")) // of F32
	e, ok := errors.AsType[*exportimage.Error](err)
	require.True(t, ok, "%v", err)
	assert.Equal(t, exportimage.Invalid, e.Kind)
	assert.Equal(t, "compression", e.Param)
	_, err = s.Export(context.Background(), parse(t, "format=tiff&size=8,8&compression=LERC"))
	require.ErrorContains(t, err, "want None, JPEG, LZ77, LZW, Deflate, ZSTD")
}
