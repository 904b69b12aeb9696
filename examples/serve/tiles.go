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

// isScheme reports whether a text names a scheme, or none.
func isScheme(text string) bool {
	return text == "" || text == webTiles || text == ownTiles || text == elevationTiles
}

// addTiles gives a service tiles on a scheme, on that of the web up to the level whose pixels are as fine as the raster's. The
// service has to be new: the scheme determines its spatial reference.
func (b *builder) addTiles(ctx context.Context, s *exportimage.Service, scheme string) {
	switch scheme {
	case ownTiles:
		s.Tiles = &exportimage.TileScheme{}
	case webTiles, elevationTiles:
		t := exportimage.WebMercatorTiles()
		s.Tiles = &t
		// Another service of these rasters may be asked what they are.
		d, err := (&exportimage.Service{Catalog: s.Catalog, CRS: t.CRS}).Describe(ctx)
		if err != nil {
			b.logger.Warn("tiles have all levels, and are no heights", "service", s.Name, "error", err)
			return
		}
		t.MaxLevel = max(t.LevelOf(min(d.PixelSize.X, d.PixelSize.Y)), 1)
		if scheme == elevationTiles && heights(&d) {
			t = t.ElevationTiles()
		}
	}
}
