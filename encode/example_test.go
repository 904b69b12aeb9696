package encode_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/raster"
)

// A block of pixels becomes a PNG, transparent where it holds no data.
func Example() {
	b := raster.NewBlock(raster.U8, 3, image.Rect(0, 0, 2, 1))
	for band, v := range []uint8{200, 100, 50} {
		b.Bands[band].(*raster.PlaneOf[uint8]).Row(0)[0] = v
	}
	b.Valid.Pix[0] = 255 // the second pixel holds no data

	m := &raster.Image{
		Grid: raster.Grid{Size: b.Bounds().Size()}, Type: b.Type, Bands: len(b.Bands),
		Strips: func(yield func(*raster.Block, error) bool) { yield(b, nil) },
	}
	var file bytes.Buffer
	if err := encode.Default()["png"].Encode(&file, m, nil); err != nil {
		fmt.Println(err)
		return
	}
	decoded, err := png.Decode(&file)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(decoded.At(0, 0), decoded.At(1, 0))
	// Output: {200 100 50 255} {0 0 0 0}
}

// Formats state what they can hold and which options matter to them.
func ExampleFormats() {
	formats := encode.Default()
	delete(formats, "gif") // an export will not offer it
	for _, name := range formats.Names() {
		f := formats[name]
		if !f.Alpha || !f.Holds(raster.U16) {
			continue
		}
		fmt.Println(name, f.MediaType, f.Compressions, f.HasQuality("JPEG"))
	}
	// Output:
	// bip application/octet-stream [] false
	// bsq application/octet-stream [] false
	// lerc application/octet-stream [] false
	// png image/png [] false
	// tiff image/tiff [None JPEG LZ77 LZW Deflate ZSTD] true
}

// The format of an image may depend on the image. Choose returns it before anything is written.
func ExampleFormat_Choose() {
	jpgpng := encode.Default()["jpgpng"]
	fmt.Println(jpgpng.Choose(&raster.Image{Opaque: true}).MediaType)
	fmt.Println(jpgpng.Choose(&raster.Image{}).MediaType)
	// Output:
	// image/jpeg
	// image/png
}
