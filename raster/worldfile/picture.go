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
	"strings"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/srs"
)

// Options say how to open a picture. Nil and the zero value mean the defaults.
type Options struct {
	// Affine, if not zero, is where the pixels lie, in place of a world file. CRS, if not zero, is used in place of a .prj
	// file.
	Affine raster.Affine
	CRS    srs.CRS
	// MaxPixels is how many pixels a picture may have; 0 means DefaultMaxPixels. It is compared with what the header says,
	// before anything is decoded. Decoding takes up to about 20 bytes of memory a pixel, and keeping it up to 7.
	MaxPixels int64
}

// DefaultMaxPixels is how many pixels a picture may have: 8192 × 8192.
const DefaultMaxPixels = 1 << 26

// A Picture is a picture in memory. It is immutable, and safe for concurrent use. There is nothing to close.
type Picture struct {
	info raster.Info
	all  *raster.Block
}

var _ raster.Dataset = (*Picture)(nil)

// OpenFile opens the picture with the given path.
func OpenFile(name string, o *Options) (*Picture, error) {
	return Open(context.Background(), os.DirFS(filepath.Dir(name)), filepath.Base(name), o)
}

// Open opens the picture called name in fsys, and closes its file again. The kind of picture is told by its first
// bytes, not by its name. Errors are a *FormatError, *UnsupportedError or *LimitError, wrap ErrNoWorldFile, are of
// package srs, or come from the file system and the context. o may be nil.
func Open(ctx context.Context, fsys fs.FS, name string, o *Options) (*Picture, error) {
	if o == nil {
		o = &Options{}
	}
	p := &Picture{info: raster.Info{Grid: raster.Grid{CRS: o.CRS, Affine: o.Affine}}}
	// What costs little comes first.
	if err := p.place(ctx, fsys, name); err != nil {
		return nil, err
	}
	if err := p.read(ctx, fsys, name, o.MaxPixels); err != nil {
		return nil, err
	}
	return p, nil
}

func (p *Picture) read(ctx context.Context, fsys fs.FS, name string, maxPixels int64) error {
	f, err := fsys.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	if maxPixels == 0 {
		maxPixels = DefaultMaxPixels
	}
	d, err := decode(ctx, f, name, maxPixels)
	if err != nil {
		return err
	}
	p.all, p.info.Type = d.block, d.block.Type
	p.info.Bands, p.info.Palette = d.bands, d.palette
	p.info.Grid.Size = d.block.Bounds().Size()
	p.info.Levels = []image.Point{p.info.Grid.Size}
	p.info.Warnings = append(p.info.Warnings, d.warnings...)
	return nil
}

// place reads what stands beside the picture.
func (p *Picture) place(ctx context.Context, fsys fs.FS, name string) error {
	g := &p.info.Grid
	ext := path.Ext(name)
	stem := strings.TrimSuffix(name, ext)
	if g.Affine == (raster.Affine{}) {
		text, at, err := beside(ctx, fsys, stem, worldExtensions(ext))
		if err != nil {
			return err
		}
		if text == nil {
			return fmt.Errorf("%s: %w", name, ErrNoWorldFile)
		}
		if g.Affine, err = raster.ParseWorldFile(text); err != nil {
			return &FormatError{at, err}
		}
	} else if _, ok := g.Affine.Inverse(); !ok {
		return fmt.Errorf("worldfile: Options.Affine: %+v: pixels without area", g.Affine)
	}
	if !g.CRS.IsZero() {
		return nil
	}
	text, at, err := beside(ctx, fsys, stem, []string{".prj"})
	if err != nil {
		return err
	}
	if text == nil {
		p.info.Warnings = append(p.info.Warnings, "no spatial reference is stated")
		return nil
	}
	if g.CRS, err = srs.FromWKT(strings.Trim(string(text), "\x00\ufeff \t\r\n")); err != nil {
		return fmt.Errorf("%s: %w", at, err)
	}
	return nil
}

// worldExtensions are those that a world file may have, for a picture with the extension ext.
func worldExtensions(ext string) []string {
	ext = strings.ToLower(ext)
	if n := len(ext); n > 2 {
		return []string{ext[:2] + ext[n-1:] + "w", ext + "w", ".wld"}
	}
	return []string{".wld"}
}

// maxTextBytes is the size of a text beside a picture: many times that of the longest that there are.
const maxTextBytes = 1 << 20

// beside reads the first file that there is of those with one of the extensions, in small letters or in capital ones;
// nil if there is none.
func beside(ctx context.Context, fsys fs.FS, stem string, extensions []string) (text []byte, name string, err error) {
	for _, ext := range extensions {
		for _, name := range [...]string{stem + ext, stem + strings.ToUpper(ext)} {
			if err := ctx.Err(); err != nil {
				return nil, "", err
			}
			f, err := fsys.Open(name)
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				return nil, "", err
			}
			text, err := io.ReadAll(io.LimitReader(f, maxTextBytes+1))
			f.Close()
			switch {
			case err != nil:
				return nil, "", fmt.Errorf("worldfile: %s: %w", name, err)
			case len(text) > maxTextBytes:
				return nil, "", &FormatError{name, fmt.Errorf("more than %d bytes", maxTextBytes)}
			}
			return append(text, '\n'), name, nil // never nil
		}
	}
	return nil, "", nil
}

// Info describes the picture.
func (p *Picture) Info() raster.Info { return p.info }

// Read gives the pixels of a window, as raster.Dataset says. They share the picture's memory.
func (p *Picture) Read(ctx context.Context, level int, win image.Rectangle, bands []int) (*raster.Block, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	switch {
	case level != 0:
		return nil, fmt.Errorf("worldfile: level %d does not exist: there is 1", level)
	case win.Empty() || !win.In(p.all.Bounds()):
		return nil, fmt.Errorf("worldfile: window %v is empty or not inside %v", win, p.all.Bounds())
	}
	from := p.all
	if len(bands) > 0 {
		from = &raster.Block{Type: p.all.Type, Valid: p.all.Valid}
		for _, b := range bands {
			if b < 0 || b >= len(p.all.Bands) {
				return nil, fmt.Errorf("worldfile: band %d does not exist: there are %d", b, len(p.all.Bands))
			}
			from.Bands = append(from.Bands, p.all.Bands[b])
		}
	}
	out := from.Sub(win)
	if out.Opaque() {
		out.Valid = nil
	}
	return out, nil
}
