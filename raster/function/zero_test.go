package function

import (
	"errors"
	"image"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
)

// TestZeroValues: the zero value of each exported struct works or is refused by name. Samples, Band, Summary, Margin, Read,
// Point, Geometry, ValueRange, Histogram, ColorEntry, ColorRamp, ImageryBands and Limits describe nothing.
func TestZeroValues(t *testing.T) {
	assert.Equal(t, "it has no meaning", new(Error).Error())
	_, err := new(Program).Run(nil, Cell{})
	require.Error(t, err)
	assert.Empty(t, new(Program).Reads())
	assert.Zero(t, new(Program).BytesPerPixel())
	assert.Equal(t, image.Rect(1, 2, 3, 4), Read{}.Grow(image.Rect(1, 2, 3, 4)))
	assert.Equal(t, Limits{Nodes: 512, Depth: 32, Margin: 64, Bands: 64}, Limits{}.withDefaults())

	one := map[Leaf]Samples{Source{}: {Type: raster.U8, Bands: make([]Band, 1)}}
	p, err := Options{}.Compile(Source{}, one)
	require.NoError(t, err)
	assert.True(t, p.Copies())
	_, err = Compile(&Rule{}, one)
	require.ErrorAs(t, err, new(*Error))
	got, err := Resolve(Named(""), []Template{{}})
	require.NoError(t, err, "a template without a function changes nothing")
	assert.Equal(t, Source{}, got)
	_, err = Resolve(&Rule{}, nil)
	require.ErrorAs(t, err, new(*Error))

	// Functions without arguments are of Source, and compile or name what they lack.
	for _, f := range []Function{
		&Arithmetic{}, &Aspect{}, &BandArithmetic{}, &Clip{}, &Colormap{}, &ColormapToRGB{}, &CompositeBand{},
		&ContrastBrightness{}, &Convolution{}, &Curvature{}, &ExtractBand{}, &Grayscale{}, &Hillshade{}, &Identity{}, &Local{},
		&Mask{}, &NDVI{}, &Pansharpening{}, &RasterCalculator{}, &Remap{}, &Resample{}, &ShadedRelief{}, &Slope{},
		&SpectralConversion{}, &Statistics{}, &StatisticsHistogram{}, &Stretch{}, &Table{}, &TransposeBits{}, &UnitConversion{},
	} {
		for _, f := range []Function{f, f.spec().fresh()} {
			_, err := Compile(f, one)
			if e, ok := errors.AsType[*Error](err); err != nil && assert.True(t, ok, "%T: %v", f, err) {
				assert.NotEmpty(t, e.Function, "%T: %v", f, err)
			}
		}
	}
}

// TestNilIsRefused: nil pointers are errors, also within trees.
func TestNilIsRefused(t *testing.T) {
	one := map[Leaf]Samples{Source{}: {Type: raster.U8, Bands: make([]Band, 1)}}
	for _, f := range []Function{(*Stretch)(nil), &Identity{Input: (*Hillshade)(nil)}, (*Rule)(nil)} {
		_, err := Compile(f, one)
		require.Error(t, err)
		_, err = Resolve(f, nil)
		require.Error(t, err)
		_, err = Marshal(f)
		require.Error(t, err)
	}
	_, err := Compile(nil, one)
	require.NoError(t, err, "nil is the source")
}

// Trees that contain themselves, or more than can be computed, are refused.
func TestTreesAreBounded(t *testing.T) {
	one := map[Leaf]Samples{Source{}: {Type: raster.U8, Bands: make([]Band, 1)}}
	loop := &Identity{}
	loop.Input = loop
	var wide Function = Source{}
	for range 30 {
		wide = &Arithmetic{Input: wide, Input2: wide, Operation: Plus}
	}
	var high Function = Source{}
	for range 65 {
		high = &Identity{Input: high}
	}
	for _, f := range []Function{loop, wide, high} {
		_, err := Compile(f, one)
		e, ok := errors.AsType[*Error](err)
		if assert.True(t, ok, "%v", err) {
			assert.Equal(t, TooLarge, e.Kind)
		}
		_, err = Resolve(f, nil)
		require.Error(t, err)
	}
}
