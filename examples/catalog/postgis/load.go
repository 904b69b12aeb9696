package postgis

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
)

// A located raster knows the path of its file.
type located struct {
	raster.Dataset
	path string
}

// Load writes the rasters of a folder, as mosaic.Folder reads it, into the table, which it makes where it is missing.
// Rows of the same folder are replaced in one transaction: readers see either the old ones or the new ones. Items keep
// their IDs in a table that holds nothing else; otherwise they count on from its largest.
//
// open opens the file with a given path. Load returns the number of rows.
func Load(ctx context.Context, db *pgxpool.Pool, folder string,
	open func(ctx context.Context, path string) (raster.Dataset, error)) (int, error) {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return 0, err
	}
	items, err := mosaic.Folder(ctx, os.DirFS(folder), &mosaic.FolderOptions{Open: func(ctx context.Context, name string) (raster.Dataset, error) {
		path := filepath.Join(folder, name)
		ds, err := open(ctx, path)
		return located{ds, path}, err
	}})
	if err != nil {
		return 0, err
	}
	err = pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, schema); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM raster WHERE folder = $1`, folder); err != nil {
			return err
		}
		var last int64
		if err := tx.QueryRow(ctx, `SELECT coalesce(max(id), 0) FROM raster`).Scan(&last); err != nil {
			return err
		}
		rows := make([]Row, len(items))
		for i, it := range items {
			ds, err := it.Open(ctx)
			if err != nil {
				return &mosaic.ItemError{ID: it.ID, Name: it.Name, Err: err}
			}
			file, ok := ds.(located)
			if !ok {
				return &mosaic.ItemError{ID: it.ID, Name: it.Name, Err: errors.New("it does not know its file")}
			}
			rows[i] = Row{ID: last + it.ID, Path: file.path, Folder: folder, Item: it}
		}
		return add(ctx, tx, rows)
	})
	if err != nil {
		return 0, fmt.Errorf("catalogue: %w", err)
	}
	return len(items), nil
}

// A Row is an item as the table has it.
type Row struct {
	ID     int64 // instead of that of the item
	Path   string
	Folder string // may be empty
	Item   *mosaic.Item
}

// Replace deletes the rows with some IDs and adds others, in one transaction and so as one version. The table is made
// where it is missing.
func Replace(ctx context.Context, db *pgxpool.Pool, gone []int64, rows []Row) error {
	err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, schema); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM raster WHERE id = ANY($1)`, gone); err != nil {
			return err
		}
		return add(ctx, tx, rows)
	})
	if err != nil {
		return fmt.Errorf("catalogue: %w", err)
	}
	return nil
}

// add adds rows and stores the summary of all.
func add(ctx context.Context, tx pgx.Tx, rows []Row) error {
	var batch pgx.Batch
	for _, r := range rows {
		if err := r.insert(&batch); err != nil {
			return &mosaic.ItemError{ID: r.Item.ID, Name: r.Item.Name, Err: err}
		}
	}
	if err := tx.SendBatch(ctx, &batch).Close(); err != nil {
		return err
	}
	version, err := versionOf(ctx, tx)
	if err != nil {
		return err
	}
	all, err := summarize(ctx, tx)
	if err != nil {
		return err
	}
	return all.store(ctx, tx, version)
}

// insertItem widens the footprint by the distance by which it may be too small, and cuts it at the antimeridian.
const insertItem = `
INSERT INTO raster (id, name, path, folder, pixel_type, footprint, crs, box, ring,
                    pixel_size, min_ps, max_ps, z_order, time_from, time_to, attributes)
VALUES ($1, $2, $3, $4, $5,
        ST_Multi(ST_CollectionExtract(ST_WrapX(
            ST_Buffer(ST_GeomFromText($6, 4326), $7, 'join=mitre'), 180, -360), 3)),
        $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`

func (r Row) insert(batch *pgx.Batch) error {
	it := r.Item
	footprint, slack, err := lonLatPolygon(it.Footprint)
	if err != nil {
		return err
	}
	crs, err := crsText(it.Footprint.CRS)
	if err != nil {
		return err
	}
	e := it.Footprint.Envelope
	var ring []float64
	for _, p := range it.Footprint.Ring {
		ring = append(ring, p[0], p[1])
	}
	attrs, z := withoutZOrder(it.Attrs)
	attributes, err := encodeAttributes(attrs)
	if err != nil {
		return err
	}
	var pixelType *string
	if it.Type != raster.Unknown {
		pixelType = new(it.Type.String())
	}
	batch.Queue(insertItem, r.ID, it.Name, r.Path, orNull(r.Folder), pixelType, footprint, slack, crs,
		[]float64{e.XMin, e.YMin, e.XMax, e.YMax}, ring, orNull(it.PixelSize), orNull(it.MinPS), orNull(it.MaxPS), z,
		orNull(it.Time.From), orNull(it.Time.To), attributes)
	return nil
}

// withoutZOrder takes the attribute ZOrder, which has a column of its own, out of an item's others.
func withoutZOrder(all map[string]any) (attrs map[string]any, z *float64) {
	attrs = make(map[string]any, len(all))
	for name, v := range all {
		if strings.EqualFold(name, "ZOrder") {
			switch v := v.(type) {
			case int64:
				z = new(float64(v))
				continue
			case float64:
				z = new(v)
				continue
			}
		}
		attrs[name] = v
	}
	return attrs, z
}
