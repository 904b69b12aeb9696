package horn

import (
	"math"
	"testing"
)

// BenchmarkRows computes rows of 2048 pixels, in assembly where there is some, and in Go.
func BenchmarkRows(b *testing.B) {
	const n = 2048
	var rows [3][]float32
	for i := range rows {
		for x := range n + 2 {
			rows[i] = append(rows[i], float32(900+300*math.Sin(float64(x)/31)*math.Cos(float64(i)/17)+float64(x*7919%13)))
		}
	}
	r := Rows{rows[0], rows[1], rows[2], 1. / 240, 1. / 240}
	bytes, floats, valid := make([]uint8, n), make([]float32, n), make([]uint8, n)
	one := NewLights(Light{180, 127, -127})
	six := NewLights(Light{10, 5, 5}, Light{20, 10, 10}, Light{30, 20, 10}, Light{30, 10, -10}, Light{30, -10, 10}, Light{50, 0, 0})
	for _, c := range []struct {
		name string
		row  func()
	}{
		{"shades", func() { r.Shades(bytes, valid, one) }},
		{"shades in Go", func() { r.shades(bytes, valid, one) }},
		{"shades of six lights", func() { r.Shades(bytes, valid, six) }},
		{"shades of six lights in Go", func() { r.shades(bytes, valid, six) }},
		{"percents", func() { r.Percents(floats, valid) }},
		{"percents in Go", func() { r.percents(floats, valid) }},
		{"aspects", func() { r.Aspects(floats, valid) }},
		{"aspects in Go", func() { r.aspects(floats, valid) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				c.row()
			}
			b.ReportMetric(n/1e6*float64(b.N)/b.Elapsed().Seconds(), "Mpx/s")
		})
	}
}
