package portable

import (
	"math"
	"testing"
)

// BenchmarkFunctions measures arguments of projections, beside package math in the same run.
func BenchmarkFunctions(b *testing.B) {
	domains := map[string][2]float64{"Asin": {-1, 1}, "Acos": {-1, 1}, "Atanh": {-1, 1}, "Log": {0, 10}, "Log10": {0, 10}, "Log1p": {0, 10}}
	for name, f := range functions {
		d, ok := domains[name]
		if !ok {
			d = [2]float64{-3, 3}
		}
		var xs [256]float64
		for i := range xs {
			xs[i] = d[0] + (d[1]-d[0])*(float64(i)+0.5)/256
		}
		run := func(b *testing.B, f func(float64) float64) {
			n, total := 0, 0.0
			for b.Loop() {
				for _, x := range xs {
					total += f(x)
				}
				n += len(xs)
			}
			sink = total
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/call")
		}
		b.Run(name+"/portable", func(b *testing.B) { run(b, f.ours) })
		b.Run(name+"/standard", func(b *testing.B) { run(b, f.standard) })
	}
	two := func(b *testing.B, f func(x, y float64) float64) {
		n, total := 0, 0.0
		for b.Loop() {
			for i := range 256 {
				total += f(0.1+float64(i)/100, 2-float64(i)/50)
			}
			n += 256
		}
		sink = total
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/call")
	}
	for name, f := range functionsOfTwo {
		b.Run(name+"/portable", func(b *testing.B) { two(b, f.ours) })
		b.Run(name+"/standard", func(b *testing.B) { two(b, f.standard) })
	}
	sincos := func(b *testing.B, f func(x float64) (s, c float64)) {
		n, total := 0, 0.0
		for b.Loop() {
			for i := range 256 {
				s, c := f(float64(i)/50 - 2.5)
				total += s + c
			}
			n += 256
		}
		sink = total
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/call")
	}
	b.Run("Sincos/portable", func(b *testing.B) { sincos(b, Sincos) })
	b.Run("Sincos/standard", func(b *testing.B) { sincos(b, math.Sincos) })
}

var sink float64
