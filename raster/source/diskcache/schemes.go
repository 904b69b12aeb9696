package diskcache

import (
	"context"

	"github.com/geoexport/geoexport/raster/source"
)

// Schemes returns how URLs are opened as s opens them, with their bytes kept in the cache. Sources without identities
// are left as they are, since nothing tells their versions apart.
func (c *Cache) Schemes(s source.Schemes) source.Schemes {
	kept := make(source.Schemes, len(s))
	for name, scheme := range s {
		open := scheme.Open
		if open == nil {
			continue
		}
		scheme.Open = func(ctx context.Context, location string) (source.Source, error) {
			src, err := open(ctx, location)
			if err != nil {
				return nil, err
			}
			if known, ok := src.(source.Identified); ok {
				return c.Source(location, known), nil
			}
			return src, nil
		}
		kept[name] = scheme
	}
	return kept
}
