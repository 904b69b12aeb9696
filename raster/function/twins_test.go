package function

import (
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
)

// slopesOf yields gradients of all sizes and directions, flat and hostile ones among them.
func slopesOf(n int) (east, south []float64) {
	r := rand.New(rand.NewPCG(1, 2))
	special := []float64{0, math.Copysign(0, -1), 1, -1, 1e-40, 1e-9, 15.9, 16, 300, -1e10, 1e200, math.Inf(1), math.Inf(-1), math.NaN()}
	for _, p := range special {
		for _, q := range special {
			east, south = append(east, p), append(south, q)
		}
	}
	for len(east) < n {
		size, angle := math.Exp(r.Float64()*30-24), r.Float64()*2*math.Pi
		east, south = append(east, size*math.Cos(angle)), append(south, size*math.Sin(angle))
	}
	return east, south
}

func allSet(n int) []uint8 {
	valid := make([]uint8, n)
	for i := range valid {
		valid[i] = 255
	}
	return valid
}

// The tables of shades give what the formula does, but for shades just below a whole number.
func TestShadesAgree(t *testing.T) {
	const below = 1.0 / 40000
	east, south := slopesOf(8_000)
	got := make([]uint8, len(east))
	for _, s := range []*shader{
		newShader(Traditional, 315, 45), newShader(Traditional, 10, 3), newShader(Traditional, 200, 90), newShader(Multidirectional, 0, 0),
	} {
		valid := allSet(len(east))
		s.row(got, valid, east, south)
		more := 0
		for i := range got {
			want := s.exact(east[i], south[i])
			if want != want {
				require.Zero(t, valid[i], "%v, %v", east[i], south[i])
				continue
			}
			require.NotZero(t, valid[i], "%v, %v", east[i], south[i])
			if shade := math.Trunc(want); float64(got[i]) != shade {
				more++
				require.Equal(t, shade+1, float64(got[i]), "%v, %v", east[i], south[i])
				require.Greater(t, want, shade+1-below, "%v, %v", east[i], south[i])
			}
		}
		if s.lights[0].cosZenith < 1 { // light from above makes shades of 254.99999
			assert.Less(t, more, 10)
		}
	}
	flat := make([]uint8, 1)
	newShader(Traditional, 315, 90).row(flat, allSet(1), []float64{0}, []float64{0})
	assert.Equal(t, []uint8{255}, flat, "lit from above")
}

// The tables of angles give what arc tangents do.
func TestAnglesAgree(t *testing.T) {
	east, south := slopesOf(8_000)
	single, double := make([]float32, len(east)), make([]float64, len(east))
	valid := allSet(len(east))
	slopeDegrees(single, valid, east, south, steepnesses())
	slopeDegrees(double, allSet(len(east)), east, south, steepnesses())
	for i := range double {
		want := steepness(float64(east[i]*east[i]) + float64(south[i]*south[i]))
		if want != want {
			require.Zero(t, valid[i])
			continue
		}
		require.NotZero(t, valid[i])
		require.LessOrEqual(t, math.Abs(double[i]-want), 5e-10*want, "%v, %v", east[i], south[i])
		off := int64(math.Float32bits(single[i])) - int64(math.Float32bits(float32(want)))
		require.LessOrEqual(t, max(off, -off), int64(1), "%v, %v", east[i], south[i])
	}

	valid = allSet(len(east))
	aspects(single, valid, east, south, arcTangents())
	aspects(double, allSet(len(east)), east, south, arcTangents())
	for i := range double {
		want := aspect(east[i], south[i])
		if want != want {
			require.Zero(t, valid[i])
			continue
		}
		require.NotZero(t, valid[i])
		off := math.Abs(double[i] - want)
		require.LessOrEqual(t, min(off, 360-off), 1e-7+2*(360-belowNorth)*float64(boolBit(off > 180)), "%v, %v", east[i], south[i])
		require.Less(t, single[i], float32(360))
		require.Equal(t, want == -1, single[i] == -1, "%v, %v", east[i], south[i])
	}

	valid = allSet(len(east))
	slopePercents(single, valid, east, south)
	for i, v := range single {
		want := 100 * math.Sqrt(float64(east[i]*east[i])+float64(south[i]*south[i]))
		require.Equal(t, want-want == 0, valid[i] != 0)
		if valid[i] != 0 {
			require.Equal(t, float32(min(want, math.MaxFloat32)), v)
		}
	}
}

func boolBit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Gradients are Horn's of each neighbourhood, whatever type heights have.
func TestGradientsAgree(t *testing.T) {
	for _, typ := range []raster.PixelType{raster.U8, raster.S8, raster.U16, raster.S16, raster.U32, raster.S32, raster.F32, raster.F64} {
		w := world{typ, 1}
		rect := image.Rect(-5, 3, 30, 20)
		in := w.block(t, []int{0}, rect.Inset(-1))
		out := raster.NewBlock(raster.F64, 2, rect)
		g := gradientRows{out: out, in: in, fx: 0.5, fy: 0.25}
		g.row = func(planes []raster.Plane, y int, valid []uint8, east, south []float64) {
			copy(planes[0].(*raster.PlaneOf[float64]).Row(y), east)
			copy(planes[1].(*raster.PlaneOf[float64]).Row(y), south)
		}
		g.run(in.Bands[0])
		wide, err := raster.Convert(in, raster.F64)
		require.NoError(t, err)
		heights := wide.Bands[0].(*raster.PlaneOf[float64])
		for y := rect.Min.Y; y < rect.Max.Y; y++ {
			for x := rect.Min.X; x < rect.Max.X; x++ {
				var n neighbourhood
				missing := 0
				for i := range n {
					n[i] = heights.Row(y + i/3 - 1)[x+i%3-1-in.Bounds().Min.X]
					if in.Valid.AlphaAt(x+i%3-1, y+i/3-1).A == 0 {
						missing++
						n[i] = heights.Row(y)[x-in.Bounds().Min.X]
					}
				}
				has := in.Valid.AlphaAt(x, y).A != 0 && missing <= 1
				require.Equal(t, has, out.Valid.AlphaAt(x, y).A != 0, "%v at %d, %d", typ, x, y)
				if !has {
					continue
				}
				east := (n[2] + 2*n[5] + n[8]) - (n[0] + 2*n[3] + n[6])
				south := (n[6] + 2*n[7] + n[8]) - (n[0] + 2*n[1] + n[2])
				i := x - rect.Min.X
				require.InDelta(t, east/2, out.Bands[0].(*raster.PlaneOf[float64]).Row(y)[i], 1e-9, "%v at %d, %d", typ, x, y)
				require.InDelta(t, south/4, out.Bands[1].(*raster.PlaneOf[float64]).Row(y)[i], 1e-9, "%v at %d, %d", typ, x, y)
			}
		}
	}
}

// Slopes in percent in one pass are those of gradients, also beside gaps and where heights are no numbers.
func TestPercentsAgree(t *testing.T) {
	for _, typ := range realTypes {
		rect := image.Rect(-5, 3, 45, 30)
		in := world{typ, 1}.block(t, []int{0}, rect.Inset(-1))
		if p, ok := in.Bands[0].(*raster.PlaneOf[float32]); ok {
			for i := range 12 { // beside the gaps and in them
				p.Pix[i*131] = []float32{float32(math.NaN()), float32(math.Inf(1)), math.MaxFloat32}[i%3]
			}
		}
		var made [2]*raster.Block
		for i := range made {
			made[i] = raster.NewBlock(raster.F32, 1, rect)
			g := gradientRows{out: made[i], in: in, percents: i == 1, fx: 0.5, fy: 0.25}
			g.row = func(planes []raster.Plane, y int, valid []uint8, east, south []float64) {
				slopePercents(planes[0].(*raster.PlaneOf[float32]).Row(y), valid, east, south)
			}
			g.run(in.Bands[0])
		}
		require.Equal(t, made[0].Valid.Pix, made[1].Valid.Pix, "%v", typ)
		require.Equal(t, made[0].Bands, made[1].Bands, "%v", typ)
		require.Contains(t, made[0].Valid.Pix, uint8(0))
		require.NotEmpty(t, made[0].Valid.Pix)
	}
}

// hostile returns a block of one row of a type: random samples, and those at the ends.
func hostile(t *testing.T, typ raster.PixelType, bands int) *raster.Block {
	const n = 600
	r := rand.New(rand.NewPCG(3, 4))
	b := raster.NewBlock(raster.F64, bands, image.Rect(7, 1, 7+n, 2))
	ends := []float64{0, math.Copysign(0, -1), 1, -1, 0.1, 127, 128, 255, 65535, -32768, math.MaxInt32, math.MaxUint32, math.MaxFloat32, 1e300, -1e300}
	for _, p := range b.Bands {
		row := p.(*raster.PlaneOf[float64]).Pix
		for i := range row {
			switch i % 3 {
			case 0:
				row[i] = ends[r.IntN(len(ends))]
			case 1:
				row[i] = math.Round(r.NormFloat64() * 50)
			case 2:
				row[i] = r.NormFloat64() * 200
			}
		}
	}
	for i := range b.Valid.Pix {
		b.Valid.Pix[i] = []uint8{255, 255, 0, 17}[r.IntN(4)]
	}
	out, err := raster.Convert(b, typ)
	require.NoError(t, err)
	for _, p := range out.Bands { // conversion drops these
		switch p := p.(type) {
		case *raster.PlaneOf[float32]:
			copy(p.Pix, []float32{float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1))})
		case *raster.PlaneOf[float64]:
			copy(p.Pix, []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(math.NaN(), -1)})
		}
	}
	return out
}

// agree requires that two runs make the same pixels of one row.
func agree(t *testing.T, one, other runFunc, in *raster.Block, what string) {
	t.Helper()
	a, err := one(Cell{}, []*raster.Block{in}, in.Bounds())
	require.NoError(t, err)
	b, err := other(Cell{}, []*raster.Block{in}, in.Bounds())
	require.NoError(t, err)
	equalPixels(t, a, b, in.Bounds(), what)
}

var realTypes = []raster.PixelType{raster.U8, raster.S8, raster.U16, raster.S16, raster.U32, raster.S32, raster.F32, raster.F64}

// NDVI without rows of F64 is NDVI with them.
func TestNDVIAgrees(t *testing.T) {
	for _, typ := range realTypes {
		in := hostile(t, typ, 2)
		slow := func(out raster.PixelType, row func(dst, a, b []float64)) runFunc {
			return perRow(out, 1, clamps, func(dst, src [][]float64, _ []uint8) { row(dst[0], src[0], src[1]) })
		}
		agree(t, slow(raster.U8, ndviBytes), ndviRun(raster.U8), in, typ.String())
		agree(t, slow(raster.F32, normalisedDifference), ndviRun(raster.F32), in, typ.String())
	}
}

// Ranges that are searched give what the table gives.
func TestRemapAgrees(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	ends := []float64{
		math.Inf(-1), -1e300, -32768.5, -1, math.Copysign(0, -1), 0, 0.1, 0.5, 1, 127.5, 128, 65535, math.MaxUint32, math.MaxFloat32, 1e300, math.Inf(1),
	}
	number := func() float64 {
		if r.IntN(3) == 0 {
			return ends[r.IntN(len(ends))]
		}
		return math.Round(r.NormFloat64()*400) / 4
	}
	blocks := map[raster.PixelType]*raster.Block{}
	for _, typ := range realTypes {
		blocks[typ] = hostile(t, typ, 1)
	}
	for n := range 30 {
		f := &Remap{DropUnmatched: n%3 == 0}
		if n%3 == 1 {
			f.Replacement = new(float64(7))
		}
		for range n * n / 8 {
			a, b := number(), number()
			f.Ranges, f.Values = append(f.Ranges, ValueRange{min(a, b), max(a, b)}), append(f.Values, math.Round(r.NormFloat64()*300))
		}
		for range n % 4 {
			a := number()
			f.NoDataRanges = append(f.NoDataRanges, ValueRange{a, a + float64(r.IntN(2))})
		}
		table := newRangeTable(f)
		for _, typ := range realTypes {
			to := realTypes[n%len(realTypes)]
			slow := perRow(to, 1, clamps, func(dst, src [][]float64, valid []uint8) { table.row(dst[0], src[0], valid) })
			agree(t, slow, newRangeSearch(table, typ, to).run(to), blocks[typ], fmt.Sprint(n, typ, to))
		}
	}
}

// Stretches to bytes without rows of F64 are those with them.
func TestStretchToBytesAgrees(t *testing.T) {
	for _, to := range []span{{0, 255}, {255, 0}, {10, 99.5}, {0.25, 0.25}} {
		for _, from := range []span{{-100, 300}, {0, 1}, {0.1, 0.7}, {20, 20}, {-1e300, 1e308}} {
			for _, typ := range realTypes {
				curves := []curve{{in: from, out: to}, {in: span{from.max, 2 * from.max}, out: to}}
				for i := range curves {
					curves[i].tabulate(typ)
				}
				fast, ok := byteCurves(curves)
				if !ok {
					require.False(t, curves[0].meetsEnds() && curves[1].meetsEnds())
					continue
				}
				slow := perRow(raster.U8, 2, clamps, func(dst, src [][]float64, _ []uint8) {
					for i := range dst {
						for x, v := range src[i] {
							dst[i][x] = curves[i].at(v)
						}
					}
				})
				agree(t, slow, stretchToBytes(fast), hostile(t, typ, 2), fmt.Sprint(typ, from, to))
			}
		}
	}
}

// Samples that are clamped before they are mapped give what branches give.
func TestRowInProportionAgrees(t *testing.T) {
	in := hostile(t, raster.F64, 1).Bands[0].(*raster.PlaneOf[float64]).Pix
	for _, c := range []curve{
		{in: span{-100, 300}, out: span{0, 255}}, {in: span{0, 1}, out: span{0.1, 0.7}}, {in: span{0.1, 0.7}, out: span{-1, 1e-9}},
		{in: span{1, 1}, out: span{0, 1}}, {in: span{0, 5e-324}, out: span{0, 1}}, {in: span{-1e308, 1e308}, out: span{1, 0}},
	} {
		got := make([]float64, len(in))
		c.rowInProportion(got, in)
		for x, v := range in {
			want := c.at(v)
			require.True(t, want == got[x] || want != want && got[x] != got[x], "%v of %v: %v, want %v", c, v, got[x], want)
		}
	}
}

// Values are rounded half away from zero, also just below a half.
func TestStoredWholeNumbersAreRounded(t *testing.T) {
	for _, v := range []float64{0, 0.49999999999999994, 0.5, 1.4999999999999998, 1.5, 126.5, -0.5, -0.49999999999999994, -1.5, -127.5, 127.49999999999999} {
		got, valid := []int8{0}, []uint8{255}
		storeWhole(got, []float64{v}, valid, clamps, raster.S8)
		require.Equal(t, int8(math.Round(v)), got[0], "%v", v)
	}
}
