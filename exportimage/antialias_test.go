package exportimage_test

import (
	"context"
	"image"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/resample"
)

// exportOf exports a request in format raw and gives its pixels.
func exportOf(t require.TestingT, s *exportimage.Service, raw **raster.Block, r exportimage.Request) (*raster.Block, exportimage.Result) {
	r.Format = "raw"
	res, err := s.Export(context.Background(), r)
	require.NoError(t, err)
	return *raw, res
}

// T05, mode area: at the scale of a level, that is averaged and no kernel is widened. Between levels, every sample
// counts then, and without some count twice as much as others.
func TestT05Antialias(t *testing.T) {
	s, raw := service(rastertest.FromFunc(flat(t, 512, 512), 1, func(_, x, y int) uint8 {
		if x == 100 && y == 100 || x == 202 && y == 202 {
			return 255
		}
		return 0
	}))
	s.Defaults.Antialias = true // as a service's option
	got, res := export(t, s, raw, "size=64,64")
	assert.Equal(t, uint8(4), u8(got, 12, 12))
	assert.Equal(t, uint8(4), u8(got, 25, 25))
	assert.Equal(t, 3, res.Trace.Rasters[0].Level)
}

// A fine pattern in an image 1.9 times as coarse becomes grey with Antialias, and without it a false, coarser pattern.
// So it does in oblong pixels, which no level fits.
func TestAntialiasRemovesFalsePatterns(t *testing.T) {
	for name, c := range map[string]struct {
		size    image.Point
		pattern func(x, y int) int
	}{
		"between levels": {image.Pt(211, 211), func(x, y int) int { return x + y }},
		"oblong":         {image.Pt(400, 57), func(_, y int) int { return y }},
	} {
		s, raw := service(rastertest.FromFunc(flat(t, 400, 400), 1, func(_, x, y int) uint8 { return uint8(c.pattern(x, y) % 2 * 200) }))
		r := exportimage.Request{Size: c.size, Aspect: exportimage.ExactBox}
		spread := func() (spread int) {
			got, res := exportOf(t, s, raw, r)
			require.Zero(t, res.Trace.Rasters[0].Level)
			lo, hi := 255, 0
			for y := 2; y < c.size.Y-2; y++ {
				for x := 2; x < c.size.X-2; x++ {
					lo, hi = min(lo, int(u8(got, x, y))), max(hi, int(u8(got, x, y)))
				}
			}
			return hi - lo
		}
		assert.Greater(t, spread(), 90, name)
		r.Antialias = true
		assert.Less(t, spread(), 25, name)
	}
}

// The first promise for whatever is asked for, T06, T07 and T10 as a law: spatial references, kernels, bands, scales
// and workers are drawn, and any part of an image equals the same part of any other.
func TestT06T07StitchedIsWholeInAnyReference(t *testing.T) {
	s, raw := service(scene(t))
	rapid.Check(t, func(rt *rapid.T) {
		sr := crs(t, rapid.SampledFrom([]int{3857, 4326, 32633, 32634, 32632, 3035, 3413, 5070, 54009, 54030, 2154, 31467}).Draw(rt, "imageSR"))
		r := exportimage.Request{
			ImageSR: sr, BBoxSR: sr, Aspect: exportimage.ExactBox,
			Interpolation: resample.Interpolation(rapid.IntRange(1, 4).Draw(rt, "kernel")),
			Antialias:     rapid.Bool().Draw(rt, "antialias"),
			BandIDs:       rapid.SampledFrom([][]int{{0}, {0, 1, 2}, {2, 0}}).Draw(rt, "bands"),
		}
		side := rapid.IntRange(20, 240).Draw(rt, "side") // pixels of 25 to 300 m
		whole := r
		whole.Size = image.Pt(side, side)
		plan, err := s.Plan(context.Background(), exportimage.Request{ImageSR: sr}) // the service's box there
		require.NoError(rt, err)
		whole.BBox = plan.Envelope
		want, res := exportOf(rt, s, raw, whole)
		require.True(rt, res.Trace.Covered)

		x0, y0 := rapid.IntRange(0, side-1).Draw(rt, "x0"), rapid.IntRange(0, side-1).Draw(rt, "y0")
		x1, y1 := rapid.IntRange(x0+1, side).Draw(rt, "x1"), rapid.IntRange(y0+1, side).Draw(rt, "y1")
		part := r
		part.Size = image.Pt(x1-x0, y1-y0)
		e, px, py := res.Envelope, res.Envelope.Width()/float64(side), res.Envelope.Height()/float64(side)
		part.BBox.XMin, part.BBox.XMax = e.XMin+px*float64(x0), e.XMin+px*float64(x1)
		part.BBox.YMin, part.BBox.YMax = e.YMax-py*float64(y1), e.YMax-py*float64(y0)
		s.Limits.Workers = rapid.IntRange(1, 4).Draw(rt, "workers")
		got, _ := exportOf(rt, s, raw, part)
		if d := rastertest.Diff(moved(want.Sub(image.Rect(x0, y0, x1, y1)), image.Point{}), got); d != "" {
			rt.Fatalf("%v: %s", sr, d)
		}
		if len(r.BandIDs) > 1 { // fewer bands, same samples
			part.BandIDs = r.BandIDs[1:2]
			one, _ := exportOf(rt, s, raw, part)
			require.Equal(rt, got.Bands[1], one.Bands[0])
		}
	})
}
