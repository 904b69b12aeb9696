package raster_test

import (
	"context"
	"image"
	"image/color"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/internal/guard"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

// A foreign is a dataset of somebody else's.
type foreign struct {
	info func() raster.Info
	read func(dst *raster.Block, win image.Rectangle) (*raster.Block, error)
}

func (f *foreign) Info() raster.Info { return f.info() }

func (f *foreign) Read(_ context.Context, dst *raster.Block, _ int, win image.Rectangle, _ []int) (*raster.Block, error) {
	return f.read(dst, win)
}

func plainInfo() raster.Info {
	g := raster.NorthUp(srs.CRS{}, srs.Envelope{XMax: 8, YMax: 4}, image.Pt(8, 4))
	return raster.Info{Grid: g, Type: raster.U16, Bands: make([]raster.Band, 2), Levels: []image.Point{{8, 4}, {4, 4}, {4, 2}}}
}

func TestCheckInfo(t *testing.T) {
	for want, spoil := range map[string]func(*raster.Info){
		"its pixel type is UNKNOWN":                             func(i *raster.Info) { i.Type = raster.Unknown },
		"its pixel type is PixelType(99)":                       func(i *raster.Info) { i.Type = 99 },
		"it has no bands":                                       func(i *raster.Info) { i.Bands = nil },
		"it has no levels":                                      func(i *raster.Info) { i.Levels = nil },
		"its first level is (8,4), and its grid is (9,4)":       func(i *raster.Info) { i.Grid.Size.X = 9 },
		"level 1 is (8,5) after (8,4), and must be smaller":     func(i *raster.Info) { i.Levels[1] = image.Pt(8, 5) },
		"level 2 is (4,4) after (4,4), and must be smaller":     func(i *raster.Info) { i.Levels[2] = image.Pt(4, 4) },
		"level 2 is (0,0)":                                      func(i *raster.Info) { i.Levels[2] = image.Point{} },
		"level 2 is (-1,1)":                                     func(i *raster.Info) { i.Levels[2] = image.Pt(-1, 1) },
		"its georeference is not finite: {NaN 0 0 0 -1 4}":      func(i *raster.Info) { i.Grid.Affine.A = math.NaN() },
		"its georeference is not finite: {1 0 +Inf 0 -1 4}":     func(i *raster.Info) { i.Grid.Affine.C = math.Inf(1) },
		"its palette has entries without a colour":              func(i *raster.Info) { i.Palette = make(color.Palette, 2) },
		"Dataset.Info panicked: ouch":                           func(*raster.Info) { panic("ouch") },
		"Dataset.Info panicked: runtime error: invalid memory ": func(*raster.Info) { _ = *(*int)(nil) },
	} {
		_, err := raster.Check(&foreign{info: func() raster.Info {
			i := plainInfo()
			spoil(&i)
			return i
		}})
		require.ErrorContains(t, err, want)
	}
	_, err := raster.Check(nil)
	require.EqualError(t, err, "raster: a dataset breaks its contract: it is nil")
	_, err = raster.Check((*foreign)(nil))
	require.NotEmpty(t, guard.Stack(err))
	c, err := raster.Check(&foreign{info: plainInfo})
	require.NoError(t, err)
	assert.Equal(t, plainInfo(), c.Info())
	again, err := raster.Check(c)
	require.NoError(t, err)
	assert.Same(t, c, again)
}

func TestCheckedRead(t *testing.T) {
	win := image.Rect(2, 1, 6, 3)
	good := func() *raster.Block { return raster.NewBlock(raster.U16, 2, win) }
	spoiled := func(f func(*raster.Block)) func(*raster.Block, image.Rectangle) (*raster.Block, error) {
		return func(*raster.Block, image.Rectangle) (*raster.Block, error) {
			b := good()
			f(b)
			return b, nil
		}
	}
	plane := func(b *raster.Block) *raster.PlaneOf[uint16] { return b.Bands[1].(*raster.PlaneOf[uint16]) }
	none := func(b *raster.Block, err error) func(*raster.Block, image.Rectangle) (*raster.Block, error) {
		return func(*raster.Block, image.Rectangle) (*raster.Block, error) { return b, err }
	}
	for want, read := range map[string]func(*raster.Block, image.Rectangle) (*raster.Block, error){
		"":                                       spoiled(func(*raster.Block) {}),
		"neither a block nor an error":           none(nil, nil),
		"samples of type F64, want U16":          spoiled(func(b *raster.Block) { b.Type = raster.F64 }),
		"1 bands, want 2":                        spoiled(func(b *raster.Block) { b.Bands = b.Bands[:1] }),
		"3 bands, want 2":                        spoiled(func(b *raster.Block) { b.Bands = append(b.Bands, b.Bands[0]) }),
		"plane 1 as a *raster.PlaneOf[int16]":    spoiled(func(b *raster.Block) { b.Bands[1] = raster.NewPlane[int16](win) }),
		"plane 1 as a <nil>":                     spoiled(func(b *raster.Block) { b.Bands[1] = nil }),
		"plane 1 as a *raster.PlaneOf[uint16]":   spoiled(func(b *raster.Block) { b.Bands[1] = (*raster.PlaneOf[uint16])(nil) }),
		"plane 1 of (0,0)-(4,2)":                 spoiled(func(b *raster.Block) { plane(b).Rect = image.Rect(0, 0, 4, 2) }),
		"plane 1 of (2,1)-(6,2)":                 spoiled(func(b *raster.Block) { plane(b).Rect.Max.Y = 2 }),
		"plane 1 with too few samples":           spoiled(func(b *raster.Block) { plane(b).Pix = plane(b).Pix[:7] }),
		"plane 1 with too few samples for (2,1)": spoiled(func(b *raster.Block) { plane(b).Stride = 3 }),
		"plane 1 with too few samples for (2":    spoiled(func(b *raster.Block) { plane(b).Stride = math.MaxInt }),
		"validity of (0,0)-(4,2)":                spoiled(func(b *raster.Block) { b.Valid.Rect = image.Rect(0, 0, 4, 2) }),
		"validity with too few samples":          spoiled(func(b *raster.Block) { b.Valid.Pix = nil }),
		"validity with too few samples for":      spoiled(func(b *raster.Block) { b.Valid.Stride = -4 }),
		"Dataset.Read panicked: ouch":            spoiled(func(*raster.Block) { panic("ouch") }),
		"EOF":                                    none(nil, assert.AnError),
	} {
		c, err := raster.Check(&foreign{plainInfo, read})
		require.NoError(t, err)
		b, err := c.Read(t.Context(), nil, 0, win, nil)
		switch want {
		case "":
			require.NoError(t, err)
			assert.Equal(t, good(), b)
		case "EOF":
			require.Same(t, assert.AnError, err)
		default:
			require.ErrorContains(t, err, want)
		}
	}
}

// What a destination holds from another read never comes out of a dataset that leaves it as it is.
func TestCheckedReadShowsNothingOfFormerReads(t *testing.T) {
	c, err := raster.Check(&foreign{plainInfo, func(dst *raster.Block, _ image.Rectangle) (*raster.Block, error) { return dst, nil }})
	require.NoError(t, err)
	win := image.Rect(0, 0, 4, 2)
	dst := rastertest.FillBlock(win, 2, func(int, int, int) uint16 { return 7 })
	b, err := c.Read(t.Context(), dst, 0, win, nil)
	require.NoError(t, err)
	assert.Empty(t, rastertest.Diff(rastertest.FillBlock(win, 2, func(int, int, int) uint16 { return 0 }), b))
}
