// Package postgis keeps the catalogue of a mosaic in PostgreSQL with PostGIS. It is a model for catalogues in other
// databases: Catalog implements mosaic.Catalog, and mosaictest checks it.
package postgis

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/srs"
)

//go:embed schema.sql
var schema string

// A Catalog is a mosaic.Catalog whose items are the rows of the table in schema.sql. It holds none of them in memory:
// each query is one statement, which the database answers from its index of footprints, row by row.
//
// Rows may change while the catalogue is in use; a query sees those that were there when it began, and Version counts the
// changes. A Catalog is safe for concurrent use. Each query has a connection of the pool until its last item.
type Catalog struct {
	db   *pgxpool.Pool
	open func(ctx context.Context, path string) (raster.Dataset, error)
}

var (
	_ mosaic.Catalog = (*Catalog)(nil)
	_ mosaic.Lookup  = (*Catalog)(nil)
	_ mosaic.Schema  = (*Catalog)(nil)
)

// NewCatalog returns the catalogue in a database. Its items open their rasters by calling open with a path; a
// mosaic.Pool's Open suits. open must be safe for concurrent use.
func NewCatalog(db *pgxpool.Pool, open func(ctx context.Context, path string) (raster.Dataset, error)) *Catalog {
	return &Catalog{db, open}
}

// allAttributes are those of a row as orders and conditions know them: z_order is the attribute ZOrder.
const allAttributes = `attributes || jsonb_strip_nulls(jsonb_build_object('ZOrder', z_order))`

// selectItems has a column for each field of a row.
const selectItems = `
SELECT id, name, path, pixel_type, crs, box, ring, pixel_size, min_ps, max_ps, time_from, time_to, ` + allAttributes + `
FROM raster `

const (
	whereBoxes = `
WHERE ST_Intersects(footprint, ST_MakeEnvelope($1, $2, $3, $4, 4326))
   OR ST_Intersects(footprint, ST_MakeEnvelope($5, $6, $7, $8, 4326))`
	whereIDs = `WHERE id = ANY($1)`
	byID     = ` ORDER BY id`
)

// Items yields the items whose footprint meets the query's box, ordered by ID.
func (c *Catalog) Items(ctx context.Context, q mosaic.Query) iter.Seq2[*mosaic.Item, error] {
	if q == (mosaic.Query{}) {
		return c.items(ctx, selectItems+byID)
	}
	return func(yield func(*mosaic.Item, error) bool) {
		boxes, ok, err := lonLatBoxes(q)
		if err != nil {
			yield(nil, err)
			return
		}
		if !ok {
			return // no place on Earth is in the box
		}
		a, b := boxes[0], boxes[1]
		c.items(ctx, selectItems+whereBoxes+byID,
			a.XMin, a.YMin, a.XMax, a.YMax, b.XMin, b.YMin, b.XMax, b.YMax)(yield)
	}
}

// Lookup returns the items with the given IDs, ordered by ID.
func (c *Catalog) Lookup(ctx context.Context, ids []int64) (items []*mosaic.Item, err error) {
	for it, err := range c.items(ctx, selectItems+whereIDs+byID, ids) {
		if err != nil {
			return nil, err
		}
		items = append(items, it)
	}
	return items, nil
}

// HasField reports whether any item has an attribute of that name, in any case. It looks at all rows.
func (c *Catalog) HasField(ctx context.Context, name string) (bool, error) {
	rows, err := c.db.Query(ctx, `SELECT DISTINCT jsonb_object_keys(`+allAttributes+`) FROM raster`)
	if err != nil {
		return false, fmt.Errorf("catalogue: %w", err)
	}
	fields, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return false, fmt.Errorf("catalogue: %w", err)
	}
	for _, f := range fields {
		if strings.EqualFold(f, name) {
			return true, nil
		}
	}
	return false, nil
}

// items yields the items that a statement selects, as the rows come in.
func (c *Catalog) items(ctx context.Context, sql string, args ...any) iter.Seq2[*mosaic.Item, error] {
	return func(yield func(*mosaic.Item, error) bool) {
		rows, err := c.db.Query(ctx, sql, args...)
		if err != nil {
			yield(nil, fmt.Errorf("catalogue: %w", err))
			return
		}
		defer rows.Close()
		crss := map[string]srs.CRS{}
		for rows.Next() {
			it, err := c.item(rows, crss)
			if !yield(it, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(nil, fmt.Errorf("catalogue: %w", err))
		}
	}
}

// item makes an item of a row. crss keeps the spatial references that were parsed before, by their texts.
func (c *Catalog) item(row pgx.Row, crss map[string]srs.CRS) (*mosaic.Item, error) {
	var (
		it                      mosaic.Item
		path, crs               string
		pixelType               *string
		box, ring               []float64
		pixelSize, minPS, maxPS *float64
		from, to                *time.Time
		attributes              []byte
	)
	if err := row.Scan(&it.ID, &it.Name, &path, &pixelType, &crs, &box, &ring, &pixelSize, &minPS, &maxPS,
		&from, &to, &attributes); err != nil {
		return nil, fmt.Errorf("catalogue: %w", err)
	}
	fail := func(err error) (*mosaic.Item, error) {
		return nil, &mosaic.ItemError{ID: it.ID, Name: it.Name, Err: err}
	}
	var err error
	f := &it.Footprint
	if f.CRS = crss[crs]; f.CRS.IsZero() {
		if f.CRS, err = srs.Parse(crs); err != nil {
			return fail(err)
		}
		crss[crs] = f.CRS
	}
	f.Envelope = srs.Envelope{XMin: box[0], YMin: box[1], XMax: box[2], YMax: box[3]}
	for i := 0; i < len(ring); i += 2 {
		f.Ring = append(f.Ring, [2]float64{ring[i], ring[i+1]})
	}
	if pixelType != nil {
		var ok bool
		if it.Type, ok = raster.ParsePixelType(*pixelType); !ok {
			return fail(fmt.Errorf("%q is no pixel type", *pixelType))
		}
	}
	it.PixelSize, it.MinPS, it.MaxPS = orZero(pixelSize), orZero(minPS), orZero(maxPS)
	it.Time = mosaic.TimeExtent{From: orZero(from).UTC(), To: orZero(to).UTC()}
	if it.Attrs, err = decodeAttributes(attributes); err != nil {
		return fail(err)
	}
	it.Open = func(ctx context.Context) (raster.Dataset, error) { return c.open(ctx, path) }
	return &it, nil
}

func orZero[T any](v *T) (zero T) {
	if v == nil {
		return zero
	}
	return *v
}

// orNull returns v as the database takes it: null for zero.
func orNull[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// crsText returns a row's text for a spatial reference.
func crsText(crs srs.CRS) (string, error) {
	text, err := json.Marshal(crs)
	return string(text), err
}
