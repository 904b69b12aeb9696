package mosaic_test

import (
	"image"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
)

func TestMergeFirstOnTop(t *testing.T) {
	for _, c := range []struct {
		name  string
		adds  []string
		want  string
		after int // how many adds until nothing below can show; -1 never
	}{
		{"nothing", nil, "...\n...", -1},
		{"second raster fills the hole", []string{"11.\n1..", "222\n222"}, "112\n122", 2},
		{"a full raster hides the rest", []string{"111\n111", "222\n222"}, "111\n111", 1},
		{"holes in both stay", []string{"1..\n...", ".2.\n2.."}, "12.\n2..", -1},
		{"the same hole twice", []string{"1.1\n1.1", "2.2\n2.2", "333\n333"}, "131\n131", 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := mosaic.NewMerger(mosaic.First, raster.U8, 1, image.Rect(0, 0, 3, 2))
			done := -1
			for i, text := range c.adds {
				require.NoError(t, m.Add(rastertest.Parse(text), nil))
				if m.Done() && done < 0 {
					done = i + 1
				}
			}
			assert.Equal(t, c.after, done)
			assert.Equal(t, c.want, rastertest.Text(m.Result()))
		})
	}
}

func TestMergeOfAPartKeepsItsPlace(t *testing.T) {
	m := mosaic.NewMerger(mosaic.First, raster.U8, 1, image.Rect(0, 0, 4, 3))
	part := rastertest.Parse("9999\n9999\n9999").Sub(image.Rect(1, 1, 3, 2))
	require.NoError(t, m.Add(part, nil))
	assert.Equal(t, "....\n.99.\n....", rastertest.Text(m.Result()))
}

func TestMergeRefusesWhatDoesNotFit(t *testing.T) {
	m := mosaic.NewMerger(mosaic.First, raster.U8, 1, image.Rect(0, 0, 2, 2))
	r := image.Rect(0, 0, 2, 2)
	for want, b := range map[string]*raster.Block{
		"mosaic: 1 bands of U16 do not merge with 1 of U8":       raster.NewBlock(raster.U16, 1, r),
		"mosaic: 3 bands of U8 do not merge with 1 of U8":        raster.NewBlock(raster.U8, 3, r),
		"mosaic: block (1,1)-(3,3) reaches outside (0,0)-(2,2)":  raster.NewBlock(raster.U8, 1, image.Rect(1, 1, 3, 3)),
		"mosaic: block (-1,0)-(1,2) reaches outside (0,0)-(2,2)": raster.NewBlock(raster.U8, 1, image.Rect(-1, 0, 1, 2)),
	} {
		err := m.Add(b, nil)
		require.EqualError(t, err, want)
		var e *mosaic.MergeError
		require.ErrorAs(t, err, &e)
	}
	assert.Equal(t, make([]uint8, 4), m.Result().Valid.Pix, "nothing was merged")
}

// The slow twin: pixel by pixel, the first block that holds data there, with samples of all sizes.
func TestMergeAgreesWithItsDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		rect := image.Rect(-3, 5, 6, 11)
		blocks := make([]*raster.Block, rapid.IntRange(0, 5).Draw(t, "blocks"))
		m := mosaic.NewMerger(mosaic.First, raster.S16, 2, rect)
		for i := range blocks {
			blocks[i] = randomBlock(rng, raster.S16, 2, rect)
			for _, p := range blocks[i].Bands {
				for j := range p.(*raster.PlaneOf[int16]).Pix {
					p.(*raster.PlaneOf[int16]).Pix[j] = int16(rng.Int())
				}
			}
			require.NoError(t, m.Add(blocks[i], nil))
		}
		got := m.Result()
		for p := range pixels(rect) {
			top := slices.IndexFunc(blocks, func(b *raster.Block) bool { return validAt(b, p.X, p.Y) != 0 })
			if top < 0 {
				require.Zero(t, validAt(got, p.X, p.Y))
				continue
			}
			require.Equal(t, validAt(blocks[top], p.X, p.Y), validAt(got, p.X, p.Y))
			for i := range got.Bands {
				require.Equal(t, sampleAt(blocks[top], i, p.X, p.Y), sampleAt(got, i, p.X, p.Y))
			}
		}
	})
}

func validAt(b *raster.Block, x, y int) uint8 {
	if b.Valid == nil {
		return 255
	}
	return b.Valid.AlphaAt(x, y).A
}

func sampleAt(b *raster.Block, band, x, y int) int16 {
	p := b.Bands[band].(*raster.PlaneOf[int16])
	return p.Row(y)[x-p.Rect.Min.X]
}
