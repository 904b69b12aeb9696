package worldfile

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/sidecar"
	"github.com/geoexport/geoexport/srs"
)

// Options configure how to open an image. Nil and the zero value mean the defaults.
type Options struct {
	// Affine, if not zero, is where the pixels lie, in place of a world file. CRS, if not zero, is used in place of a
	// .prj file.
	Affine raster.Affine
	CRS    srs.CRS
	// MaxPixels is how many pixels an image may have; 0 means DefaultMaxPixels. It is compared with the size in the
	// header, before anything is decoded. Decoding takes up to about 20 bytes of memory a pixel, and keeping it up to
	// 7.
	MaxPixels int64
	// Expansion is how many bytes of memory decoding an image may take for each byte of its file, so that a small file
	// does not take much memory by what it says. 16 MiB are allowed for any file; 0 means DefaultExpansion. It is
	// compared with what the header says. An image of one colour may need more than the default.
	// Bytes that are no part of the image, such as a preview or further frames, do not count.
	Expansion int64
	// Cache keeps the pixels. When it has forgotten them, the next read decodes the file again, and fails with a
	// *source.ChangedError if that has changed. An image that is larger than the cache is refused. Nil keeps the pixels
	// in the Image, as long as that is used; as do files that do not read at offsets, such as those in a zip file. Give
	// one where strangers name the files: or all that are open stay in memory.
	Cache *raster.Cache
}

// DefaultExpansion is how many bytes of memory decoding an image may take for each byte of its file.
const DefaultExpansion = 256

// DefaultMaxPixels is how many pixels an image may have: 8192 × 8192.
const DefaultMaxPixels = 1 << 26

// An Image is a raster that is decoded as a whole. It is immutable, and safe for concurrent use. There is nothing to
// close. The zero value has no levels.
type Image struct {
	info    raster.Info
	all     *raster.Block // nil if the cache keeps the pixels
	again   again
	version *sidecar.Version // nil if it is not known
	// While the image is opened:
	beside   sidecar.Opener
	metadata *sidecar.Metadata
}

var _ raster.Versioned = (*Image)(nil)

// OpenFile opens the image with the given path.
func OpenFile(name string, o *Options) (*Image, error) {
	return Open(context.Background(), os.DirFS(filepath.Dir(name)), filepath.Base(name), o)
}

// Open opens the image called name in fsys, and closes its file again. The kind of image is detected by its first
// bytes, not by its name. Errors are a *FormatError, *UnsupportedError or *LimitError, wrap ErrNoWorldFile, are of
// package srs, or come from the file system and the context; a *source.ChangedError if a file changes meanwhile. o may
// be nil.
func Open(ctx context.Context, fsys fs.FS, name string, o *Options) (*Image, error) {
	if o == nil {
		o = &Options{}
	}
	p := &Image{info: raster.Info{Grid: raster.Grid{CRS: o.CRS, Affine: o.Affine}}}
	p.again = again{fsys, name, *o}
	f, err := p.openPicture(ctx, fsys, name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	// What costs little comes first.
	if err = p.place(ctx, name); err == nil {
		err = p.read(ctx, f, name, o)
	}
	if err = p.version.Settle(ctx, err); err != nil {
		return nil, err
	}
	return p, nil
}

func (p *Image) read(ctx context.Context, f io.ReadCloser, name string, o *Options) error {
	d, err := decode(ctx, f, name, o)
	if err != nil {
		return err
	}
	if err := p.keep(ctx, d.block); err != nil {
		return err
	}
	if p.info.Bytes, err = sizeOf(f); err != nil {
		return err
	}
	p.info.Type = d.block.Type
	p.info.Bands, p.info.Palette = d.bands, d.palette
	p.info.Grid.Size = d.block.Bounds().Size()
	p.info.Levels = []image.Point{p.info.Grid.Size}
	p.info.Notes = append(p.info.Notes, d.notes...)
	if err := p.readValueTable(ctx, p.metadata); err != nil {
		return err
	}
	return p.describe()
}

// maxTextBytes is the size of a text beside an image: many times that of the longest that there are.
const maxTextBytes = 1 << 20

// place reads what stands beside the image, except what its .aux.xml file states about pixels.
func (p *Image) place(ctx context.Context, name string) error {
	m, err := p.readMetadata(ctx)
	if err != nil {
		return err
	}
	p.metadata = m
	g, beside := &p.info.Grid, p.beside
	if g.Affine == (raster.Affine{}) {
		var ok bool
		if g.Affine, ok, err = m.Affine(raster.Affine{}); err != nil {
			return &FormatError{sidecar.PAM + " beside " + name, err}
		}
		if !ok {
			if g.Affine, err = findAffine(ctx, beside, name); err != nil {
				return err
			}
		}
	} else if _, ok := g.Affine.Inverse(); !ok {
		return fmt.Errorf("worldfile: Options.Affine: %+v: pixels without area", g.Affine)
	}
	if !g.CRS.IsZero() {
		return nil
	}
	if text := m.Reference(); text != "" {
		if g.CRS, err = sidecar.ParseCRS(text); err != nil {
			return fmt.Errorf("%s beside %s: %w", sidecar.PAM, name, err)
		}
		return nil
	}
	text, err := readText(ctx, beside, sidecar.CRS)
	if err != nil {
		return err
	}
	if text == nil {
		p.info.Notes = append(p.info.Notes, "no spatial reference is stated")
		return nil
	}
	if g.CRS, err = sidecar.ParseCRS(string(text.Bytes)); err != nil {
		return fmt.Errorf("%s: %w", text.Name, err)
	}
	if note := g.CRS.Note(); note != "" {
		p.info.Notes = append(p.info.Notes, text.Name+": "+note)
	}
	return nil
}

// findAffine reads the first world file that there is.
func findAffine(ctx context.Context, beside sidecar.Opener, name string) (raster.Affine, error) {
	for _, suffix := range sidecar.WorldFiles(path.Ext(name)) {
		text, err := readText(ctx, beside, suffix)
		if err != nil {
			return raster.Affine{}, err
		}
		if text == nil {
			continue
		}
		a, err := sidecar.ParseWorldFile(text.Bytes)
		if err != nil {
			return a, &FormatError{text.Name, err}
		}
		return a, nil
	}
	return raster.Affine{}, fmt.Errorf("%s: %w", name, ErrNoWorldFile)
}

func readText(ctx context.Context, beside sidecar.Opener, suffix string) (*sidecar.Text, error) {
	text, err := sidecar.ReadText(ctx, beside, suffix, maxTextBytes)
	if tooLong, ok := errors.AsType[*sidecar.SizeError](err); ok {
		return nil, &FormatError{tooLong.Name, fmt.Errorf("more than %d bytes", tooLong.Max)}
	}
	return text, err
}

// Info describes the image.
func (p *Image) Info() raster.Info { return p.info }

// Read returns the pixels of a window, as raster.Dataset describes. They share the image's memory, not dst's. It
// decodes the file again if Options.Cache has forgotten it.
func (p *Image) Read(ctx context.Context, dst *raster.Block, level int, win image.Rectangle, bands []int) (*raster.Block, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	switch {
	case level < 0 || level >= len(p.info.Levels):
		return nil, fmt.Errorf("worldfile: level %d does not exist: there are %d", level, len(p.info.Levels))
	case win.Empty() || !win.In(image.Rectangle{Max: p.info.Levels[0]}):
		return nil, fmt.Errorf("worldfile: window %v is empty or not inside %v", win, p.info.Levels[0])
	}
	for _, b := range bands {
		if b < 0 || b >= len(p.info.Bands) {
			return nil, fmt.Errorf("worldfile: band %d does not exist: there are %d", b, len(p.info.Bands))
		}
	}
	if len(bands) == 0 {
		bands = nil
	}
	n := len(bands)
	if bands == nil {
		n = len(p.info.Bands)
	}
	if err := raster.CheckDestination(dst, p.info.Type, n, win); err != nil {
		return nil, err
	}
	all, err := p.pixels(ctx)
	if err != nil {
		return nil, err
	}
	out := all.Select(bands).Sub(win)
	if out.Opaque() {
		out.Valid = nil
	}
	return out, nil
}
