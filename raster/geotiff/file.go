package geotiff

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"io"
	"os"
	"slices"
	"sync"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/srs"
)

// Options say how to open a file. Nil and the zero value mean the defaults.
type Options struct {
	Limits Limits // each zero field means its default
	Codecs Codecs // nil means DefaultCodecs
	Cache  *Cache // nil means one of the file's own, of DefaultCacheBytes

	// Affine, if not zero, is where the pixels lie, whatever the file says; a file that says nothing needs it. CRS, if
	// not zero, is used in place of what the file says.
	Affine raster.Affine
	CRS    srs.CRS
}

// A File is an open TIFF file. It is safe for concurrent use.
type File struct {
	s      *structure
	info   raster.Info
	cache  *Cache
	levels []*level
	noData noDataRule
	fill   float64 // the samples of sparse blocks
	alpha  int     // the band with the transparency, or -1
	raw    sync.Pool
	closer io.Closer

	mu     sync.RWMutex // held for reading while Read is at work
	closed bool
}

var _ raster.Dataset = (*File)(nil)

// A level is one resolution of a file.
type level struct {
	*pixels
	mask *pixels // nil if there is none
}

// pixels are the samples of one directory.
type pixels struct {
	id     int // of the directory, for the cache
	name   string
	layout *layout
	d      *directory
	isMask bool
}

// OpenFile opens the file with the given path. The caller closes it.
func OpenFile(path string, o *Options) (*File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	st, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, err
	}
	t, err := Open(context.Background(), FromReaderAt(f, st.Size()), o)
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	t.closer = f
	return t, nil
}

// Open reads the directories of a file. It keeps src, which must stay usable until the File is closed, but not ctx. For what is
// refused, and with which errors, see the package's comment. o may be nil.
func Open(ctx context.Context, src Source, o *Options) (*File, error) {
	if o == nil {
		o = &Options{}
	}
	codecs, cache := o.Codecs, o.Cache
	if codecs == nil {
		codecs = DefaultCodecs()
	}
	if cache == nil {
		cache = NewCache(DefaultCacheBytes)
	}
	in, err := newInput(ctx, src)
	if err != nil {
		return nil, err
	}
	s, err := readStructure(ctx, in, o.Limits.withDefaults())
	if err != nil {
		return nil, err
	}
	f := &File{s: s, cache: cache}
	first, err := f.readLevels(ctx, codecs)
	if err != nil {
		return nil, err
	}
	if err := f.readInfo(ctx, first); err != nil {
		return nil, err
	}
	if err := f.readGrid(ctx, first, o); err != nil {
		return nil, err
	}
	return f, nil
}

// readInfo reads what the first directory says about bands and samples.
func (f *File) readInfo(ctx context.Context, d *directory) error {
	l := f.levels[0].layout
	f.info.Type = l.typ
	f.info.Bands = make([]raster.Band, l.bands)
	for _, lv := range f.levels {
		f.info.Levels = append(f.info.Levels, lv.layout.size)
	}
	if err := f.readAlpha(ctx, d); err != nil {
		return err
	}
	if f.alpha >= 0 && f.levels[0].mask != nil {
		f.warn("the mask does not count: the alpha band says which pixels hold data")
	}
	if l.photometric == photometricPalette {
		if err := f.readPalette(ctx, d); err != nil {
			return err
		}
	}
	if l.photometric == photometricCMYK {
		f.warn("the samples are CMYK, and stay so")
	}
	noData, err := f.readNoData(ctx, d)
	if err != nil {
		return err
	}
	if noData != nil {
		f.fill = *noData
		for _, b := range f.info.Colors() {
			f.info.Bands[b].NoData = noData
		}
		if how := f.betterThanNoData(); how != "" {
			f.warn(fmt.Sprintf("%v does not count: %s says which pixels hold data", tagGDALNoData, how))
			noData = nil
		}
	}
	f.noData = newNoDataRule(l.typ, noData)
	return nil
}

// betterThanNoData names what says which pixels hold data before the noData value does; it is empty if nothing does.
func (f *File) betterThanNoData() string {
	switch {
	case f.alpha >= 0:
		return "the alpha band"
	case f.levels[0].mask != nil:
		return "the mask"
	}
	return ""
}

// readAlpha finds the band that is transparency: the first of the extra samples that says so.
func (f *File) readAlpha(ctx context.Context, d *directory) error {
	f.alpha = -1
	if !d.has(tagExtraSamples) {
		return nil
	}
	const associated, unassociated = 1, 2
	extra, err := d.uints(ctx, tagExtraSamples)
	if err != nil {
		return err
	}
	bands := len(f.info.Bands)
	if len(extra) > bands {
		return wrong(tagExtraSamples, extra, fmt.Sprintf("more than %d bands", bands))
	}
	i := slices.IndexFunc(extra, func(v uint64) bool { return v == associated || v == unassociated })
	switch {
	case i < 0:
		return nil
	case bands == 1:
		f.warn(fmt.Sprintf("%v calls the only band alpha: taken as data", tagExtraSamples))
		return nil
	case extra[i] == associated:
		f.warn("colours are premultiplied with alpha, and stay so")
	}
	f.alpha = bands - len(extra) + i
	f.info.Bands[f.alpha].Alpha = true
	return nil
}

// readPalette reads the ColorMap tag: all reds, then all greens, then all blues.
func (f *File) readPalette(ctx context.Context, d *directory) error {
	l := f.levels[0].layout
	if l.bands != 1 || l.typ > raster.U16 || l.typ == raster.S8 {
		return unsupported(tagPhotometric, photometricPalette, fmt.Sprintf("a palette for %d bands of type %v", l.bands, l.typ))
	}
	v, err := d.uints(ctx, tagColorMap)
	if err != nil {
		return err
	}
	n := 1 << l.bits
	if len(v) != 3*n {
		return wrong(tagColorMap, nil, fmt.Sprintf("%d values for samples of %d bits, want %d", len(v), l.bits, 3*n))
	}
	// Components have 16 bits, but some writers fill in 8-bit ones; libtiff's tools tell by the same test.
	shift := 0
	if slices.Max(v) > 0xff {
		shift = 8
	}
	f.info.Palette = make(color.Palette, n)
	for i := range n {
		f.info.Palette[i] = color.RGBA{uint8(v[i] >> shift), uint8(v[n+i] >> shift), uint8(v[2*n+i] >> shift), 0xff}
	}
	return nil
}

// readNoData reads the GDAL_NODATA tag; nil if there is none that counts.
func (f *File) readNoData(ctx context.Context, d *directory) (*float64, error) {
	if !d.has(tagGDALNoData) {
		return nil, nil
	}
	text, err := d.ascii(ctx, tagGDALNoData)
	if err != nil {
		return nil, err
	}
	v, ok := parseNoData(text, f.info.Type)
	if !ok {
		f.warn(fmt.Sprintf("%v %q is left aside: no value of type %v", tagGDALNoData, show(text), f.info.Type))
		return nil, nil
	}
	return &v, nil
}

// readGrid reads where the pixels lie.
func (f *File) readGrid(ctx context.Context, d *directory, o *Options) error {
	keys, err := readGeoKeys(ctx, d)
	if err != nil && (o.Affine == raster.Affine{} || o.CRS.IsZero()) {
		return err
	}
	g := raster.Grid{CRS: o.CRS, Affine: o.Affine, Size: f.info.Levels[0]}
	if g.Affine == (raster.Affine{}) {
		if g.Affine, err = readAffine(ctx, d, keys.pixelIsPoint(), f.warn); err != nil {
			return err
		}
	} else if err := checkAffine(g.Affine); err != nil {
		return fmt.Errorf("geotiff: Options.Affine: %w", err)
	}
	if g.CRS.IsZero() {
		if g.CRS, err = keys.crs(f.warn); err != nil {
			return err
		}
	}
	f.info.Grid = g
	return nil
}

func (f *File) warn(s string) { f.info.Warnings = append(f.info.Warnings, s) }

// Info describes the file's raster. The grid is that of pixel corners, also where the file's coordinates are those of pixel
// centres.
func (f *File) Info() raster.Info { return f.info }

// Close waits for reads that are at work, drops what the cache keeps of the file, and closes it if OpenFile opened it.
// Reads that come later fail with os.ErrClosed, as does a second Close.
func (f *File) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return fmt.Errorf("geotiff: %w", os.ErrClosed)
	}
	f.closed = true
	f.cache.forget(f)
	if f.closer != nil {
		return f.closer.Close()
	}
	return nil
}

// bounds is the rectangle of all pixels of p.
func (p *pixels) bounds() image.Rectangle { return image.Rectangle{Max: p.layout.size} }
