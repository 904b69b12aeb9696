package main

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestQuantile(t *testing.T) {
	v := []float64{5, 1, 4, 2, 3}
	for part, want := range map[float64]float64{0: 1, .2: 1, .21: 2, .5: 3, .99: 5, 1: 5} {
		assert.Equal(t, want, quantile(v, part), part)
	}
	assert.Equal(t, []float64{5, 1, 4, 2, 3}, v, "it is left as it is")
	assert.True(t, math.IsNaN(quantile(nil, .5)))
}

func TestMedian(t *testing.T) {
	assert.Equal(t, 3.0, median([]float64{9, 1, 3}))
	assert.Equal(t, 2.5, median([]float64{4, 1, 3, 2}))
	assert.Equal(t, 7.0, median([]float64{7}))
	assert.True(t, math.IsNaN(median(nil)))
}

func TestGeometricMean(t *testing.T) {
	assert.InDelta(t, 4, geometricMean([]float64{2, 8}), 1e-12)
	assert.InDelta(t, 1, geometricMean([]float64{3, 1. / 3}), 1e-12)
	assert.True(t, math.IsNaN(geometricMean(nil)))
}

func TestRatios(t *testing.T) {
	assert.Equal(t, []float64{2, .5}, ratios([]float64{1, 4}, []float64{2, 2, 9}), "pairs alone count")
}

func TestNumbers(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 1234.5: "1234", 12.345: "12.3", 1: "1.00", 0.01234: "0.0123", -2.5: "-2.50",
	} {
		assert.Equal(t, want, number(v))
	}
	assert.Equal(t, "-", number(math.NaN()))
	assert.Equal(t, "+Inf", number(math.Inf(1)))
	assert.Equal(t, "12.0", ms(.012))
	assert.Equal(t, "-", mb(0))
	assert.Equal(t, "100.000", percent(1))
	assert.Equal(t, "99.999", percent(0.9999999), "what is not all does not look like it")
}

func TestProcTexts(t *testing.T) {
	assert.Equal(t, int64(10<<10), peakIn("VmPeak:\t  99 kB\nVmHWM:\t      10 kB\nVmRSS:\t 5 kB\n"))
	assert.Zero(t, peakIn("VmRSS: 5 kB\n"))
	// The fields of proc(5); the name has a blank and a parenthesis.
	assert.InDelta(t, 1.5, cpuIn("7 (a ) b) S 1 2 3 4 5 6 7 8 9 10 100 50 0 0 20 0"), 1e-12)
	assert.Zero(t, cpuIn("7 (a) S 1"))
	assert.Zero(t, cpuIn(""))
}
