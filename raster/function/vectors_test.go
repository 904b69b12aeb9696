package function

import (
	"encoding/json"
	"image"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
)

// A vector is one of testdata/vectors.json, whose README says where they come from.
type vector struct {
	ID         string
	Rule       json.RawMessage
	InType     string
	In         [][][]*float64
	OutType    string
	Out        [][][]*float64
	Tolerance  float64
	Cell       []float64
	Geographic bool
	Grid       *struct{ XMin, YMax, Cell float64 }
	OutBands   string
	Statistics []float64
	Formula    string
}

func readVectors(t testing.TB) []vector {
	text, err := os.ReadFile("testdata/vectors.json")
	require.NoError(t, err)
	var all []vector
	require.NoError(t, json.Unmarshal(text, &all))
	require.Len(t, all, 252)
	return all
}

func TestVectors(t *testing.T) {
	for _, v := range readVectors(t) {
		t.Run(v.ID, func(t *testing.T) { v.test(t) })
	}
}

// The table of functions in the package's documentation has each function, with a test that there is.
func TestTableOfFunctions(t *testing.T) {
	text, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	rows := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^//\t(\(?\w+\)?) {2,}\S.* {2,}(Test.*)$`).FindAllStringSubmatch(string(text), -1) {
		rows[m[1]] = m[2]
	}
	var sources []byte
	names, err := filepath.Glob("*_test.go")
	require.NoError(t, err)
	for _, name := range names {
		source, err := os.ReadFile(name)
		require.NoError(t, err)
		sources = append(sources, source...)
	}
	counts := map[string]int{}
	for _, v := range readVectors(t) {
		r, err := ParseRule(string(v.Rule))
		require.NoError(t, err)
		counts[r.Name()]++
	}
	for _, s := range specs {
		require.Contains(t, rows, s.name)
	}
	require.Len(t, rows, len(specs)+2, "and None, and templates")
	for name, test := range rows {
		test, count, _ := strings.Cut(test, ": ")
		require.Contains(t, string(sources), "func "+test+"(t *testing.T)", name)
		if n := counts[name]; n > 0 {
			require.Equal(t, strconv.Itoa(n), count, name)
		}
	}
}

func (v *vector) test(t *testing.T) {
	// What Pansharpening's vectors call $ms and $pan are items: all bands but the last, and the last.
	f, err := Parse(strings.NewReplacer(`"$ms"`, `"$100"`, `"$pan"`, `"$101"`).Replace(string(v.Rule)))
	require.NoError(t, err)
	typ, ok := raster.ParsePixelType(v.InType)
	require.True(t, ok)
	leaves := map[Leaf][]int{Source{}: nil}
	for b := range v.In {
		leaves[Source{}] = append(leaves[Source{}], b)
		leaves[Item(b+1)] = []int{b}
	}
	last := len(v.In) - 1
	if leaves[Item(3)] == nil {
		leaves[Item(3)] = []int{last} // one vector calls its second raster so
	}
	leaves[Item(100)], leaves[Item(101)] = leaves[Source{}][:last], []int{last}
	samples := map[Leaf]Samples{}
	for leaf, bands := range leaves {
		samples[leaf] = Samples{Type: typ, Bands: make([]Band, len(bands))}
	}
	o := Options{Project: v.project}
	if s := v.Statistics; s != nil {
		o.Statistics = func(Function, bool) ([]Summary, error) { return []Summary{*ranged(s[0], s[1])}, nil }
	}
	p, err := o.Compile(f, samples)
	require.NoError(t, err)
	rect := image.Rect(0, 0, len(v.In[0][0]), len(v.In[0]))
	blocks := map[Leaf]*raster.Block{}
	for _, r := range p.Reads() {
		var bands []int
		for _, b := range r.Bands {
			bands = append(bands, leaves[r.Leaf][b])
		}
		blocks[r.Leaf] = v.block(t, typ, bands, leaves[r.Leaf], r.Grow(rect))
	}
	cell := Cell{Width: 1, Height: 1}
	if v.Cell != nil {
		cell.Width, cell.Height = v.Cell[0], v.Cell[1]
	}
	if v.Geographic {
		cell.Unit = Degree
	}
	out, err := p.Run(blocks, cell)
	require.NoError(t, err)
	require.Equal(t, p.Samples().Type, out.Type)
	v.compare(t, out, p.Samples())
}

// project takes the place of what an image service knows: from the vector's grid to pixels.
func (v *vector) project(g *Geometry) ([][]Point, error) {
	var rings [][]Point
	for _, ring := range g.Rings {
		var out []Point
		for _, p := range ring {
			out = append(out, Point{(p.X - v.Grid.XMin) / v.Grid.Cell, (v.Grid.YMax - p.Y) / v.Grid.Cell})
		}
		rings = append(rings, out)
	}
	return rings, nil
}

// block returns a block of some bands over r, without data outside of the vector's and where any band of the raster has
// none.
func (v *vector) block(t *testing.T, typ raster.PixelType, bands, of []int, r image.Rectangle) *raster.Block {
	wide := raster.NewBlock(raster.F64, len(bands), r)
	for y, row := range v.In[0] {
		for x := range row {
			valid := uint8(255)
			for _, b := range of {
				if v.In[b][y][x] == nil {
					valid = 0
				}
			}
			wide.Valid.Pix[wide.Valid.PixOffset(x, y)] = valid
			for i, b := range bands {
				if n := v.In[b][y][x]; n != nil {
					wide.Bands[i].(*raster.PlaneOf[float64]).Row(y)[x-r.Min.X] = *n
				}
			}
		}
	}
	b, err := raster.Convert(wide, typ)
	require.NoError(t, err)
	return b
}

func (v *vector) compare(t *testing.T, out *raster.Block, s Samples) {
	if v.OutBands != "" && s.Palette != nil { // the colours that the palette has for the values
		out = paint(out, s)
	} else if v.Formula != "F-REMAP" && v.Formula != "F-LO" { // whose vectors are numbers alone, without the types
		require.Equal(t, v.OutType, out.Type.String())
	}
	require.Len(t, out.Bands, len(v.Out))
	wide, err := raster.Convert(out, raster.F64)
	require.NoError(t, err)
	require.Equal(t, image.Rect(0, 0, len(v.Out[0][0]), len(v.Out[0])), out.Bounds())
	for b, rows := range v.Out {
		for y, row := range rows {
			got := wide.Bands[b].(*raster.PlaneOf[float64]).Row(y)
			for x, want := range row {
				valid := wide.Valid == nil || wide.Valid.AlphaAt(x, y).A != 0
				if want == nil {
					require.False(t, valid, "band %d, row %d, column %d: %v, want no data", b, y, x, got[x])
					continue
				}
				require.True(t, valid, "band %d, row %d, column %d: no data, want %v", b, y, x, *want)
				limit := v.Tolerance * math.Max(1, math.Abs(*want))
				require.LessOrEqual(t, math.Abs(got[x]-*want), limit, "band %d, row %d, column %d: %v, want %v", b, y, x, got[x], *want)
			}
		}
	}
}

// paint returns red, green, blue and alpha of a block of palette indices.
func paint(b *raster.Block, s Samples) *raster.Block {
	out := raster.NewBlock(raster.U8, 4, b.Bounds())
	out.Valid = b.Valid
	src := b.Bands[0].(*raster.PlaneOf[uint8])
	for i, v := range src.Pix {
		red, green, blue, alpha := nrgba(s, v)
		for band, part := range []uint8{red, green, blue, alpha} {
			out.Bands[band].(*raster.PlaneOf[uint8]).Pix[i] = part
		}
	}
	return out
}

func nrgba(s Samples, v uint8) (red, green, blue, alpha uint8) {
	c := color.NRGBAModel.Convert(s.Palette[v]).(color.NRGBA)
	return c.R, c.G, c.B, c.A
}
