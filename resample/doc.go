// Package resample makes the pixels of one raster grid from those of another: it holds the kernels, the mappings
// between grids, and Warp, which brings both together.
//
// # Use
//
// Build a Mapping from a Placement of both grids and, if their spatial references differ, the function between these;
// Approximate makes an expensive one cheap. Ask Options.SourceWindow which part of the source an image needs, read
// that, and let Options.Warp fill the image from it. The example of the package shows all four steps.
//
// # Conventions
//
// Coordinates are pixel coordinates: (0,0) is the outer corner of the first pixel, and pixel (x, y) has its centre at
// (x+0.5, y+0.5) and owns the half-open square [x, x+1) × [y, y+1). A Mapping leads from destination to source. Both
// sides are absolute: a window of an image keeps the coordinates it has in the whole image, whether large or negative.
//
//	destination                      source
//	+---+---+---+                    +----+----+----+
//	|   | · |   |   -- Mapping -->   |    |  · |    |   the four samples around the point, weighted by how near
//	+---+---+---+                    +----+----+----+   they are, make the pixel (Bilinear)
//	|   |   |   |                    |    |    |    |
//	+---+---+---+                    +----+----+----+
//
// # Promises
//
// A pixel depends on the source, the mapping and its own coordinates alone. The same bits come out on every machine,
// however an image is cut into windows, and from any window of the source that holds SourceWindow.
//
// Source coordinates are rounded to multiples of 2^-20 pixel before use. Floating-point noise therefore cannot move a
// sample off a pixel's centre or across its edge, and a raster asked for in its own grid comes back unchanged.
//
// A pixel is valid if the source pixel that holds the image of its centre is valid. Holes neither grow nor shrink, and
// the samples in them reach no other pixel. See Warp.
//
// A constant stays constant, to the bit.
//
// Samples of 8 and 16 bits are weighted in whole numbers: results are exact until they are rounded, for Bilinear to the
// formula, for Cubic to weights that are multiples of 2^-22.
//
// # Concurrency
//
// Mappings made by this package are safe for concurrent use if the functions given to them are. Warp only
// reads its source and its mapping, so strips of one image may be warped concurrently.
//
// # Limits
//
// The package knows nothing of spatial references: the caller brings the function between them. It chooses no overview.
// Kernels take their 1, 4 or 16 samples also when an image is shrunk, and are meant to be fed from a level that is at
// most twice as fine as the image; Majority from one that is two to four times as fine, so that 4 to 16 samples vote.
// Options.Antialias widens kernels instead.
package resample
