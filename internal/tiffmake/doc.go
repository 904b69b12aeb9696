// Package tiffmake writes GeoTIFF files for tests and benchmarks: every layout that raster/geotiff reads, sparse and
// hostile ones included. It is not a writer for users: it checks nothing that a test does not need, and panics where it is
// asked for what it cannot write. What it writes honestly, GDAL reads.
//
// Samples come from a function, block after block, so that files larger than memory can be written.
package tiffmake
