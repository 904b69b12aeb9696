package postgis

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/srs"
)

var (
	_ mosaic.Versioned  = (*Catalog)(nil)
	_ mosaic.Summarizer = (*Catalog)(nil)
)

// Version returns the number that every transaction makes larger that changes rows.
func (c *Catalog) Version(ctx context.Context) (string, error) {
	version, err := versionOf(ctx, c.db)
	if err != nil {
		return "", fmt.Errorf("catalogue: %w", err)
	}
	return strconv.FormatInt(version, 10), nil
}

// A querier is a connection, a pool of them, or a transaction.
type querier interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

func versionOf(ctx context.Context, db querier) (version int64, err error) {
	err = db.QueryRow(ctx, `SELECT version FROM raster_version`).Scan(&version)
	return version, err
}

// A storedSummary is a mosaic.Summary, without its items, as the database keeps it.
type storedSummary struct {
	Count  int
	Boxes  []storedBox
	Types  []string
	Time   mosaic.TimeExtent
	Fields []mosaic.Field
}

type storedBox struct {
	CRS string
	Box srs.Envelope
}

// Summary returns what is known of all rows. Load stores it with the rows. The first call after somebody else has changed
// rows looks at each of them in the database, some seconds for a million, and stores what it finds for all servers, if it
// may write; other calls take milliseconds.
func (c *Catalog) Summary(ctx context.Context) (s mosaic.Summary, err error) {
	var version int64
	var stored storedSummary
	fresh := false
	read := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err = pgx.BeginTxFunc(ctx, c.db, read, func(tx pgx.Tx) error {
		if version, err = versionOf(ctx, tx); err != nil {
			return err
		}
		err := tx.QueryRow(ctx, `SELECT summary FROM raster_summary WHERE version = $1`, version).Scan(&stored)
		if fresh = errors.Is(err, pgx.ErrNoRows); fresh {
			stored, err = summarize(ctx, tx)
		}
		if err != nil {
			return err
		}
		s, err = c.summaryOf(ctx, tx, &stored)
		return err
	})
	if err != nil {
		return mosaic.Summary{}, fmt.Errorf("catalogue: %w", err)
	}
	if fresh {
		_ = stored.store(ctx, c.db, version) // a server that may not write finds it out again the next time
	}
	return s, nil
}

// store stores the summary of a version for all servers, unless that of a later one is there.
func (s *storedSummary) store(ctx context.Context, db querier, version int64) error {
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, `
INSERT INTO raster_summary (version, summary) VALUES ($1, $2)
ON CONFLICT (one) DO UPDATE SET version = excluded.version, summary = excluded.summary
WHERE raster_summary.version < excluded.version`, version, text)
	return err
}

// summaryOf returns the summary with its items.
func (c *Catalog) summaryOf(ctx context.Context, tx pgx.Tx, stored *storedSummary) (s mosaic.Summary, err error) {
	s = mosaic.Summary{Count: stored.Count, Time: stored.Time, Fields: stored.Fields}
	rows, err := tx.Query(ctx, selectItems+byID+` LIMIT $1`, mosaic.SummaryItems)
	if err != nil {
		return s, err
	}
	crss := map[string]srs.CRS{}
	s.First, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (*mosaic.Item, error) { return c.item(row, crss) })
	if err != nil {
		return s, err
	}
	for _, b := range stored.Boxes {
		crs, err := srs.Parse(b.CRS)
		if err != nil {
			return s, err
		}
		s.Boxes = append(s.Boxes, mosaic.Footprint{CRS: crs, Envelope: b.Box})
	}
	for _, name := range stored.Types {
		t, ok := raster.ParsePixelType(name)
		if !ok {
			return s, fmt.Errorf("%q is no pixel type", name)
		}
		s.Types = append(s.Types, t)
	}
	return s, nil
}

// selectBoxes has a row for each spatial reference, and for each 30 degrees of it where units may be degrees, so that rasters
// on both sides of the antimeridian are in boxes of their own.
const selectBoxes = `
SELECT crs, min(box[1]), min(box[2]), max(box[3]), max(box[4])
FROM raster GROUP BY crs, CASE WHEN box[3] - box[1] < 180 AND abs(box[1]) <= 720 THEN floor(box[1] / 30) END`

// selectFields has a row for each attribute. Numbers without a point are whole, and texts that RFC 3339 has are times.
const selectFields = `
WITH value AS (
    SELECT key, jsonb_typeof(value) AS kind, value #>> '{}' AS text FROM raster, jsonb_each(` + allAttributes + `)
), sort AS (
    SELECT key, text,
           CASE WHEN kind = 'number' AND text ~ '^-?\d+$'
                THEN text::numeric BETWEEN -9223372036854775808 AND 9223372036854775807
                ELSE kind = 'boolean' END AS whole,
           kind = 'number' AS number,
           kind = 'string' AND text ~ '^\d{4}-\d\d-\d\d([T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?$' AS date,
           kind = 'string' AS string
    FROM value WHERE kind IN ('boolean', 'number', 'string')
)
SELECT key, bool_or(whole), bool_or(number AND NOT whole), bool_or(date), bool_or(string AND NOT date),
       coalesce(max(char_length(text)) FILTER (WHERE string AND NOT date), 0),
       coalesce(bool_or(CASE WHEN whole AND number
                             THEN text::numeric NOT BETWEEN -2147483648 AND 2147483647 END), false)
FROM sort GROUP BY key`

// summarize looks at all rows.
func summarize(ctx context.Context, tx pgx.Tx) (s storedSummary, err error) {
	var longest int
	var from, to *time.Time
	err = tx.QueryRow(ctx, `
SELECT count(*), coalesce(max(char_length(name)), 0), least(min(time_from), min(time_to)), greatest(max(time_from), max(time_to)),
       coalesce(array_agg(DISTINCT pixel_type) FILTER (WHERE pixel_type IS NOT NULL), '{}')
FROM raster`).Scan(&s.Count, &longest, &from, &to, &s.Types)
	if err != nil {
		return s, err
	}
	s.Time = mosaic.TimeExtent{From: orZero(from).UTC(), To: orZero(to).UTC()}
	rows, err := tx.Query(ctx, selectBoxes)
	if err != nil {
		return s, err
	}
	s.Boxes, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (b storedBox, err error) {
		return b, row.Scan(&b.CRS, &b.Box.XMin, &b.Box.YMin, &b.Box.XMax, &b.Box.YMax)
	})
	if err != nil {
		return s, err
	}
	if rows, err = tx.Query(ctx, selectFields); err != nil {
		return s, err
	}
	fields, err := pgx.CollectRows(rows, fieldOf)
	s.Fields = mosaic.CatalogFields(longest, fields)
	return s, err
}

// fieldOf returns the field of a row of selectFields.
func fieldOf(row pgx.CollectableRow) (f mosaic.Field, err error) {
	var whole, number, date, text bool
	if err := row.Scan(&f.Name, &whole, &number, &date, &text, &f.Length, &f.Wide); err != nil {
		return f, err
	}
	switch {
	case date && !whole && !number && !text:
		f.Type = mosaic.DateField
	case date || text:
		f.Type = mosaic.TextField
	case number:
		f.Type = mosaic.NumberField
	default:
		f.Type = mosaic.IntegerField
	}
	return f, nil
}
