package lerc_test

import (
	"errors"
	"io"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/geoexport/geoexport/raster/lerc"
)

// checkBound1 is checkBound for Lerc1, which shares one mask and returns float32.
func checkBound1[T lerc.Sample](t *rapid.T) {
	m, o := drawImage[T](t)
	n := m.Width * m.Height * m.Bands
	m.Depth, m.Pix = 1, m.Pix.([]T)[:n]
	m.Valid = m.Valid[:min(len(m.Valid), m.Width*m.Height)]
	o.Version, o.Lerc1 = 0, true
	want := m.Pix.([]T)
	held := true
	for i, v := range want {
		held = held && (float64(float32(v)) == float64(v) || !isValid(m, i))
	}
	b, err := lerc.Append(nil, m, o)
	if !held {
		require.ErrorContains(t, err, "does not hold")
		return
	}
	require.NoError(t, err)
	h, err := lerc.DecodeHeader(b)
	require.NoError(t, err)
	require.Equal(t, [6]int{0, m.Width, m.Height, m.Bands, 1, len(b)},
		[6]int{h.Version, h.Width, h.Height, h.Bands, h.Depth, h.Size})
	require.Equal(t, lerc.Float32, h.Type)
	got, err := lerc.Decode(b, nil)
	require.NoError(t, err)
	bound := o.MaxZError
	if T(1)/T(2) == 0 && bound < 1 { // whole numbers
		bound = 0
	}
	for i, v := range got.Pix.([]float32) {
		require.Equal(t, isValid(m, i), isValid(got, i), "validity of sample %d", i)
		if !isValid(m, i) {
			require.Zero(t, v)
		} else if d := math.Abs(float64(v) - float64(want[i])); !(d <= bound) {
			t.Fatalf("sample %d is %v, was %v: an error of %v above %v", i, v, want[i], d, bound)
		}
	}
}

func TestErrorBoundOfLerc1(t *testing.T) {
	t.Run("int8", rapid.MakeCheck(checkBound1[int8]))
	t.Run("uint8", rapid.MakeCheck(checkBound1[uint8]))
	t.Run("int16", rapid.MakeCheck(checkBound1[int16]))
	t.Run("uint16", rapid.MakeCheck(checkBound1[uint16]))
	t.Run("int32", rapid.MakeCheck(checkBound1[int32]))
	t.Run("uint32", rapid.MakeCheck(checkBound1[uint32]))
	t.Run("float32", rapid.MakeCheck(checkBound1[float32]))
	t.Run("float64", rapid.MakeCheck(checkBound1[float64]))
}

// TestLerc1HoldsWhatFloat32Holds: large whole numbers are exact or an error, never rounded.
func TestLerc1HoldsWhatFloat32Holds(t *testing.T) {
	o := &lerc.EncodeOptions{Lerc1: true}
	b, err := lerc.Append(nil, &lerc.Image{Width: 2, Height: 1, Pix: []int32{1 << 24, -3 << 25}}, o)
	require.NoError(t, err)
	got, err := lerc.Decode(b, nil)
	require.NoError(t, err)
	assert.Equal(t, []float32{1 << 24, -3 << 25}, got.Pix)

	for name, m := range map[string]*lerc.Image{
		"sample 1 is 16777217": {Width: 2, Height: 1, Pix: []int32{0, 1<<24 + 1}},
		"sample 0 is 0.1":      {Width: 1, Height: 1, Pix: []float64{0.1}},
		"band 1: sample 0 is":  {Width: 1, Height: 1, Bands: 2, Pix: []uint32{1, math.MaxUint32}},
		"sample 0 is 1e+300":   {Width: 1, Height: 1, Pix: []float64{1e300}},
	} {
		for _, bound := range []float64{0, 100} {
			_, err := lerc.Append(nil, m, &lerc.EncodeOptions{Lerc1: true, MaxZError: bound})
			assert.ErrorContains(t, err, name)
		}
	}

	// Samples that hold no data need not fit, and one that does is no other.
	m := &lerc.Image{Width: 4, Height: 1, Pix: []int32{1 << 24, 1<<24 + 1, 5, 1<<24 + 3}, Valid: []uint8{1, 1, 1, 0},
		NoData: []float64{1<<24 + 1}}
	b, err = lerc.Append(nil, m, o)
	require.NoError(t, err)
	got, err = lerc.Decode(b, nil)
	require.NoError(t, err)
	assert.Equal(t, []float32{1 << 24, 0, 5, 0}, got.Pix)
	assert.Equal(t, []uint8{255, 0, 255, 0}, got.Valid)
}

func TestLerc1Errors(t *testing.T) {
	nan := float32(math.NaN())
	one := func(pix any) *lerc.Image { return &lerc.Image{Width: 1, Height: 1, Pix: pix} }
	for _, c := range []struct {
		want string
		m    *lerc.Image
		o    lerc.EncodeOptions
	}{
		{"Version: 4, want 0 with Lerc1", one([]int8{1}), lerc.EncodeOptions{Version: 4}},
		{"Image.Depth: 2, want 1 for Lerc1",
			&lerc.Image{Width: 1, Height: 1, Depth: 2, Pix: []int8{1, 2}}, lerc.EncodeOptions{}},
		{"Image.Width: 40001 × 1 pixels",
			&lerc.Image{Width: 40001, Height: 1, Pix: make([]int8, 40001)}, lerc.EncodeOptions{}},
		{"Image.Width: 1 × 40001 pixels",
			&lerc.Image{Width: 1, Height: 40001, Pix: make([]int8, 40001)}, lerc.EncodeOptions{}},
		{"band 1: bands share one mask in Lerc1",
			&lerc.Image{Width: 2, Height: 1, Bands: 2, Pix: []float32{1, 2, 3, nan}}, lerc.EncodeOptions{}},
		{"band 2: bands share one mask in Lerc1",
			&lerc.Image{Width: 2, Height: 1, Bands: 3, Pix: make([]int8, 6), Valid: []uint8{1, 0, 1, 0, 0, 1}},
			lerc.EncodeOptions{}},
	} {
		c.o.Lerc1 = true
		_, err := lerc.Append(nil, c.m, &c.o)
		assert.ErrorContains(t, err, c.want)
		var e *lerc.EncodeError
		assert.ErrorAs(t, err, &e)
		assert.Equal(t, err, lerc.Encode(io.Discard, c.m, &c.o))
	}
	stop := errors.New("stop")
	_, err := lerc.Append(nil, terrain[float32](1024, 1024, 1000),
		&lerc.EncodeOptions{Lerc1: true, Interrupt: func() error { return stop }})
	assert.ErrorIs(t, err, stop)
}

// TestLerc1NaN: samples that are NaN, and those of the value for no data, are invalid, and nothing of the caller's
// changes.
func TestLerc1NaN(t *testing.T) {
	nan := float32(math.NaN())
	pix := []float32{1.25, nan, -9, 7, 2.5, nan, -9, 8}
	kept := slices.Clone(pix)
	b, err := lerc.Append(nil, &lerc.Image{Width: 4, Height: 1, Bands: 2, Pix: pix, NoData: []float64{-9, -9}},
		&lerc.EncodeOptions{Lerc1: true})
	require.NoError(t, err)
	got, err := lerc.Decode(b, nil)
	require.NoError(t, err)
	assert.Equal(t, []uint8{255, 0, 0, 255}, got.Valid)
	assert.Equal(t, []float32{1.25, 0, 0, 7, 2.5, 0, 0, 8}, got.Pix)
	assert.Equal(t, samplesOf(t, kept), samplesOf(t, pix))
}
