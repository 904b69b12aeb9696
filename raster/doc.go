// Package raster has the nouns of this module: pixel types, planes of samples, blocks of pixels, grids, datasets,
// images, and the cache that they share.
//
// A Dataset is one georeferenced raster: Info describes it, and Read returns a Block, a rectangle of pixels with a
// plane for each band. Formats implement it (raster/geotiff, raster/worldfile), and rastertest.Test checks that they
// do. An Image is what encoders take, strip by strip. Convert, NoDataRule and the validity functions change blocks.
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
// Samples are kept in typed planes, and which pixels hold data in a plane of its own, which is made once, when pixels
// are read: no later loop compares samples with a noData value.
//
// A block that somebody else made may be shared, so it is read and never written. The exception is the destination that
// a caller hands to Dataset.Read: it is the caller's memory, and a Buffer makes one after another.
//
// # Concurrency
//
// Datasets and the Cache are safe for concurrent use. Planes, blocks and grids are plain values: any number of
// goroutines may read them while nobody writes. A Buffer belongs to one goroutine.
//
// # What it is not
//
// The package reads no files: raster/geotiff and raster/worldfile do. It resamples nothing: package resample does, and
// raster/overview halves rasters. Types here check no sizes: whoever allocates a block by numbers from outside guards
// them first.
package raster
