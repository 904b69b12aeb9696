package geotiff

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/geoexport/geoexport/raster/sidecar"
	"github.com/geoexport/geoexport/raster/source"
)

// sidecar opens the file with the given suffix beside this one; nil if there is none. It is closed with f.
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

// sidecarText reads the text file with the given suffix beside this one; nil if there is none. A file that cannot be
// read, or is larger than Limits.MetadataBytes, is ignored with a note.
func (f *File) sidecarText(ctx context.Context, suffix string) ([]byte, error) {
	text, err := sidecar.ReadText(ctx, f.beside, suffix, f.s.limits.MetadataBytes)
	if tooLong, ok := errors.AsType[*sidecar.SizeError](err); ok {
		err = &LimitError{"MetadataBytes", "bytes of text", uint64(tooLong.Size), tooLong.Max}
	}
	if err != nil {
		return nil, f.spare(suffix, err)
	}
	if text == nil {
		return nil, nil
	}
	return text.Bytes, nil
}

// spare adds a note that what, which stands beside the file, could not be used because of err. It returns err instead
// if that is an error of the context, so that a cancelled Open does not return a file that lacks something.
func (f *File) spare(what string, err error) error {
	if isContext(err) {
		return err
	}
	f.note(fmt.Sprintf("%s beside the file is left aside: %v", what, err))
	return nil
}

// sidecarTIFF opens the TIFF file with the given suffix beside this one, and reads its directories; nil if there is
// none.
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
	f.info.Bytes += src.Size()
	return readStructure(ctx, in, f.limits)
}
