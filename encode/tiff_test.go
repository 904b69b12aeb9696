package encode

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"io"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/srs"
)

// dem is an image of floating-point samples with holes, somewhere on the ground.
func dem(t testing.TB) *raster.Image {
	crs, err := srs.FromWKID(32633)
	require.NoError(t, err)
	b := rastertest.FillBlock(image.Rect(3, 4, 303, 104), 1, func(_, x, y int) float32 { return float32(x*y) / 7 })
	b.Valid = image.NewAlpha(b.Bounds())
	for i := range b.Valid.Pix {
		b.Valid.Pix[i] = uint8(255 * min(i%5, 1))
	}
	p := imageOf(b, nil)
	p.Grid = raster.NorthUp(crs, srs.Envelope{XMin: 5e5, YMin: 6e6, XMax: 5e5 + 600, YMax: 6e6 + 200}, p.Grid.Size)
	return p
}

func opened(t testing.TB, file []byte) (*raster.Block, raster.Info) {
	f, err := geotiff.Open(context.Background(), source.FromReaderAt(bytes.NewReader(file), int64(len(file))), nil)
	require.NoError(t, err)
	info := f.Info()
	b, err := f.Read(context.Background(), nil, 0, image.Rectangle{Max: info.Grid.Size}, nil)
	require.NoError(t, err)
	return b, info
}

// moved returns b from the origin on, as opened does.
func moved(b *raster.Block) *raster.Block {
	r := image.Rectangle{Max: b.Bounds().Size()}
	out := raster.NewPlane[float32](r)
	for y := range r.Max.Y {
		copy(out.Row(y), b.Bands[0].(*raster.PlaneOf[float32]).Row(b.Bounds().Min.Y+y))
	}
	valid := *b.Valid
	valid.Rect = r
	return &raster.Block{Type: b.Type, Bands: []raster.Plane{out}, Valid: &valid}
}

func TestTIFFKeepsEverything(t *testing.T) {
	for _, compression := range []string{"", "None", "none", "LZ77", "lzw", "Deflate", "zstd"} {
		for _, noData := range []*float64{nil, new(-9999.0)} {
			p := dem(t)
			p.NoData = noData
			got, info := opened(t, encoded(t, "tiff", p, &Options{Compression: compression}))
			assert.Empty(t, rastertest.Diff(moved(firstStrip(p)), got), compression)
			assert.Equal(t, p.Grid, info.Grid)
			assert.Equal(t, noData, info.Bands[0].NoData)
			assert.Empty(t, info.Notes)
		}
	}
}

func TestTIFFWithJPEG(t *testing.T) {
	size := image.Pt(100, 80)
	p := imageOf(block(raster.U8, 3, size, photo(size), func(x, _ int) int { return min(x, 1) * 255 }), nil)
	p.Grid.CRS, p.Grid.Affine, p.NoData = dem(t).Grid.CRS, dem(t).Grid.Affine, new(0.0)
	b, info := opened(t, encoded(t, "tiff", p, &Options{Compression: "JPEG", Quality: new(95)}))
	assert.Nil(t, info.Bands[0].NoData, "the value would not stay what it is")
	for y := range size.Y {
		for x := range size.X {
			require.Equal(t, uint8(min(x, 1)*255), b.Valid.AlphaAt(x, y).A)
		}
	}
	small := encoded(t, "tiff", p, &Options{Compression: "jpeg", Quality: new(10)})
	large := encoded(t, "tiff", p, &Options{Compression: "jpeg", Quality: new(95)})
	assert.Less(t, len(small), len(large)/2)
}

func TestTIFFOptions(t *testing.T) {
	for _, c := range []struct {
		name    string
		p       func(p *raster.Image)
		o       *Options
		message string
	}{
		{"unknown", nil, &Options{Compression: "ZIP"}, "encode: compression is ZIP, want None, JPEG, LZ77, LZW, Deflate, ZSTD"},
		{"JPEG of floats", nil, &Options{Compression: "JPEG"}, "encode: compression is JPEG, want one without loss for 1 band of type F32"},
		{"noData", func(p *raster.Image) {
			p.Strips, p.Type, p.NoData = strips(block(raster.U8, 1, p.Grid.Size, noise(1), nil), 9), raster.U8, new(-1.0)
		},
			nil, "encode: noData is -1, want a value of type U8"},
		{"noData of floats", func(p *raster.Image) { p.NoData = new(1e300) }, nil, "encode: noData is 1e+300, want a value of type F32"},
		{"quality", nil, &Options{Quality: new(101)}, "encode: quality is 101, want 0 to 100"},
	} {
		p := dem(t)
		if c.p != nil {
			c.p(p)
		}
		err := Default()["tiff"].Encode(io.Discard, p, c.o)
		_, ok := errors.AsType[*OptionError](err)
		assert.True(t, ok, "%s: %v", c.name, err)
		assert.EqualError(t, err, c.message)
	}
	p := dem(t)
	p.Grid.Size = image.Pt(math.MaxInt32, math.MaxInt32)
	_, ok := errors.AsType[*UnsupportedError](Default()["tiff"].Encode(io.Discard, p, nil))
	assert.True(t, ok, "size")
	p = dem(t)
	p.Grid.Size.Y++
	_, ok = errors.AsType[*raster.ImageError](Default()["tiff"].Encode(io.Discard, p, nil))
	assert.True(t, ok, "strips")
	p = dem(t)
	p.Palette = color.Palette{color.Black}
	_, ok = errors.AsType[*raster.ImageError](Default()["tiff"].Encode(io.Discard, p, nil))
	assert.True(t, ok, "palette")
}
