package encode

import (
	"bufio"
	"fmt"
	"image"
	"io"
	"math"

	"golang.org/x/image/bmp"

	"github.com/geoexport/geoexport/raster"
)

// encodeBMP writes RGB over the background, 24 bits a pixel.
func encodeBMP(w io.Writer, p *Picture, o *Options) error {
	if err := p.check("bmp", math.MaxInt32, raster.U8); err != nil {
		return err
	}
	// The file states its own size in 32 bits; rows are padded to 4 bytes, and 54 bytes stand before them.
	row := (3*uint64(p.Size.X) + 3) / 4 * 4
	if size := 54 + row*uint64(p.Size.Y); size > math.MaxUint32 {
		return &UnsupportedError{Format: "bmp", What: fmt.Sprintf("%d by %d pixels, a file of %d bytes (%d at most)",
			p.Size.X, p.Size.Y, size, uint32(math.MaxUint32))}
	}
	pix, err := p.gather("bmp", 4, p.opaqueRows(o.background()))
	if err != nil {
		return err
	}
	r := image.Rectangle{Max: p.Size}
	buf := bufio.NewWriterSize(w, 64<<10) // the encoder writes each row on its own
	if err := bmp.Encode(buf, &image.RGBA{Pix: pix, Stride: 4 * r.Dx(), Rect: r}); err != nil {
		return err
	}
	return buf.Flush()
}
