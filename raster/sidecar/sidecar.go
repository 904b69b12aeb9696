package sidecar

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/srs"
)

// The suffixes of files beside a raster, as an Opener is asked for them. Those of world files are given by WorldFiles.
const (
	PAM           = ".aux.xml" // GDAL's persistent auxiliary metadata
	Overviews     = ".ovr"     // overviews, a TIFF file
	OverviewMasks = ".ovr.msk" // masks of those
	Mask          = ".msk"     // the mask, a TIFF file, perhaps with overviews of it
	MaskOverviews = ".msk.ovr" // overviews of the mask
	CRS           = ".prj"     // the spatial reference as well-known text
	Header        = ".hdr"     // of raw samples, by Esri or ENVI
	Colors        = ".clr"     // Esri's colours of the values of raw samples
	Statistics    = ".stx"     // Esri's statistics of raw samples
)

// worldFile is the suffix that a world file of any format may have.
const worldFile = ".wld"

// WorldFiles returns the suffixes of world files of rasters with one of the given extensions, such as ".tif", in the
// order in which they are looked for: the extension's first and last letter with a w, the extension with a w, and
// ".wld".
func WorldFiles(extensions ...string) []string {
	var suffixes []string
	for _, ext := range extensions {
		ext = strings.ToLower(ext)
		if n := len(ext); n > 2 {
			suffixes = append(suffixes, ext[:2]+ext[n-1:]+"w", ext+"w")
		}
	}
	suffixes = append(suffixes, worldFile)
	var unique []string
	for _, s := range suffixes {
		if !slices.Contains(unique, s) {
			unique = append(unique, s)
		}
	}
	return unique
}

// An Opener opens the file beside a raster that has a suffix, always in small letters. How a name is made of the suffix
// is up to the function. An error that is fs.ErrNotExist means that there is no such file. Who asked closes a source
// that is an io.Closer.
type Opener func(ctx context.Context, suffix string) (source.Source, error)

// In returns an Opener that looks beside the file called name in fsys. Overviews, masks and metadata have the suffix
// after the file's whole name ("a.tif.ovr"), or else in place of its extension ("a.ovr"). World files and .prj have it
// in place of the extension, in small or in capital letters ("a.tfw", "a.TFW"). Headers, colours and statistics of raw
// samples (".hdr", ".clr" and ".stx") have it after the whole name, or in place of the extension in small or in capital
// letters. The files must be io.ReaderAt, but for texts.
func In(fsys fs.FS, name string) Opener {
	stem := strings.TrimSuffix(name, path.Ext(name))
	missing := &missingError{folder{fsys, path.Dir(name)}}
	return func(ctx context.Context, suffix string) (source.Source, error) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		names := []string{name + suffix, stem + suffix}
		switch {
		case suffix == CRS, suffix == worldFile, strings.HasSuffix(suffix, "w"):
			names = []string{stem + suffix, stem + strings.ToUpper(suffix)}
		case suffix == Header, suffix == Colors, suffix == Statistics:
			names = append(names, stem+strings.ToUpper(suffix))
		}
		for _, n := range names {
			src, err := openText(fsys, n, suffix)
			switch {
			case err == nil:
				return src, nil
			case !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrInvalid) && !errors.Is(err, source.ErrNotRegular):
				return nil, err
			}
		}
		return nil, missing
	}
}

// A missingError is fs.ErrNotExist, and where it was looked for a file.
type missingError struct{ in folder }

func (e *missingError) Error() string { return fs.ErrNotExist.Error() }
func (e *missingError) Unwrap() error { return fs.ErrNotExist }

// A folder is where the files beside a raster are.
type folder struct {
	fsys fs.FS
	name string
}

// maxForward is the largest text that is read from a file system whose files do not read at offsets, such as a zip
// file.
const maxForward = 16 << 20

// openText does what source.OpenFS does, except that texts may be in files that do not read at offsets. Their sources
// know their names.
func openText(fsys fs.FS, name, suffix string) (source.Source, error) {
	src, err := source.OpenFS(fsys, name)
	switch {
	case err == nil:
		return src, nil
	case !errors.Is(err, source.ErrNoReaderAt), strings.Contains(suffix, Overviews), strings.Contains(suffix, Mask):
		return nil, err
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxForward+1))
	if err != nil {
		return nil, err
	}
	if len(b) > maxForward {
		return nil, &SizeError{Name: name, Max: maxForward}
	}
	return named{source.FromReaderAt(bytes.NewReader(b), int64(len(b))), name}, nil
}

// named is a source that knows the name of its file.
type named struct {
	source.Source
	name string
}

// Name returns the name of the file.
func (n named) Name() string { return n.name }

// A SizeError reports a text that is longer than it may be.
type SizeError struct {
	Name string // of the file, or its suffix
	Size int64  // in bytes; 0 if it is not known
	Max  int64
}

func (e *SizeError) Error() string {
	return fmt.Sprintf("sidecar: %s: more than %d bytes of text", e.Name, e.Max)
}

// A Text is what a file beside a raster holds.
type Text struct {
	Name  string // of the file, if the Opener is one of In; otherwise the suffix
	Bytes []byte
}

// ReadText reads and closes the text with a suffix, of max bytes at most; nil if there is none. A longer one is a
// *SizeError. A nil Opener has no files.
func ReadText(ctx context.Context, open Opener, suffix string, limit int64) (*Text, error) {
	if open == nil {
		return nil, nil
	}
	src, err := open(ctx, suffix)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	case src == nil:
		return nil, nil
	}
	if c, ok := src.(io.Closer); ok {
		defer c.Close()
	}
	t := &Text{Name: suffix}
	if n, ok := src.(interface{ Name() string }); ok {
		t.Name = cmp.Or(n.Name(), suffix)
	}
	pin, err := source.NewPin(ctx, src)
	if err != nil {
		return nil, err
	}
	size := src.Size()
	if size < 0 || size > limit {
		return nil, &SizeError{t.Name, size, limit}
	}
	t.Bytes = make([]byte, size)
	if err := source.ReadFull(ctx, src, t.Bytes, 0); err != nil {
		return nil, fmt.Errorf("sidecar: %s: reading %d bytes: %w", t.Name, size, err)
	}
	if err := pin.Check(ctx); err != nil {
		return nil, err
	}
	return t, nil
}

// ParseCRS reads the text of a .prj file, or of another that holds a spatial reference in any form that srs.Parse
// reads. Byte order marks, zeros and blanks around it do not count. Errors are those of srs.Parse.
func ParseCRS(text string) (srs.CRS, error) {
	return srs.Parse(strings.Trim(text, "\x00\ufeff \t\r\n"))
}
