package function

import (
	"image"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
)

// A raster function is a struct, its spec and its compile.

type negative struct {
	Input  Function
	Top    float64
	Output raster.PixelType
}

var negativeSpec = newSpec("Negative", func() *negative { return &negative{Top: 255} },
	func(f *negative) *raster.PixelType { return &f.Output },
	rasterArg("Raster", func(f *negative) *Function { return &f.Input }),
	number("Top", func(f *negative) *float64 { return &f.Top }).alias("White"),
)

func (f *negative) spec() *spec { return &negativeSpec }

func (f *negative) compile(_ *compilation, in []input) (step, error) {
	out := computed(typeOr(f.Output, in[0].Type), len(in[0].Bands), nil)
	return step{out: out, run: perRow(out.Type, len(out.Bands), clamps, func(dst, src [][]float64, _ []uint8) {
		for i := range dst {
			for x, v := range src[i] {
				dst[i][x] = f.Top - v
			}
		}
	})}, nil
}

func TestAFunctionIsAFile(t *testing.T) {
	f := negativeSpec.fresh()
	rule, err := ParseRule(`{"rasterFunction":"Negative","rasterFunctionArguments":{"white":"100","Raster":"$7"}}`)
	require.NoError(t, err)
	require.NoError(t, (&resolver{visits: new(int)}).arguments(f, f.spec(), rule))
	assert.Equal(t, &negative{Item(7), 100, 0}, f)
	p, err := Compile(f, map[Leaf]Samples{Item(7): {Type: raster.U8, Bands: make([]Band, 2)}})
	require.NoError(t, err)
	b := raster.NewBlock(raster.U8, 2, image.Rect(3, 4, 5, 5))
	copy(b.Bands[1].(*raster.PlaneOf[uint8]).Pix, []uint8{9, 200})
	b.Valid = nil
	out, err := p.Run(map[Leaf]*raster.Block{Item(7): b}, Cell{})
	require.NoError(t, err)
	assert.Equal(t, []uint8{91, 0}, out.Bands[1].(*raster.PlaneOf[uint8]).Pix)
}
