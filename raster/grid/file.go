package grid

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/sidecar"
	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/srs"
)

// Options configure how to open a file. Nil and the zero value mean the defaults.
type Options struct {
	Limits Limits // each zero field means its default

	// Affine, if not zero, replaces the file's map from pixel to map coordinates; a file without one needs it. CRS, if
	// not zero, replaces the file's spatial reference.
	Affine raster.Affine
	CRS    srs.CRS

	// Sidecar opens the files beside the file, such as the header of raw samples: those with the suffixes ".hdr",
	// ".clr" and ".stx", those of package sidecar, and world files. It is called only while the file is opened.
	//
	// Nil means that there are no such files; for OpenFile and OpenFS, it means sidecar.In of the file's folder.
	Sidecar sidecar.Opener
}

// A File is an open grid. It is safe for concurrent use. The zero value has no levels.
//
// A File is of the version that was opened. Once the file on disk was written to, reads fail with a
// *source.ChangedError: it has to be opened anew.
type File struct {
	src     source.Source
	pin     *source.Pin
	info    raster.Info
	limits  Limits
	samples samples
	empty   emptiness
	version *sidecar.Version

	mu     sync.RWMutex // held for reading by each Read
	closer io.Closer
	closed bool
}

var _ raster.Versioned = (*File)(nil)

// samples are the samples of a file, wherever and however they are stored in it.
type samples interface {
	// read fills the planes, which are those of the given bands and all have the same bounds inside the raster.
	read(ctx context.Context, planes []raster.Plane, bands []int) error
	// part returns the first part of a window that is read in one go, with the given number of bands. The parts of a
	// window follow each other by rows or by columns.
	part(win image.Rectangle, bands int) image.Rectangle
	// memory returns how many bytes of memory reading a part takes at most, besides its planes.
	memory(part image.Rectangle, bands int) int64
}

// openTries is the number of times that OpenFile and OpenFS open a file that keeps changing.
const openTries = 3

// OpenFile opens the file with the given path, with the files beside it. The caller closes it. If a file changes
// meanwhile, it opens them again, up to three times in all.
func OpenFile(path string, o *Options) (*File, error) {
	f, err := OpenFS(context.Background(), os.DirFS(filepath.Dir(path)), filepath.Base(path), o)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return f, nil
}

// OpenFS opens the file called name in fsys, whose files must be io.ReaderAt, with the files beside it unless
// Options.Sidecar is set. The caller closes it. If a file changes meanwhile, it opens them again, up to three times in
// all.
func OpenFS(ctx context.Context, fsys fs.FS, name string, o *Options) (f *File, err error) {
	for range openTries {
		f, err = openFS(ctx, fsys, name, o)
		if _, changed := errors.AsType[*source.ChangedError](err); !changed || ctx.Err() != nil {
			break
		}
	}
	return f, err
}

func openFS(ctx context.Context, fsys fs.FS, name string, o *Options) (*File, error) {
	src, err := source.OpenFS(fsys, name)
	if err != nil {
		return nil, err
	}
	var with Options
	if o != nil {
		with = *o
	}
	if with.Sidecar == nil {
		with.Sidecar = sidecar.In(fsys, name)
	}
	f, err := Open(ctx, src, name, &with)
	if err != nil {
		_ = src.Close() // nothing was written, and err is the one that matters
		return nil, err
	}
	f.closer = src
	return f, nil
}

// Open opens the file that src holds. It keeps src, which must stay usable until the File is closed, but not ctx. The
// name of the file says where an SRTM tile lies, and which format it has if its bytes do not; it may be empty for the
// others. Errors are a *FormatError, *UnsupportedError or *LimitError, wrap ErrNoGeoreference, are of package srs, or
// come from the source, the opener and the context. o may be nil.
func Open(ctx context.Context, src source.Source, name string, o *Options) (*File, error) {
	if o == nil {
		o = &Options{}
	}
	f := &File{src: src, limits: o.Limits.withDefaults()}
	var err error
	if f.pin, err = source.NewPin(ctx, src); err != nil {
		return nil, err
	}
	var beside sidecar.Opener
	if f.version, beside, err = sidecar.Watch(ctx, src, o.Sidecar); err != nil {
		return nil, err
	}
	if err = f.version.Settle(ctx, f.open(ctx, beside, name, o)); err != nil {
		return nil, err
	}
	return f, nil
}

func (f *File) open(ctx context.Context, beside sidecar.Opener, name string, o *Options) error {
	in := &input{src: f.src, name: name, beside: beside, limits: &f.limits}
	h, err := in.readHeader(ctx)
	if err != nil {
		return err
	}
	f.info = raster.Info{
		Grid: raster.Grid{Affine: o.Affine, CRS: o.CRS, Size: h.size}, Type: h.typ, Bands: make([]raster.Band, h.bands),
		Levels: []image.Point{h.size}, Bytes: f.src.Size(), Notes: h.notes,
	}
	f.samples = h.samples
	m, err := f.readMetadata(ctx, in, h)
	if err != nil {
		return err
	}
	if err := f.describe(h, m); err != nil {
		return err
	}
	return f.place(ctx, in, h, m)
}

func (f *File) note(format string, args ...any) {
	f.info.Notes = append(f.info.Notes, fmt.Sprintf(format, args...))
}

// Info describes the raster. The grid refers to pixel corners, even if the file's coordinates refer to pixel centres.
func (f *File) Info() raster.Info { return f.info }

// Version returns the version of the file and of the files beside it; nil if the source is not source.Identified.
func (f *File) Version() raster.Version {
	if f.version == nil {
		return nil
	}
	return f.version
}

// Close waits for reads to end and closes the file, unless Open opened it: then its source is left to who made it. A
// second call does nothing.
func (f *File) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return nil
	}
	f.closed = true
	if f.closer == nil {
		return nil
	}
	return f.closer.Close()
}
