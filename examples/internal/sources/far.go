package sources

import (
	"context"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/raster/source/diskcache"
	"github.com/geoexport/geoexport/raster/source/httpsource"
	"github.com/geoexport/geoexport/srs"
)

// isFar reports whether a path is the URL of a file on a server.
func isFar(name string) bool {
	return strings.HasPrefix(name, "https://") || strings.HasPrefix(name, "http://")
}

// openFar returns a catalogue of one GeoTIFF on a server. Nothing is looked for beside it, so that opening a
// cloud-optimized one takes a single request. It is opened anew when the server has another version.
func (s *Set) openFar(ctx context.Context, location string) (src Source, err error) {
	if s.far == nil {
		s.far = &httpsource.Client{}
		if s.Private {
			s.far.HTTP = http.DefaultClient
		}
	}
	if s.Keep != "" && s.disk == nil {
		if s.disk, err = diskcache.Open(s.Keep, nil); err != nil {
			return Source{}, err
		}
		s.opened = append(s.opened, s.disk)
	}
	if s.cache == nil {
		s.cache = raster.NewCache(cacheBytes)
	}
	pool := mosaic.NewPool(0, func(ctx context.Context, location string) (raster.Dataset, error) {
		file, err := s.far.Open(ctx, location)
		if err != nil {
			return nil, err
		}
		var kept source.Source = file
		if s.disk != nil {
			kept = s.disk.Source(location, file)
		}
		return geotiff.Open(ctx, kept, &geotiff.Options{Cache: s.cache})
	})
	ds, err := pool.Open(ctx, location)
	if err != nil {
		_ = pool.Close() // nothing was written, and err is the one that matters
		return Source{}, err
	}
	s.opened = append(s.opened, pool)
	src.Name = "far"
	if u, err := url.Parse(location); err == nil && path.Base(u.Path) != "/" && u.Path != "" {
		src.Name = strings.TrimSuffix(path.Base(u.Path), path.Ext(u.Path))
	}
	s.keep(&src, src.Name, ds)
	grid := ds.Info().Grid
	if grid.CRS.IsZero() {
		return Source{}, srs.ErrNotStated
	}
	src.Items = mosaic.Slice{{
		ID: 1, Name: src.Name,
		Footprint: mosaic.Footprint{CRS: grid.CRS, Envelope: grid.Envelope()},
		Open:      func(ctx context.Context) (raster.Dataset, error) { return pool.Open(ctx, location) },
	}}
	return src, nil
}
