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

// Formats list what they can hold and what may be chosen.
func ExampleFormats() {
	formats := encode.Default()
	delete(formats, "gif") // an export will not offer it
	for _, name := range formats.Names() {
		f := formats[name]
		fmt.Printf("%-6s %-24s 16 bits: %-5v  transparent: %-5v  compressions: %v\n",
			name, f.MediaType, f.Holds(raster.U16), f.Alpha, f.Compressions)
	}
	// Output:
	// bip    application/octet-stream 16 bits: true   transparent: true   compressions: []
	// bmp    image/bmp                16 bits: false  transparent: false  compressions: []
	// bsq    application/octet-stream 16 bits: true   transparent: true   compressions: []
	// jpg    image/jpeg               16 bits: false  transparent: false  compressions: []
	// jpgpng image/png                16 bits: false  transparent: true   compressions: []
	// png    image/png                16 bits: true   transparent: true   compressions: []
	// png24  image/png                16 bits: false  transparent: false  compressions: []
	// png32  image/png                16 bits: false  transparent: true   compressions: []
	// png8   image/png                16 bits: false  transparent: true   compressions: []
	// tiff   image/tiff               16 bits: true   transparent: true   compressions: [None JPEG LZ77 LZW Deflate ZSTD]
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
