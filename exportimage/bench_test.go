package exportimage_test

import (
	"context"
	"fmt"
	"image"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/tiffmake"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/resample"
	"github.com/geoexport/geoexport/srs"
)

// benchFile writes a tiled RGB GeoTIFF in UTM 33 of side² pixels of 10 m, Deflate with predictor 2, with overviews down
// to one tile. So that it is made in seconds, 64 different tiles a level stand for all of them: decoding, file offsets
// and the lengths of the offset arrays are those of an honest file of that size.
func benchFile(b *testing.B, side int) string {
	f := &tiffmake.File{
		Size: image.Pt(side, side), Bands: 3, Tile: image.Pt(256, 256),
		Compression: tiffmake.Deflate, Predictor: 2, ShareTiles: 64, EPSG: 32633,
		// Smooth shapes with some noise: it deflates about as well as a photo does.
		Sample: func(_, band, x, y int) float64 {
			noise := (uint32(x*73856093) ^ uint32(y*19349663) ^ uint32(band*83492791)) * 2654435761 >> 28
			return 120 + 80*math.Sin(float64(x+band*50)/97)*math.Cos(float64(y)/61) + float64(noise)
		},
	}
	f.NorthUp(4e5, 54e5, 10)
	for s := (side + 1) / 2; s >= 128; s = (s + 1) / 2 {
		f.Levels = append(f.Levels, image.Pt(s, s))
	}
	name := filepath.Join(b.TempDir(), fmt.Sprintf("%d.tif", side))
	out, err := os.Create(name)
	require.NoError(b, err)
	_, err = f.WriteAt(out)
	require.NoError(b, err)
	require.NoError(b, out.Close())
	time.Sleep(time.Second / 10) // or the first export would wait: see source.Settle
	return name
}

// open serves one file, opened afresh: nothing of it is cached.
func open(b *testing.B, name string) (*exportimage.Service, *geotiff.File) {
	ds, err := geotiff.OpenFile(name, nil)
	require.NoError(b, err)
	return &exportimage.Service{Catalog: mosaic.Slice{item(1, ds)}}, ds
}

// BenchmarkExport exports 400×400 PNGs in Web Mercator, on one core, from files of 10 000² pixels and of ten times as
// many. A cold export opens the file first and finds nothing in its cache. B/op is all that is allocated on the way, so
// it bounds what an export can add to the memory in use.
func BenchmarkExport(b *testing.B) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	mercator, err := srs.FromWKID(3857)
	require.NoError(b, err)
	utm, err := srs.FromWKID(32633)
	require.NoError(b, err)
	for _, side := range []int{10000, 31623} {
		name := benchFile(b, side)
		for _, i := range []resample.Interpolation{resample.Nearest, resample.Bilinear} {
			for _, scale := range []float64{1, 1.9, 12} { // source pixels to one of the image
				req := func(n int) exportimage.Request {
					w := 4000 * scale
					x := 4e5 + math.Mod(float64(n)*7919, float64(side)*10-w)
					y := 54e5 - math.Mod(float64(n)*4801, float64(side)*10-w)
					return exportimage.Request{
						BBox: srs.Envelope{XMin: x, YMin: y - w, XMax: x + w, YMax: y}, BBoxSR: utm, ImageSR: mercator, Interpolation: i,
					}
				}
				b.Run(fmt.Sprintf("%d/%v/%v/cold", side, i, scale), func(b *testing.B) {
					b.ReportAllocs()
					for n := 0; b.Loop(); n++ {
						s, ds := open(b, name)
						_, err := s.Export(context.Background(), req(n))
						require.NoError(b, err)
						require.NoError(b, ds.Close())
					}
				})
				b.Run(fmt.Sprintf("%d/%v/%v/warm", side, i, scale), func(b *testing.B) {
					b.ReportAllocs()
					s, ds := open(b, name)
					defer ds.Close()
					for b.Loop() {
						_, err := s.Export(context.Background(), req(1))
						require.NoError(b, err)
					}
				})
			}
		}
	}
}

// BenchmarkPlan measures the cost of an export beside its pixels.
func BenchmarkPlan(b *testing.B) {
	s, _ := service(scene(b))
	req := parse(b, "imageSR=3857")
	b.ReportAllocs()
	for b.Loop() {
		_, err := s.Plan(context.Background(), req)
		require.NoError(b, err)
	}
}

// BenchmarkFunction draws 512² samples by rules that clients send; "none" is an export without one.
func BenchmarkFunction(b *testing.B) {
	s, _ := service(square512(b))
	for _, c := range []struct{ name, rule string }{
		{"none", `{"rasterFunction":"None"}`},
		{"stretch", `{"rasterFunction":"Stretch","rasterFunctionArguments":{"StretchType":5},"outputPixelType":"U8"}`},
		{"gamma", `{"rasterFunction":"Stretch","rasterFunctionArguments":{"StretchType":5,"UseGamma":true,"Gamma":[1.7]},"outputPixelType":"U8"}`},
		{"ramp", `{"rasterFunction":"Colormap","rasterFunctionArguments":{"ColormapName":"gray"}}`},
		{"colors", `{"rasterFunction":"Colormap","rasterFunctionArguments":{"Colormap":[[0,1,2,3],[100,3,4,5],[200,4,5,6],[999,7,8,9]]}}`},
		{"hillshade", `{"rasterFunction":"Hillshade"}`},
		{"item hillshade", `None&mosaicRule={"itemRenderingRule":{"rasterFunction":"Hillshade"}}`},
	} {
		req := parse(b, "bbox=0,0,512,512&size=512,512&format=raw&interpolation=RSP_NearestNeighbor&renderingRule="+c.rule)
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				_, err := s.Export(context.Background(), req)
				require.NoError(b, err)
			}
		})
	}
}

// square512 is 512² samples of 16 bits that differ from their neighbours.
func square512(t testing.TB) *rastertest.Memory {
	g := raster.NorthUp(crs(t, 3857), srs.Envelope{XMax: 512, YMax: 512}, image.Pt(512, 512))
	return rastertest.FromFunc(g, 1, func(_, x, y int) int16 { return int16((x*7919 + y*104729) % 4000) })
}
