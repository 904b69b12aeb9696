// Package tiffmake writes GeoTIFF files for tests and benchmarks: every layout that raster/geotiff reads, sparse and
// hostile ones included. Fill in a File, whose samples come from a function, and call Bytes or WriteAt.
//
// It is not a writer for users: it checks only what tests need, and panics if it cannot write what a File states. GDAL
// reads the files that are not hostile on purpose.
//
// Blocks are written one after the other, so that files can be larger than memory.
package tiffmake
