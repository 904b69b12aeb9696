package grid

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"strconv"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/source"
)

// surferBlank is the sample of a node without data in Surfer's grids; larger ones are blank, too.
const surferBlank = 1.70141e38

// surferHeader returns the header of a grid of Surfer. Its limits are the centres of the outer pixels; rows begin in
// the south.
func (in *input) surferHeader(cols, rows int64, t raster.PixelType, xLow, xHigh, yLow, yHigh float64) (*header, error) {
	if err := in.limits.checkSize(cols, rows, 1); err != nil {
		return nil, err
	}
	h := newHeader(cols, rows, 1)
	h.typ = t
	// A single column or row has no width of its own; it gets that of the other.
	width, height := math.NaN(), math.NaN()
	if cols > 1 {
		width = (xHigh - xLow) / float64(cols-1)
	}
	if rows > 1 {
		height = (yHigh - yLow) / float64(rows-1)
	}
	if cols == 1 {
		width = height
	}
	if rows == 1 {
		height = width
	}
	if !(width > 0 && height > 0) || math.IsInf(width, 0) || math.IsInf(height, 0) {
		return nil, &FormatError{Name: "limits", Value: fmt.Sprint(xLow, xHigh, yLow, yHigh), Reason: "pixels without area"}
	}
	h.affine = affineOf(width, height, xLow-float64(width/2), yHigh+float64(height/2))
	h.above = true
	h.setNoData(strconv.FormatFloat(surferBlank, 'g', -1, 64))
	return h, nil
}

// readSurfer6 reads the header of a binary grid of Surfer 6: DSBB, columns and rows of 16 bits, and the limits of x,
// y and z.
func (in *input) readSurfer6(ctx context.Context) (*header, error) {
	const size = 56
	b := make([]byte, size)
	if err := source.ReadFull(ctx, in.src, b, 0); err != nil {
		return nil, &FormatError{Name: "header", Reason: "of 56 bytes", Err: err}
	}
	le := binary.LittleEndian
	var v [6]float64
	for i := range v {
		v[i] = math.Float64frombits(le.Uint64(b[8+8*i:]))
	}
	cols, rows := int64(int16(le.Uint16(b[4:]))), int64(int16(le.Uint16(b[6:])))
	h, err := in.surferHeader(cols, rows, raster.F32, v[0], v[1], v[2], v[3])
	if err != nil {
		return nil, err
	}
	return h, h.raw(&raw{
		src: in.src, enc: newEncoding(raster.F32, false), first: 8 * size, sample: 32, line: 32 * cols, upwards: true,
	})
}

// The tags of the sections of Surfer 7's grids.
const (
	surferHeaderTag = "DSRB"
	surferGridTag   = "GRID"
	surferDataTag   = "DATA"
)

// maxSections is how many sections of a grid of Surfer 7 are looked at; those written have at most four.
const maxSections = 64

// readSurfer7 reads the header of a grid of Surfer 7: sections of a tag, a length and contents (Golden Software,
// "Surfer 7 grid file format").
func (in *input) readSurfer7(ctx context.Context) (h *header, err error) {
	version := int32(0)
	var cols, rows int64
	le := binary.LittleEndian
	at := int64(0)
	for range maxSections {
		var head [8]byte
		if err := source.ReadFull(ctx, in.src, head[:], at); err != nil {
			return nil, &FormatError{Name: "sections", Reason: fmt.Sprintf("there is none at byte %d, and none of data before", at), Err: err}
		}
		tag, length := string(head[:4]), int64(le.Uint32(head[4:]))
		at += 8
		var b [72]byte
		need := map[string]int64{surferHeaderTag: 4, surferGridTag: 72}[tag]
		if length < need || length > in.src.Size()-at {
			return nil, &FormatError{Name: "length of section " + strconv.Quote(tag), Value: show(length), Reason: fmt.Sprintf(
				"there are %d bytes left, and it has at least %d", in.src.Size()-at, need)}
		}
		if err := source.ReadFull(ctx, in.src, b[:need], at); err != nil {
			return nil, err
		}
		switch tag {
		case surferHeaderTag:
			version = int32(le.Uint32(b[:]))
			if version != 1 && version != 2 {
				return nil, &UnsupportedError{Name: "version of the grid", Value: show(version)}
			}
		case surferGridTag:
			rows, cols = int64(int32(le.Uint32(b[:]))), int64(int32(le.Uint32(b[4:])))
			if h, err = in.surfer7Grid(b[8:], cols, rows, version); err != nil {
				return nil, err
			}
		case surferDataTag:
			if h == nil {
				return nil, &FormatError{Name: "sections", Reason: "data come before the grid"}
			}
			if have := uint64(length); have < mul(mul(uint64(cols), uint64(rows)), 8) {
				return nil, &FormatError{Name: "length of section DATA", Value: show(length), Reason: fmt.Sprintf(
					"%d × %d samples need more", cols, rows)}
			}
			return h, h.raw(&raw{
				src: in.src, enc: newEncoding(raster.F64, false), first: 8 * at, sample: 64, line: 64 * cols, upwards: true,
			})
		default:
			if h != nil {
				h.note("section %q is left aside", tag) // such as faults, which no pixel depends on
			}
		}
		at += length
	}
	return nil, &FormatError{Name: "sections", Reason: fmt.Sprintf("none of the first %d has data", maxSections)}
}

// surfer7Grid reads the numbers of the section of the grid after rows and columns: the lower left node, distances of
// nodes, limits of z, rotation, and the blank value.
func (in *input) surfer7Grid(b []byte, cols, rows int64, version int32) (*header, error) {
	var v [8]float64
	for i := range v {
		v[i] = math.Float64frombits(binary.LittleEndian.Uint64(b[8*i:]))
	}
	if v[6] != 0 {
		return nil, &UnsupportedError{Name: "rotation", Value: show(v[6])}
	}
	x, y, width, height := v[0], v[1], v[2], v[3]
	h, err := in.surferHeader(cols, rows, raster.F64, 0, float64(max(1, cols-1)), 0, float64(max(1, rows-1)))
	if err != nil {
		return nil, err
	}
	if !(width > 0 && height > 0) {
		return nil, &FormatError{Name: "distance of nodes", Value: fmt.Sprint(width, height), Reason: "not positive"}
	}
	h.affine = affineOf(width, height, x-float64(width/2), y+float64(height*float64(rows-1))+float64(height/2))
	h.above = version == 1
	h.setNoData(strconv.FormatFloat(v[7], 'g', -1, 64))
	return h, nil
}
