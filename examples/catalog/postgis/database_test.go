//go:build linux

package postgis

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/examples/catalog/postgres"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
)

// cluster is a database server that all tests share, started by the first that needs it.
var cluster struct {
	once    sync.Once
	server  *postgres.Server
	err     error
	schemas int
}

func TestMain(m *testing.M) {
	code := m.Run()
	if cluster.server != nil {
		cluster.server.Stop()
	}
	os.Exit(code)
}

// database connects to a schema of its own, or skips the test where there is no PostgreSQL with PostGIS.
func database(t testing.TB) *pgxpool.Pool {
	t.Helper()
	cluster.once.Do(func() { cluster.server, cluster.err = postgres.Start(context.Background()) })
	if errors.Is(cluster.err, postgres.ErrNotInstalled) {
		t.Skip("skipped: ", cluster.err, "; check.sh installs what is missing")
	}
	require.NoError(t, cluster.err)
	cluster.schemas++
	name := fmt.Sprintf("test%d", cluster.schemas)
	db, err := pgxpool.New(t.Context(), cluster.server.URL()+"&search_path="+name+",public")
	require.NoError(t, err)
	t.Cleanup(db.Close)
	_, err = db.Exec(t.Context(), "CREATE SCHEMA "+name)
	require.NoError(t, err)
	return db
}

// newFiles returns a pool that opens files by their paths.
func newFiles() *mosaic.Pool {
	cache := raster.NewCache(64 << 20)
	return mosaic.NewPool(0, func(_ context.Context, path string) (raster.Dataset, error) {
		return geotiff.OpenFile(path, &geotiff.Options{Cache: cache})
	})
}
