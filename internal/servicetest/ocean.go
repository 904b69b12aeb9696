package servicetest

import (
	"context"
	"embed"
	"io/fs"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/source"
)

// ocean holds three variables of 12 by 8 pixels of 1° from (-10.5,50.5), which testdata/make_ocean.py writes as netCDF, for
// this command of GDAL 3.6:
//
//	for v in water_temp salinity ice; do gdal_translate -a_srs EPSG:4326 -co COMPRESS=DEFLATE NETCDF:ocean.nc:$v $v.tif; done
//
// The sample of water_temp (F32, °C) in column x and row y is 1000·i + 100·j + 12·y + x at time i and depth j, that of
// salinity (F32) is 5000 more, and ice (U8), which has no depth, is 10·i + 12·y + x. Times are the days 0, 31 and 60.5 since 2000, and
// depths 0 and 50 m, downward.
//
//go:embed testdata/ocean
var ocean embed.FS

// OceanTimes are the times of the service Ocean, in milliseconds since 1970, and OceanHeights its heights in metres.
var (
	OceanTimes   = []float64{946684800000, 949363200000, 951912000000} // date -u -d "2000-03-01 12:00" +%s
	OceanHeights = []float64{0, -50}
)

// OceanFiles returns the folder with the rasters of the service Ocean.
func OceanFiles(t testing.TB) fs.FS {
	fsys, err := fs.Sub(ocean, "testdata/ocean")
	require.NoError(t, err)
	return fsys
}

// Ocean returns a multidimensional service of the variables ice, salinity and water_temp, of which the first is the
// default. It has the format raw.
func Ocean(t testing.TB) (*exportimage.Service, **raster.Block) {
	s, raw := Service()
	s.Catalog = OceanCatalog(t)
	return s, raw
}

// OceanCatalog returns the catalogue of the service Ocean, which counts IDs from 1 in the order of the variables, and of
// the bands in their files: of each time, both depths.
func OceanCatalog(t testing.TB) mosaic.Slice {
	fsys := OceanFiles(t)
	items, err := mosaic.Folder(context.Background(), fsys, &mosaic.FolderOptions{Open: OpenTIFF(fsys)})
	require.NoError(t, err)
	return items
}

// OpenTIFF returns a function that opens the GeoTIFFs of a folder, which stay open.
func OpenTIFF(fsys fs.FS) func(ctx context.Context, name string) (raster.Dataset, error) {
	return func(ctx context.Context, name string) (raster.Dataset, error) {
		f, err := source.OpenFS(fsys, name)
		if err != nil {
			return nil, err
		}
		return geotiff.Open(ctx, f, nil)
	}
}
