package exportimage_test

import (
	"context"
	"image"
	"image/color"
	"net/url"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

// counted counts how many pixels are read of a dataset, and calls look before each read.
type counted struct {
	raster.Dataset
	pixels atomic.Int64
	look   func()
}

func (c *counted) Read(ctx context.Context, dst *raster.Block, level int, win image.Rectangle, bands []int) (*raster.Block, error) {
	c.pixels.Add(int64(win.Dx() * win.Dy()))
	if c.look != nil {
		c.look()
	}
	return c.Dataset.Read(ctx, dst, level, win, bands)
}

// watched returns a service of a dataset that is counted.
func watched(ds raster.Dataset) (*exportimage.Service, **raster.Block, *counted) {
	s, raw := service(ds)
	c := &counted{Dataset: ds}
	it := item(1, ds)
	it.Open = func(context.Context) (raster.Dataset, error) { return c, nil }
	s.Catalog = mosaic.Slice{it}
	return s, raw, c
}

// Statistics after a function are found once, whatever the rasters state about their colours, and from the whole service:
// later images read their own pixels and no more.
func TestStatisticsOfFunctionsAreFoundOnce(t *testing.T) {
	g := raster.NorthUp(crs(t, 3857), srs.Envelope{XMax: 512, YMax: 512}, image.Pt(512, 512))
	colourful := func(bands int, colors ...raster.ColorInterp) *rastertest.Memory {
		ds := rastertest.FromFunc(g, bands, func(b, x, y int) uint8 { return uint8(x*y/7 + 31*b) })
		for i, c := range colors {
			ds.Bands[i].Color = c
		}
		return ds
	}
	classes := colourful(1)
	classes.Palette = color.Palette{color.NRGBA{9, 9, 9, 255}, color.NRGBA{99, 0, 0, 255}}
	for name, ds := range map[string]raster.Dataset{
		"heights": ramp(t), "colours": colourful(3, raster.ColorBlue, raster.ColorGreen, raster.ColorRed),
		"inks":    colourful(4, raster.ColorCyan, raster.ColorMagenta, raster.ColorYellow, raster.ColorBlack),
		"palette": classes,
	} {
		// A remap makes quantities of whatever there is, and Slope in percent has no range of its own.
		slope := `{"rasterFunction":"Slope","rasterFunctionArguments":{"SlopeType":2,"Raster":` +
			`{"rasterFunction":"Remap","rasterFunctionArguments":{"InputRanges":[0,1],"OutputValues":[0]},"outputPixelType":"F32"}}}`
		for _, rule := range []string{
			slope, // drawn in 8 bits by its least and greatest
			`{"rasterFunction":"Stretch","rasterFunctionArguments":{"StretchType":3,"Raster":` + slope + `}}`,
			`{"rasterFunction":"Stretch","rasterFunctionArguments":{"StretchType":6,"Raster":` + slope + `}}`,
			`{"rasterFunction":"Stretch","rasterFunctionArguments":{"StretchType":5,"Raster":{"rasterFunction":"Stretch","rasterFunctionArguments":{"StretchType":3,"Raster":` + slope + `}}}}`,
		} {
			s, _, c := watched(ds)
			read := func(box string) int64 {
				before := c.pixels.Load()
				_, err := s.Export(t.Context(), parse(t, "bbox="+box+"&size=32,32&format=png&renderingRule="+url.QueryEscape(rule)))
				require.NoError(t, err, "%s %s", name, rule)
				return c.pixels.Load() - before
			}
			const one, other, square = "100,100,132,132", "300,300,332,332", 64 * 64
			first := read(one)
			assert.GreaterOrEqual(t, first, int64(512*512), "%s %s", name, rule)
			assert.LessOrEqual(t, read(one), int64(square), "%s %s", name, rule)
			assert.LessOrEqual(t, read(other), int64(square), "%s %s", name, rule)
		}
	}
}

// What finding statistics takes counts as memory of the service, is given back, and is refused where there is never so much.
func TestStatisticsCountAsMemory(t *testing.T) {
	f := &function.Slope{Type: function.SlopePercent}
	for _, dra := range []bool{false, true} {
		draw := func(s *exportimage.Service) error {
			s.AllowDRA = dra
			if !dra {
				_, err := s.Statistics(t.Context(), f)
				return err
			}
			_, err := s.Export(t.Context(), exportimage.Request{
				Function: &function.Stretch{Input: f, Type: function.StretchMinMax, WindowStatistics: true}, Size: image.Pt(64, 64), Format: "png",
			})
			return err
		}
		s, _, c := watched(ramp(t))
		s.Gate = exportimage.NewGate(s.Limits)
		least := int64(1 << 60)
		c.look = func() { least = min(least, s.Gate.Load().Bytes) }
		require.NoError(t, draw(s))
		assert.Greater(t, least, int64(64*64*8), "DRA: %v", dra)
		assert.Less(t, least, int64(64<<20), "DRA: %v", dra)
		assert.Zero(t, s.Gate.Load().Bytes, "DRA: %v", dra)

		s, _, _ = watched(ramp(t))
		s.Limits.Bytes = 100 << 10
		err := draw(s)
		var e *exportimage.Error
		require.ErrorAs(t, err, &e)
		assert.Equal(t, exportimage.TooLarge, e.Kind, "DRA: %v: %v", dra, err)
	}
}

// With DRA the statistics of the box itself are used, where the service allows it; elsewhere the error says why not.
func TestDRA(t *testing.T) {
	dra := func(more string) string {
		return "&renderingRule=" + url.QueryEscape(`{"rasterFunction":"Stretch","rasterFunctionArguments":{"StretchType":5,"DRA":true`+more+`},"outputPixelType":"U8"}`)
	}
	const west, east = "bbox=0,0,256,512&size=16,32", "bbox=256,0,512,512&size=16,32"
	s, raw := service(ramp(t))
	err := exportErr(s, west+dra(""))
	require.ErrorContains(t, err, "DRA")
	assert.ErrorContains(t, err, "neighbouring images")
	var e *exportimage.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, exportimage.Unsupported, e.Kind)

	s.AllowDRA = true
	for _, box := range []string{west, east} {
		b, _ := export(t, s, raw, box+dra(""))
		pix := bytesOf(t, b, 0)
		least, greatest := pix[0], pix[0]
		for _, v := range pix {
			least, greatest = min(least, v), max(greatest, v)
		}
		assert.Equal(t, [2]uint8{0, 255}, [2]uint8{least, greatest}, "each box is stretched over its own values")
	}
	plain, _ := export(t, s, raw, west)
	row := plain.Bands[0].(*raster.PlaneOf[float32]).Pix
	low, high := row[0], row[0]
	for _, v := range row {
		low, high = min(low, v), max(high, v)
	}
	own, _ := export(t, s, raw, west+dra(""))
	pix := bytesOf(t, own, 0)
	for i, v := range row {
		assert.InDelta(t, (v-low)/(high-low)*255, float32(pix[i]), 0.51)
	}
}
