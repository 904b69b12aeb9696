package function

import (
	"image/color"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Expected: BlendHsv, BlendLab and BlendHcl of github.com/lucasb-eyer/go-colorful v1.3.0, Clamped().RGB255().
func TestRampsMixInTheirSpace(t *testing.T) {
	for _, c := range []struct {
		name          string
		from, to      [3]uint8
		at            float64
		hsv, lab, lch [3]uint8
	}{
		{"reddish to greenish", [3]uint8{200, 30, 60}, [3]uint8{20, 180, 90}, 0.3, [3]uint8{194, 128, 27}, [3]uint8{174, 99, 68}, [3]uint8{187, 93, 0}},
		{"across red", [3]uint8{250, 200, 10}, [3]uint8{120, 10, 230}, 0.6, [3]uint8{238, 10, 143}, [3]uint8{197, 99, 165}, [3]uint8{255, 0, 120}},
		{"blues", [3]uint8{0, 10, 200}, [3]uint8{250, 240, 3}, 0.45, [3]uint8{1, 223, 135}, [3]uint8{174, 115, 147}, [3]uint8{255, 0, 93}},
		{"white to a colour", [3]uint8{255, 255, 255}, [3]uint8{160, 20, 90}, 0.25, [3]uint8{231, 181, 206}, [3]uint8{236, 200, 211}, [3]uint8{236, 200, 211}},
		{"a colour to grey", [3]uint8{40, 200, 120}, [3]uint8{128, 128, 128}, 0.8, [3]uint8{120, 142, 131}, [3]uint8{120, 143, 127}, [3]uint8{120, 143, 127}},
		{"dark", [3]uint8{3, 2, 9}, [3]uint8{12, 9, 1}, 0.5, [3]uint8{11, 2, 7}, [3]uint8{8, 6, 5}, [3]uint8{14, 4, 4}},                 // and in CIELab 5 for 5.5
		{"halves", [3]uint8{0, 0, 0}, [3]uint8{35, 140, 250}, 0.5, [3]uint8{71, 98, 125}, [3]uint8{36, 68, 117}, [3]uint8{36, 68, 117}}, // go-colorful has 97 for 97.5 in HSV
		{"beyond what sRGB has", [3]uint8{0, 255, 0}, [3]uint8{0, 0, 255}, 0.5, [3]uint8{0, 255, 255}, [3]uint8{125, 147, 166}, [3]uint8{0, 186, 255}},
		{"greys", [3]uint8{10, 10, 10}, [3]uint8{201, 201, 201}, 0.37, [3]uint8{81, 81, 81}, [3]uint8{75, 75, 75}, [3]uint8{75, 75, 75}},
	} {
		from, to := color.NRGBA{c.from[0], c.from[1], c.from[2], 0}, color.NRGBA{c.to[0], c.to[1], c.to[2], 200}
		for algorithm, want := range map[RampAlgorithm][3]uint8{RampHSV: c.hsv, RampLab: c.lab, RampLCh: c.lch} {
			got := ColorRamp{from, to, algorithm, 0}.at(c.at)
			assert.Equal(t, color.NRGBA{want[0], want[1], want[2], uint8(200*c.at + 0.5)}, got, "%s %v", c.name, algorithm)
		}
	}
}

// TestRampsMeetTheirEnds: also for colours whose hue rounding decides.
func TestRampsMeetTheirEnds(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	random := func() color.NRGBA {
		c := color.NRGBA{uint8(r.IntN(256)), uint8(r.IntN(256)), uint8(r.IntN(256)), uint8(r.IntN(256))}
		if r.IntN(4) == 0 {
			c.G, c.B = c.R, c.R
		}
		return c
	}
	for range 20000 {
		from, to := random(), random()
		for _, a := range []RampAlgorithm{RampHSV, RampLab, RampLCh} {
			ramp := ColorRamp{from, to, a, 0}
			require.Equal(t, from, ramp.at(0), "%v to %v, %v", from, to, a)
			require.Equal(t, to, ramp.at(1), "%v to %v, %v", from, to, a)
		}
	}
}

// TestGreysStayGrey: between greys no algorithm has a colour.
func TestGreysStayGrey(t *testing.T) {
	for k := range 256 {
		for _, a := range []RampAlgorithm{RampHSV, RampLab, RampLCh} {
			c := ColorRamp{color.NRGBA{A: 255}, color.NRGBA{255, 255, 255, 255}, a, 0}.at(float64(k) / 255)
			require.Equal(t, c.R, c.G, "%v %d", a, k)
			require.Equal(t, c.R, c.B, "%v %d", a, k)
		}
	}
}

// Opposite hues, which rounding moves by a last bit or two, all take the same way: from red to cyan by violet.
func TestOppositeHues(t *testing.T) {
	for _, c := range [][2]color.NRGBA{
		{{R: 255}, {G: 255, B: 255}}, {{R: 230, G: 5, B: 80}, {R: 5, G: 230, B: 155}}, {{R: 10, G: 85, B: 60}, {R: 230, G: 5, B: 80}},
	} {
		from, to := c[0], c[1]
		h1 := toHSV(unitRGB(from)).hue
		h2 := toHSV(unitRGB(to)).hue
		middle := mixHue(h1, h2, 6, 0.5)
		require.InDelta(t, h1-1.5, middle, 1e-12, "%v to %v", from, to)
	}
}
