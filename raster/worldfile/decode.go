package worldfile

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/bmp"

	"github.com/geoexport/geoexport/internal/filetype"
	"github.com/geoexport/geoexport/raster"
)

// A format is a kind of image file.
type format struct {
	magic  string
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
	// expansion, if not 0, is the most bytes of memory for a byte of the file, where the format allows no more.
	expansion int64
}

var formats = [...]format{
	{magic: "\x89PNG\r\n\x1a\n", config: png.DecodeConfig, decode: png.Decode},
	{magic: "\xff\xd8", config: jpeg.DecodeConfig, decode: jpeg.Decode},
	{magic: "GIF8", config: gif.DecodeConfig, decode: gif.Decode},                 // of the first frame alone
	{magic: "BM", config: bmp.DecodeConfig, decode: bmp.Decode, expansion: 8 * 8}, // eight pixels in a byte, at most
}

// headBytes is the number of bytes of a file that may have to be read to find the image's size: a JPEG may begin with
// other data, such as a preview and a colour profile.
const headBytes = 1 << 20

// decoded is the result of decoding an image.
type decoded struct {
	block   *raster.Block
	bands   []raster.Band
	palette color.Palette
	notes   []string
}

// decode decodes an image within the bounds of o.
func decode(ctx context.Context, r io.ReadCloser, name string, o *Options) (*decoded, error) {
	size, err := sizeOf(r)
	if err != nil {
		return nil, err
	}
	in := bufio.NewReaderSize(&contextReader{ctx, r}, int(min(max(size, 1), headBytes)))
	head, err := in.Peek(in.Size())
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("worldfile: %s: %w", name, err)
	}
	for _, f := range formats {
		if bytes.HasPrefix(head, []byte(f.magic)) {
			return f.within(ctx, in, head, name, o, func() (int64, error) {
				if p, ok := r.(picture); ok {
					return payload(ctx, p, size)
				}
				return payload(ctx, bytes.NewReader(head), max(size, int64(len(head))))
			})
		}
	}
	return nil, notRead(name, head)
}

// notRead is the error about a file that is no image of the formats that are read. It names the format, if that is known.
func notRead(name string, head []byte) error {
	format := filetype.Of(head, "")
	if bytes.HasPrefix(head, []byte("II*\x00")) || bytes.HasPrefix(head, []byte("MM\x00*")) {
		format = "TIFF"
	}
	if format == "" {
		return &UnsupportedError{name, fmt.Sprintf("neither PNG, JPEG, GIF nor BMP: it begins with %.8q", head)}
	}
	return &UnsupportedError{name, fmt.Sprintf("format %s: this package reads PNG, JPEG, GIF and BMP", format)}
}

// within decodes an image in the format, after its head has been compared with the bounds of o.
func (f *format) within(
	ctx context.Context, in io.Reader, head []byte, name string, o *Options, payload func() (int64, error),
) (*decoded, error) {
	c, err := f.config(bytes.NewReader(head))
	if err != nil {
		return nil, wrong(ctx, name, err)
	}
	if c.Width <= 0 || c.Height <= 0 {
		return nil, &FormatError{name, errors.New("an image without pixels")}
	}
	size, err := payload()
	if err != nil {
		return nil, fmt.Errorf("worldfile: %s: %w", name, err)
	}
	memory, err := newBounds(o, f, size).check(name, c, head)
	if err != nil {
		return nil, err
	}
	budget := raster.BudgetOf(ctx)
	if err := budget.Acquire(ctx, memory); err != nil {
		return nil, fmt.Errorf("worldfile: %s: %w", name, err)
	}
	defer budget.Release(memory)
	m, err := f.decode(&contextReader{ctx, in})
	if err != nil {
		return nil, wrong(ctx, name, err)
	}
	d := convert(ctx, m, image.Rect(0, 0, c.Width, c.Height), isGreyPNG(head))
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if d == nil {
		return nil, &UnsupportedError{name, fmt.Sprintf("an image of type %T", m)}
	}
	return d, nil
}

// wrong converts a decoder's error to an error of this package.
func wrong(ctx context.Context, name string, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if _, ok := errors.AsType[png.UnsupportedError](err); ok {
		return &UnsupportedError{name, err.Error()}
	}
	if _, ok := errors.AsType[jpeg.UnsupportedError](err); ok {
		return &UnsupportedError{name, err.Error()}
	}
	if errors.Is(err, bmp.ErrUnsupported) {
		return &UnsupportedError{name, err.Error()}
	}
	return &FormatError{name, err}
}

// isGreyPNG reports whether the file is a PNG of one colour, with or without alpha; the decoder returns three colours
// for one with alpha. The colour type is the tenth byte of the first chunk (PNG, section 11.2.2).
func isGreyPNG(head []byte) bool {
	const at = 8 + 8 + 9
	return bytes.HasPrefix(head, []byte(formats[0].magic)) && len(head) > at && (head[at] == 0 || head[at] == 4)
}

// A contextReader returns the context's error when its context has ended, and little at a time otherwise: decoders make
// about a MiB of it at most before they ask again.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

const contextReaderBytes = 1 << 10

func (c *contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p[:min(len(p), contextReaderBytes)])
}
