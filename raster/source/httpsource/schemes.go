package httpsource

import (
	"context"

	"github.com/geoexport/geoexport/raster/source"
)

// Schemes returns how URLs of http and https are opened with the client.
func (c *Client) Schemes() source.Schemes {
	web := source.Scheme{Open: func(ctx context.Context, location string) (source.Source, error) {
		src, err := c.Open(ctx, location)
		if err != nil {
			return nil, err
		}
		return src, nil
	}}
	return source.Schemes{"http": web, "https": web}
}
