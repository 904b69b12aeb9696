// Package function computes pixels from pixels: hillshade from heights, an index from bands, colours from classes. It is
// what ArcGIS calls raster functions, with their names, arguments and results.
//
// Functions are plain values that form a tree, whose leaves are rasters:
//
//	shade := &function.Stretch{
//		Input: &function.Hillshade{Input: function.Source{}, Azimuth: 315, Altitude: 45},
//		Type:  function.StretchMinMax,
//	}
//
// Compile turns a tree into a Program, given the Samples of each leaf. The program states what it reads, which bands of
// which leaves and how many pixels around those that are wanted, and what comes out: pixel type, bands, known range and
// palette. Run then computes one strip of pixels after the other. Subtrees that are equal are computed once.
//
// # Pixels
//
// All leaves lie on one grid, that of the output, and a pixel of a result is made from pixels near it, by numbers that
// are the same for all pixels. So it does not depend on how an image is cut into strips. Functions that look at
// neighbours, such as Hillshade, need a margin of pixels around the strip; margins add up along the tree. Where a
// neighbour holds no data, each function states what it does: nothing is mirrored or repeated at an edge of the data.
//
// One validity holds for all bands of a pixel. Unless a function states otherwise, a pixel is valid where all the input
// bands that the function uses are. Computations are in float64; results are rounded half away from zero where their type
// is one of integers. NaN and infinities become pixels without data. What a type cannot hold becomes the nearest value
// that it holds, but for results of arithmetic (Arithmetic, Local, BandArithmetic, RasterCalculator), which become
// pixels without data.
//
// # Concurrency and ownership
//
// Functions must not change while they are compiled. A Program is safe for concurrent use. Blocks that Run takes are read
// and not kept; its result may share planes with them.
//
// # Non-goals
//
// The package knows blocks, sizes of pixels and units. It does not know catalogues, spatial references, HTTP or formats:
// what a geometry's spatial reference means, or what statistics a whole service has, comes through Options.
package function
