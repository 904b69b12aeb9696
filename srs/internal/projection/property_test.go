package projection

import (
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// kernelDefinitions are the definitions of kernels.tsv, and those of methods that PROJ 9.1 lacks.
func kernelDefinitions(t testing.TB) []string {
	out := []string{
		"+proj=lcc +belgium +lat_0=90 +lon_0=4.36748666666667 +lat_1=49.8333339 +lat_2=51.1666672333333 +a=6378388 +rf=297",
		"+proj=lcc +axis=wnu +lat_1=65 +lon_0=-18 +x_0=-500000 +y_0=500000 +a=6378388 +rf=297",
		"+proj=lcc_near +lat_0=34.65 +lon_0=37.35 +k_0=0.9996256 +x_0=300000 +y_0=300000 +a=6378249.2 +rf=293.4660212936269",
		"+proj=mod_krovak +x_0=5000000 +y_0=5000000 +a=6377397.155 +rf=299.1528128",
		"+proj=mod_krovak +czech +x_0=5000000 +y_0=5000000 +a=6377397.155 +rf=299.1528128",
		"+proj=tunisia_mining +lat_0=32.93676 +lon_0=7.051005 +a=6378249.2 +rf=293.4660212936269",
		"+proj=tmerc_zoned +k_0=0.9996 +x_0=500000 +a=6378137 +rf=298.257223563",
		"+proj=eqc_ellipsoid +lat_ts=40 +lat_0=10 +a=6378137 +rf=298.257223563",
		"+proj=ortho +lat_0=33.6 +lon_0=-84 +alpha=-12 +k_0=1.00005 +a=6378137 +rf=298.257222101",
		"+proj=omerc +lat_0=40 +lat_1=0 +lon_1=0 +lat_2=60 +lon_2=60 +a=6378137 +rf=298.257223563",
		"+proj=adams_ws2 +R=6371000", "+proj=peirce_q +shape=square +R=6371000", "+proj=peirce_q +shape=diamond +k_0=0.9 +R=6371000",
		"+proj=tobler1 +R=6378137", "+proj=tobler2 +R=6378137",
		"+proj=ups +south +a=6378137 +rf=298.257223563",
		"+proj=stere +lat_0=90 +lat_ts=0 +a=6378137 +rf=298.257223563",
		"+proj=eqdc +lat_0=-20 +lat_1=-40 +lat_2=10 +a=6378137 +rf=298.257223563",
		"+proj=aea +lat_0=40 +lat_1=60 +lat_2=60 +R=6371000",
		"+proj=nsper +lat_0=-40 +h=1000000000 +R=6371000",
		"+proj=geos +h=35785831 +lon_0=20 +sweep=x +R=6371000",
		"+proj=som +inc_angle=65 +ps_rev=0.0625 +asc_lon=-30 +R=6371000",
		"+proj=lsat +lsat=2 +path=31 +a=6378137 +rf=298.257222101", "+proj=misrsom +path=1 +a=6378137 +rf=298.257222101",
	}
	seen := map[string]bool{}
	for _, r := range kernelRows(t, "kernels.tsv") {
		if !seen[r.definition] {
			seen[r.definition] = true
			out = append(out, r.definition)
		}
	}
	return out
}

// TestKernelThereAndBack goes all over the globe: what has an image must come back from it, and lie in the bounds.
func TestKernelThereAndBack(t *testing.T) {
	for _, text := range kernelDefinitions(t) {
		p := projectionOf(t, text)
		k := kernelOf(t, p)
		e := k.Extent()
		planeOff, off := 1e-11, 2e-7
		switch {
		case strings.Contains(text, "=robin"): // not continuous next to the table's parallels
			planeOff = 1e-6
		case p.ID() == "tmerc" || strings.Contains(text, "o_proj=tmerc"): // its series end
			planeOff = 1e-9
		}
		images := 0
		rapid.Check(t, func(t *rapid.T) {
			lam := rapid.Float64Range(-math.Pi, math.Pi).Draw(t, "lam")
			phi := math.Asin(rapid.Float64Range(-1, 1).Draw(t, "sin"))
			if rapid.Bool().Draw(t, "near") {
				lam, phi = lam/40, max(-math.Pi/2, min(math.Pi/2, p.LatitudeOfOrigin*degree+phi/20))
			}
			x, y := []float64{lam}, []float64{phi}
			k.Forward(x, y)
			u, v := x[0], y[0]
			if math.IsNaN(u) || math.IsNaN(v) {
				return
			}
			images++
			require.False(t, math.IsInf(u, 0) || math.IsInf(v, 0), text)
			require.True(t, u >= e.Bounds.XMin && u <= e.Bounds.XMax && v >= e.Bounds.YMin && v <= e.Bounds.YMax,
				"%s: %v, %v is not in %v", text, u, v, e.Bounds)
			k.Inverse(x, y)
			require.True(t, math.Abs(y[0]) <= math.Pi/2 && math.Abs(x[0]) <= math.Pi*(1+1e-12), "%s: %v, %v of %v, %v", text, x[0], y[0], lam, phi)
			d := math.Hypot(math.Remainder(x[0]-lam, 2*math.Pi)*math.Cos(phi), y[0]-phi)
			require.Less(t, d, max(off, 2*planeOff), "%s: %v, %v became %v, %v", text, lam, phi, x[0], y[0])
			k.Forward(x, y)
			if math.Abs(lam) > 3.14 && e.Period == 0 || slices.ContainsFunc([]string{"=igh", "zoned", "peirce", "healpix", "ob_tran"}, func(s string) bool { return strings.Contains(text, s) }) || isTwice(text) {
				return // it may be on the other side of a cut
			}
			require.Less(t, math.Hypot(x[0]-u, y[0]-v), planeOff*(1+u*u+v*v), "%s: %v, %v", text, lam, phi)
		})
		require.NotZero(t, images, text)
	}
}

// TestKernelBackAndThere goes all over the plane: what has an inverse image must come back from it.
func TestKernelBackAndThere(t *testing.T) {
	for _, text := range kernelDefinitions(t) {
		k := kernelOf(t, projectionOf(t, text))
		b := k.Extent().Bounds
		b = Box(Box{max(b.XMin, -4), max(b.YMin, -4), min(b.XMax, 4), min(b.YMax, 4)})
		planeOff := 1e-9
		if strings.Contains(text, "=robin") {
			planeOff = 1e-6
		}
		rapid.Check(t, func(t *rapid.T) {
			u := rapid.Float64Range(b.XMin-0.1, b.XMax+0.1).Draw(t, "x")
			v := rapid.Float64Range(b.YMin-0.1, b.YMax+0.1).Draw(t, "y")
			x, y := []float64{u}, []float64{v}
			k.Inverse(x, y)
			if math.IsNaN(x[0]) || math.IsNaN(y[0]) {
				return
			}
			require.True(t, math.Abs(y[0]) <= math.Pi/2, "%s: %v, %v of %v, %v", text, x[0], y[0], u, v)
			lam, phi := x[0], y[0]
			k.Forward(x, y)
			if k.Extent().Period == 0 && math.Abs(lam) > 3.14 {
				return
			}
			if math.Pi/2-math.Abs(phi) < 1e-9 {
				return // next to the apex of a cone latitudes of 16 digits are far apart
			}
			if isLine(k, u, v, lam, phi) {
				return // the pole of an oblique cylinder, which has no place of its own in the plane
			}
			if isTwice(text) && math.Abs(x[0]-u) > 6 { // a revolution's end shows places of its beginning
				k.Inverse(x, y)
				require.Less(t, math.Hypot(math.Remainder(x[0]-lam, 2*math.Pi)*math.Cos(phi), y[0]-phi), 1e-9, text)
				return
			}
			require.Less(t, math.Hypot(x[0]-u, y[0]-v), planeOff, "%s: %v, %v by way of %v, %v", text, u, v, lam, phi)
		})
	}
}

// isTwice reports whether a definition is of a projection that shows the places next to its start and its end twice.
func isTwice(text string) bool {
	return slices.ContainsFunc([]string{"=som", "=lsat", "=misrsom"}, func(s string) bool { return strings.Contains(text, s+" ") })
}

// isLine reports whether a place is the inverse image of points to the sides of u, v, or above and below it, too.
func isLine(k Kernel, u, v, lam, phi float64) bool {
	x, y := []float64{u - 0.1, u + 0.1, u, u}, []float64{v, v, v - 0.1, v + 0.1}
	k.Inverse(x, y)
	for i := range x {
		if math.Hypot(math.Remainder(x[i]-lam, 2*math.Pi)*math.Cos(phi), y[i]-phi) < 1e-6 {
			return true
		}
	}
	return false
}

// TestKernelsAreImmutable is for many goroutines that use one kernel: what each point becomes does not depend on the
// others.
func TestKernelsAreImmutable(t *testing.T) {
	for _, text := range kernelDefinitions(t) {
		k := kernelOf(t, projectionOf(t, text))
		var lams, phis []float64
		for i := range 40 {
			lams = append(lams, math.Pi*math.Sin(float64(i)*1.7)*math.Abs(math.Sin(float64(i)/9)))
			phis = append(phis, math.Pi/2*math.Sin(float64(i)*2.3))
		}
		lams, phis = append(lams, math.NaN(), 1, 0), append(phis, 0, math.NaN(), 0.5)
		run := func(f func(x, y []float64), x, y []float64, step int) ([]float64, []float64) {
			x, y = append([]float64(nil), x...), append([]float64(nil), y...)
			for i := 0; i < len(x); i += step {
				j := min(len(x), i+step)
				f(x[i:j], y[i:j])
			}
			return x, y
		}
		xs, ys := run(k.Forward, lams, phis, len(lams))
		us, vs := run(k.Inverse, xs, ys, len(xs))
		require.True(t, math.IsNaN(xs[40]) || math.IsNaN(ys[40]), text)
		require.True(t, math.IsNaN(xs[41]) || math.IsNaN(ys[41]), text)
		var group sync.WaitGroup
		for _, step := range []int{1, 7} {
			group.Go(func() {
				x, y := run(k.Forward, lams, phis, step)
				u, v := run(k.Inverse, x, y, step)
				for i := range x {
					assert.True(t, same(x[i], xs[i]) && same(y[i], ys[i]) && same(u[i], us[i]) && same(v[i], vs[i]), "%s: point %d", text, i)
				}
			})
		}
		group.Wait()
		assert.Zero(t, testing.AllocsPerRun(1, func() { k.Forward(us, vs); k.Inverse(us, vs) }), text)
	}
}

func same(a, b float64) bool {
	return math.Float64bits(a) == math.Float64bits(b) || math.IsNaN(a) && math.IsNaN(b)
}

// Every kernel's bounds must hold what the world maps to, and its top and period what extent promises.
func TestExtents(t *testing.T) {
	for _, text := range kernelDefinitions(t) {
		k := kernelOf(t, projectionOf(t, text))
		e := k.Extent()
		require.False(t, e.Bounds.XMin > e.Bounds.XMax || e.Bounds.YMin > e.Bounds.YMax, text)
		require.Greater(t, e.Top, 0.0, text)
		for lat := -90.0; lat <= 90; lat += 7.5 {
			for lon := -180.0; lon <= 180; lon += 7.5 {
				x, y := []float64{lon * degree}, []float64{lat * degree}
				k.Forward(x, y)
				if math.IsNaN(x[0]) || math.IsNaN(y[0]) {
					continue
				}
				require.True(t, x[0] >= e.Bounds.XMin && x[0] <= e.Bounds.XMax && y[0] >= e.Bounds.YMin && y[0] <= e.Bounds.YMax,
					"%s: %v, %v at %v, %v is not in %v", text, lon, lat, x[0], y[0], e.Bounds)
				if e.Period > 0 {
					require.InDelta(t, lon/360*e.Period, x[0], 1e-12, text)
				}
			}
		}
	}
}
