// Package raster has the nouns of this module: pixel types, planes of samples, blocks of pixels, grids, and datasets.
//
// # Conventions
//
// Pixel (0,0) is the first one stored, at the top left of a raster with north up. Its outer corner is at pixel
// coordinate (0,0), its centre at (0.5,0.5):
//
//	(0,0)       (1,0)       (2,0)
//	  +-----------+-----------+
//	  |  · (0.5,0.5)          |
//	  +-----------+-----------+
//	(0,1)       (1,1)
//
// Windows are image.Rectangle, half open. Map coordinates are x east (or longitude) and y north (or latitude), in units
// of the CRS.
//
// Samples are kept in typed planes, and which pixels hold data in a plane of its own, made once when pixels are read: no
// loop further on compares samples with a noData value.
//
// # What it is not
//
// The package reads no files: raster/geotiff and raster/worldfile do. It resamples nothing: package resample does, and
// raster/overview halves rasters. Types here check no sizes: whoever allocates a block by numbers from outside guards them
// first.
package raster
