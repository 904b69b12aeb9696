package lerc_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster/lerc"
)

// FuzzDecode: from any bytes comes an image of the stated size or a typed error, within the memory that is permitted.
// Input that is sealed gets a correct checksum, or nothing behind it would be reached.
func FuzzDecode(f *testing.F) {
	all, err := blobs()
	require.NoError(f, err)
	for i, b := range all {
		if i%4 == 0 || i > len(all)-10 {
			f.Add(b.Blob, true)
		}
	}
	f.Add(header6(100, 50, 1), true)
	f.Fuzz(func(t *testing.T, data []byte, sealed bool) {
		if len(data) > 1<<16 {
			return
		}
		if h, err := lerc.DecodeHeader(data); sealed && err == nil && h.Version >= 3 && h.Bands == 1 {
			data = bytes.Clone(data[:h.Size])
			seal(data)
		}
		const most = 1 << 20
		var m *lerc.Image
		var err error
		n := allocated(func() { m, err = lerc.Decode(data, &lerc.Options{MaxBytes: most}) })
		if n > 2*most {
			t.Fatalf("%d bytes of memory", n)
		}
		if err != nil {
			var format *lerc.FormatError
			var unsupported *lerc.UnsupportedError
			var limit *lerc.LimitError
			if !errors.As(err, &format) && !errors.As(err, &unsupported) && !errors.As(err, &limit) {
				t.Fatalf("%T", err)
			}
			return
		}
		h, err := lerc.DecodeHeader(data)
		require.NoError(t, err)
		require.Equal(t, h.Bands*h.Width*h.Height*h.Depth*h.Type.Size(), binary.Size(m.Pix))
		require.Len(t, m.Valid, h.Masks*h.Width*h.Height)
	})
}

// FuzzEncode: any samples come back within the bound, in either format and with one to three samples a pixel.
func FuzzEncode(f *testing.F) {
	f.Add([]byte("some samples of some type, enough for more than a micro-block"), uint8(3), uint8(7), 0.5)
	f.Add(bytes.Repeat([]byte{0, 0, 128, 63}, 100), uint8(6), uint8(9), 0.01)
	f.Add(bytes.Repeat([]byte("samples that are next to each other"), 30), uint8(0+2<<3), uint8(9), 3.)
	f.Add(bytes.Repeat([]byte{1, 7, 128, 63, 3, 9, 128, 63}, 100), uint8(2+1<<2), uint8(9), 0.01)
	f.Fuzz(func(t *testing.T, data []byte, kind, width uint8, bound float64) {
		if len(data) > 1<<14 || !(bound >= 0) || bound > 1e30 {
			return
		}
		o := &lerc.EncodeOptions{MaxZError: bound, Lerc1: kind&4 != 0}
		depth := int(kind>>3)%3 + 1
		if o.Lerc1 {
			depth = 1
		}
		switch kind % 4 {
		case 0:
			encodeAny[uint8](t, data, int(width), depth, o)
		case 1:
			encodeAny[int16](t, data, int(width), depth, o)
		case 2:
			encodeAny[float32](t, data, int(width), depth, o)
		case 3:
			encodeAny[float64](t, data, int(width), depth, o)
		}
	})
}

func encodeAny[T lerc.Sample](t *testing.T, data []byte, width, depth int, o *lerc.EncodeOptions) {
	pix := make([]T, len(data)/binary.Size(T(0)))
	_ = binary.Read(bytes.NewReader(data), binary.LittleEndian, pix) // as far as they go
	row := width * depth
	if row == 0 || len(pix) < row {
		return
	}
	pix = pix[:len(pix)/row*row]
	m := &lerc.Image{Width: width, Height: len(pix) / row, Depth: depth, Pix: pix}
	b, err := lerc.Append(nil, m, o)
	if cannotHold(pix, depth, o) {
		var e *lerc.EncodeError
		require.ErrorAs(t, err, &e)
		return
	}
	require.NoError(t, err)
	m, err = lerc.Decode(b, nil)
	require.NoError(t, err)
	switch got := m.Pix.(type) {
	case []T:
		requireBound(t, pix, got, m, o.MaxZError)
	case []float32: // Lerc1
		requireBound(t, pix, got, m, o.MaxZError)
	default:
		t.Fatalf("%T", got)
	}
}

// cannotHold reports whether Lerc1 cannot hold some sample, or some of a pixel's are NaN and others are not.
func cannotHold[T lerc.Sample](pix []T, depth int, o *lerc.EncodeOptions) bool {
	for i, v := range pix {
		if o.Lerc1 && v == v && float64(float32(v)) != float64(v) {
			return true
		}
		if first := pix[i-i%depth]; (v == v) != (first == first) {
			return true
		}
	}
	return false
}

func requireBound[T, U lerc.Sample](t *testing.T, pix []T, got []U, m *lerc.Image, bound float64) {
	for i, v := range got {
		w := pix[i]
		if w != w {
			require.Zero(t, m.Valid[i/m.Depth])
			continue
		}
		if float64(v) == float64(w) { // also where both are infinite
			continue
		}
		if d := float64(v) - float64(w); !(d <= bound && -d <= bound) {
			t.Fatalf("%v became %v, with a bound of %v", w, v, bound)
		}
	}
}
