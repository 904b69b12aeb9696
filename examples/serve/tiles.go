package main

import (
	"context"

	"github.com/geoexport/geoexport/exportimage"
)

// The schemes of tiles that the command line names.
const (
	webTiles       = "web"
	ownTiles       = "own"
	elevationTiles = "elevation"
)

// addTiles gives a service tiles on a scheme. It has to be new: the scheme determines its spatial reference.
func (b *builder) addTiles(ctx context.Context, s *exportimage.Service, scheme string) {
	switch scheme {
	case ownTiles:
		s.Tiles = &exportimage.TileScheme{}
	case webTiles:
		s.Tiles = new(exportimage.WebMercatorTiles())
	case elevationTiles:
		s.Tiles = new(exportimage.WebMercatorTiles())
		same := &exportimage.Service{Catalog: s.Catalog} // which may be asked what its rasters are
		d, err := same.Describe(ctx)
		if err != nil {
			b.logger.Warn("tiles are no heights", "service", s.Name, "error", err)
		} else if heights(&d) {
			s.Tiles = new(s.Tiles.ElevationTiles())
		}
	}
}
