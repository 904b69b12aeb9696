package mosaic

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path"
	"strings"

	"github.com/geoexport/geoexport/internal/dbase"
	"github.com/geoexport/geoexport/srs"
)

// shapeMagic is the beginning of the main file of a Shapefile: 9994, big-endian.
var shapeMagic = []byte{0, 0, 0x27, 0x0a}

// shapefile reads a Shapefile: its main file, described in the ESRI Shapefile Technical Description of July 1998, and
// the dBASE table beside it.
func (f *featureReader) shapefile(ctx context.Context, fsys fs.FS, name string, shp []byte) error {
	base := strings.TrimSuffix(name, path.Ext(name))
	prj, err := f.part(ctx, fsys, base, ".prj")
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: there is no %s.prj", srs.ErrNotStated, base)
	}
	if err != nil {
		return err
	}
	if f.crs, err = srs.FromWKT(strings.TrimSpace(string(prj))); err != nil {
		return err
	}
	dbf, err := f.part(ctx, fsys, base, ".dbf")
	if err != nil {
		return err
	}
	cpg, err := f.part(ctx, fsys, base, ".cpg")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	table, err := dbase.Open(dbf, strings.TrimSpace(string(cpg)))
	if err != nil {
		return err
	}
	if err := f.needLocation(table.Names()); err != nil {
		return err
	}
	const header = 100
	if len(shp) < header {
		return errors.New("its header is cut off")
	}
	row := 0
	for rest := shp[header:]; len(rest) > 0; row++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		// A record's length is in words of two bytes, without its header of eight bytes.
		if len(rest) < 8 {
			return fmt.Errorf("item %d: its shape is cut off", row+1)
		}
		n := 2 * int64(binary.BigEndian.Uint32(rest[4:]))
		if n > int64(len(rest)-8) {
			return fmt.Errorf("item %d: its shape is cut off", row+1)
		}
		shape := rest[8 : 8+n]
		rest = rest[8+n:]
		attrs, deleted, err := table.Row(row)
		if err != nil {
			return fmt.Errorf("item %d: %w", row+1, err)
		}
		if deleted {
			continue
		}
		outer, err := shapePolygon(shape)
		if err != nil {
			return fmt.Errorf("item %d: %w", row+1, err)
		}
		if err := f.row(int64(row+1), outer, attrs); err != nil {
			return err
		}
	}
	if row != table.Len() {
		return fmt.Errorf("it has %d shapes, and its table %d rows", row, table.Len())
	}
	return nil
}

// shapePolygon returns the outer rings of a Polygon, PolygonZ or PolygonM, which run clockwise; nil for a null shape.
func shapePolygon(b []byte) ([]Ring, error) {
	const fixed = 44 // type, box, and the two counts
	if len(b) < 4 {
		return nil, errGeometry
	}
	switch t := binary.LittleEndian.Uint32(b); t {
	case 0:
		return nil, nil
	case 5, 15, 25:
	default:
		return nil, fmt.Errorf("its shape is of type %d, no polygon", t)
	}
	if len(b) < fixed {
		return nil, errGeometry
	}
	parts, points := int64(binary.LittleEndian.Uint32(b[36:])), int64(binary.LittleEndian.Uint32(b[40:]))
	if 4*parts+16*points > int64(len(b)-fixed) {
		return nil, errGeometry
	}
	starts, coords := b[fixed:fixed+4*parts], b[fixed+4*parts:]
	var outer, all []Ring
	for i := range parts {
		from, to := int64(binary.LittleEndian.Uint32(starts[4*i:])), points
		if i+1 < parts {
			to = int64(binary.LittleEndian.Uint32(starts[4*i+4:]))
		}
		// Parts that overlap would take more memory than the file has bytes.
		if from >= to || to > points {
			return nil, errGeometry
		}
		r := make(Ring, to-from)
		for j := range r {
			at := coords[16*(from+int64(j)):]
			r[j] = [2]float64{
				math.Float64frombits(binary.LittleEndian.Uint64(at)), math.Float64frombits(binary.LittleEndian.Uint64(at[8:])),
			}
		}
		all = append(all, r)
		if r.area() < 0 {
			outer = append(outer, r)
		}
	}
	if outer == nil {
		return all, nil // their direction is wrong: take all as outer rings
	}
	return outer, nil
}
