// Command machines prints a hash of each of many pictures: all formats, kernels and mosaic operations, projections of
// every kind, functions and files of the demo. Two machines that print the same text draw the same pixels; .ci/machines
// compares some.
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"image"
	"io"
	"log"
	"math"
	"net/url"
	"os"
	"time"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/params"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/srs"
	"github.com/geoexport/geoexport/testdata"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// requests are the pictures, by service.
var requests = []struct {
	service string
	queries []string
}{
	{"scene", []string{
		"format=png", "format=png8&bandIds=0", "format=png24", "format=png32&imageSR=3857", "format=jpg&imageSR=3857",
		"format=jpg&compressionQuality=30&imageSR=25832", "format=jpgpng&imageSR=3035", "format=gif&imageSR=3857",
		"format=bmp&imageSR=4326", "format=tiff&imageSR=2154", "format=tiff&compression=JPEG&imageSR=3857",
		"format=tiff&compression=LZW&imageSR=32632", "format=tiff&compression=Deflate&imageSR=31467",
		"format=tiff&compression=ZSTD&imageSR=21781", "format=bip&imageSR=4326", "format=bsq&imageSR=27700",
		"format=tiff&interpolation=RSP_NearestNeighbor&imageSR=3857",
		"format=tiff&interpolation=RSP_CubicConvolution&imageSR=3413",
		"format=tiff&interpolation=RSP_Majority&imageSR=54009", "format=tiff&pixelType=F32&imageSR=54030&size=37,41",
		"format=tiff&pixelType=F64&imageSR=3857&adjustAspectRatio=false&size=300,20",
		`format=tiff&imageSR=3857&renderingRule={"rasterFunction":"Stretch","rasterFunctionArguments":` +
			`{"StretchType":3,"NumberOfStandardDeviations":2}}`,
		`format=tiff&imageSR=4326&renderingRule={"rasterFunction":"ExtractBand","rasterFunctionArguments":{"BandIDs":[2,0]}}`,
	}},
	{"heights", []string{
		"format=tiff&imageSR=102008", "format=tiff&interpolation=RSP_CubicConvolution&imageSR=5070", "format=png&imageSR=3857",
		"format=tiff&imageSR=4269&pixelType=S16", "format=bsq&imageSR=32610&pixelType=F64",
		"format=tiff&imageSR=26910&interpolation=RSP_NearestNeighbor&noData=100",
		"format=tiff&imageSR=102003&size=9,9",
		`format=png&imageSR=3857&renderingRule={"rasterFunction":"Colormap","rasterFunctionArguments":{"ColorRamp":` +
			`{"type":"algorithmic","fromColor":[0,10,200,255],"toColor":[250,240,3,255],"algorithm":"esriHSVAlgorithm"},"Raster":` +
			`{"rasterFunction":"Stretch","rasterFunctionArguments":{"StretchType":5},"outputPixelType":"U8"}}}`,
		`format=png&imageSR=3857&renderingRule={"rasterFunction":"Colormap","rasterFunctionArguments":{"ColorRamp":` +
			`{"type":"algorithmic","fromColor":[0,10,200,255],"toColor":[250,240,3,255],"algorithm":"esriLabLChAlgorithm"},"Raster":` +
			`{"rasterFunction":"Stretch","rasterFunctionArguments":{"StretchType":5},"outputPixelType":"U8"}}}`,
	}},
	{"mosaic", []string{
		`format=tiff&mosaicRule={"mosaicMethod":"esriMosaicNorthwest"}`,
		`format=tiff&mosaicRule={"mosaicMethod":"esriMosaicCenter"}&imageSR=3857`,
		`format=tiff&mosaicRule={"mosaicMethod":"esriMosaicNone","mosaicOperation":"MT_LAST"}`,
		`format=tiff&mosaicRule={"mosaicOperation":"MT_MIN"}`,
		`format=tiff&mosaicRule={"mosaicOperation":"MT_MAX"}&imageSR=3035`,
		`format=tiff&mosaicRule={"mosaicOperation":"MT_MEAN"}&imageSR=3857`,
		`format=tiff&mosaicRule={"mosaicOperation":"MT_BLEND"}&imageSR=3857`,
		`format=tiff&pixelType=F64&mosaicRule={"mosaicOperation":"MT_SUM"}`,
		`format=tiff&mosaicRule={"mosaicMethod":"esriMosaicNadir","mosaicOperation":"MT_BLEND"}&imageSR=25833`,
	}},
	{"world.tif", []string{
		"format=png&imageSR=3857&bbox=-130,20,-60,55&bboxSR=4326", "format=tiff&imageSR=54030", "format=jpg&imageSR=54012",
		"format=tiff&imageSR=3031&bbox=-3e6,-3e6,3e6,3e6&bboxSR=3031", "format=tiff&imageSR=54032",
		"format=tiff&imageSR=54042",
	}},
	{"olinda_landsat7.tif", []string{"format=tiff&imageSR=4326", "format=tiff&imageSR=31985&interpolation=RSP_CubicConvolution"}},
	{"olinda_elevation.tif", []string{"format=tiff&imageSR=3857&pixelType=F32", "format=png&imageSR=4326"}},
	{"puertorico_landcover.tif", []string{"format=png&imageSR=3857", "format=gif&imageSR=32619", "format=tiff&imageSR=5070&size=90,90&interpolation=RSP_Majority"}},
}

// run prints a line for each picture: its hash, its type, the service and the request.
func run(ctx context.Context, w io.Writer) error {
	for _, r := range requests {
		s, err := open(ctx, r.service)
		if err != nil {
			return err
		}
		for _, query := range r.queries {
			form, err := url.ParseQuery(query)
			if err != nil {
				return err
			}
			req, err := params.ParseRequest(form)
			if err != nil {
				return fmt.Errorf("%s: %w", query, err)
			}
			if req.Size == (image.Point{}) {
				req.Size = image.Pt(67, 53)
			}
			res, err := s.Export(ctx, req)
			if err != nil {
				return fmt.Errorf("%s: %s: %w", r.service, query, err)
			}
			h := sha256.New()
			h.Write(res.Data)
			e := res.Envelope
			fmt.Fprintf(h, "%x %x %x %x", e.XMin, e.YMin, e.XMax, e.YMax) // to the last bit
			if _, err := fmt.Fprintf(w, "%x %s %s %s\n", h.Sum(nil)[:8], res.MediaType, r.service, query); err != nil {
				return err
			}
		}
	}
	return nil
}

// open returns a service of made rasters or, for names of files, of one of the demo's.
func open(ctx context.Context, name string) (*exportimage.Service, error) {
	var datasets []raster.Dataset
	switch name {
	case "scene":
		datasets = append(datasets, scene(5e5, 53e5))
	case "mosaic":
		datasets = append(datasets, scene(5e5, 53e5), scene(5e5+700, 53e5+300), scene(5e5-400, 53e5+900))
	case "heights":
		datasets = append(datasets, heights())
	default:
		file, err := testdata.Demo.ReadFile("demo/" + name)
		if err != nil {
			return nil, err
		}
		ds, err := geotiff.Open(ctx, source.FromReaderAt(bytes.NewReader(file), int64(len(file))), nil)
		if err != nil {
			return nil, err
		}
		datasets = append(datasets, ds)
	}
	var catalog mosaic.Slice
	for i, ds := range datasets {
		g := ds.Info().Grid
		catalog = append(catalog, &mosaic.Item{
			ID: int64(i + 1), Name: fmt.Sprint(name, i),
			Footprint: mosaic.Footprint{CRS: g.CRS, Envelope: g.Envelope()},
			Open:      func(context.Context) (raster.Dataset, error) { return ds, nil },
		})
	}
	// An emulated machine may take very long.
	limits := exportimage.Limits{Time: time.Hour}
	return &exportimage.Service{Name: name, Catalog: catalog, Formats: encode.Default(), Limits: limits}, nil
}

// scene returns a raster of three bands in UTM 33 with an overview, of a texture that differs at every pixel.
func scene(x, y float64) raster.Dataset {
	const side, pixel = 200, 10
	g := raster.NorthUp(crs(32633), srs.Envelope{XMin: x, YMin: y, XMax: x + pixel*side, YMax: y + pixel*side}, image.Pt(side, side))
	texture := func(scale int) func(band, x, y int) uint8 {
		return func(band, x, y int) uint8 {
			x, y = x*scale, y*scale
			return uint8((x*x/9 + y*y/13 + 40*band + (x*7+y*13)%16) % 251)
		}
	}
	ds := rastertest.FromFunc(g, 3, texture(1))
	ds.AddLevel(rastertest.FillBlock(image.Rect(0, 0, side/2, side/2), 3, texture(2)))
	return ds
}

// heights returns a raster of floats in degrees on NAD27, with a hole, whose values use all bits.
func heights() raster.Dataset {
	g := raster.NorthUp(crs(4267), srs.Envelope{XMin: -122, YMin: 37, XMax: -121, YMax: 38}, image.Pt(120, 120))
	return rastertest.FromFunc(g, 1, func(_, x, y int) float32 {
		if dx, dy := x-60, y-40; dx*dx+dy*dy < 100 {
			return float32(math.NaN())
		}
		return 1000/float32(x+1) - float32(y*y)/7
	})
}

func crs(wkid int) srs.CRS {
	c, err := srs.FromWKID(wkid)
	if err != nil {
		panic(err) // the codes are those above
	}
	return c
}
