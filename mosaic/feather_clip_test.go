package mosaic

import (
	"image"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/srs"
)

// clipSlowly is the slow twin of Clip: it counts the crossings on the right of every pixel.
func (fp *FeatherPolygon) clipSlowly(b *raster.Block, toMap raster.Affine) *raster.Block {
	r := b.Bounds()
	out := *b
	out.Valid = image.NewAlpha(r)
	var crossings []float64
	for y := r.Min.Y; y < r.Max.Y; y++ {
		_, my := toMap.Apply(0.5, float64(y)+0.5)
		crossings = crossings[:0]
		fp.ring.edges(func(p, q [2]float64) bool {
			if (p[1] > my) != (q[1] > my) {
				crossings = append(crossings, p[0]+float64((q[0]-p[0])*((my-p[1])/(q[1]-p[1]))))
			}
			return true
		})
		slices.Sort(crossings)
		for x := r.Min.X; x < r.Max.X; x++ {
			mx, _ := toMap.Apply(float64(x)+0.5, 0.5)
			mx = fp.near(mx)
			left, _ := slices.BinarySearchFunc(crossings, mx, func(c, x float64) int {
				if c <= x {
					return -1
				}
				return 1
			})
			if (len(crossings)-left)%2 == 0 {
				continue
			}
			v := uint8(255)
			if b.Valid != nil {
				v = b.Valid.Pix[b.Valid.PixOffset(x, y)]
			}
			out.Valid.Pix[out.Valid.PixOffset(x, y)] = v
		}
	}
	return &out
}

// Clip agrees with its slow twin: in systems whose x repeats and others, for pixels that lie on edges and that go
// around the world, in either direction.
func TestClipAgreesWithItsSlowTwin(t *testing.T) {
	lonLat, err := srs.FromWKID(4326)
	require.NoError(t, err)
	utm, err := srs.FromWKID(32633)
	require.NoError(t, err)
	inside, all := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		c := []srs.CRS{lonLat, utm}[rng.IntN(2)]
		ring := make(Ring, 3+rng.IntN(6)) // which may cross itself
		for i := range ring {
			ring[i] = [2]float64{float64(rng.IntN(240)-120) / 2, float64(rng.IntN(160)-80) / 2}
		}
		ring = ring.unwrapped(c.Period())
		if ring == nil {
			return
		}
		a, err := newFeatherPolygon(ring, c, c)
		require.NoError(t, err)
		size := []float64{0.5, 1, 3, 17.3, -2}[rng.IntN(5)]
		toMap := raster.Affine{A: size, C: float64(rng.IntN(1000)-500) / 4, E: -max(size, -size), F: float64(rng.IntN(100)-50) / 4}
		// Some block that begins left of and above a point inside the ring's box.
		x, y := int(-toMap.C/toMap.A)-rng.IntN(40), int(-toMap.F/toMap.E)-rng.IntN(20)
		b := raster.NewBlock(raster.U8, 1, image.Rect(x, y, x+1+rng.IntN(60), y+1+rng.IntN(30)))
		if rng.IntN(2) == 0 {
			b.Valid = nil
		} else {
			for i := range b.Valid.Pix {
				b.Valid.Pix[i] = uint8(rng.IntN(3) * 100)
			}
		}
		want, got := a.clipSlowly(b, toMap), a.Clip(b, toMap)
		require.Equal(t, want.Valid, got.Valid, "%v, %v", ring, toMap)
		require.Equal(t, b.Bands, got.Bands)
		for _, v := range got.Valid.Pix {
			if v != 0 {
				inside++
			}
		}
		all += len(got.Valid.Pix)
	})
	if !testing.Short() { // few draws may all lie outside
		assert.Greater(t, inside, all/20, "of %d", all)
	}
}

func BenchmarkClip(b *testing.B) {
	utm, err := srs.FromWKID(32633)
	require.NoError(b, err)
	mercator, err := srs.FromWKID(3857)
	require.NoError(b, err)
	a, err := Footprint{CRS: utm, Envelope: srs.Envelope{XMin: 4e5, YMin: 5e6, XMax: 5e5, YMax: 5.1e6}}.FeatherPolygon(mercator)
	require.NoError(b, err)
	r := image.Rect(5400, -19000, 5400+512, -19000+128)
	block := raster.NewBlock(raster.U8, 1, r)
	toMap := raster.Affine{A: 300, E: -300}
	for name, clip := range map[string]func(*raster.Block, raster.Affine) *raster.Block{"fast": a.Clip, "slow": a.clipSlowly} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(r.Dx() * r.Dy()))
			for b.Loop() {
				clip(block, toMap)
			}
		})
	}
}
