package raster

import (
	"errors"
	"image"
	"image/color"
	"iter"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// give yields the blocks as strips.
func give(blocks ...*Block) iter.Seq2[*Block, error] {
	return func(yield func(*Block, error) bool) {
		for _, b := range blocks {
			if !yield(b, nil) {
				return
			}
		}
	}
}

// threeBands is 4 by 6 pixels whose bounds start elsewhere than at the origin, every second one valid.
func threeBands() *Block {
	b := NewBlock(U8, 3, image.Rect(-3, 10, 1, 16))
	for i := range b.Valid.Pix {
		b.Valid.Pix[i] = uint8(i % 2 * 255)
	}
	return b
}

func imageOf(blocks ...*Block) *Image {
	return &Image{Grid: Grid{Size: image.Pt(4, 6)}, Type: U8, Bands: 3, Strips: give(blocks...)}
}

func TestImageCheck(t *testing.T) {
	colours := func(n int) color.Palette {
		p := make(color.Palette, n)
		for i := range p {
			p[i] = color.Gray{Y: uint8(i)}
		}
		return p
	}
	for _, c := range []struct {
		change func(m *Image)
		field  string // at fault; empty if none is
	}{
		{func(*Image) {}, ""},
		{func(m *Image) { *m = Image{} }, "Grid.Size"},
		{func(m *Image) { m.Grid.Size.X = 0 }, "Grid.Size"},
		{func(m *Image) { m.Grid.Size.Y = -1 }, "Grid.Size"},
		{func(m *Image) { m.Type = Unknown }, "Type"},
		{func(m *Image) { m.Type = C128 + 1 }, "Type"},
		{func(m *Image) { m.Bands = 0 }, "Bands"},
		{func(m *Image) { m.Strips = nil }, "Strips"},
		{func(m *Image) { m.Palette = colours(2) }, "Palette"}, // three bands
		{func(m *Image) { m.Bands, m.Palette = 1, color.Palette{} }, ""},
		{func(m *Image) { m.Bands, m.Palette = 1, colours(256) }, ""},
		{func(m *Image) { m.Bands, m.Palette = 1, colours(257) }, "Palette"},
		{func(m *Image) { m.Bands, m.Palette = 1, color.Palette{color.Black, nil} }, "Palette"},
		{func(m *Image) { m.Bands, m.Type, m.Palette = 1, U1, colours(2) }, ""},
		{func(m *Image) { m.Bands, m.Type, m.Palette = 1, U1, colours(3) }, "Palette"},
		{func(m *Image) { m.Bands, m.Type, m.Palette = 1, U4, colours(16) }, ""},
		{func(m *Image) { m.Bands, m.Type, m.Palette = 1, U16, colours(65536) }, ""},
		{func(m *Image) { m.Bands, m.Type, m.Palette = 1, S8, colours(2) }, "Palette"},
		{func(m *Image) { m.Bands, m.Type, m.Palette = 1, S16, colours(2) }, "Palette"},
		{func(m *Image) { m.Bands, m.Type, m.Palette = 1, F32, colours(2) }, "Palette"},
	} {
		m := imageOf(threeBands())
		c.change(m)
		err := m.Check()
		if c.field == "" {
			assert.NoError(t, err, "%+v", m)
			continue
		}
		wrong, ok := errors.AsType[*ImageError](err)
		require.True(t, ok, "%s of %+v: %v", c.field, m, err)
		assert.Equal(t, c.field, wrong.Field, "%v", err)
	}
}

// The bounds of strips start anywhere, and their heights are free.
func TestImageYieldsItsStrips(t *testing.T) {
	b := threeBands()
	top := b.Sub(image.Rect(-3, 10, 1, 11))
	rest := NewBlock(U8, 3, image.Rect(0, 0, 4, 5))
	rest.Valid = nil
	var got []*Block
	for strip, err := range imageOf(top, rest).Checked() {
		require.NoError(t, err)
		got = append(got, strip)
	}
	require.Len(t, got, 2)
	assert.Same(t, top, got[0])
	assert.Same(t, rest, got[1])
	for range imageOf(top, rest).Checked() {
		break // who wants no more is told nothing of the rows that are missing
	}
}

func TestImageChecksItsStrips(t *testing.T) {
	good := threeBands()
	sub := func(x0, y0, x1, y1 int) *Block { return good.Sub(image.Rect(x0, y0, x1, y1).Add(good.Bounds().Min)) }
	words := NewBlock(U16, 3, good.Bounds())
	for _, c := range []struct {
		reason string
		strips []*Block
	}{
		{"they end at row 0 of 6", nil},
		{"they end at row 5 of 6", []*Block{sub(0, 0, 4, 5)}},
		{"at row 6: 1 rows, but 0 are left", []*Block{good, sub(0, 0, 4, 1)}},
		{"at row 3: 6 rows, but 3 are left", []*Block{sub(0, 0, 4, 3), good}},
		{"at row 0: 3 pixels wide, not 4", []*Block{sub(0, 0, 3, 6)}},
		{"at row 3: 3 pixels wide, not 4", []*Block{sub(0, 0, 4, 3), sub(1, 3, 4, 6)}},
		{"at row 0: empty", []*Block{sub(0, 0, 4, 0), good}},
		{"at row 0: nil", []*Block{nil}},
		{"at row 0: a nil band", []*Block{{Type: U8, Bands: []Plane{good.Bands[0], nil, good.Bands[2]}}}},
		{"at row 0: 2 bands, not 3", []*Block{{Type: U8, Bands: good.Bands[:2]}}},
		{"at row 0: samples of type U16, not U8", []*Block{words}},
		{"at row 0: band 0 is a *raster.PlaneOf[uint16], though of type U8", []*Block{{Type: U8, Bands: words.Bands}}},
		{"at row 0: bands of different bounds", []*Block{{Type: U8, Bands: []Plane{
			good.Bands[0], NewPlanes(U8, 1, image.Rect(0, 0, 4, 6))[0], good.Bands[2]}}}},
		{"at row 0: validity for (-2,11)-(0,15) of (-3,10)-(1,16) only", []*Block{{Type: U8, Bands: good.Bands,
			Valid: image.NewAlpha(good.Bounds().Inset(1))}}},
	} {
		var last error
		for _, err := range imageOf(c.strips...).Checked() {
			require.NoError(t, last, "nothing follows an error")
			last = err
		}
		assert.Equal(t, &ImageError{Field: "Strips", Reason: c.reason}, last)
	}

	m := imageOf(good)
	m.Opaque = true
	for b, err := range m.Checked() {
		assert.Nil(t, b)
		assert.EqualError(t, err, "raster: image: Strips: at row 0: pixels without data in an opaque image")
	}
}

// The error of a strip is handed on as it is, and the source of strips is asked for no more.
func TestImageHandsErrorsOn(t *testing.T) {
	broken := errors.New("broken")
	m := imageOf()
	m.Strips = func(yield func(*Block, error) bool) {
		if yield(nil, broken) {
			t.Error("went on after an error")
		}
	}
	n := 0
	for b, err := range m.Checked() {
		assert.Nil(t, b)
		assert.Same(t, broken, err)
		n++
	}
	assert.Equal(t, 1, n)
}
