package function

import (
	"fmt"
	"image"
	"math"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/geoexport/geoexport/raster"
)

// A world is an endless raster: the pixel at a place does not depend on who asks for it.
type world struct {
	typ   raster.PixelType
	bands int
}

func (w world) samples() Samples { return Samples{Type: w.typ, Bands: make([]Band, w.bands)} }

// at returns a sample, and whether there is one: small hills with some noise and some holes.
func (w world) at(band, x, y int) (v float64, valid bool) {
	h := uint32(x*374761393+y*668265263+band*69069+int(w.typ)*31) * 2654435761
	h = (h ^ h>>13) * 1274126177
	return 90 + 60*math.Sin(float64(x+3*band)/3)*math.Cos(float64(y)/4) + float64(h>>24)/16, h%23 != 0
}

func (w world) block(t require.TestingT, bands []int, r image.Rectangle) *raster.Block {
	b := raster.NewBlock(raster.F64, len(bands), r)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			valid := uint8(255)
			for i, band := range bands {
				v, ok := w.at(band, x, y)
				if !ok {
					valid = 0
				}
				b.Bands[i].(*raster.PlaneOf[float64]).Row(y)[x-r.Min.X] = v
			}
			b.Valid.Pix[b.Valid.PixOffset(x, y)] = valid
		}
	}
	b, err := raster.Convert(b, w.typ)
	require.NoError(t, err)
	return b
}

type worlds map[Leaf]world

func (ws worlds) samples() map[Leaf]Samples {
	m := map[Leaf]Samples{}
	for leaf, w := range ws {
		m[leaf] = w.samples()
	}
	return m
}

func (ws worlds) run(t require.TestingT, p *Program, r image.Rectangle, c Cell) *raster.Block {
	blocks := map[Leaf]*raster.Block{}
	for _, read := range p.Reads() {
		blocks[read.Leaf] = ws[read.Leaf].block(t, read.Bands, read.Grow(r))
	}
	b, err := p.Run(blocks, c)
	require.NoError(t, err)
	require.Equal(t, r, b.Bounds())
	return b
}

// compiled returns a program for f over the worlds. Statistics are some numbers that depend on no image.
func (ws worlds) compile(f Function) (*Program, error) {
	o := Options{
		Statistics: func(Function, bool) ([]Summary, error) {
			all := make([]Summary, 64)
			for i := range all {
				all[i] = *nominal(20, 180, 90, 25)
				all[i].Shares = []float64{0.1, 0.2, 0.4, 0.2, 0.1}
			}
			return all, nil
		},
		Project: func(g *Geometry) ([][]Point, error) { return g.Rings, nil },
	}
	return o.Compile(f, ws.samples())
}

// randomTree draws a tree of the functions that vectors have rules for, with their arguments.
func randomTree(t *rapid.T, rules []string, ws worlds, depth int) Function {
	if depth == 0 || rapid.IntRange(0, 5).Draw(t, "leaf") == 0 {
		switch rapid.IntRange(0, 3).Draw(t, "which leaf") {
		case 0:
			return Item(1)
		case 1:
			return Item(2)
		}
		return Source{}
	}
	for range 8 { // not every function takes every input
		f, err := Parse(rapid.SampledFrom(rules).Draw(t, "rule"))
		require.NoError(t, err)
		s := f.spec()
		if s == nil {
			continue
		}
		for _, a := range s.args {
			switch {
			case a.raster != nil && (*a.raster(f) != nil || a.implied):
				*a.raster(f) = randomTree(t, rules, ws, depth-1)
			case a.rasters != nil:
				for i := range *a.rasters(f) {
					(*a.rasters(f))[i] = randomTree(t, rules, ws, depth-1)
				}
			}
		}
		if _, err := ws.compile(f); err == nil {
			return f
		}
	}
	return Source{}
}

// allRules returns the rules of all vectors whose functions there are, with numbers of items that worlds have.
func allRules(t testing.TB) (rules []string) {
	for _, v := range readVectors(t) {
		rule := strings.NewReplacer(`"$ms"`, `"$$"`, `"$pan"`, `"$1"`, `"$3"`, `"$1"`, `"$4"`, `"$2"`).Replace(string(v.Rule))
		if _, err := Parse(rule); err == nil {
			rules = append(rules, rule)
		}
	}
	require.Greater(t, len(rules), 30)
	return rules
}

func equalPixels(t require.TestingT, want, got *raster.Block, where image.Rectangle, what string) {
	require.Equal(t, want.Type, got.Type)
	require.Len(t, got.Bands, len(want.Bands))
	for y := where.Min.Y; y < where.Max.Y; y++ {
		for x := where.Min.X; x < where.Max.X; x++ {
			a, b := uint8(255), uint8(255)
			if want.Valid != nil {
				a = want.Valid.AlphaAt(x, y).A
			}
			if got.Valid != nil {
				b = got.Valid.AlphaAt(x, y).A
			}
			if a != b {
				require.Equal(t, a, b, "validity of %d, %d: %s", x, y, what)
			}
			for i := range want.Bands {
				if a == 0 {
					continue
				}
				if p, q := sampleAt(want.Bands[i], x, y), sampleAt(got.Bands[i], x, y); p != q {
					require.Equal(t, p, q, "band %d of %d, %d: %s", i, x, y, what)
				}
			}
		}
	}
}

func sampleAt(p raster.Plane, x, y int) float64 {
	row := loadRow(make([]float64, p.Bounds().Dx()), p, y)
	return row[x-p.Bounds().Min.X]
}

// A pixel depends neither on how an image is cut nor on who else is at work.
func TestStitchedIsWhole(t *testing.T) {
	rules := allRules(t)
	rapid.Check(t, func(t *rapid.T) {
		ws := worlds{}
		types := []raster.PixelType{raster.U8, raster.S16, raster.U16, raster.S32, raster.F32, raster.F64}
		for _, leaf := range []Leaf{Source{}, Item(1), Item(2)} {
			ws[leaf] = world{rapid.SampledFrom(types).Draw(t, "type"), rapid.SampledFrom([]int{1, 1, 3, 6}).Draw(t, "bands")}
		}
		f := randomTree(t, rules, ws, rapid.IntRange(1, 4).Draw(t, "depth"))
		if f.spec() == nil {
			f = &Identity{Input: f}
		}
		text, err := Marshal(f)
		require.NoError(t, err)
		p, err := ws.compile(f)
		require.NoError(t, err)
		cell := Cell{Width: 3, Height: 2}
		at := image.Pt(rapid.IntRange(-50, 50).Draw(t, "x"), rapid.IntRange(-50, 50).Draw(t, "y"))
		whole := image.Rect(0, 0, 24, 17).Add(at)
		want := ws.run(t, p, whole, cell)

		tiles := cutAt(t, whole)
		got := make([]*raster.Block, len(tiles))
		var running sync.WaitGroup
		for i, tile := range tiles {
			running.Go(func() { got[i] = ws.run(t, p, tile, cell) })
		}
		running.Wait()
		for i, tile := range tiles {
			equalPixels(t, want, got[i], tile, fmt.Sprintf("%s by %v", text, tile))
		}

		// What is written is read back as the same.
		again, err := Parse(string(text))
		require.NoError(t, err, "%s", text)
		q, err := ws.compile(again)
		require.NoError(t, err, "%s", text)
		require.Equal(t, p.Samples(), q.Samples(), "%s", text)
		equalPixels(t, want, ws.run(t, q, whole, cell), whole, string(text))
	})
}

// cutAt cuts a rectangle at some rows, and these at some columns.
func cutAt(t *rapid.T, r image.Rectangle) (tiles []image.Rectangle) {
	for y := r.Min.Y; y < r.Max.Y; {
		to := min(y+rapid.IntRange(1, r.Dy()).Draw(t, "rows"), r.Max.Y)
		for x := r.Min.X; x < r.Max.X; {
			right := min(x+rapid.IntRange(1, r.Dx()).Draw(t, "columns"), r.Max.X)
			tiles = append(tiles, image.Rect(x, y, right, to))
			x = right
		}
		y = to
	}
	return tiles
}
