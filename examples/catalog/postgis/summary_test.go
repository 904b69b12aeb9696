//go:build linux

package postgis

import (
	"context"
	"fmt"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/srs"
)

// A transaction that changes rows makes one version, whatever it does; one that reads makes none.
func TestVersions(t *testing.T) {
	db := database(t)
	c := loaded(t, db, olinda)
	version := func() int {
		v, err := c.Version(t.Context())
		require.NoError(t, err)
		n, err := strconv.Atoi(v)
		require.NoError(t, err)
		return n
	}
	first := version()
	_, err := c.Summary(t.Context())
	require.NoError(t, err)
	require.Equal(t, first, version())
	require.NoError(t, pgx.BeginFunc(t.Context(), db, func(tx pgx.Tx) error {
		for range 3 {
			if _, err := tx.Exec(t.Context(), `UPDATE raster SET name = name || '!'`); err != nil {
				return err
			}
		}
		assert.Equal(t, first, version(), "others do not see it yet")
		return nil
	}))
	require.Equal(t, first+1, version())
	for _, sql := range []string{
		`DELETE FROM raster WHERE id = (SELECT max(id) FROM raster)`, `UPDATE raster SET z_order = 1`, `TRUNCATE raster`,
	} {
		before := version()
		_, err := db.Exec(t.Context(), sql)
		require.NoError(t, err)
		require.Equal(t, before+1, version(), sql)
	}
}

// A service follows the rows.
func TestServiceFollows(t *testing.T) {
	db := database(t)
	c := loaded(t, db, olinda)
	s := &exportimage.Service{Catalog: c, Refresh: time.Nanosecond}
	stored := func() (count, version int) {
		require.NoError(t, db.QueryRow(t.Context(), `SELECT (summary->>'Count')::int, version FROM raster_summary`).Scan(&count, &version))
		return count, version
	}
	loaded, first := stored()
	before, err := s.Describe(t.Context())
	require.NoError(t, err)
	assert.Equal(t, loaded, before.Rasters)
	_, err = db.Exec(t.Context(), `DELETE FROM raster WHERE id = (SELECT max(id) FROM raster)`)
	require.NoError(t, err)
	after, err := s.Describe(t.Context())
	require.NoError(t, err)
	assert.Equal(t, before.Rasters-1, after.Rasters)
	count, version := stored()
	assert.Equal(t, after.Rasters, count)
	assert.Equal(t, first+1, version)
}

// loaded loads a folder and returns its catalogue.
func loaded(t testing.TB, db *pgxpool.Pool, folder string) *Catalog {
	files := newFiles()
	t.Cleanup(func() { files.Close() })
	_, err := Load(t.Context(), db, folder, files.Open)
	require.NoError(t, err)
	return NewCatalog(db, files.Open)
}

// million fills the table with rows of a tenth of a degree, of which the first is a raster that is there.
const million = `
INSERT INTO raster (id, name, path, pixel_type, footprint, crs, box, attributes)
SELECT 1000 + n, 'scene ' || n, '/none/' || n, 'U8', ST_Multi(ST_MakeEnvelope(x, y, x + 0.1, y + 0.1, 4326)), '4326',
       ARRAY[x, y, x + 0.1, y + 0.1], jsonb_build_object('Cloud', n % 100, 'Sensor', 'S' || n % 7)
FROM (SELECT n, -180 + n % 3000 * 0.12 AS x, -80 + n / 3000 * 0.45 AS y FROM generate_series(0, $1::int - 1) AS n) AS place`

// BenchmarkMillionRows reports how long a service takes to start over a million rows whose summary is known and when it is
// not, how much its heap grows, and how long choosing the rasters of a box takes.
func BenchmarkMillionRows(b *testing.B) {
	db := database(b)
	c := loaded(b, db, olinda)
	ctx := context.Background()
	_, err := db.Exec(ctx, million, 1_000_000)
	require.NoError(b, err)
	_, err = db.Exec(ctx, `ANALYZE raster`)
	require.NoError(b, err)
	start := func(b *testing.B) {
		d, err := (&exportimage.Service{Catalog: c}).Describe(ctx)
		require.NoError(b, err)
		require.Greater(b, d.Rasters, 1_000_000)
	}
	b.Run("summarizing", func(b *testing.B) {
		for b.Loop() {
			_, err := db.Exec(ctx, `DELETE FROM raster_summary`)
			require.NoError(b, err)
			start(b)
		}
	})
	b.Run("starting", func(b *testing.B) {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		for b.Loop() {
			start(b)
		}
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/float64(b.N)/1e6, "MB/op")
	})
	lonLat, err := srs.FromWKID(4326)
	require.NoError(b, err)
	b.Run("choosing", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			x, y := float64(i*37%340-170), float64(i*17%110-70)
			view := mosaic.View{CRS: lonLat, Envelope: srs.Envelope{XMin: x, YMin: y, XMax: x + 0.5, YMax: y + 0.5}}
			items, err := mosaic.Rule{}.Choose(ctx, c, view, nil)
			require.NoError(b, err)
			require.NotEmpty(b, items, fmt.Sprint(view.Envelope))
		}
	})
}
