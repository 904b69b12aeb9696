package projection

import (
	"strings"
	"testing"
)

// BenchmarkKernels measures a point at a time of blocks of 256, forward and inverse. compare/speed.py compares whole
// transformers with PROJ.
func BenchmarkKernels(b *testing.B) {
	for _, c := range []struct {
		definition string
		lon, lat   float64
	}{
		{"+proj=tmerc +lon_0=15 +k=0.9996 +a=6378137 +rf=298.257223563", 15, 50},
		{"+proj=webmerc +a=6378137 +rf=298.257223563", 15, 50},
		{"+proj=merc +a=6378137 +rf=298.257223563", 15, 50},
		{"+proj=lcc +lat_0=46.5 +lon_0=3 +lat_1=49 +lat_2=44 +a=6378137 +rf=298.257222101", 3, 46},
		{"+proj=laea +lat_0=52 +lon_0=10 +a=6378137 +rf=298.257222101", 10, 50},
		{"+proj=laea +lat_0=90 +a=6378137 +rf=298.257222101", 10, 70},
		{"+proj=aea +lat_0=23 +lon_0=-96 +lat_1=29.5 +lat_2=45.5 +a=6378137 +rf=298.257222101", -96, 40},
		{"+proj=stere +lat_0=90 +lat_ts=70 +lon_0=-45 +a=6378137 +rf=298.257223563", 15, 70},
		{"+proj=sterea +lat_0=52.1561605555556 +lon_0=5.38763888888889 +k=0.9999079 +a=6377397.155 +rf=299.1528128", 5, 52},
		{"+proj=omerc +no_uoff +lat_0=4 +lonc=102.25 +alpha=323.0257905 +gamma=323.130102361111 +k=0.99984 +a=6377295.664 +rf=300.8017", 102, 4},
		{"+proj=somerc +lat_0=46.9524055555556 +lon_0=7.43958333333333 +a=6377397.155 +rf=299.1528128", 8, 47},
		{"+proj=cass +lat_0=31.7 +lon_0=35.2 +a=6378300.789 +rf=293.4663155389811", 35, 31},
		{"+proj=aeqd +lat_0=50 +lon_0=20 +a=6378137 +rf=298.257223563", 10, 40},
		{"+proj=moll +R=6378137", 10, 40},
		{"+proj=robin +R=6378137", 10, 40},
		{"+proj=wintri +R=6378137", 10, 40},
	} {
		p, err := parseProjString(b, c.definition)
		if err != nil {
			b.Fatal(err)
		}
		k, err := NewKernel(p)
		if err != nil {
			b.Fatal(err)
		}
		var lams, phis, xs, ys, us, vs [256]float64
		for i := range lams {
			lams[i] = (c.lon - p.CentralMeridian + float64(i%16)/16) * degree
			phis[i] = (c.lat + float64(i/16)/16) * degree
		}
		xs, ys = lams, phis
		k.Forward(xs[:], ys[:])
		name := strings.TrimPrefix(strings.Fields(c.definition)[0], "+proj=")
		b.Run(name+"/forward", func(b *testing.B) {
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				us, vs = lams, phis
				k.Forward(us[:], vs[:])
				n += 256
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/point")
		})
		b.Run(name+"/inverse", func(b *testing.B) {
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				us, vs = xs, ys
				k.Inverse(us[:], vs[:])
				n += 256
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/point")
		})
	}
}
