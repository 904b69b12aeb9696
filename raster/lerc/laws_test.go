package lerc_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/geoexport/geoexport/raster/lerc"
)

// allocated returns the bytes that f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// drawImage draws an image and an error. Samples are smooth, or from a few values, or anything.
func drawImage[T lerc.Sample](t *rapid.T) (*lerc.Image, *lerc.EncodeOptions) {
	m := &lerc.Image{Width: rapid.IntRange(1, 40).Draw(t, "width"), Height: rapid.IntRange(1, 30).Draw(t, "height"),
		Bands: rapid.IntRange(1, 3).Draw(t, "bands"), Depth: rapid.IntRange(1, 3).Draw(t, "depth")}
	o := &lerc.EncodeOptions{Version: rapid.SampledFrom([]int{0, 3, 4, 5, 6}).Draw(t, "version")}
	if o.Version == 3 {
		m.Depth = 1
	}
	o.MaxZError = rapid.SampledFrom([]float64{0, 0, 0.5, 0.01, 1, 3, 100, 1e-4, 1e-30, 1e20}).Draw(t, "error")
	n := m.Width * m.Height * m.Bands * m.Depth
	pix := make([]T, n)
	seed := rapid.Uint64().Draw(t, "seed")
	next := func() uint64 {
		seed ^= seed << 13
		seed ^= seed >> 7
		seed ^= seed << 17
		return seed
	}
	seed |= 1
	kind := rapid.IntRange(0, 5).Draw(t, "kind")
	scale := rapid.SampledFrom([]float64{1, 100, 1e4, 1e9, 1e-3}).Draw(t, "scale")
	offset := rapid.SampledFrom([]float64{0, 0, -50, 3e4, 1e7}).Draw(t, "offset")
	for i := range pix {
		u := float64(next()>>11) / (1 << 53)
		v := 0.0
		switch kind {
		case 0:
			v = offset + float64(scale*math.Sin(float64(i)/40))
		case 1:
			v = offset + float64(scale*u)
		case 2:
			v = offset + float64(scale*float64(i/9%4))
		case 3: // on a grid of hundredths
			v = offset + math.Round(u*scale*100)/100
		case 4:
			v = offset
			if u > 0.99 {
				v = -3.4e38 // as a value for no data
			}
		case 5:
			v = math.Float64frombits(next())
			if math.IsNaN(v) || math.IsInf(float64(float32(v)), 0) {
				v = 0
			}
		}
		pix[i] = clamp[T](v)
	}
	m.Pix = pix
	switch rapid.IntRange(0, 3).Draw(t, "mask") {
	case 1:
		m.Valid = make([]uint8, m.Width*m.Height)
	case 2:
		m.Valid = make([]uint8, m.Width*m.Height*m.Bands)
	}
	holes := rapid.SampledFrom([]uint64{0, 1, 2, 50, 1000}).Draw(t, "holes")
	for i := range m.Valid {
		if holes > 0 && next()%holes != 0 {
			m.Valid[i] = uint8(1 + next()%255)
		}
	}
	return m, o
}

func clamp[T lerc.Sample](v float64) T {
	lo, hi := math.Inf(-1), math.Inf(1)
	switch any(T(0)).(type) {
	case int8:
		lo, hi = math.MinInt8, math.MaxInt8
	case uint8:
		lo, hi = 0, math.MaxUint8
	case int16:
		lo, hi = math.MinInt16, math.MaxInt16
	case uint16:
		lo, hi = 0, math.MaxUint16
	case int32:
		lo, hi = math.MinInt32, math.MaxInt32
	case uint32:
		lo, hi = 0, math.MaxUint32
	}
	return T(min(max(v, lo), hi))
}

// isValid reports whether the pixel of sample i is valid.
func isValid(m *lerc.Image, i int) bool {
	pixels := m.Width * m.Height
	switch p := i / m.Depth; len(m.Valid) {
	case 0:
		return true
	case pixels:
		return m.Valid[p%pixels] != 0
	default:
		return m.Valid[p] != 0
	}
}

// checkBound encodes and decodes an image, and checks every sample and its validity.
func checkBound[T lerc.Sample](t *rapid.T) {
	m, o := drawImage[T](t)
	b, err := lerc.Append(nil, m, o)
	require.NoError(t, err)
	h, err := lerc.DecodeHeader(b)
	require.NoError(t, err)
	require.Equal(t, len(b), h.Size)
	got, err := lerc.Decode(b, nil)
	require.NoError(t, err)
	var buf bytes.Buffer
	require.NoError(t, lerc.Encode(&buf, m, o))
	require.Equal(t, b, buf.Bytes(), "twice the same")

	bound := o.MaxZError
	lossless := T(1)/T(2) == 0 && bound < 1 // whole numbers
	if lossless {
		bound = 0
	}
	want, pix := m.Pix.([]T), got.Pix.([]T)
	for i, v := range pix {
		valid := isValid(m, i)
		require.Equal(t, valid, isValid(got, i), "validity of sample %d", i)
		if !valid {
			require.Zero(t, v)
			continue
		}
		if d := math.Abs(float64(v) - float64(want[i])); !(d <= bound) {
			t.Fatalf("sample %d is %v, was %v: an error of %v above %v", i, v, want[i], d, bound)
		}
	}
}

func TestErrorBound(t *testing.T) {
	t.Run("int8", rapid.MakeCheck(checkBound[int8]))
	t.Run("uint8", rapid.MakeCheck(checkBound[uint8]))
	t.Run("int16", rapid.MakeCheck(checkBound[int16]))
	t.Run("uint16", rapid.MakeCheck(checkBound[uint16]))
	t.Run("int32", rapid.MakeCheck(checkBound[int32]))
	t.Run("uint32", rapid.MakeCheck(checkBound[uint32]))
	t.Run("float32", rapid.MakeCheck(checkBound[float32]))
	t.Run("float64", rapid.MakeCheck(checkBound[float64]))
}

// TestBoundIsStrict has samples between two steps, where rounding to float32 breaks a bound that does not allow for it.
func TestBoundIsStrict(t *testing.T) {
	for _, base := range []float64{0, 1000, 8848, 1e6, -1e6} {
		for _, bound := range []float64{0.01, 0.001, 1} {
			pix := make([]float32, 4096)
			for i := range pix {
				pix[i] = float32(base + float64(float64(i)*bound*0.3333) + bound)
			}
			m := &lerc.Image{Width: 64, Height: 64, Pix: pix}
			b, err := lerc.Append(nil, m, &lerc.EncodeOptions{MaxZError: bound})
			require.NoError(t, err)
			got, err := lerc.Decode(b, nil)
			require.NoError(t, err)
			for i, v := range got.Pix.([]float32) {
				if d := math.Abs(float64(v) - float64(pix[i])); d > bound {
					t.Fatalf("base %v, bound %v: an error of %v", base, bound, d)
				}
			}
		}
	}
}

// TestFarSamplesKeepTheRestSmall: a value for no data far away must not make all others exact.
func TestFarSamplesKeepTheRestSmall(t *testing.T) {
	m := terrain[float32](256, 256, 4000)
	plain, err := lerc.Append(nil, m, &lerc.EncodeOptions{MaxZError: 0.01})
	require.NoError(t, err)
	pix := m.Pix.([]float32)
	for i := range 64 * 64 {
		pix[i/64*256+i%64] = -math.MaxFloat32
	}
	far, err := lerc.Append(nil, m, &lerc.EncodeOptions{MaxZError: 0.01})
	require.NoError(t, err)
	assert.Less(t, len(far), len(plain))
}

func TestNaNBecomesInvalid(t *testing.T) {
	nan := float32(math.NaN())
	for _, version := range []int{0, 3, 4, 5, 6} {
		for _, bound := range []float64{0, 0.1, 2} {
			m := &lerc.Image{Width: 3, Height: 2, Bands: 2,
				Pix:   []float32{1.25, nan, 3, nan, 5.5, 6, 1, 2, 3, 4, 5, nan},
				Valid: []uint8{1, 1, 0, 1, 1, 1}}
			b, err := lerc.Append(nil, m, &lerc.EncodeOptions{MaxZError: bound, Version: version})
			require.NoError(t, err)
			got, err := lerc.Decode(b, nil)
			require.NoError(t, err)
			assert.Equal(t, []uint8{255, 0, 0, 0, 255, 255, 255, 255, 0, 255, 255, 0}, got.Valid)
			for i, v := range got.Pix.([]float32) {
				if got.Valid[i] == 0 {
					assert.Zero(t, v)
				} else {
					assert.LessOrEqual(t, math.Abs(float64(v)-float64(m.Pix.([]float32)[i])), bound)
				}
			}
			assert.True(t, math.IsNaN(float64(m.Pix.([]float32)[1])), "the caller's samples stay")
		}
	}
	all := &lerc.Image{Width: 2, Height: 1, Depth: 2, Pix: []float64{math.NaN(), math.NaN(), 1, 2}}
	b, err := lerc.Append(nil, all, nil)
	require.NoError(t, err)
	got, err := lerc.Decode(b, nil)
	require.NoError(t, err)
	assert.Equal(t, []uint8{0, 255}, got.Valid)
	assert.Equal(t, []float64{0, 0, 1, 2}, got.Pix)
}

// TestNoDataOfSamples: with Depth samples of a pixel, single ones may hold no data.
func TestNoDataOfSamples(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		name   string
		pix    any
		noData float64
		bound  float64
		want   any
	}{
		{"far below", []int16{-9999, 5, 7, -9999, 9, 11}, -9999, 0, []int16{-9999, 5, 7, -9999, 9, 11}},
		{"far below, with loss", []int16{-9999, 5, 5, -9999, 5, 5}, -9999, 3, []int16{-9999, 5, 5, -9999, 5, 5}},
		{"no room below", []uint8{0, 255, 1, 254, 255, 1}, 255, 2, []uint8{0, 255, 1, 254, 255, 1}},
		{"no room at all", []uint8{0, 9, 255, 254, 9, 1}, 9, 2, []uint8{0, 9, 255, 254, 9, 1}},
		{"whole floats", []float32{1, -9999, 3, 4, -9999, 6}, -9999, 0, []float32{1, -9999, 3, 4, -9999, 6}},
		{"floats", []float32{1.5, -9999, 3.1, 4, -9999, 6}, -9999, 0.1, []float32{1.5, -9999, 3.1, 4, -9999, 6}},
		{"NaN", []float64{1.5, nan, 3.25, 4, nan, 6}, -1, 0, []float64{1.5, -1, 3.25, 4, -1, 6}},
	} {
		m := &lerc.Image{Width: 3, Height: 1, Depth: 2, Pix: c.pix, NoData: []float64{c.noData}}
		b, err := lerc.Append(nil, m, &lerc.EncodeOptions{MaxZError: c.bound})
		require.NoError(t, err, c.name)
		got, err := lerc.Decode(b, nil)
		require.NoError(t, err, c.name)
		assert.Equal(t, c.want, got.Pix, c.name)
		assert.Equal(t, []float64{c.noData}, got.NoData, c.name)
		_, err = lerc.Append(nil, m, &lerc.EncodeOptions{Version: 5})
		assert.ErrorContains(t, err, "Image.NoData", c.name)
	}
	m := &lerc.Image{Width: 3, Height: 1, Pix: []int16{1, -9, 3}, NoData: []float64{-9}}
	b, err := lerc.Append(nil, m, nil)
	require.NoError(t, err)
	got, err := lerc.Decode(b, nil)
	require.NoError(t, err)
	assert.Equal(t, []uint8{255, 0, 255}, got.Valid)
	assert.Nil(t, got.NoData)
}

func TestEncodeErrors(t *testing.T) {
	good := func() *lerc.Image { return &lerc.Image{Width: 2, Height: 2, Pix: make([]float32, 4)} }
	nan := float32(math.NaN())
	for _, c := range []struct {
		want string
		m    *lerc.Image
		o    lerc.EncodeOptions
	}{
		{"Image: there is none", nil, lerc.EncodeOptions{}},
		{"Image.Width: 0 × 0", &lerc.Image{}, lerc.EncodeOptions{}},
		{"Image.Pix: <nil> is no slice of samples", &lerc.Image{Width: 2, Height: 2}, lerc.EncodeOptions{}},
		{"Image.Pix: []int is no slice", &lerc.Image{Width: 2, Height: 2, Pix: make([]int, 4)}, lerc.EncodeOptions{}},
		{"Image.Pix: 3 samples, want 1 × 4",
			&lerc.Image{Width: 2, Height: 2, Pix: make([]int8, 3)}, lerc.EncodeOptions{}},
		{"take more than 2 GiB", &lerc.Image{Width: 1 << 30, Height: 4, Pix: []int8{1}}, lerc.EncodeOptions{}},
		{"Image.Valid: 3 bytes",
			&lerc.Image{Width: 2, Height: 2, Pix: make([]int8, 4), Valid: make([]uint8, 3)}, lerc.EncodeOptions{}},
		{"Image.NoData: 2 values",
			&lerc.Image{Width: 1, Height: 1, Pix: []int8{1}, NoData: []float64{1, 2}}, lerc.EncodeOptions{}},
		{"1.5 in band 0 is no int8",
			&lerc.Image{Width: 1, Height: 1, Pix: []int8{1}, NoData: []float64{1.5}}, lerc.EncodeOptions{}},
		{"MaxZError: -1", good(), lerc.EncodeOptions{MaxZError: -1}},
		{"MaxZError: NaN", good(), lerc.EncodeOptions{MaxZError: math.NaN()}},
		{"MaxZError: +Inf", good(), lerc.EncodeOptions{MaxZError: math.Inf(1)}},
		{"Version: 2", good(), lerc.EncodeOptions{Version: 2}},
		{"Version: 7", good(), lerc.EncodeOptions{Version: 7}},
		{"Image.Depth: 2 in version 3",
			&lerc.Image{Width: 1, Height: 1, Depth: 2, Pix: []int8{1, 2}}, lerc.EncodeOptions{Version: 3}},
		{"band 1: some of the 2 samples of pixel 0 are NaN",
			&lerc.Image{Width: 1, Height: 1, Bands: 2, Depth: 2, Pix: []float32{1, 2, 1, nan}}, lerc.EncodeOptions{}},
	} {
		_, err := lerc.Append(nil, c.m, &c.o)
		assert.ErrorContains(t, err, c.want)
		var e *lerc.EncodeError
		assert.ErrorAs(t, err, &e)
		assert.Equal(t, err, lerc.Encode(io.Discard, c.m, &c.o))
	}
}

// TestInterrupt: both ways look about once a MiB whether they should end.
func TestInterrupt(t *testing.T) {
	stop := errors.New("stop")
	for _, s := range scenes() {
		for _, bound := range []float64{0, 1} {
			calls := 0
			count := func() error { calls++; return nil }
			b, err := lerc.Append(nil, s.image, &lerc.EncodeOptions{MaxZError: bound, Interrupt: count})
			require.NoError(t, err)
			name := fmt.Sprint(s.name, " ", bound)
			assert.GreaterOrEqual(t, calls, int(size(s.image)>>20), name)
			calls = 0
			_, err = lerc.Decode(b, &lerc.Options{Interrupt: count})
			require.NoError(t, err)
			assert.GreaterOrEqual(t, calls, int(size(s.image)>>20)-1, name)
			halt := func() error { return stop }
			_, err = lerc.Append(nil, s.image, &lerc.EncodeOptions{MaxZError: bound, Interrupt: halt})
			assert.ErrorIs(t, err, stop, name)
			_, err = lerc.Decode(b, &lerc.Options{Interrupt: halt})
			assert.ErrorIs(t, err, stop, name)
		}
	}
}

// TestAllocations: the number of allocations does not grow with the number of micro-blocks.
func TestAllocations(t *testing.T) {
	for _, bound := range []float64{0, 0.01, 1} {
		for _, m := range []*lerc.Image{terrain[float32](512, 512, 4000), terrain[float32](64, 64, 4000)} {
			b, err := lerc.Append(nil, m, &lerc.EncodeOptions{MaxZError: bound})
			require.NoError(t, err)
			dst := make([]float32, m.Width*m.Height)
			n := testing.AllocsPerRun(3, func() { require.NoError(t, lerc.DecodeInto(dst, nil, b, nil)) })
			assert.Less(t, n, 40.0, "decoding %d, %v", m.Width, bound)
			n = testing.AllocsPerRun(3, func() {
				_, err := lerc.Append(b[:0], m, &lerc.EncodeOptions{MaxZError: bound})
				require.NoError(t, err)
			})
			assert.Less(t, n, 120.0, "encoding %d, %v", m.Width, bound)
		}
	}
}
