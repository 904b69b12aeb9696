package raster_test

import (
	"image"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/srs"
)

func TestPixelTypeNames(t *testing.T) {
	for p := raster.Unknown; p <= raster.C128; p++ {
		got, ok := raster.ParsePixelType(p.String())
		assert.True(t, ok)
		assert.Equal(t, p, got)
	}
	for _, s := range []string{"", "U9", "float", "U8 ", "PixelType(1)"} {
		_, ok := raster.ParsePixelType(s)
		assert.False(t, ok, s)
	}
	got, _ := raster.ParsePixelType("f32")
	assert.Equal(t, raster.F32, got)
}

// NewPlane makes a plane for every type, and Size and Range fit it.
func TestNewPlaneOfEveryType(t *testing.T) {
	for p := raster.U1; p <= raster.C128; p++ {
		plane := raster.NewPlanes(p, 1, image.Rect(2, 3, 5, 7))[0]
		assert.Equal(t, image.Rect(2, 3, 5, 7), plane.Bounds(), "%v", p)
		assert.NotZero(t, p.Size())
		lo, hi := p.Range()
		assert.Less(t, lo, hi)
	}
	assert.Panics(t, func() { raster.NewPlanes(raster.Unknown, 1, image.Rect(0, 0, 1, 1)) })
}

func TestSubSharesMemoryAndKeepsPlaces(t *testing.T) {
	p := raster.NewPlane[uint16](image.Rect(-2, -1, 3, 4))
	for i := range p.Pix {
		p.Pix[i] = uint16(i)
	}
	s := p.Sub(image.Rect(0, 1, 9, 9))
	require.Equal(t, image.Rect(0, 1, 3, 4), s.Rect)
	for y := s.Rect.Min.Y; y < s.Rect.Max.Y; y++ {
		assert.Equal(t, p.Row(y)[2:], s.Row(y))
	}
	s.Row(1)[0] = 999
	assert.Equal(t, uint16(999), p.Row(1)[2])
	assert.True(t, p.Sub(image.Rect(7, 7, 9, 9)).Rect.Empty())
}

func TestAffineInverse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Float64Range(-1e3, 1e3)
		a := raster.Affine{
			A: n.Draw(t, "a"), B: n.Draw(t, "b"), C: 1e3 * n.Draw(t, "c"),
			D: n.Draw(t, "d"), E: n.Draw(t, "e"), F: 1e3 * n.Draw(t, "f"),
		}
		if math.Abs(a.A*a.E-a.B*a.D) < 1 {
			t.Skip("too thin to be turned round")
		}
		inv, ok := a.Inverse()
		require.True(t, ok)
		x, y := a.Apply(100.5, 200.25)
		col, row := inv.Apply(x, y)
		require.InDelta(t, 100.5, col, 1e-3)
		require.InDelta(t, 200.25, row, 1e-3)
	})
	for _, flat := range []raster.Affine{{}, {A: 1, B: 1, D: 1, E: 1}, {A: 1}, {A: math.NaN(), E: 1}} {
		_, ok := flat.Inverse()
		assert.False(t, ok, "%v", flat)
	}
}

func TestNorthUpFillsTheBox(t *testing.T) {
	e := srs.Envelope{XMin: -117, YMin: 34, XMax: -116, YMax: 35.5}
	g := raster.NorthUp(srs.CRS{}, e, image.Pt(300, 200))
	assert.Equal(t, e, g.Envelope())
	x, y := g.Affine.Apply(0, 0)
	assert.Equal(t, [2]float64{-117, 35.5}, [2]float64{x, y}, "the first row is at the top")
}

func TestEnvelopeOfTurnedGrids(t *testing.T) {
	quarter := raster.Grid{Affine: raster.Affine{B: 1, D: 1}, Size: image.Pt(3, 5)}
	assert.Equal(t, srs.Envelope{XMax: 5, YMax: 3}, quarter.Envelope())
	southUp := raster.Grid{Affine: raster.Affine{A: 2, E: 2, C: 10, F: 20}, Size: image.Pt(3, 5)}
	assert.Equal(t, srs.Envelope{XMin: 10, YMin: 20, XMax: 16, YMax: 30}, southUp.Envelope())
}

func TestNoDataRule(t *testing.T) {
	rect := image.Rect(0, 0, 3, 1)
	band := func(samples ...uint8) raster.Plane {
		return &raster.PlaneOf[uint8]{Pix: samples, Stride: 3, Rect: rect}
	}
	// T43: (0,10,10), (0,0,0) and (5,5,5).
	rgb := &raster.Block{Type: raster.U8, Bands: []raster.Plane{band(0, 0, 5), band(10, 0, 5), band(10, 0, 5)}}
	for _, c := range []struct {
		name   string
		rule   raster.NoDataRule
		masked []uint8
	}{
		{"any", raster.NoDataRule{Values: []float64{0}}, []uint8{0, 0, 255}},
		{"all", raster.NoDataRule{Values: []float64{0, 0, 0}, All: true}, []uint8{255, 0, 255}},
		{"all of one value", raster.NoDataRule{Values: []float64{0}, All: true}, []uint8{255, 0, 255}},
		{"one a band, any", raster.NoDataRule{Values: []float64{5, 10, 99}}, []uint8{0, 255, 0}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := c.rule.Mask(rgb)
			require.NoError(t, err)
			assert.Equal(t, c.masked, got.Valid.Pix)
			assert.Nil(t, rgb.Valid)
		})
	}
	for _, v := range []float64{256, -1, 0.5, math.NaN(), math.Inf(1)} {
		got, err := raster.NoDataRule{Values: []float64{v}}.Mask(rgb)
		require.NoError(t, err)
		assert.Nil(t, got.Valid, "no byte is %v", v)
	}
	_, err := raster.NoDataRule{Values: []float64{0, 0}}.Mask(rgb)
	assert.Error(t, err, "two values for three bands")
}

// T40: what the text of a tag rounds to in double precision still masks the single precision sample it stands for.
func TestNoDataRuleOfSinglePrecision(t *testing.T) {
	lowest := float32(-math.MaxFloat32)
	for _, v := range []float64{-3.39999999999999996e+38, -3.4028234663852886e+38, math.NaN()} {
		b := row(raster.F32, float32(v), 0, lowest)
		got, err := raster.NoDataRule{Values: []float64{v}}.Mask(b)
		require.NoError(t, err)
		assert.Equal(t, uint8(0), got.Valid.Pix[0], "%v", v)
		assert.Equal(t, uint8(255), got.Valid.Pix[1])
	}
}

// Copy reaches what both planes have inside the rectangle, for every type, and nothing else.
func TestCopy(t *testing.T) {
	for p := raster.U1; p <= raster.C128; p++ {
		src, dst := raster.NewPlanes(p, 1, image.Rect(0, 0, 4, 4))[0], raster.NewPlanes(p, 1, image.Rect(2, 1, 6, 6))[0]
		raster.Copy(dst, src, image.Rect(0, 0, 9, 9))
		raster.Copy(dst, src, image.Rect(7, 7, 9, 9))
	}
	src, dst := raster.NewPlane[int16](image.Rect(0, 0, 4, 4)), raster.NewPlane[int16](image.Rect(2, 1, 6, 6))
	for i := range src.Pix {
		src.Pix[i] = int16(1 + i)
	}
	raster.Copy(dst, src, image.Rect(3, 0, 9, 3))
	for y := dst.Rect.Min.Y; y < dst.Rect.Max.Y; y++ {
		for x, v := range dst.Row(y) {
			want := int16(0)
			if x += dst.Rect.Min.X; x == 3 && y < 3 {
				want = int16(1 + 4*y + x)
			}
			assert.Equal(t, want, v, "%d,%d", x, y)
		}
	}
	assert.Panics(t, func() { raster.Copy(dst, raster.NewPlane[uint8](dst.Rect), dst.Rect) })
}
