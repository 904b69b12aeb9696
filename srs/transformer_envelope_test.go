package srs

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

const mercatorEdge = 20037508.342789244

func assertEnvelope(t *testing.T, want, got Envelope, tolerance float64, msg string) {
	t.Helper()
	assert.InDeltaSlice(t, []float64{want.XMin, want.YMin, want.XMax, want.YMax},
		[]float64{got.XMin, got.YMin, got.XMax, got.YMax}, tolerance, "%s: %v", msg, got)
}

func TestEnvelope(t *testing.T) {
	for _, c := range []struct {
		name      string
		from, to  int
		box, want Envelope
		tolerance float64
	}{
		// Expected values are T18's (docs/cases.md), or corners by cs2cs of PROJ 9.1.1, such as
		// echo "100000 5000000" | cs2cs -f %.4f EPSG:32601 EPSG:3857
		{"T18", 4326, 3857, Envelope{-117, 34, -116, 35},
			Envelope{-13024380.4228, 4028802.0261, -12913060.9320, 4163881.1441}, 1e-4},
		{"T18, back", 3857, 4326, Envelope{-13024380.4228, 4028802.0261, -12913060.9320, 4163881.1441},
			Envelope{-117, 34, -116, 35}, 1e-9},
		{"world to web Mercator", 4326, 102113, Envelope{-180, -90, 180, 90}, Envelope{-mercatorEdge, -mercatorEdge, mercatorEdge, mercatorEdge}, 0},
		{"one pole", 4326, 3857, Envelope{-180, -60, 180, 90}, Envelope{-mercatorEdge, -8399737.8898, mercatorEdge, mercatorEdge}, 1e-4},
		{"beyond the poles", 4326, 3857, Envelope{-180, -100, 180, 100}, Envelope{-mercatorEdge, -mercatorEdge, mercatorEdge, mercatorEdge}, 0},
		{"world to World Mercator", 4326, 3395, Envelope{-180, -90, 180, 90}, Envelope{-mercatorEdge, -mercatorEdge, mercatorEdge, mercatorEdge}, 0},
		{"web Mercator to world", 3857, 4326, Envelope{-mercatorEdge, -mercatorEdge, mercatorEdge, mercatorEdge},
			Envelope{-180, -85.05112877980659, 180, 85.05112877980659}, 1e-13},
		{"across the antimeridian", 4326, 3857, Envelope{170, -10, 190, 10},
			Envelope{18924313.434857, -1118889.974858, 21150703.250723, 1118889.974858}, 1e-5},
		{"wider than a turn", 4326, 3857, Envelope{-360, 0, 360, 1}, Envelope{-2 * mercatorEdge, 0, 2 * mercatorEdge, 111325.142866}, 1e-5},
		{"beyond the mercatorEdge, all of it", 4326, 3857, Envelope{0, 86, 1, 87}, Envelope{0, 21396567.25241, 111319.49079, 23232576.78008}, 1e-4},
		{"a point", 4326, 3857, Envelope{-117, 34, -117, 34}, Envelope{-13024380.4228, 4028802.0261, -13024380.4228, 4028802.0261}, 1e-4},
		{"identity", 3857, 900913, Envelope{-1e9, -1e9, 1e9, 1e9}, Envelope{-1e9, -1e9, 1e9, 1e9}, 0},

		{"zone 60 across", 32660, 4326, Envelope{600000, 4000000, 900000, 5000000},
			Envelope{178.1114780, 36.0623620, 182.0787339, 45.1463929}, 1e-7},
		{"zone 1 across", 32601, 4326, Envelope{100000, 4000000, 400000, 5000000},
			Envelope{360 - 182.0787339, 36.0623620, 360 - 178.1114780, 45.1463929}, 1e-7},
		{"zone 1 across, to web Mercator", 32601, 3857, Envelope{100000, 4000000, 400000, 5000000},
			Envelope{19806104.7403, 4309205.6831, 2*mercatorEdge - 19827279.0390, 5644597.5662}, 1e-3},
		{"the pole inside", 32633, 4326, Envelope{400000, 9.9e6, 600000, 10.1e6}, Envelope{-180, 88.72043958, 180, 90}, 1e-7},
		{"the pole on the edge", 32633, 4326, Envelope{400000, 9.9e6, 600000, 9997964.9429},
			Envelope{-75, 88.746214513, 105, 90}, 1e-6},
		{"beyond the pole", 32733, 4326, Envelope{500000, 0, 600000, 1000},
			Envelope{105.592998635, -89.990729391, 195, -89.104188630}, 1e-8},
		{"thinner than rounding", 5070, 4326, Envelope{-2000.875, 2.9802322387695312e-08, 46.875, 3.725290298461914e-08},
			Envelope{-96.01915104826, 22.999998144782, -95.99955134359, 23}, 1e-10},
		{"the cone's apex", 5070, 4326, Envelope{-1e6, 5.5e6, 1e6, 7e6}, Envelope{-119.7507619, 75.5977557, -72.2492381, 90}, 1e-6},
		{"far more than all, off centre", 5070, 4326, Envelope{-1e9, -2e9, 2e9, 1e9}, Envelope{-180, -90, 180, 90}, 0},
		{"far more than a zone, off centre", 32633, 4326, Envelope{-1e9, -2e9, 2e9, 1e9}, Envelope{-180, -90, 180, 90}, 0},
		{"more than all", 5070, 4326, Envelope{-2e7, -2e7, 2e7, 2e7}, Envelope{-180, -90, 180, 90}, 0},

		// The cut opposite the central meridian, 84° E, runs through the box.
		{"both ends of the cone", 4326, 5070, Envelope{60, 20, 100, 60},
			Envelope{-10130265.3162, 10344174.2861, 10227411.6043, 13186095.7240}, 1e-3},
	} {
		got, err := mustTransformer(t, c.from, c.to).Envelope(c.box)
		require.NoError(t, err, c.name)
		assertEnvelope(t, c.want, got, c.tolerance, c.name)
	}
}

func TestEnvelopeErrors(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		from, to int
		box      Envelope
		says     string
	}{
		{4326, 3857, Envelope{nan, 0, 1, 1}, "finite"},
		{4326, 4326, Envelope{0, 0, inf, 1}, "finite"},
		{4326, 3857, Envelope{170, -10, -170, 10}, "above"},
		{4326, 3857, Envelope{0, 1, 1, 0}, "above"},
		{4326, 32633, Envelope{0, 91, 1, 95}, "no image"},
		{4326, 3857, Envelope{0, 90, 1, 90}, "no image"},
		{4326, 32633, Envelope{100, -5, 110, 5}, "no image"},
		{32633, 4326, Envelope{1e9, 1e9, 2e9, 2e9}, "no image"},
		{32633, 32634, Envelope{1e9, 1e9, 2e9, 2e9}, "no image"},
		{5070, 4326, Envelope{1e9, 1e9, 2e9, 2e9}, "no image"},
	} {
		_, err := mustTransformer(t, c.from, c.to).Envelope(c.box)
		var e *EnvelopeError
		require.ErrorAs(t, err, &e, "%v", c)
		assert.Contains(t, e.Error(), c.says)
	}
}

func TestEnvelopeNeverPanics(t *testing.T) {
	if testing.Short() {
		t.Skip("long under the race detector, and shorter tests run the same code")
	}
	values := []float64{-math.MaxFloat64, -4e7, -180, 5e-324, 1e6, 1e300}
	for _, p := range pairs {
		for _, tr := range []*Transformer{mustTransformer(t, p.from, p.to), mustTransformer(t, p.to, p.from)} {
			for i, x1 := range values {
				for _, x2 := range values[i:] {
					for _, y := range [][2]float64{{-1e300, 1e300}, {0, 0}, {-90, 90}, {-5e6, 1e17}, {9e6, 1.1e7}} {
						box := Envelope{x1, y[0], x2, y[1]}
						got, err := tr.Envelope(box)
						if err != nil {
							require.IsType(t, &EnvelopeError{}, err)
							continue
						}
						require.True(t, got.Finite() && got.XMin <= got.XMax && got.YMin <= got.YMax,
							"%v of %v to %v: %v", box, p.from, p.to, got)
					}
				}
			}
		}
	}
}

// A box on the far side of the world must not fall on the zone a second time.
func TestEnvelopeFarFromAZone(t *testing.T) {
	zone := Envelope{1e5, 0, 9e5, 9.4e6}
	for _, box := range []Envelope{{14e6, 0, 15e6, 1e6}, {14e6, 4e6, 15e6, 6e6}, {-1.9e7, -1e6, -1.8e7, 1e6}} {
		got, err := mustTransformer(t, 3857, 32633).Envelope(box)
		assert.True(t, err != nil || !got.Intersects(zone), "%v: %v", box, got)
	}
}

// TestEnvelopeAgainstManyPoints compares with the box around 51 × 51 points.
func TestEnvelopeAgainstManyPoints(t *testing.T) {
	for _, p := range []struct {
		from, to int
		within   Envelope
	}{
		{4326, 32633, Envelope{-20, -70, 50, 80}},
		{4326, 5070, Envelope{-200, -70, 70, 85}},
		{32633, 4326, Envelope{-2e6, -5e6, 3e6, 9e6}},
		{32633, 3857, Envelope{-1e6, -5e6, 2e6, 8e6}},
		{5070, 4326, Envelope{-5e6, -3e6, 5e6, 5e6}},
		{5070, 26915, Envelope{-3e6, -2e6, 3e6, 4e6}},
		{3857, 32660, Envelope{16e6, -1e7, 24e6, 1e7}},
	} {
		t.Run(fmt.Sprintf("%d-%d", p.from, p.to), func(t *testing.T) {
			tr := mustTransformer(t, p.from, p.to)
			rapid.Check(t, func(t *rapid.T) {
				x := rapid.Float64Range(p.within.XMin, p.within.XMax)
				y := rapid.Float64Range(p.within.YMin, p.within.YMax)
				x1, x2, y1, y2 := x.Draw(t, "x1"), x.Draw(t, "x2"), y.Draw(t, "y1"), y.Draw(t, "y2")
				box := Envelope{min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)}
				got, err := tr.Envelope(box)
				require.NoError(t, err)

				const n = 51
				xs, ys := make([]float64, 0, n*n), make([]float64, 0, n*n)
				for i := range n * n {
					xs = append(xs, box.XMin+box.Width()*float64(i%n)/(n-1))
					ys = append(ys, box.YMin+box.Height()*float64(i/n)/(n-1))
				}
				require.Zero(t, tr.Transform(xs, ys))
				want := Envelope{xs[0], ys[0], xs[0], ys[0]}
				for i := range xs {
					want = want.Union(Envelope{xs[i], ys[i], xs[i], ys[i]})
				}
				period := tr.to.period
				if period > 0 {
					shift := period * math.Round((got.XMin-want.XMin)/period)
					want.XMin, want.XMax = want.XMin+shift, want.XMax+shift
				}
				// No point is outside but for rounding, and the box is no larger than the points' but for what may
				// bulge between them.
				rounding := 1e-10 * (got.Width() + got.Height())
				slack := 4e-4 * (want.Width() + want.Height())
				for _, d := range []float64{want.XMin - got.XMin, want.YMin - got.YMin, got.XMax - want.XMax, got.YMax - want.YMax} {
					require.Greater(t, d, -rounding-1e-9, "%v in %v: %v, not %v", box, tr, got, want)
					require.Less(t, d, slack+1e-9, "%v: %v, not %v", box, got, want)
				}
			})
		})
	}
}

// Boxes a turn apart are the same part of the world.
func TestEnvelopeATurnAway(t *testing.T) {
	for _, to := range []int{32633, 5070} {
		tr := mustTransformer(t, 4326, to)
		for _, box := range []Envelope{{0, 10, 20, 50}, {70, 10, 100, 50}, {-280, 40, 0, 50}} {
			want, err := tr.Envelope(box)
			require.NoError(t, err)
			for _, turns := range []float64{-720, -360, 360, 3600} {
				b := box
				b.XMin += turns
				b.XMax += turns
				got, err := tr.Envelope(b)
				require.NoError(t, err)
				assertEnvelope(t, want, got, 1e-6, fmt.Sprint(b))
			}
		}
	}
}

func BenchmarkEnvelope(b *testing.B) {
	for _, c := range []struct {
		from, to int
		box      Envelope
	}{
		{4326, 3857, Envelope{-117, 34, -116, 35}},
		{4326, 32633, Envelope{12, 40, 18, 50}},
		{32633, 3857, Envelope{3e5, 4e6, 7e5, 5e6}},
	} {
		b.Run(fmt.Sprintf("%d-%d", c.from, c.to), func(b *testing.B) {
			tr := mustTransformer(b, c.from, c.to)
			for b.Loop() {
				if _, err := tr.Envelope(c.box); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
