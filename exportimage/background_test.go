package exportimage_test

import (
	"bytes"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A background is drawn where there is no data, in every format that draws, and does not change pixels with data.
func TestBackground(t *testing.T) {
	s, _ := service(bands3(t)) // to 16, 16
	bg := color.NRGBA{10, 200, 90, 255}
	const query = "bbox=0,0,32,16&size=32,16&interpolation=RSP_NearestNeighbor&format="
	for _, format := range []string{"png", "png8", "png24", "png32", "gif", "jpgpng", "jpg"} {
		req := parse(t, query+format)
		without, err := s.Export(t.Context(), req)
		require.NoError(t, err)
		req.Background = &color.NRGBA{10, 200, 90, 0}
		res, err := s.Export(t.Context(), req)
		require.NoError(t, err, format)
		decode := png.Decode
		switch format {
		case "gif":
			decode = gif.Decode
		case "jpg", "jpgpng":
			decode = jpeg.Decode
			assert.Equal(t, "image/jpeg", res.MediaType, "the image has no transparency")
		}
		img, err := decode(bytes.NewReader(res.Data))
		require.NoError(t, err, format)
		hole := color.NRGBAModel.Convert(img.At(28, 8)).(color.NRGBA)
		assert.InDelta(t, bg.R, hole.R, 3, format)
		assert.InDelta(t, bg.G, hole.G, 3, format)
		assert.InDelta(t, bg.B, hole.B, 3, format)
		assert.Equal(t, uint8(255), hole.A)
		if format == "jpg" || format == "jpgpng" {
			continue
		}
		if format == "gif" {
			decode = gif.Decode
		}
		before, err := decode(bytes.NewReader(without.Data))
		require.NoError(t, err)
		if format != "gif" && format != "png8" { // whose colours are chosen for the image
			for x := range 16 {
				assert.Equal(t, color.NRGBAModel.Convert(before.At(x, 3)), color.NRGBAModel.Convert(img.At(x, 3)), format)
			}
		}
	}
	req := parse(t, query+"tiff")
	req.Background = &bg
	res, err := s.Export(t.Context(), req)
	require.NoError(t, err)
	assert.Contains(t, res.Trace.Ignored, "background: not for format tiff")

	s, _ = service(ramp(t)) // F32 as png is stretched to bytes
	req = parse(t, "bbox=-512,0,512,512&size=64,32&format=png&pixelType=U16")
	req.Background = &bg
	_, err = s.Export(t.Context(), req)
	require.ErrorContains(t, err, "background")
}
