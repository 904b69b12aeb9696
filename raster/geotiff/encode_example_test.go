package geotiff_test

import (
	"bytes"
	"context"
	"fmt"
	"image"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/srs"
)

// A ramp of 600 by 400 pixels becomes a cloud-optimised GeoTIFF with overviews, written strip by strip.
func ExampleEncode() {
	utm, err := srs.FromWKID(32633)
	if err != nil {
		fmt.Println(err)
		return
	}
	size := image.Pt(600, 400)
	box := srs.Envelope{XMin: 500000, YMin: 5000000, XMax: 506000, YMax: 5004000}
	m := &raster.Image{
		Grid: raster.NorthUp(utm, box, size), Type: raster.U16, Bands: 1, Opaque: true,
		Strips: func(yield func(*raster.Block, error) bool) {
			strip := raster.NewPlane[uint16](image.Rect(0, 0, size.X, 1)) // one row, used again and again
			for y := range size.Y {
				for x := range size.X {
					strip.Pix[x] = uint16(x + y)
				}
				if !yield(&raster.Block{Type: raster.U16, Bands: []raster.Plane{strip}}, nil) {
					return
				}
			}
		},
	}
	var file bytes.Buffer
	o := &geotiff.EncodeOptions{Compression: geotiff.Deflate, Overviews: true}
	if err := geotiff.Encode(&file, m, o); err != nil {
		fmt.Println(err)
		return
	}

	src := source.FromReaderAt(bytes.NewReader(file.Bytes()), int64(file.Len()))
	f, err := geotiff.Open(context.Background(), src, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	info := f.Info()
	fmt.Println(info.Type, info.Levels, info.Grid.Envelope() == box, info.Grid.CRS == utm)
	// Output: U16 [(600,400) (300,200) (150,100)] true true
}
