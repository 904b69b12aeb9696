package exportimage_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func block[T raster.Sample](r image.Rectangle, f func(x, y int) T) *raster.Block {
	return rastertest.FillBlock(r, 1, func(_, x, y int) T { return f(x, y) })
}

var kernels = []string{"RSP_NearestNeighbor", "RSP_BilinearInterpolation", "RSP_CubicConvolution"}

func TestT01OwnExtentAtOwnSizeIsTheSource(t *testing.T) {
	s, raw := service(ramp(t))
	want := block(image.Rect(0, 0, 512, 512), func(x, y int) float32 { return float32(x + 1000*y) })
	for _, k := range kernels {
		got, _ := export(t, s, raw, "bbox=0,0,512,512&size=512,512&interpolation="+k)
		assert.Empty(t, rastertest.Diff(want, got), k)
	}
}

func TestT02HalfAPixelOff(t *testing.T) {
	s, raw := service(ramp(t))
	want := block(image.Rect(0, 0, 511, 511), func(x, y int) float32 { return float32(x) + 1000*float32(y) + 500.5 })
	got, _ := export(t, s, raw, "bbox=0.5,0.5,511.5,511.5&size=511,511&interpolation=RSP_BilinearInterpolation")
	assert.Empty(t, rastertest.Diff(want, got))
}

func TestT04FrameAroundTheSource(t *testing.T) {
	s, raw := service(ramp(t))
	got, _ := export(t, s, raw, "bbox=-10,-10,522,522&size=532,532&interpolation=RSP_NearestNeighbor")
	want := block(image.Rect(0, 0, 532, 532), func(x, y int) float32 {
		if x < 10 || y < 10 || x >= 522 || y >= 522 {
			return float32(math.NaN()) // no data
		}
		return float32(x - 10 + 1000*(y-10))
	})
	assert.Empty(t, rastertest.Diff(want, got))
}

// T18, T19 and T20: the extents of the operation's documented example. The numbers are the sphere's formulas x = R·λ
// and y = R·ln tan(π/4+φ/2) with R = 6378137 m.
func TestT18T19T20ExtentsOfTheDocumentedExample(t *testing.T) {
	s, _ := service(world(t))
	for _, c := range []struct {
		name, query string
		want        srs.Envelope
	}{
		{"T18: exact", "size=400,400&adjustAspectRatio=false",
			srs.Envelope{XMin: -13024380.4228, YMin: 4028802.0261, XMax: -12913060.9320, YMax: 4163881.1441}},
		{"T19: grown along x", "size=400,400",
			srs.Envelope{XMin: -13036260.2364, YMin: 4028802.0261, XMax: -12901181.1185, YMax: 4163881.1441}},
	} {
		for _, wkid := range []int{3857, 102100, 102113, 3785, 900913} {
			t.Run(fmt.Sprint(c.name, wkid), func(t *testing.T) {
				res, err := s.Plan(context.Background(),
					parse(t, fmt.Sprintf("bbox=-117,34,-116,35&bboxSR=4326&imageSR=%d&%s", wkid, c.query)))
				require.NoError(t, err)
				assert.InDelta(t, c.want.XMin, res.Envelope.XMin, 1e-4)
				assert.InDelta(t, c.want.YMin, res.Envelope.YMin, 1e-4)
				assert.InDelta(t, c.want.XMax, res.Envelope.XMax, 1e-4)
				assert.InDelta(t, c.want.YMax, res.Envelope.YMax, 1e-4)
				got, _ := res.CRS.WKID()
				assert.Equal(t, wkid, got, "the answer echoes the code that was asked for")
			})
		}
	}
	original := srs.Envelope{XMin: -13024380.4228, YMin: 4028802.0261, XMax: -12913060.9320, YMax: 4163881.1441}
	for _, size := range []image.Point{{400, 300}, {300, 400}, {1, 5000}, {5000, 1}} {
		res, err := s.Plan(context.Background(),
			parse(t, fmt.Sprintf("bbox=-117,34,-116,35&bboxSR=4326&imageSR=3857&size=%d,%d", size.X, size.Y)))
		require.NoError(t, err)
		e := res.Envelope
		assert.Equal(t, size, res.Size)
		assert.InDelta(t, e.Width()/float64(size.X), e.Height()/float64(size.Y), 1e-6, "T20: square pixels, %v", size)
		assert.True(t, e.XMin <= original.XMin+1e-3 && e.XMax >= original.XMax-1e-3 &&
			e.YMin <= original.YMin+1e-3 && e.YMax >= original.YMax-1e-3, "T20: the box is inside, %v", size)
		sameX := math.Abs(e.Width()-original.Width()) < 1e-3
		sameY := math.Abs(e.Height()-original.Height()) < 1e-3
		assert.True(t, sameX != sameY, "T20: grown on one axis only, %v", size)
	}
}

func TestT91SizeNeverDependsOnCoverage(t *testing.T) {
	s, raw := service(ramp(t))
	for _, c := range []struct {
		name, query  string
		size         image.Point
		from, to     int // columns that hold data
		rasters      int
		onlySomeRows bool
	}{
		{"outside", "bbox=5000,5000,6000,6000&size=40,30&adjustAspectRatio=false", image.Pt(40, 30), 0, 0, 0, false},
		{"half outside", "bbox=256,0,768,512&size=64,64", image.Pt(64, 64), 0, 32, 1, false},
		{"one pixel", "bbox=0,0,512,512&size=1,1", image.Pt(1, 1), 0, 1, 1, false},
		{"narrow", "bbox=0,0,512,512&size=1,5000&adjustAspectRatio=false", image.Pt(1, 5000), 0, 1, 1, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, res := export(t, s, raw, c.query+"&interpolation=RSP_NearestNeighbor")
			assert.Equal(t, c.size, res.Size)
			assert.Equal(t, c.size, got.Bounds().Size())
			assert.True(t, res.Envelope.Finite())
			assert.Equal(t, c.to > c.from, res.Trace.Covered)
			assert.Len(t, res.Trace.Rasters, c.rasters)
			for _, y := range []int{0, c.size.Y / 2, c.size.Y - 1} {
				for x := range c.size.X {
					valid := got.Valid == nil || got.Valid.AlphaAt(x, y).A > 0
					require.Equal(t, c.from <= x && x < c.to, valid, "%d,%d", x, y)
				}
			}
			encoded, err := s.Export(context.Background(), parse(t, c.query+"&format=png"))
			require.NoError(t, err)
			img, err := png.Decode(bytes.NewReader(encoded.Data))
			require.NoError(t, err)
			assert.Equal(t, c.size, img.Bounds().Size())
		})
	}
}

// T21, T22 and T24: a box across the antimeridian shows both sides of it, however it is written.
func TestT21T22AcrossTheAntimeridian(t *testing.T) {
	s, raw := service(world(t))
	whole, _ := export(t, s, raw, "bbox=170,-10,190,10&bboxSR=4326&size=20,20&interpolation=RSP_NearestNeighbor")
	want := block(image.Rect(0, 0, 20, 20), func(x, _ int) uint8 { return uint8((350 + x) % 360) })
	require.Empty(t, rastertest.Diff(want, whole))
	for _, box := range []string{"170,-10,-170,10", "-190,-10,-170,10", "530,-10,550,10"} {
		got, _ := export(t, s, raw, "bbox="+box+"&bboxSR=4326&size=20,20&interpolation=RSP_NearestNeighbor")
		assert.Empty(t, rastertest.Diff(whole, got), box)
	}
}

func TestT24SourceThatCountsBeyond180(t *testing.T) {
	for _, west := range []float64{0, 720, -180} {
		g := raster.NorthUp(crs(t, 4326), srs.Envelope{XMin: west, YMin: -10, XMax: west + 360, YMax: 10}, image.Pt(360, 20))
		ds := rastertest.FromFunc(g, 1, func(_, x, y int) uint8 { return uint8(math.Mod(west+float64(x)+720, 360) / 2) })
		s, raw := service(ds)
		got, _ := export(t, s, raw, "bbox=-10,-10,10,10&bboxSR=4326&size=20,20&interpolation=RSP_NearestNeighbor")
		want := block(image.Rect(0, 0, 20, 20), func(x, _ int) uint8 { return uint8((350 + x) % 360 / 2) })
		assert.Empty(t, rastertest.Diff(want, got), "from %v", west)
		got, _ = export(t, s, raw, "bbox=-10,-10,10,10&bboxSR=4326&imageSR=3857&size=20,20&interpolation=RSP_NearestNeighbor")
		assert.True(t, got.Opaque(), "from %v, in Mercator", west)
	}
}

func TestT26WholeWorldIntoMercator(t *testing.T) {
	s, _ := service(world(t))
	res, err := s.Export(context.Background(), parse(t, "bbox=-180,-90,180,90&bboxSR=4326&imageSR=3857"))
	require.NoError(t, err)
	const edge = 20037508.342789
	assert.InDelta(t, -edge, res.Envelope.XMin, 1e-3)
	assert.InDelta(t, -edge, res.Envelope.YMin, 1e-3)
	assert.InDelta(t, edge, res.Envelope.XMax, 1e-3)
	assert.InDelta(t, edge, res.Envelope.YMax, 1e-3)
}

// The first promise, T06 and T10: images of one scale agree wherever they overlap, bit for bit.
func TestT06StitchedIsWhole(t *testing.T) {
	s, raw := service(scene(t))
	// A grid of tiles of 64 pixels about the scene, as a map client asks for them.
	const res, left, top = 12.5, 1668000, 6090000
	box := func(x0, y0, x1, y1 int) string {
		return fmt.Sprintf("bbox=%f,%f,%f,%f&bboxSR=3857&imageSR=3857&size=%d,%d&adjustAspectRatio=false",
			left+res*float64(x0), top-res*float64(y1), left+res*float64(x1), top-res*float64(y0), x1-x0, y1-y0)
	}
	for _, k := range kernels {
		whole, traced := export(t, s, raw, box(0, 0, 512, 512)+"&interpolation="+k)
		require.True(t, traced.Trace.Covered)
		rapid.Check(t, func(rt *rapid.T) {
			x0, y0 := rapid.IntRange(0, 500).Draw(rt, "x0"), rapid.IntRange(0, 500).Draw(rt, "y0")
			x1, y1 := rapid.IntRange(x0+1, min(x0+200, 512)).Draw(rt, "x1"), rapid.IntRange(y0+1, min(y0+200, 512)).Draw(rt, "y1")
			s.Limits.Workers = rapid.IntRange(1, 5).Draw(rt, "workers")
			tile, _ := export(t, s, raw, box(x0, y0, x1, y1)+"&interpolation="+k)
			want := moved(whole.Sub(image.Rect(x0, y0, x1, y1)), image.Point{})
			if d := rastertest.Diff(want, tile); d != "" {
				rt.Fatalf("%s: %s", k, d)
			}
		})
	}
}

// Strips and workers are no inputs: an image in one go equals the same image by many.
func TestT07WorkersDoNotMatter(t *testing.T) {
	var want *raster.Block
	for _, workers := range []int{1, 2, 7} {
		s, raw := service(scene(t))
		s.Limits.Workers = workers
		got, _ := export(t, s, raw, "imageSR=3857&size=700,700")
		if want == nil {
			want = got
		}
		assert.Empty(t, rastertest.Diff(want, got), "%d workers", workers)
	}
}

func TestT49LowerShowsThroughHoles(t *testing.T) {
	g := raster.NorthUp(crs(t, 3857), srs.Envelope{XMax: 3, YMax: 2}, image.Pt(3, 2))
	s, raw := service(rastertest.New(g, rastertest.Parse("1..\n.1.")), rastertest.New(g, rastertest.Parse("222\n22.")))
	got, res := export(t, s, raw, "bbox=0,0,3,2&size=3,2&interpolation=RSP_NearestNeighbor")
	assert.Equal(t, "122\n21.", rastertest.Text(got))
	assert.Len(t, res.Trace.Rasters, 2)
}

func TestT54WhatLiesUnderAFullRasterIsNotRead(t *testing.T) {
	g := raster.NorthUp(crs(t, 3857), srs.Envelope{XMax: 3, YMax: 2}, image.Pt(3, 2))
	under := rastertest.New(g, rastertest.Parse("222\n222"))
	s, raw := service(rastertest.New(g, rastertest.Parse("111\n111")), under)
	_, res := export(t, s, raw, "bbox=0,0,3,2&size=3,2")
	assert.Zero(t, under.Reads())
	assert.Equal(t, int64(1), res.Trace.Rasters[0].Reads)
	assert.Zero(t, res.Trace.Rasters[1].Reads)
}

func TestBandsNoDataAndPixelType(t *testing.T) {
	g := raster.NorthUp(crs(t, 3857), srs.Envelope{XMax: 2, YMax: 1}, image.Pt(2, 1))
	ds := rastertest.FromFunc(g, 4, func(band, x, _ int) int16 { return int16(100*band - 50*x) })
	s, raw := service(ds)
	got, _ := export(t, s, raw, "bbox=0,0,2,1&size=2,1&bandIds=3,0&pixelType=U8&interpolation=RSP_NearestNeighbor")
	assert.Equal(t, raster.U8, got.Type)
	assert.Equal(t, []uint8{255, 250}, got.Bands[0].(*raster.PlaneOf[uint8]).Pix)
	assert.Equal(t, []uint8{0, 0}, got.Bands[1].(*raster.PlaneOf[uint8]).Pix)
	got, _ = export(t, s, raw, "bbox=0,0,2,1&size=2,1&noData=50&interpolation=RSP_NearestNeighbor")
	assert.Equal(t, []uint8{255, 0}, got.Valid.Pix, "band 1 of the second pixel is 50")
	got, _ = export(t, s, raw, "bbox=0,0,2,1&size=2,1&noData=50&noDataInterpretation=esriNoDataMatchAll&interpolation=RSP_NearestNeighbor")
	assert.Nil(t, got.Valid)
}

func TestWideTypesAreStretchedForEightBits(t *testing.T) {
	s, _ := service(ramp(t))
	res, err := s.Export(context.Background(), parse(t, "bbox=0,0,512,512&size=512,512&interpolation=RSP_NearestNeighbor"))
	require.NoError(t, err)
	img, err := png.Decode(bytes.NewReader(res.Data))
	require.NoError(t, err)
	grey := img.(*image.Gray)
	assert.Equal(t, uint8(0), grey.GrayAt(0, 0).Y)
	assert.Equal(t, uint8(255), grey.GrayAt(511, 511).Y)
	want := math.Round((100 + 1000*256) * 255.0 / (511 + 1000*511))
	assert.Equal(t, uint8(want), grey.GrayAt(100, 256).Y)

	s.Stretch = []exportimage.Range{{Min: 0, Max: 1000}}
	res, err = s.Export(context.Background(), parse(t, "bbox=0,0,512,512&size=512,512&interpolation=RSP_NearestNeighbor&format=bmp"))
	require.NoError(t, err)
	assert.Equal(t, "image/bmp", res.MediaType)
}

// ExportTo writes what Export gives, also where the image is too large to be looked at as a whole first.
func TestExportToWritesTheSame(t *testing.T) {
	s, _ := service(scene(t))
	strips := s.Formats["png32"]
	strips.Name, strips.Types = "strips", []raster.PixelType{raster.U8}
	strips.Encode = func(w io.Writer, p *raster.Image, _ *encode.Options) error {
		for b, err := range p.Strips {
			if err != nil {
				return err
			}
			for _, p := range b.Bands {
				if _, err := w.Write(p.(*raster.PlaneOf[uint8]).Pix); err != nil {
					return err
				}
			}
		}
		return nil
	}
	s.Formats["strips"] = strips
	for _, q := range []string{"size=300,200&imageSR=3857", "size=2800,2100&imageSR=3857&format=strips", "size=64,64&format=jpg&compressionQuality=0"} {
		res, err := s.Export(context.Background(), parse(t, q))
		require.NoError(t, err)
		var buf bytes.Buffer
		streamed, err := s.ExportTo(context.Background(), &buf, parse(t, q))
		require.NoError(t, err)
		assert.True(t, bytes.Equal(res.Data, buf.Bytes()), q)
		assert.Nil(t, streamed.Data)
		assert.Equal(t, res.Envelope, streamed.Envelope)
	}
}

func TestFailuresNameTheRaster(t *testing.T) {
	ds := ramp(t)
	ds.Err = assert.AnError
	s, _ := service(ds)
	_, err := s.Export(context.Background(), parse(t, "bbox=0,0,512,512"))
	var e *exportimage.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, exportimage.Internal, e.Kind)
	assert.ErrorContains(t, err, `raster "raster 1"`)
	assert.ErrorIs(t, err, assert.AnError)
}

func TestLimitsAreNamed(t *testing.T) {
	for name, c := range map[string]struct {
		limits exportimage.Limits
		query  string
		kind   exportimage.Kind
	}{
		"Side":         {exportimage.Limits{Side: 100}, "size=101,10", exportimage.Invalid},
		"Pixels":       {exportimage.Limits{Pixels: 100}, "size=51,2", exportimage.Invalid},
		"Items":        {exportimage.Limits{Items: 1}, "size=10,10", exportimage.TooLarge},
		"SourcePixels": {exportimage.Limits{SourcePixels: 1000}, "size=400,400&format=raw", exportimage.TooLarge},
		"Bytes":        {exportimage.Limits{Bytes: 1 << 20}, "size=1000,1000&format=bsq", exportimage.TooLarge},
		"Spool":        {exportimage.Limits{Spool: 1 << 20}, "size=3000,3000&format=bsq", exportimage.TooLarge},
		"Bands":        {exportimage.Limits{Bands: 2}, "bandIds=0,0,0", exportimage.Invalid},
	} {
		s, _ := service(ramp(t), ramp(t))
		s.Limits = c.limits
		_, err := s.Export(context.Background(), parse(t, c.query))
		var e *exportimage.Error
		require.ErrorAs(t, err, &e, name)
		assert.Equal(t, c.kind, e.Kind, name)
		assert.ErrorContains(t, err, "limit "+name)
	}
}

// A band may be drawn as red, green and blue, but not more often: the answer would only grow.
func TestBandsRepeatThreeTimes(t *testing.T) {
	s, raw := service(ramp(t))
	export(t, s, raw, "size=8,8&bandIds=0,0,0")
	for _, query := range []string{
		"bandIds=0,0,0,0", "bandIds=0,0,0,0,0,0,0,0&size=4096,4096&format=bip&pixelType=F64",
		`renderingRule={"rasterFunction":"ExtractBand","rasterFunctionArguments":{"BandIDs":[0,0,0,0]}}`,
	} {
		_, err := s.Export(t.Context(), parse(t, query))
		e, ok := errors.AsType[*exportimage.Error](err)
		require.True(t, ok, query)
		assert.Equal(t, exportimage.Invalid, e.Kind)
		assert.Contains(t, []string{"bandIds", "renderingRule"}, e.Param)
		assert.ErrorContains(t, err, "band 0 is named more than 3 times")
	}
}

func TestCancelAndDeadline(t *testing.T) {
	s, _ := service(scene(t))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := s.Export(ctx, exportimage.Request{})
	var e *exportimage.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, exportimage.Canceled, e.Kind)

	s.Limits.Time = time.Nanosecond
	_, err = s.Export(context.Background(), exportimage.Request{})
	require.ErrorAs(t, err, &e)
	assert.Equal(t, exportimage.Timeout, e.Kind)
}
