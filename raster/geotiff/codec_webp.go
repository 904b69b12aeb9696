package geotiff

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"io"

	"golang.org/x/image/webp"

	"github.com/geoexport/geoexport/raster"
)

// webpMemory returns the memory of a lossless image, which takes more than a lossy one: four bytes a pixel, and about
// two for its transforms.
func webpMemory(_ int64, b *BlockShape) int64 { return 6 * int64(b.Width) * int64(b.Height) }

// decodeWebP decodes a WebP file, lossy or lossless, with or without alpha. A fourth plane is alpha, which is opaque if
// the file has none. With three planes the file's alpha is ignored, as in libtiff.
func decodeWebP(dst []*raster.PlaneOf[uint8], src []byte, b BlockShape) error {
	if len(dst) != 3 && len(dst) != 4 {
		return unsupported(tagSamplesPerPixel, len(dst), "WebP has 3 or 4 samples in a pixel")
	}
	if err := checkWebP(src, dst[0].Rect.Size(), &b); err != nil {
		return err
	}
	m, err := webp.Decode(&interruptReader{r: bytes.NewReader(src), shape: &b})
	if err != nil {
		return err
	}
	if err := b.interrupted(); err != nil {
		return err
	}
	switch m := m.(type) {
	case *image.YCbCr:
		planesFromVP8(dst[:3], m)
		opaque(dst[3:])
	case *image.NYCbCrA:
		planesFromVP8(dst[:3], &m.YCbCr)
		for _, alpha := range dst[3:] {
			for y := range alpha.Rect.Dy() {
				copy(alpha.Row(alpha.Rect.Min.Y+y), m.A[y*m.AStride:])
			}
		}
	case *image.NRGBA:
		planesFromNRGBA(dst, m)
	default:
		return fmt.Errorf("webp: an image of type %T", m)
	}
	return nil
}

// opaque fills alpha planes with 255.
func opaque(planes []*raster.PlaneOf[uint8]) {
	for _, p := range planes {
		fillAs(p, 0xff)
	}
}

// checkWebP compares the sizes that a file states with its length and with the block, before it is decoded.
func checkWebP(src []byte, want image.Point, b *BlockShape) error {
	// The library checks the sizes of chunks against that of the file, so this check bounds all of them.
	if len(src) < 12 || uint64(binary.LittleEndian.Uint32(src[4:])) > uint64(len(src)-8) {
		return io.ErrUnexpectedEOF
	}
	config, err := webp.DecodeConfig(bytes.NewReader(src))
	if err != nil {
		return err
	}
	switch {
	case config.Width > b.Width || config.Height > b.Height:
		return fmt.Errorf("webp: %d × %d in a block of %d × %d", config.Width, config.Height, b.Width, b.Height)
	case config.Width < want.X || config.Height < want.Y:
		return fmt.Errorf("webp: %d × %d, want at least %v: %w", config.Width, config.Height, want, io.ErrUnexpectedEOF)
	}
	return nil
}

// An interruptReader reads until Interrupt returns an error. The library decodes lossless pictures while it reads them, so
// that this ends decoding too, within the pixels of a KiB. Of lossy ones, and of transforms, it reads all before it
// decodes, which cannot be interrupted: some 20 ns a pixel.
type interruptReader struct {
	r     io.Reader
	shape *BlockShape
}

func (i *interruptReader) Read(p []byte) (int, error) {
	if err := i.shape.interrupted(); err != nil {
		return 0, err
	}
	return i.r.Read(p[:min(len(p), 1<<10)])
}

// planesFromNRGBA copies the samples of a lossless WebP.
func planesFromNRGBA(dst []*raster.PlaneOf[uint8], m *image.NRGBA) {
	for i, p := range dst {
		for y := range p.Rect.Dy() {
			row, in := p.Row(p.Rect.Min.Y+y), m.Pix[y*m.Stride+i:]
			for x := range row {
				row[x] = in[4*x]
			}
		}
	}
}

// planesFromVP8 converts the colours of a lossy WebP, which has one chroma sample for two by two pixels.
func planesFromVP8(dst []*raster.PlaneOf[uint8], m *image.YCbCr) {
	r := dst[0].Rect
	size := m.Rect.Size()
	half := (size.X + 1) / 2
	n := min(half, r.Dx()/2+2) // number of chroma samples that are used
	cb, cr := make([]byte, 2*n), make([]byte, 2*n)
	for y := range r.Dy() {
		// Each row uses the chroma row of its own pixels, which is nearer, and another: the one above for even rows,
		// the one below for odd ones.
		near := y / 2
		far := max(0, min(near+2*(y&1)-1, (size.Y+1)/2-1))
		quarters(cb, m.Cb[near*m.CStride:][:n], m.Cb[far*m.CStride:][:n])
		quarters(cr, m.Cr[near*m.CStride:][:n], m.Cr[far*m.CStride:][:n])
		at := r.Min.Y + y
		webpColors.row(dst[0].Row(at), dst[1].Row(at), dst[2].Row(at), m.Y[y*m.YStride:], cb, cr)
	}
}

// quarters upsamples a row of chroma to the size of luma. The four samples around a pixel weigh 9/16, 3/16, 3/16 and
// 1/16, by their distance. The sums are libwebp's (dsp/upsampling.c), which halves twice and rounds in between.
func quarters(dst, near, far []byte) {
	a, b := uint(near[0]), uint(far[0])
	dst[0] = byte((3*a + b + 2) >> 2)
	last := len(near) - 1
	for i := range last {
		c, d := uint(near[i+1]), uint(far[i+1])
		sum := a + b + c + d + 8
		dst[2*i+1] = byte(((sum+2*(b+c))>>3 + a) >> 1)
		dst[2*i+2] = byte(((sum+2*(a+d))>>3 + c) >> 1)
		a, b = c, d
	}
	dst[2*last+1] = byte((3*a + b + 2) >> 2)
}
