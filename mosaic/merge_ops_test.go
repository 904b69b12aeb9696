package mosaic_test

import (
	"fmt"
	"image"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
)

func TestMergeOperations(t *testing.T) {
	for _, c := range []struct {
		op   mosaic.Operation
		adds []string
		want string
	}{
		{mosaic.DefaultOperation, []string{"12.\n...", ".34\n3.."}, "124\n3.."},
		{mosaic.First, []string{"12.\n...", ".34\n3.."}, "124\n3.."},
		{mosaic.Last, []string{"12.\n...", ".34\n3.."}, "134\n3.."},
		{mosaic.Min, []string{"15.\n...", ".34\n3.."}, "134\n3.."},
		{mosaic.Max, []string{"15.\n...", ".34\n3.."}, "154\n3.."},
		{mosaic.Mean, []string{"15.\n...", ".24\n3.."}, "144\n3.."}, // 3.5, half away from zero
		{mosaic.Sum, []string{"15.\n...", ".24\n3..", "111\n..."}, "285\n3.."},
		{mosaic.Blend, []string{"15.\n...", ".24\n3.."}, "144\n3.."}, // all weights are 1
		{mosaic.Mean, []string{"1", "2", "5"}, "3"},
		{mosaic.Min, []string{"111\n111", "000\n..."}, "000\n111"},
		{mosaic.Mean, nil, "...\n..."},
		{mosaic.Sum, []string{"...\n..."}, "...\n..."},
	} {
		m := mosaic.NewMerger(c.op, raster.U8, 1, image.Rect(0, 0, 3, 2))
		if len(c.want) == 1 {
			m = mosaic.NewMerger(c.op, raster.U8, 1, image.Rect(0, 0, 1, 1))
		}
		for _, text := range c.adds {
			require.NoError(t, m.Add(rastertest.Parse(text), nil))
		}
		assert.Equal(t, c.want, rastertest.Text(m.Result()), "%v of %q", c.op, c.adds)
	}
}

// one makes a block of one pixel.
func one[T raster.Sample](t raster.PixelType, v T) *raster.Block {
	b := raster.NewBlock(t, 1, image.Rect(0, 0, 1, 1))
	b.Bands[0].(*raster.PlaneOf[T]).Pix[0] = v
	b.Valid = nil
	return b
}

func mergeOne[T raster.Sample](t *testing.T, op mosaic.Operation, typ raster.PixelType, values ...T) T {
	t.Helper()
	m := mosaic.NewMerger(op, typ, 1, image.Rect(0, 0, 1, 1))
	for _, v := range values {
		require.NoError(t, m.Add(one(typ, v), nil))
	}
	b := m.Result()
	require.Nil(t, b.Valid)
	return b.Bands[0].(*raster.PlaneOf[T]).Pix[0]
}

func TestMergeRoundsAndClamps(t *testing.T) {
	assert.Equal(t, uint8(255), mergeOne[uint8](t, mosaic.Sum, raster.U8, 200, 100))
	assert.Equal(t, uint8(15), mergeOne[uint8](t, mosaic.Sum, raster.U4, 9, 9), "four bits")
	assert.Equal(t, int16(-32768), mergeOne[int16](t, mosaic.Sum, raster.S16, -32768, -1))
	assert.Equal(t, int16(-2), mergeOne[int16](t, mosaic.Mean, raster.S16, -1, -2), "-1.5, half away from zero")
	assert.Equal(t, int16(2), mergeOne[int16](t, mosaic.Mean, raster.S16, 1, 2))
	assert.Equal(t, uint32(math.MaxUint32), mergeOne[uint32](t, mosaic.Mean, raster.U32, math.MaxUint32, math.MaxUint32))
	assert.Equal(t, int32(math.MinInt32), mergeOne[int32](t, mosaic.Mean, raster.S32, math.MinInt32, math.MinInt32))
	assert.Equal(t, int8(-128), mergeOne[int8](t, mosaic.Min, raster.S8, 127, -128))
	assert.Equal(t, uint16(65535), mergeOne[uint16](t, mosaic.Max, raster.U16, 0, 65535))
	assert.Equal(t, float32(1.5), mergeOne[float32](t, mosaic.Mean, raster.F32, 1, 2))
	assert.Equal(t, 0.1, mergeOne(t, mosaic.Mean, raster.F64, 0.1, 0.1, 0.1), "which a sum would not give back")
	inf := math.Inf(1)
	assert.Equal(t, inf, mergeOne(t, mosaic.Mean, raster.F64, inf, inf))
	assert.Equal(t, math.MaxFloat64, mergeOne(t, mosaic.Mean, raster.F64, math.MaxFloat64, math.MaxFloat64))
	assert.Equal(t, 3.0, mergeOne(t, mosaic.Min, raster.F64, math.NaN(), 3, math.NaN()), "NaN only if all are")
	assert.Equal(t, 3.0, mergeOne(t, mosaic.Max, raster.F64, 2, math.NaN(), 3))
	assert.True(t, math.IsNaN(mergeOne(t, mosaic.Mean, raster.F64, 2, math.NaN())))
	assert.Equal(t, complex64(2i), mergeOne[complex64](t, mosaic.Last, raster.C64, 1, 2i))

	for _, op := range []mosaic.Operation{mosaic.Min, mosaic.Max, mosaic.Mean, mosaic.Sum, mosaic.Blend} {
		var unsupported *mosaic.UnsupportedError
		m := mosaic.NewMerger(op, raster.C128, 1, image.Rect(0, 0, 1, 1))
		require.ErrorAs(t, m.Add(one(raster.C128, 1i), nil), &unsupported)
		assert.Contains(t, unsupported.What, op.String()+" of C128")
	}
}

func weightsOf(values ...float32) *raster.PlaneOf[float32] {
	p := raster.NewPlane[float32](image.Rect(0, 0, len(values), 1))
	copy(p.Pix, values)
	return p
}

func TestBlendIsWeighted(t *testing.T) {
	r := image.Rect(0, 0, 5, 1)
	m := mosaic.NewMerger(mosaic.Blend, raster.U8, 1, r)
	require.NoError(t, m.Add(rastertest.Parse("8888."), weightsOf(4, 3, 1, 0, 9)))
	require.NoError(t, m.Add(rastertest.Parse("44444"), weightsOf(0, 1, 3, 0, 0)))
	assert.Equal(t, "87584", rastertest.Text(m.Result()), "of no weight at all, the first")

	// The other operations pay no regard to weights.
	m = mosaic.NewMerger(mosaic.Mean, raster.U8, 1, r)
	require.NoError(t, m.Add(rastertest.Parse("8888."), weightsOf(4, 3, 1, 0, 9)))
	require.NoError(t, m.Add(rastertest.Parse("44444"), weightsOf(0, 1, 3, 0, 0)))
	assert.Equal(t, "66664", rastertest.Text(m.Result()))

	err := m.Add(rastertest.Parse("44444"), weightsOf(1, 1))
	require.EqualError(t, err, "mosaic: weights of (0,0)-(2,1) do not hold all of (0,0)-(5,1)")
	var mismatch *mosaic.MergeError
	require.ErrorAs(t, err, &mismatch)
}

var operations = []mosaic.Operation{
	mosaic.First, mosaic.Last, mosaic.Min, mosaic.Max, mosaic.Mean, mosaic.Sum, mosaic.Blend,
}

// randomBlock holds small whole numbers, so that sums are exact in any order.
func randomBlock(rng *rand.Rand, t raster.PixelType, n int, r image.Rectangle) *raster.Block {
	wide := raster.NewBlock(raster.F64, n, r)
	for _, p := range wide.Bands {
		for i := range p.(*raster.PlaneOf[float64]).Pix {
			p.(*raster.PlaneOf[float64]).Pix[i] = float64(rng.IntN(300) - 30)
		}
	}
	for i := range wide.Valid.Pix {
		wide.Valid.Pix[i] = []uint8{0, 0, 7, 255}[rng.IntN(4)]
	}
	if rng.IntN(8) == 0 {
		wide.Valid = nil
	}
	b, _ := raster.Convert(wide, t)
	return b
}

var realTypes = []raster.PixelType{
	raster.U1, raster.U4, raster.U8, raster.S8, raster.U16, raster.S16, raster.U32, raster.S32, raster.F32, raster.F64,
}

func at64(b *raster.Block, band, x, y int) float64 {
	wide, err := raster.Convert(b.Sub(image.Rect(x, y, x+1, y+1)), raster.F64)
	if err != nil {
		panic(err)
	}
	p := wide.Bands[band].(*raster.PlaneOf[float64])
	return p.Row(y)[x-p.Rect.Min.X]
}

// pixels yields the points of a rectangle.
func pixels(r image.Rectangle) iter.Seq[image.Point] {
	return func(yield func(image.Point) bool) {
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				if !yield(image.Pt(x, y)) {
					return
				}
			}
		}
	}
}

// A layer is a block to be merged, and its weights.
type layer struct {
	b *raster.Block
	w *raster.PlaneOf[float32]
}

func randomLayer(rng *rand.Rand, t raster.PixelType, rect image.Rectangle) layer {
	part := image.Rect(rect.Min.X+rng.IntN(3), rect.Min.Y+rng.IntN(3), rect.Max.X-rng.IntN(3), rect.Max.Y)
	l := layer{b: randomBlock(rng, t, 2, part)}
	if rng.IntN(2) == 0 {
		l.w = raster.NewPlane[float32](rect)
		for i := range l.w.Pix {
			l.w.Pix[i] = float32(rng.IntN(5)) / 2
		}
	}
	return l
}

// samplesAt returns the samples of a pixel in the layers that hold data there, their weights for Blend and validities.
func samplesAt(layers []layer, band int, p image.Point) (values, weights []float64, valid []uint8) {
	for _, l := range layers {
		if !p.In(l.b.Bounds()) || validAt(l.b, p.X, p.Y) == 0 {
			continue
		}
		w := 1.0
		if l.w != nil {
			w = float64(l.w.Row(p.Y)[p.X-l.w.Rect.Min.X])
		}
		values, weights = append(values, at64(l.b, band, p.X, p.Y)), append(weights, w)
		valid = append(valid, validAt(l.b, p.X, p.Y))
	}
	return values, weights, valid
}

// merged is an operation's definition for one pixel.
func merged(op mosaic.Operation, t raster.PixelType, values, weights []float64, valid []uint8) (float64, uint8) {
	switch op {
	case mosaic.First:
		return values[0], valid[0]
	case mosaic.Last:
		return values[len(values)-1], valid[len(valid)-1]
	case mosaic.Min:
		return slices.Min(values), slices.Max(valid)
	case mosaic.Max:
		return slices.Max(values), slices.Max(valid)
	}
	out, total := 0.0, 0.0
	for i, v := range values {
		w := 1.0
		if op == mosaic.Blend {
			w = weights[i]
		}
		out, total = out+v*w, total+w
	}
	switch {
	case op != mosaic.Sum && total == 0:
		out = values[0]
	case op != mosaic.Sum:
		out /= total
	}
	if lo, hi := t.Range(); t.Integer() {
		out = math.Max(lo, math.Min(hi, math.Round(out)))
	}
	return out, slices.Max(valid)
}

// The slow twin: the operations' definitions, pixel by pixel, over the list of samples there.
func TestOperationsAgreeWithTheirDefinitions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		rect := image.Rect(-3, 5, 4, 9)
		op := operations[rng.IntN(len(operations))]
		typ := realTypes[rng.IntN(len(realTypes))]
		m := mosaic.NewMerger(op, typ, 2, rect)
		layers := make([]layer, rng.IntN(5))
		for i := range layers {
			layers[i] = randomLayer(rng, typ, rect)
			require.NoError(t, m.Add(layers[i].b, layers[i].w))
		}
		got := m.Result()
		require.Equal(t, typ, got.Type)
		for p := range pixels(rect) {
			for band := range 2 {
				values, weights, valid := samplesAt(layers, band, p)
				if len(values) == 0 {
					require.Zero(t, validAt(got, p.X, p.Y))
					continue
				}
				want, wantValid := merged(op, typ, values, weights, valid)
				require.InDelta(t, want, at64(got, band, p.X, p.Y), 1e-4, "%v of %v by %v", op, values, weights)
				require.Equal(t, wantValid, validAt(got, p.X, p.Y))
			}
		}
	})
}

// The division of an image into strips, and of rasters into blocks, does not affect any pixel.
func TestMergeDoesNotDependOnStrips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 2))
		rect := image.Rect(0, 0, 9, 7)
		op := operations[rng.IntN(len(operations))]
		typ := realTypes[rng.IntN(len(realTypes))]
		var blocks []*raster.Block
		var weights []*raster.PlaneOf[float32]
		for range 4 {
			blocks = append(blocks, randomBlock(rng, typ, 1, rect))
			w := raster.NewPlane[float32](rect)
			for i := range w.Pix {
				w.Pix[i] = rng.Float32()
			}
			weights = append(weights, w)
		}
		whole := mosaic.NewMerger(op, typ, 1, rect)
		for i := range blocks {
			require.NoError(t, whole.Add(blocks[i], weights[i]))
		}
		want := whole.Result()
		cut := 1 + rng.IntN(6)
		for _, strip := range []image.Rectangle{image.Rect(0, 0, 9, cut), image.Rect(0, cut, 9, 7)} {
			m := mosaic.NewMerger(op, typ, 1, strip)
			for i := range blocks {
				// Each raster comes in two halves, in either order.
				halves := []image.Rectangle{image.Rect(0, 0, 4, 7), image.Rect(4, 0, 9, 7)}
				if rng.IntN(2) == 0 {
					slices.Reverse(halves)
				}
				for _, h := range halves {
					require.NoError(t, m.Add(blocks[i].Sub(h.Intersect(strip)), weights[i]))
				}
			}
			require.Empty(t, rastertest.Diff(want.Sub(strip), m.Result()))
		}
	})
}

// The mean, least, largest and blended value of equal samples is that sample, and of one raster it is that raster.
func TestConstantStaysConstant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float64Range(-1e300, 1e300).Draw(t, "value")
		n := rapid.IntRange(1, 7).Draw(t, "layers")
		for _, op := range operations {
			if op == mosaic.Sum && n > 1 {
				continue
			}
			m := mosaic.NewMerger(op, raster.F64, 1, image.Rect(0, 0, 1, 1))
			for range n {
				w := weightsOf(rapid.Float32Range(0, 1e6).Draw(t, "weight"))
				require.NoError(t, m.Add(one(raster.F64, v), w))
			}
			require.Equal(t, v, m.Result().Bands[0].(*raster.PlaneOf[float64]).Pix[0], "%v", op)
		}
	})
}

// Last is First the other way round, which stops early.
func TestLastIsFirstBackwards(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	rect := image.Rect(0, 0, 20, 20)
	last, first := mosaic.NewMerger(mosaic.Last, raster.U8, 2, rect), mosaic.NewMerger(mosaic.First, raster.U8, 2, rect)
	var blocks []*raster.Block
	for range 5 {
		blocks = append(blocks, randomBlock(rng, raster.U8, 2, rect))
		require.NoError(t, last.Add(blocks[len(blocks)-1], nil))
		assert.False(t, last.Done())
	}
	for _, b := range slices.Backward(blocks) {
		require.NoError(t, first.Add(b, nil))
	}
	assert.Empty(t, rastertest.Diff(first.Result(), last.Result()))
}

func BenchmarkMerge(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	rect := image.Rect(0, 0, 512, 128)
	for _, typ := range []raster.PixelType{raster.U8, raster.F32} {
		var blocks []*raster.Block
		for range 4 {
			blocks = append(blocks, randomBlock(rng, typ, 3, rect))
		}
		w := raster.NewPlane[float32](rect)
		for i := range w.Pix {
			w.Pix[i] = rng.Float32()
		}
		for _, op := range operations {
			b.Run(fmt.Sprintf("%v/%v", op, typ), func(b *testing.B) {
				b.SetBytes(int64(4 * 3 * rect.Dx() * rect.Dy()))
				for b.Loop() {
					m := mosaic.NewMerger(op, typ, 3, rect)
					for _, blk := range blocks {
						if err := m.Add(blk, w); err != nil {
							b.Fatal(err)
						}
					}
					m.Result()
				}
			})
		}
	}
}
