package sidecar_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/sidecar"
)

func TestParseWorldFile(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       raster.Affine
		err        string
	}{
		{name: "north up", text: "10\n0\n0\n-10\n500005\n4000285\n", want: raster.Affine{A: 10, C: 500000, E: -10, F: 4000290}},
		{name: "Windows", text: "10.0\r\n0.0\r\n0.0\r\n-10.0\r\n5.0\r\n-5.0", want: raster.Affine{A: 10, E: -10}},
		{name: "rotated: A, D, B, E", text: "8\n6\n5\n-8\n0\n0\n", want: raster.Affine{A: 8, B: 5, C: -6.5, D: 6, E: -8, F: 1}},
		{name: "exponents and signs", text: "+1e1\n-0\n0.0E0\n-1E+01\n5\n-5", want: raster.Affine{A: 10, E: -10}},
		{name: "decimal commas", text: "0,5\n0,0\n0,0\n-0,5\n0,25\n-0,25", want: raster.Affine{A: 0.5, E: -0.5}},
		{name: "byte order mark, blanks, more lines", text: "\ufeff 1 \n\n0\n0\t\n-1\n0.5\n-0.5\nmade by hand\n", want: raster.Affine{A: 1, E: -1}},
		{name: "empty", err: "0 numbers, want 6"},
		{name: "five numbers", text: "1\n0\n0\n-1\n0\n", err: "5 numbers, want 6"},
		{name: "a word", text: "1\n0\n0\n-1\neast\n0\n", err: `"east": no finite number`},
		{name: "two commas", text: "1,0,0\n0\n0\n-1\n0\n0\n", err: "no finite number"},
		{name: "NaN", text: "nan\n0\n0\n-1\n0\n0\n", err: "no finite number"},
		{name: "infinity", text: "1\n0\n0\n-inf\n0\n0\n", err: "no finite number"},
		{name: "too large", text: "1e999\n0\n0\n-1\n0\n0\n", err: "no finite number"},
		{name: "without area", text: "1\n1\n1\n1\n0\n0\n", err: "pixels without area"},
		{name: "all zero", text: "0\n0\n0\n0\n0\n0\n", err: "pixels without area"},
		{name: "a PNG", text: "\x89PNG\r\n\x1a\n\x00\x00 a b c d", err: "no finite number"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, err := sidecar.ParseWorldFile([]byte(c.text))
			if c.err != "" {
				require.ErrorContains(t, err, c.err)
				_, ok := errors.AsType[*sidecar.WorldFileError](err)
				assert.True(t, ok)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, c.want, a)
		})
	}
}

// TestWorldFileThereAndBack checks that the centre of the first pixel is the one in the file.
func TestWorldFileThereAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Float64Range(-1e6, 1e6)
		a, d, b, e := n.Draw(t, "A"), n.Draw(t, "D"), n.Draw(t, "B"), n.Draw(t, "E")
		x, y := n.Draw(t, "x"), n.Draw(t, "y")
		got, err := sidecar.ParseWorldFile(fmt.Appendln(nil, a, d, b, e, x, y))
		if err != nil {
			t.Skip("pixels without area")
		}
		gotX, gotY := got.Apply(0.5, 0.5)
		assert.InDelta(t, x, gotX, 1e-9)
		assert.InDelta(t, y, gotY, 1e-9)
	})
}

func FuzzWorldFile(f *testing.F) {
	for _, s := range []string{"10\n0\n0\n-10\n500005\n4000285\n", "0,5\r\n0\r\n0\r\n-0,5\r\n1\r\n1", "1 2 3", "nan\n0\n0\n0\n0\n0", "\ufeff1\n0\n0\n1\n1e308\n1e-320"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		a, err := sidecar.ParseWorldFile(text)
		if err != nil {
			if _, ok := errors.AsType[*sidecar.WorldFileError](err); !ok || len(err.Error()) > 1000 || strings.ContainsRune(err.Error(), '\n') {
				t.Fatalf("%T: %v", err, err)
			}
			return
		}
		inverse, ok := a.Inverse()
		if !ok {
			t.Fatalf("%+v has no inverse", a)
		}
		if _, ok := inverse.Inverse(); !ok {
			t.Skip("its inverse is too small a map to be inverted again")
		}
	})
}
