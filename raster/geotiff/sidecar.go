package geotiff

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/geoexport/geoexport/raster/source"
)

// The suffixes of files that can stand beside a file, as Options.Sidecar is asked for them.
const (
	suffixPAM           = ".aux.xml" // GDAL's persistent auxiliary metadata
	suffixOverviews     = ".ovr"     // overviews, a TIFF file
	suffixOverviewMasks = ".ovr.msk" // masks of those
	suffixMask          = ".msk"     // the mask, a TIFF file, perhaps with overviews of it
	suffixMaskOverviews = ".msk.ovr" // overviews of the mask
	suffixCRS           = ".prj"     // the spatial reference as well-known text
)

// suffixesWorld are those of world files, in the order in which they are looked for.
var suffixesWorld = [...]string{".tfw", ".tifw", ".tiffw", ".wld"}

// SidecarsIn is an Options.Sidecar that looks beside the file called name in fsys, whose files must be io.ReaderAt.
// Overviews, masks and metadata have the suffix behind the file's whole name ("a.tif.ovr"), or else in place of its
// extension ("a.ovr"). World files and .prj have it in place of the extension, in small or in capital letters ("a.tfw",
// "a.TFW").
func SidecarsIn(fsys fs.FS, name string) func(ctx context.Context, suffix string) (source.Source, error) {
	stem := strings.TrimSuffix(name, path.Ext(name))
	return func(ctx context.Context, suffix string) (source.Source, error) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		names := [2]string{name + suffix, stem + suffix}
		if suffix == suffixCRS || isWorldFile(suffix) {
			names = [2]string{stem + suffix, stem + strings.ToUpper(suffix)}
		}
		for _, n := range names {
			src, err := source.OpenFS(fsys, n)
			switch {
			case err == nil:
				return src, nil
			case !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrInvalid) && !errors.Is(err, source.ErrNotRegular):
				return nil, err
			}
		}
		return nil, fs.ErrNotExist
	}
}

func isWorldFile(suffix string) bool {
	for _, s := range suffixesWorld {
		if s == suffix {
			return true
		}
	}
	return false
}

// sidecar opens what stands beside the file; nil if there is no such thing. It is closed with the file.
func (f *File) sidecar(ctx context.Context, suffix string) (source.Source, error) {
	if f.beside == nil {
		return nil, nil
	}
	src, err := f.beside(ctx, suffix)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("geotiff: %s beside the file: %w", suffix, err)
	case src == nil:
		return nil, nil
	}
	if c, ok := src.(io.Closer); ok {
		f.closers = append(f.closers, c)
	}
	return src, nil
}

// sidecarText reads a text that stands beside the file; nil if there is none. One that cannot be read or is larger than
// Limits.MetadataBytes is left aside with a warning.
func (f *File) sidecarText(ctx context.Context, suffix string) ([]byte, error) {
	src, err := f.sidecar(ctx, suffix)
	if err != nil {
		return nil, f.spare(suffix, err)
	}
	if src == nil {
		return nil, nil
	}
	if c, ok := src.(io.Closer); ok {
		f.closers = f.closers[:len(f.closers)-1]
		defer c.Close()
	}
	limit := f.s.limits.MetadataBytes
	if size := src.Size(); size < 0 || exceeds(uint64(size), limit) {
		return nil, f.spare(suffix, &LimitError{"MetadataBytes", "bytes of text", uint64(size), limit})
	}
	text := make([]byte, src.Size())
	if err := source.ReadFull(ctx, src, text, 0); err != nil {
		return nil, f.spare(suffix, fmt.Errorf("geotiff: reading %d bytes: %w", len(text), err))
	}
	return text, nil
}

// spare leaves aside, with a warning, what stands beside the file and could not be used. It gives err back if that is about
// the context, so that a file does not look poorer because somebody gave up.
func (f *File) spare(what string, err error) error {
	if isContext(err) {
		return err
	}
	f.warn(fmt.Sprintf("%s beside the file is left aside: %v", what, err))
	return nil
}

// sidecarTIFF opens a TIFF file beside the file and reads its directories; nil if there is none.
func (f *File) sidecarTIFF(ctx context.Context, suffix string) ([]*directory, error) {
	src, err := f.sidecar(ctx, suffix)
	if err != nil || src == nil {
		return nil, err
	}
	s, err := f.openStructure(ctx, src)
	if err != nil {
		return nil, err
	}
	first, err := s.directory(ctx, s.first)
	if err != nil {
		return nil, err
	}
	others, err := f.otherDirectories(ctx, first)
	return append([]*directory{first}, others...), err
}

func (f *File) openStructure(ctx context.Context, src source.Source) (*structure, error) {
	in, err := newInput(ctx, src)
	if err != nil {
		return nil, err
	}
	return readStructure(ctx, in, f.limits)
}
