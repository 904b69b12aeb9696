package exportimage

import (
	"context"
	"errors"
	"time"

	"github.com/geoexport/geoexport/mosaic"
)

// This file keeps versions of the catalogue apart. Whatever asks it for rasters asks for those of the version that the
// description in hand is of; see mosaic.At. If that has passed, what was begun fails with a *source.ChangedError, and is
// begun anew with a new description, as for a raster that has changed.

const defaultRefresh = 30 * time.Second

// catalog returns the catalogue of the version that a description is of.
func (s *Service) catalog(d *Description) mosaic.Catalog { return mosaic.At(s.Catalog, d.version) }

// summary returns what is known of all rasters of the catalogue, and of which version of it.
func (s *Service) summary(ctx context.Context) (sum mosaic.Summary, version string, err error) {
	if s.Catalog == nil {
		return sum, "", &Error{Err: errors.New("the service has no catalogue")}
	}
	if version, err = mosaic.VersionOf(ctx, s.Catalog); err == nil {
		sum, err = mosaic.Summarize(ctx, mosaic.At(s.Catalog, version))
	}
	if err != nil {
		return sum, "", &CatalogError{err}
	}
	return sum, version, nil
}

// outdated reports whether findings are of a former version of the catalogue, which it asks once in a while. One that
// cannot answer is not asked again so soon: images will say what is wrong with it. The lock of what is found is held.
func (s *Service) outdated(ctx context.Context, f *findings) bool {
	if _, ok := s.Catalog.(mosaic.Versioned); !ok || time.Since(f.asked) < s.refresh() {
		return false
	}
	version, err := mosaic.VersionOf(ctx, s.Catalog)
	f.asked = time.Now()
	return err == nil && version != f.known[0].version
}

func (s *Service) refresh() time.Duration {
	if s.Refresh == 0 {
		return defaultRefresh
	}
	return s.Refresh
}

// again does something again, up to two times, that failed because a raster or the catalogue has changed.
func again[T any](ctx context.Context, s *Service, do func() (T, error)) (out T, err error) {
	out, err = do()
	for try := 2; try <= drawTries && changed(err) && ctx.Err() == nil; try++ {
		s.recheck(ctx)
		out, err = do()
	}
	return out, err
}
