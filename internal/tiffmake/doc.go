// Package tiffmake writes GeoTIFF files for tests and benchmarks: every layout that raster/geotiff reads, sparse and
// hostile ones included. It is not a writer for users: it checks only what tests need, and panics on a request that it
// cannot fulfil. GDAL reads its files, but for those that are made hostile.
//
// Samples come from a function, block after block, so that files larger than memory can be written.
package tiffmake
