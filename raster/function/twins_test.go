package function

import (
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/internal/horn"
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

// Shades in units of 255 are those of the formula, but for the last bits.
func TestShadesAgree(t *testing.T) {
	east, south := slopesOf(8_000)
	got := make([]uint8, len(east))
	for _, s := range []*shader{
		newShader(Traditional, 315, 45), newShader(Traditional, 10, 3), newShader(Traditional, 200, 90), newShader(Multidirectional, 0, 0),
	} {
		valid := allSet(len(east))
		horn.ShadesOf(got, valid, east, south, s.parts)
		for i := range got {
			want := exactShade(s, east[i], south[i])
			if want != want {
				require.Zero(t, valid[i], "%v, %v", east[i], south[i])
				continue
			}
			require.NotZero(t, valid[i], "%v, %v", east[i], south[i])
			if shade := math.Round(want); math.Abs(want-shade) > 1e-12 {
				require.Equal(t, math.Trunc(want), float64(got[i]), "%v, %v", east[i], south[i])
			} else {
				require.InDelta(t, shade, float64(got[i]), 1, "%v, %v", east[i], south[i])
			}
		}
	}
	flat := make([]uint8, 1)
	horn.ShadesOf(flat, allSet(1), []float64{0}, []float64{0}, newShader(Traditional, 315, 90).parts)
	assert.Equal(t, []uint8{255}, flat, "lit from above")
}

// exactShade returns the shade of a slope without cutting it, light by light: NaN if there is none.
func exactShade(s *shader, east, south float64) float64 {
	root := math.Sqrt(1 + float64(east*east) + float64(south*south))
	sum := 0.0
	for _, l := range s.lights {
		v := 255 * (l.cosZenith + float64(l.north*south) - float64(l.east*east)) / root
		if v-v != 0 {
			return math.NaN()
		}
		sum += float64(l.weight * max(v, 0))
	}
	return sum / s.sum
}

// Gradients are Horn's of each neighbourhood, whatever type heights have.
func TestGradientsAgree(t *testing.T) {
	for _, typ := range []raster.PixelType{raster.U8, raster.S8, raster.U16, raster.S16, raster.U32, raster.S32, raster.F32, raster.F64} {
		w := world{typ, 1}
		rect := image.Rect(-5, 3, 30, 20)
		in := w.block(t, []int{0}, rect.Inset(-1))
		out := raster.NewBlock(raster.F64, 2, rect)
		g := gradientRows{out: out, in: in, row: gradientRow{fx: 0.5, fy: 0.25}}
		g.row.of = func(planes []raster.Plane, y int, valid []uint8, east, south []float64) {
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

// What is made of heights in F32, in one pass, is what is made of gradients of the same heights in F64, also beside gaps and
// where heights are no numbers.
func TestSinglesAgree(t *testing.T) {
	for name, f := range map[string]Function{
		"hillshade": NewHillshade(nil), "six lights": &Hillshade{Type: Multidirectional, RemoveEdgeEffect: true},
		"slope in percent": &Slope{Type: SlopePercent}, "slope in degrees": &Slope{}, "aspect": &Aspect{},
	} {
		for _, typ := range []raster.PixelType{raster.U8, raster.S8, raster.U16, raster.S16, raster.F32} {
			rect := image.Rect(-5, 3, 45, 30)
			in := world{typ, 1}.block(t, []int{0}, rect.Inset(-1))
			if p, ok := in.Bands[0].(*raster.PlaneOf[float32]); ok {
				for i := range 12 { // beside the gaps and in them
					p.Pix[i*131] = []float32{float32(math.NaN()), float32(math.Inf(1)), math.MaxFloat32}[i%3]
				}
			}
			wide := raster.NewBlock(raster.F64, 1, in.Bounds())
			wide.Valid = in.Valid
			for y := in.Bounds().Min.Y; y < in.Bounds().Max.Y; y++ {
				copy(wide.Bands[0].(*raster.PlaneOf[float64]).Row(y), loadRow(make([]float64, in.Bounds().Dx()), in.Bands[0], y))
			}
			var made [2]*raster.Block
			for i, b := range []*raster.Block{in, wide} {
				p, err := worlds{Source{}: {b.Type, 1}}.compile(f)
				require.NoError(t, err)
				made[i], err = p.Run(map[Leaf]*raster.Block{Source{}: b}, Cell{Width: 2, Height: 0.5})
				require.NoError(t, err)
			}
			require.Equal(t, made[0].Valid.Pix, made[1].Valid.Pix, "%s of %v", name, typ)
			require.Equal(t, made[0].Bands, made[1].Bands, "%s of %v", name, typ)
			require.Contains(t, made[0].Valid.Pix, uint8(0))
			require.Contains(t, made[0].Valid.Pix, uint8(255))
		}
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

// Tables of curves hold what their formula gives, also where the ends of the input are the wrong way round.
func TestTablesOfCurvesAgree(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for n := range 400 {
		end := func() float64 { return math.Round(r.NormFloat64()*400) / float64(1+n%4) }
		c := curve{in: span{end(), end()}, out: span{end(), end()}}
		switch n % 3 {
		case 1:
			c.sigmoid = 2
		case 2:
			c.gamma = 1.5
		}
		plain := c
		c.tabulate(raster.S16)
		require.NotNil(t, c.table)
		var src []float64
		for v := -2500.; v <= 2500; v += 7 {
			src = append(src, v)
		}
		src = append(src, c.in.min, c.in.max)
		for i, v := range src {
			src[i] = math.Round(v)
		}
		got, want := make([]float64, len(src)), make([]float64, len(src))
		c.row(got, src)
		plain.row(want, src)
		for x, v := range src {
			require.InDelta(t, plain.at(v), got[x], 0, "%v of %v", c, v)
			require.InDelta(t, plain.at(v), want[x], 0, "%v of %v, in proportion", c, v)
		}
	}
}

// Statistics whose mean lies outside of their range have no standard deviations on the wrong side.
func TestStretchByMeansOutside(t *testing.T) {
	for mean, want := range map[float64]span{-100: {0, 0}, 400: {255, 255}, 254: {252, 255}} {
		f := &Stretch{Type: StretchStandardDeviation, Max: 255}
		b := Summary{Statistics: raster.Statistics{Min: 0, Max: 255, Mean: mean, StdDev: 1}}
		assert.Equal(t, want, f.curve(b, span{0, 255}).in)
	}
}
