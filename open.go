package geoexport

import (
	"context"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/raster/source/httpsource"
)

// Open makes a service of the rasters at paths and URLs: files, folders, patterns such as "tiles/*.tif", tile indexes, STAC
// items and collections, and files on web servers. The first is on top.
//
//	service, err := geoexport.Open(ctx, "scene.tif", "tiles/", "index.gpkg", "https://example.com/cog.tif")
//
// It connects to addresses on the public internet only. An exportimage.Opener has more choices, such as private
// addresses and buckets, and by itself needs no network. Close the service when it is no longer used.
func Open(ctx context.Context, paths ...string) (*exportimage.Service, error) {
	return exportimage.OpenWith(ctx, &exportimage.Opener{Schemes: Schemes()}, paths...)
}

// wholeBytes is the size up to which a file is read whole whose server does not send parts: documents of STAC APIs are
// such files.
const wholeBytes = 8 << 20

// Schemes returns how Open opens URLs, for an exportimage.Opener: those of http and https, at public addresses.
func Schemes() source.Schemes {
	return (&httpsource.Client{Whole: wholeBytes}).Schemes()
}
