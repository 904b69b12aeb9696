package grid

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"path"
	"strings"

	"github.com/geoexport/geoexport/internal/filetype"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/sidecar"
	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/srs"
)

// An input is a file that is being opened.
type input struct {
	src    source.Source
	name   string // of the file; may be empty
	beside sidecar.Opener
	limits *Limits
}

// A header is what a file, or the header beside it, states about a grid.
type header struct {
	size     image.Point
	bands    int
	typ      raster.PixelType
	samples  samples
	affine   raster.Affine     // zero if it is not stated
	crs      srs.CRS           // zero if it is not stated
	crsErr   error             // why the spatial reference that is stated is not understood
	metadata *sidecar.Metadata // never nil
	above    bool              // samples above a noData value are without data, too
	notes    []string
}

func newHeader(width, height, bands int64) *header {
	return &header{
		size: image.Pt(int(width), int(height)), bands: int(bands), metadata: &sidecar.Metadata{Bands: map[int]*sidecar.Band{}},
	}
}

func (h *header) note(format string, args ...any) {
	h.notes = append(h.notes, fmt.Sprintf(format, args...))
}

// band returns the metadata of a band, for its statements.
func (h *header) band(i int) *sidecar.Band {
	b := h.metadata.Bands[i]
	if b == nil {
		b = &sidecar.Band{}
		h.metadata.Bands[i] = b
	}
	return b
}

// raw makes the samples of the header raw ones, if the file has them all.
func (h *header) raw(r *raw) error {
	r.size = h.size
	h.typ, h.samples = r.enc.typ, r
	return r.check(h.bands)
}

// readHeader finds out which format a file has, by its first bytes, and else by its name and the header beside it.
func (in *input) readHeader(ctx context.Context) (*header, error) {
	head := make([]byte, min(filetype.HeadBytes, max(0, in.src.Size())))
	if err := source.ReadFull(ctx, in.src, head, 0); err != nil {
		return nil, fmt.Errorf("grid: reading the first %d bytes: %w", len(head), err)
	}
	switch {
	case bytes.HasPrefix(head, []byte("DSAA")):
		return in.readSurferText(ctx)
	case bytes.HasPrefix(head, []byte("DSBB")):
		return in.readSurfer6(ctx)
	case bytes.HasPrefix(head, []byte(surferHeaderTag)):
		return in.readSurfer7(ctx)
	case isDTED(head):
		return in.readDTED(ctx, head)
	case isASCII(head):
		return in.readASCII(ctx)
	case isSRTM(in.name):
		return in.readSRTM(ctx)
	}
	return in.readRaw(ctx, head)
}

// Matches reports whether the first bytes of a file, of which 1024 are enough, are those of a grid that is known by them: a
// text, DTED, or a grid of Surfer. The others are known by names and headers alone.
func Matches(head []byte) bool {
	for _, magic := range [...]string{"DSAA", "DSBB", surferHeaderTag} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return true
		}
	}
	return isDTED(head) || isASCII(head)
}

// readRaw reads the header of a file whose first bytes are samples.
func (in *input) readRaw(ctx context.Context, head []byte) (*header, error) {
	text, err := in.readText(ctx, sidecar.Header)
	if err != nil {
		return nil, err
	}
	name := filetype.Of(head, in.name)
	switch {
	case strings.HasPrefix(string(head), "EHFA_HEADER_TAG"), text == nil && name != "" && !isRaw(in.name):
		return nil, &UnsupportedError{Name: "format", Value: name}
	case text == nil:
		return nil, &FormatError{Name: path.Base(in.name), Reason: "there is no header (" + sidecar.Header + ") beside the file, " +
			"and its first bytes are those of no format that is read"}
	case isENVI(text.Bytes):
		return in.readENVI(text)
	}
	return in.readEsri(ctx, text)
}

// isRaw reports whether a file holds raw samples by its name.
func isRaw(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".bil", ".bip", ".bsq", ".flt":
		return true
	}
	return false
}

// readText reads a text beside the file; nil if there is none.
func (in *input) readText(ctx context.Context, suffix string) (*sidecar.Text, error) {
	text, err := sidecar.ReadText(ctx, in.beside, suffix, in.limits.TextBytes)
	if long, ok := errors.AsType[*sidecar.SizeError](err); ok {
		return nil, &LimitError{"TextBytes", long.Name + ", in bytes", uint64(max(0, long.Size)), long.Max}
	}
	return text, err
}

// affineOf returns the map of a grid with north up and a point of it.
func affineOf(width, height, x, y float64) raster.Affine {
	return raster.Affine{A: width, C: x, E: -height, F: y}
}

func show(v any) string { return shorten(fmt.Sprint(v)) }
