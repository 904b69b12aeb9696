package geotiff

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
	Limits Limits        // each zero field means its default
	Codecs Codecs        // nil means DefaultCodecs
	Cache  *raster.Cache // nil means that of a read's context, or else one of the file's own, of DefaultCacheBytes

	// Affine, if not zero, replaces the file's map from pixel to map coordinates; a file without one needs it. CRS, if
	// not zero, replaces the file's spatial reference.
	Affine raster.Affine
	CRS    srs.CRS

	// Sidecar opens the files beside the file: those with the suffixes of package sidecar, and world files. It is
	// called only while the file is opened, and no more often than needed. A source that is an io.Closer is closed with
	// the File at the latest.
	//
	// Nil means that there are no such files; for OpenFile, it means sidecar.In of the file's folder.
	Sidecar sidecar.Opener

	page int // the page to read, from 0, without overviews and masks if it is not the first
}

// A File is an open TIFF file. It is safe for concurrent use. The zero value has no levels.
//
// A File is of the version that was opened. Once the file on disk was written to, reads fail with a *source.ChangedError,
// for ever: it has to be opened anew. mosaic.Pool and mosaic.Folder do so by themselves; an Item whose Open returns a
// File that was opened once does not.
type File struct {
	s      *structure
	info   raster.Info
	caches caches
	levels []*level
	noData noDataRule
	alpha  int // index of the alpha band, or -1
	// decoding bounds the memory of blocks that are being decoded.
	decoding *raster.Budget

	version *sidecar.Version

	// Used while the file is opened:
	limits          Limits // also of reads
	codecs          Codecs
	beside          sidecar.Opener
	directories     int   // number of directories that have been numbered
	page, pages     int   // the page that is read, and how many there are
	cutShort        error // why the chain of directories ends early
	overviewsBeside bool  // overviews are those of the .ovr file

	mu      sync.RWMutex // held for reading by each Read
	closers []io.Closer
	closed  bool
}

var _ raster.Versioned = (*File)(nil)

// A level is one resolution of a file.
type level struct {
	*pixels
	mask *pixels // nil if the level has no mask
}

// pixels are the samples of one directory.
type pixels struct {
	id     int // number of the directory, for the cache
	name   string
	layout *layout
	d      *directory
	isMask bool
	// fetched maps offsets to bytes of the file that were read in advance for blocks that are about to be decoded.
	fetched map[uint64][]byte
}

// openTries is the number of times that OpenFile opens a file that keeps changing.
const openTries = 3

// OpenFile opens the file with the given path, with the files beside it. The caller closes it. If a file changes
// meanwhile, it opens them again, up to three times in all.
func OpenFile(path string, o *Options) (f *File, err error) {
	for range openTries {
		f, err = openFile(path, o)
		if _, changed := errors.AsType[*source.ChangedError](err); !changed {
			break
		}
	}
	return f, err
}

func openFile(path string, o *Options) (*File, error) {
	f, err := source.Open(path)
	if err != nil {
		return nil, err
	}
	var with Options
	if o != nil {
		with = *o
	}
	if with.Sidecar == nil {
		with.Sidecar = sidecar.In(os.DirFS(filepath.Dir(path)), filepath.Base(path))
	}
	t, err := Open(context.Background(), f, &with)
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	t.closers = append(t.closers, f)
	return t, nil
}

// OpenFS opens the file called name in fsys, whose files must be io.ReaderAt, with the files beside it unless
// Options.Sidecar is set. The caller closes it. If a file changes meanwhile, it opens them again, up to three times in all.
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
	f, err := Open(ctx, src, &with)
	if err != nil {
		_ = src.Close() // nothing was written, and err is the one that matters
		return nil, err
	}
	f.closers = append(f.closers, src)
	return f, nil
}

// Open reads the directories of a file. It keeps src, which must stay usable until the File is closed, but not ctx. The
// package comment describes the files that are refused and their errors. o may be nil.
func Open(ctx context.Context, src source.Source, o *Options) (*File, error) {
	if o == nil {
		o = &Options{}
	}
	codecs := o.Codecs
	if codecs == nil {
		codecs = defaultCodecs()
	}
	limits := o.Limits.withDefaults().forFile(o.Limits, uint64(max(0, src.Size())))
	f := &File{caches: caches{given: o.Cache}, limits: limits, codecs: codecs, page: o.page}
	var err error
	if f.version, f.beside, err = sidecar.Watch(ctx, src, o.Sidecar); err != nil {
		return nil, err
	}
	if err = f.version.Settle(ctx, f.open(ctx, src, o)); err != nil {
		_ = f.closeSources() // nothing was written, so only err matters
		return nil, err
	}
	return f, nil
}

func (f *File) open(ctx context.Context, src source.Source, o *Options) error {
	var err error
	if f.s, err = f.openStructure(ctx, src); err != nil {
		return err
	}
	f.decoding = f.newDecoding()
	first, masks, err := f.readLevels(ctx)
	if err != nil {
		return err
	}
	for i, lv := range f.levels {
		if err := f.checkSizes(ctx, lv.pixels, i > 0); err != nil {
			return err
		}
	}
	m, err := f.readMetadata(ctx, first)
	if err != nil {
		return err
	}
	if err := f.readBands(ctx, first, m); err != nil {
		return err
	}
	if err := f.readMasks(ctx, masks); err != nil {
		return err
	}
	for _, lv := range f.levels {
		f.info.Levels = append(f.info.Levels, lv.layout.size)
	}
	if err := f.readNoData(ctx, first, m); err != nil {
		return err
	}
	return f.readGrid(ctx, first, m, o)
}

// readBands reads the description of bands and samples in the first directory and the metadata, except noData.
func (f *File) readBands(ctx context.Context, d *directory, m *sidecar.Metadata) error {
	l := f.levels[0].layout
	f.info.Type = l.typ
	f.info.Bands = make([]raster.Band, l.bands)
	if err := f.readAlpha(ctx, d, m); err != nil {
		return err
	}
	if l.photometric == photometricPalette {
		if err := f.readPalette(ctx, d); err != nil {
			return err
		}
	}
	if l.rounded() {
		f.note("samples are whole numbers of 64 bits, and are rounded to floating-point ones: beyond 2^53 not all are exact")
	}
	f.colorBands()
	note, err := m.SetPalette(&f.info)
	if err != nil {
		return &FormatError{Name: sidecar.PAM + " beside the file", Err: err}
	}
	if note != "" {
		f.note(note)
	}
	f.info.Notes = append(f.info.Notes, m.Describe(&f.info)...)
	return nil
}

// betterThanNoData returns the name of the source of validity that overrides the noData value, or the empty string.
func (f *File) betterThanNoData() string {
	switch {
	case f.alpha >= 0:
		return "the alpha band"
	case f.levels[0].mask != nil:
		return "the mask"
	}
	return ""
}

func (f *File) note(s string) { f.info.Notes = append(f.info.Notes, s) }

// Info describes the file's raster. The grid refers to pixel corners, even if the file's coordinates refer to pixel
// centres.
func (f *File) Info() raster.Info { return f.info }

// Close waits for reads in progress, removes the file's blocks from the cache, and closes the file, if OpenFile opened
// it, and the files beside it. Later reads fail with os.ErrClosed, as does a second Close.
func (f *File) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return fmt.Errorf("geotiff: %w", os.ErrClosed)
	}
	f.closed = true
	f.caches.forget(f)
	return f.closeSources()
}

func (f *File) closeSources() error {
	var errs []error
	for _, c := range f.closers {
		errs = append(errs, c.Close())
	}
	f.closers = nil
	return errors.Join(errs...)
}

// bounds returns the rectangle of all pixels of p.
func (p *pixels) bounds() image.Rectangle { return image.Rectangle{Max: p.layout.size} }
