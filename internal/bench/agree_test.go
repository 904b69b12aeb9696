package main

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/internal/tiffmake"
)

func TestAgree(t *testing.T) {
	of := func(v ...float32) samples { return samples{image.Pt(2, 1), 2, v} }
	nan := float32(math.NaN())
	for _, c := range []struct {
		name string
		a, b samples
		want Agreement
	}{
		{"equal", of(1, 2, 3, 4), of(1, 2, 3, 4), Agreement{1, 1, 0, 0}},
		{"one band by one", of(1, 2, 3, 4), of(1, 2, 3, 5), Agreement{.5, 1, 1, .25}},
		{"one pixel far", of(1, 2, 3, 4), of(11, 2, 3, 4), Agreement{.5, .5, 10, 2.5}},
		{"both not a number", of(nan, 2, 3, 4), of(nan, 2, 3, 4), Agreement{1, 1, 0, 0}},
		{"one not a number", of(nan, 2, 3, 4), of(0, 2, 3, 4), Agreement{.5, .5, math.Inf(1), math.Inf(1)}},
	} {
		got, err := agree(c.a, c.b)
		require.NoError(t, err, c.name)
		assert.Equal(t, c.want, got, c.name)
	}
	_, err := agree(of(1, 2, 3, 4), samples{image.Pt(1, 2), 2, make([]float32, 4)})
	require.Error(t, err)
	_, err = agree(of(1, 2, 3, 4), samples{image.Pt(2, 1), 1, make([]float32, 2)})
	require.Error(t, err)
	_, err = agree(samples{}, samples{})
	require.Error(t, err)
}

// A picture agrees with itself in every format that is compared, with colours that are transparent drawn on black.
func TestReadPicture(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 16, 16))
	for i := range m.Pix {
		m.Pix[i] = byte(i * 7)
		if i%4 == 3 {
			m.Pix[i] = 255
		}
	}
	m.Set(3, 3, color.NRGBA{200, 100, 50, 0})
	var asPNG, asJPEG bytes.Buffer
	require.NoError(t, png.Encode(&asPNG, m))
	require.NoError(t, jpeg.Encode(&asJPEG, m, nil))
	tiff := (&tiffmake.File{Size: image.Pt(16, 16), Bands: 3, Sample: func(_, b, x, y int) float64 {
		return float64([]byte(m.Pix[m.PixOffset(x, y):])[b])
	}}).NorthUp(0, 0, 1).Bytes()
	name := func(n string, b []byte) string {
		file := filepath.Join(t.TempDir(), n)
		require.NoError(t, os.WriteFile(file, b, 0o600))
		return file
	}
	p, err := readPicture(name("a.png", asPNG.Bytes()))
	require.NoError(t, err)
	assert.Equal(t, image.Pt(16, 16), p.size)
	assert.Equal(t, []float32{0, 7, 14}, p.values[:3])
	at := (3*16 + 3) * 3
	assert.Equal(t, []float32{0, 0, 0}, p.values[at:at+3])
	q, err := readPicture(name("a.tif", tiff))
	require.NoError(t, err)
	a, err := agree(p, q)
	require.NoError(t, err)
	assert.InDelta(t, 255./256, a.Equal, 1e-9, "all but the transparent one")
	_, err = agreementOf(name("a.jpg", asJPEG.Bytes()), name("b.png", asPNG.Bytes()))
	require.NoError(t, err)
	_, err = readPicture(name("a.txt", []byte("no picture")))
	require.Error(t, err)
}
