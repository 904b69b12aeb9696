// Package resample makes the pixels of one grid from those of another: the kernels, the mappings between grids, and Warp,
// which brings both together.
//
// # Conventions
//
// Coordinates are pixel coordinates: (0,0) is the outer corner of the first pixel, and pixel (x, y) has its centre at
// (x+0.5, y+0.5) and owns the half-open square [x, x+1) × [y, y+1). A Mapping leads from destination to source. Both sides
// are absolute: a window of a picture keeps the coordinates it has in the whole picture, be they large or negative.
//
//	destination                      source
//	+---+---+---+                    +----+----+----+
//	|   | · |   |   -- Mapping -->   |    |  · |    |   the four samples around the point, weighted by how near
//	+---+---+---+                    +----+----+----+   they are, make the pixel (Bilinear)
//	|   |   |   |                    |    |    |    |
//	+---+---+---+                    +----+----+----+
//
// # What can be relied upon
//
// A pixel depends on the source, the mapping and its own coordinates, and on nothing else. However a picture is cut into
// windows, whatever window of the source is handed over (if it holds SourceWindow), the same bits come out, on every
// machine.
//
// Source coordinates are rounded to multiples of 2^-20 pixel before use. So floating-point noise cannot move a sample off
// a pixel's centre or across its edge, and a raster asked for in its own grid comes back unchanged.
//
// A pixel is valid if the source pixel that its centre falls into is. Holes neither grow nor shrink, and the samples in
// them reach no other pixel. See Warp.
//
// A constant stays constant, to the bit.
//
// Samples of 8 and 16 bits are weighted in whole numbers: results are exact until they are rounded, for Bilinear to the
// formula, for Cubic to weights that are multiples of 2^-22.
//
// # Concurrency
//
// Mappings made by this package are safe for concurrent use if the functions given to them are. Warp only
// reads its source and its mapping, so strips of one picture may be warped at the same time.
//
// # What it is not
//
// The package knows nothing of spatial references: whoever plans an export brings the function between them. It chooses no
// overview. Kernels have their fixed 1, 4 or 16 samples when a picture is shrunk, too, and are meant to be fed from a level
// that is no more than twice as fine as the picture; Majority from one that is two to four times as fine, so that 4 to 16
// samples vote. Options.Antialias widens kernels instead.
package resample
