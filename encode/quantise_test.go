package encode

import (
	"image"
	"image/color"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/geoexport/geoexport/raster"
)

// indexes is an indexed image in memory.
type indexes struct {
	pix     []uint8
	palette []color.NRGBA
}

// quantise returns the indices of RGBA pixels, as one row.
func quantise(rgba []byte) *indexes {
	q := newQuantiser(len(rgba)/4, nil)
	defer q.release()
	q.count(rgba)
	ix := &indexes{pix: make([]uint8, len(rgba)/4), palette: q.palette()}
	q.index(ix.pix, rgba)
	return ix
}

// psnr compares an indexed image with RGBA pixels, in dB over all samples, colours weighted by alpha as they show.
func psnr(ix *indexes, rgba []byte) float64 {
	sum := 0.0
	for i, v := range ix.pix {
		c, p := ix.palette[v], rgba[4*i:4*i+4]
		a, b := float64(c.A)/255, float64(p[3])/255
		for k, v := range [...]uint8{c.R, c.G, c.B} {
			d := float64(v)*a - float64(p[k])*b
			sum += d * d
		}
		d := float64(c.A) - float64(p[3])
		sum += d * d
	}
	return 10 * math.Log10(255*255*float64(len(rgba))/sum)
}

// requireKept checks the promises of quantise for any image.
func requireKept(t require.TestingT, ix *indexes, rgba []byte) {
	require.LessOrEqual(t, len(ix.palette), 256)
	for i := 1; i < len(ix.palette); i++ {
		require.False(t, ix.palette[i].A < 255 && ix.palette[i-1].A == 255, "palette begins with what is not opaque")
	}
	for i, v := range ix.pix {
		c, a := ix.palette[v], rgba[4*i+3]
		if (c.A == 0) != (a == 0) || (c.A == 255) != (a == 255) || c.A == 0 && c != (color.NRGBA{}) {
			require.Fail(t, "alpha", "pixel %d: alpha %d became %v", i, a, c)
		}
	}
}

// gathered returns all pixels of an image, size bytes each, as fill writes them.
func gathered(p *raster.Image, size int, fill rowFunc) []byte {
	pix := make([]byte, p.Grid.Size.X*p.Grid.Size.Y*size)
	rest := pix
	err := eachRow(p, func(b *raster.Block, y int) error {
		fill(rest[:p.Grid.Size.X*size], b, y)
		rest = rest[p.Grid.Size.X*size:]
		return nil
	})
	if err != nil {
		panic(err)
	}
	return pix
}

// rgbaOf returns all pixels of a block as RGBA.
func rgbaOf(b *raster.Block) []byte {
	p := imageOf(b, nil)
	return gathered(p, 4, rgbaRows(p))
}

func TestQuantisePhotographs(t *testing.T) {
	size := image.Pt(400, 400)
	for name, valid := range map[string]func(x, y int) int{"opaque": nil, "soft": ring(size)} {
		rgba := rgbaOf(block(raster.U8, 3, size, photo(size), valid))
		ix := quantise(rgba)
		requireKept(t, ix, rgba)
		// 41.6 dB opaque and 36.5 dB soft when this was written.
		assert.Greater(t, psnr(ix, rgba), 35.0, name)
	}
}

func TestQuantiseIsExactUpTo256Colours(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 256).Draw(t, "colours")
		colours := rapid.SliceOfN(rapid.Uint32(), n, n).Draw(t, "values")
		var rgba []byte
		for i := range 600 {
			c := colours[i*i%n]
			if c>>24 == 0 {
				c = 0
			}
			rgba = append(rgba, byte(c), byte(c>>8), byte(c>>16), byte(c>>24))
		}
		ix := quantise(rgba)
		requireKept(t, ix, rgba)
		for i, v := range ix.pix {
			c := ix.palette[v]
			require.Equal(t, rgba[4*i:4*i+4], []byte{c.R, c.G, c.B, c.A})
		}
	})
}

func TestQuantiseKeepsAlphaOfAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		alphas := rapid.SliceOfN(rapid.Uint8(), 1, 5).Draw(t, "alphas")
		values := noise(rapid.Uint64().Draw(t, "seed"))
		size := image.Pt(40, 40)
		valid := func(x, y int) int { return int(alphas[(x*7+y)%len(alphas)]) }
		rgba := rgbaOf(block(raster.U8, 3, size, values, valid))
		ix := quantise(rgba)
		requireKept(t, ix, rgba)
		require.Equal(t, ix, quantise(rgba), "deterministic")
	})
}
