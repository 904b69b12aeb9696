package worldfile

import (
	"context"
	"errors"
	"io"
	"io/fs"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/sidecar"
	"github.com/geoexport/geoexport/raster/source"
)

// Version returns the version of the image and of what stands beside it; nil if the file system does not read at
// offsets, such as a zip file. An image stays what it was when it was opened, whatever happens to its files; with
// Options.Cache, as long as that keeps it.
func (p *Image) Version() raster.Version {
	if p.version == nil {
		return nil
	}
	return p.version
}

// openPicture opens the file of the picture, and watches it and what stands beside it.
func (p *Image) openPicture(ctx context.Context, fsys fs.FS, name string) (io.ReadCloser, error) {
	p.beside = sidecar.In(fsys, name)
	src, err := source.OpenFS(fsys, name)
	if errors.Is(err, source.ErrNoReaderAt) {
		return fsys.Open(name)
	}
	if err != nil {
		return nil, err
	}
	if p.version, p.beside, err = sidecar.Watch(ctx, src, p.beside); err != nil {
		_ = src.Close() // nothing was written, and err is the one that matters
		return nil, err
	}
	return newPicture(ctx, src), nil
}

// A picture is a file that is read from the front, and looked at elsewhere.
type picture struct {
	*io.SectionReader
	io.Closer
}

func newPicture(ctx context.Context, src *source.File) picture {
	return picture{io.NewSectionReader(readerAt{ctx, src}, 0, src.Size()), src}
}

// A readerAt reads from a source under a context.
type readerAt struct {
	ctx context.Context
	src source.Source
}

func (r readerAt) ReadAt(p []byte, off int64) (int, error) { return r.src.ReadAtContext(r.ctx, p, off) }
