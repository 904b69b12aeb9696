package encode

import (
	"image"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
)

// A spooled image is the image, as often as one likes, also where it waits in a file.
func TestSpooledImagesAreTheSame(t *testing.T) {
	for _, size := range []image.Point{{1, 1}, {300, 100}, {5000, 900}} { // the last one in a file
		for _, valid := range []func(x, y int) int{nil, ring(size), func(int, int) int { return 255 }} {
			if valid != nil && size.X == 5000 {
				continue
			}
			b := block(raster.U8, 3, size, func(band, x, y int) int { return x*y + band }, valid)
			p := imageOf(b, nil)
			p.Opaque = false
			p.Strips = strips(b, 7)
			spooled, release, err := Spool(p, nil)
			require.NoError(t, err)
			assert.Equal(t, b.Opaque(), spooled.Opaque)
			want := rgbaOf(b)
			assert.True(t, string(want) == string(gathered(spooled, 4, rgbaRows(spooled))))
			for range spooled.Strips {
				break // wants no more
			}
			assert.True(t, string(want) == string(gathered(spooled, 4, rgbaRows(spooled))))
			release()
		}
	}
	p := imageOf(block(raster.U8, 1, image.Pt(3, 3), noise(1), nil), nil)
	p.Grid.Size.Y++
	_, _, err := Spool(p, nil)
	assert.ErrorContains(t, err, "end at row 3 of 4")
}

// If release gave memory back twice, two images would get the same memory.
func TestReleaseTwice(t *testing.T) {
	b := block(raster.U8, 1, image.Pt(20, 20), noise(1), nil)
	_, release, err := Spool(imageOf(b, nil), nil)
	require.NoError(t, err)
	release()
	release()
	first, release1, err := Spool(imageOf(b, nil), nil)
	require.NoError(t, err)
	defer release1()
	want := gathered(first, 4, rgbaRows(first))
	_, release2, err := Spool(imageOf(block(raster.U8, 1, image.Pt(30, 30), noise(2), nil), nil), nil)
	require.NoError(t, err)
	defer release2()
	assert.Equal(t, want, gathered(first, 4, rgbaRows(first)))
}
