package mosaic

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"strings"
	"time"

	"github.com/geoexport/geoexport/internal/sqlitefile"
	"github.com/geoexport/geoexport/srs"
)

// geoPackage reads a layer of a GeoPackage. Comments name the clauses and tables of its standard, OGC 12-128r19.
func (f *featureReader) geoPackage(ctx context.Context, fsys fs.FS, name string, data []byte) error {
	// A journal undoes changes that are being written, so the file is incomplete. A write-ahead log holds changes that
	// are not yet in the file.
	if info, err := fs.Stat(fsys, name+"-journal"); err == nil && info.Size() > 0 {
		return fmt.Errorf("%q beside it shows that it is being written", name+"-journal")
	}
	log, err := f.beside(ctx, fsys, name+"-wal")
	if err != nil {
		return err
	}
	if data, err = sqlitefile.Merge(data, log, f.o.MaxBytes); err != nil {
		return err
	}
	db, err := sqlitefile.Open(data)
	if err != nil {
		return err
	}
	layers := map[string]gpkgLayer{}
	err = scan(db, "gpkg_geometry_columns", []string{"table_name", "column_name", "srs_id"}, func(v []any) error {
		table, _ := v[0].(string)
		column, _ := v[1].(string)
		id, _ := v[2].(int64)
		layers[table] = gpkgLayer{column, id}
		return nil
	})
	if err != nil {
		return err
	}
	layer, err := layerNamed(layers, f.o.Layer)
	if err != nil {
		return err
	}
	if f.crs, err = gpkgCRS(db, layers[layer].srs); err != nil {
		return err
	}
	return f.gpkgRows(ctx, db, layer, layers[layer].column)
}

// A gpkgLayer is a row of gpkg_geometry_columns.
type gpkgLayer struct {
	column string // with the geometry
	srs    int64
}

// scan calls each with the values of the named columns, for every row of a table.
func scan(db *sqlitefile.DB, table string, columns []string, each func(values []any) error) error {
	t, err := db.Table(table)
	if err != nil {
		return fmt.Errorf("table %s: %w", table, err)
	}
	places := make([]int, len(columns))
	for i, c := range columns {
		if places[i] = t.Column(c); places[i] < 0 {
			return fmt.Errorf("table %s has no column %s", table, c)
		}
	}
	for row, err := range t.Rows() {
		if err != nil {
			return err
		}
		values := make([]any, len(columns))
		for i, p := range places {
			values[i] = row[p]
		}
		if err := each(values); err != nil {
			return err
		}
	}
	return nil
}

// gpkgCRS returns the CRS with an identifier of gpkg_spatial_ref_sys: by its code, or else by its WKT.
func gpkgCRS(db *sqlitefile.DB, id int64) (crs srs.CRS, err error) {
	found := false
	columns := []string{"srs_id", "organization", "organization_coordsys_id", "definition"}
	err = scan(db, "gpkg_spatial_ref_sys", columns, func(v []any) error {
		if v[0] != id || found {
			return nil
		}
		found = true
		organization, _ := v[1].(string)
		code, _ := v[2].(int64)
		if code == int64(int32(code)) && (strings.EqualFold(organization, "EPSG") || strings.EqualFold(organization, "ESRI")) {
			if crs, err = srs.FromWKID(int(code)); err == nil {
				return nil
			}
		}
		wkt, _ := v[3].(string)
		crs, err = srs.FromWKT(wkt)
		return err
	})
	if err == nil && !found {
		err = fmt.Errorf("spatial reference %d is not stated", id)
	}
	return crs, err
}

func (f *featureReader) gpkgRows(ctx context.Context, db *sqlitefile.DB, layer, geometry string) error {
	t, err := db.Table(layer)
	if err != nil {
		return fmt.Errorf("layer %q: %w", layer, err)
	}
	if err := f.needLocation(t.Columns); err != nil {
		return err
	}
	at, id := t.Column(geometry), t.RowID()
	if at < 0 {
		return fmt.Errorf("layer %q has no column %q", layer, geometry)
	}
	if id < 0 {
		return fmt.Errorf("layer %q has no integer primary key", layer)
	}
	for row, err := range t.Rows() {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		fid := row[id].(int64)
		var outer []Ring
		if b, ok := row[at].([]byte); ok {
			if outer, err = gpkgPolygon(b); err != nil {
				return fmt.Errorf("item %d: %w", fid, err)
			}
		}
		attrs := map[string]any{} // few of up to 2000 columns may have a value
		for i, v := range row {
			if v := gpkgAttribute(v); v != nil && i != at {
				attrs[t.Columns[i]] = v
			}
		}
		if err := f.row(fid, outer, attrs); err != nil {
			return err
		}
	}
	return nil
}

// gpkgAttribute returns a value as an attribute, or nil if it cannot be one. Dates and times are texts of two forms in
// a GeoPackage, table 1, and programs write others.
func gpkgAttribute(v any) any {
	switch v := v.(type) {
	case []byte:
		return nil
	case float64:
		if v-v != 0 {
			return nil
		}
	case string:
		if t, ok := parseTime(v); ok {
			return t.(time.Time)
		}
	}
	return v
}

var errGeometry = errors.New("its geometry is malformed")

// gpkgPolygon reads the outer rings of a polygon or multipolygon: clause 2.1.3. An empty one is nil.
func gpkgPolygon(b []byte) ([]Ring, error) {
	if len(b) < 8 || b[0] != 'G' || b[1] != 'P' || b[2] != 0 {
		return nil, errGeometry
	}
	flags := b[3]
	boxes := []int{0, 32, 48, 48, 64} // bytes of the envelope, by its code
	code := int(flags >> 1 & 7)
	switch {
	case flags&0x20 != 0:
		return nil, errors.New("its geometry is of an extended type, which is not supported")
	case code >= len(boxes) || len(b) < 8+boxes[code]:
		return nil, errGeometry
	case flags&0x10 != 0:
		return nil, nil
	}
	w := wkbReader{b: b[8+boxes[code]:]}
	outer := w.geometry(true)
	if w.err == nil && len(w.b) > 0 {
		w.err = errGeometry
	}
	return outer, w.err
}

// A wkbReader reads well-known binary, OGC 06-103r4, clause 8, in its ISO form and its older form. After an error it
// reads nothing more.
type wkbReader struct {
	b     []byte
	order binary.ByteOrder
	err   error
}

func (w *wkbReader) fail(err error) {
	if w.err == nil {
		w.err = err
	}
	w.b = nil
}

// count reads the number of parts that follow, each of at least size bytes.
func (w *wkbReader) count(size int) int {
	if len(w.b) < 4 {
		w.fail(errGeometry)
		return 0
	}
	n := w.order.Uint32(w.b)
	w.b = w.b[4:]
	if int64(n)*int64(size) > int64(len(w.b)) {
		w.fail(errGeometry)
		return 0
	}
	return int(n)
}

// geometry reads a polygon, or a multipolygon if many is set.
func (w *wkbReader) geometry(many bool) (outer []Ring) {
	if len(w.b) < 5 {
		w.fail(errGeometry)
		return nil
	}
	w.order = binary.BigEndian
	if w.b[0] == 1 {
		w.order = binary.LittleEndian
	}
	typ := w.order.Uint32(w.b[1:])
	w.b = w.b[5:]
	dims := 2
	switch typ % 10000 / 1000 { // Z, M, ZM in the ISO form
	case 1, 2:
		dims = 3
	case 3:
		dims = 4
	}
	const olderZ = 1 << 31
	if typ&olderZ != 0 {
		typ, dims = typ&^olderZ, 3
	}
	switch typ % 1000 {
	case 3:
		return w.polygon(dims)
	case 6:
		if many {
			for range w.count(9) {
				outer = append(outer, w.geometry(false)...)
			}
			return outer
		}
	}
	w.fail(fmt.Errorf("its geometry is of type %d, no polygon", typ))
	return nil
}

// polygon returns the outer ring of a polygon, which is the first; nil if the polygon is empty.
func (w *wkbReader) polygon(dims int) []Ring {
	var outer []Ring
	for i := range w.count(4) {
		points := w.count(8 * dims)
		if i == 0 && points > 0 {
			r := make(Ring, points)
			for j := range r {
				for k := range 2 {
					r[j][k] = math.Float64frombits(w.order.Uint64(w.b[8*(j*dims+k):]))
				}
			}
			outer = []Ring{r}
		}
		w.b = w.b[points*8*dims:]
	}
	return outer
}
