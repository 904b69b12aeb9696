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
// # Functions
//
// Of ArcGIS's functions these are here; others are refused by name. Numbers are those of the vectors of testdata that test
// a function (TestVectors); all are in the trees of TestStitchedIsWhole that vectors have rules for, and the rest in
// TestTemplatesCompile, TestPassThrough and TestCalculator.
//
//	Identity             pixels as they are; so does None           -
//	Stretch              values spread over a range                 10
//	Colormap             colours of values, or of a ramp            3
//	Remap                other values by ranges                     7
//	Hillshade            shaded heights                             10
//	Slope                steepness                                  8
//	Aspect               direction of slopes                        7
//	ExtractBand          some bands                                 3
//	BandArithmetic       29 indices, and expressions of bands       37
//	NDVI                 vegetation index                           3
//	Clip                 the inside or outside of an area           4
//	Mask                 no data by values                          4
//	Arithmetic           two rasters                                13
//	Local                one, two or many rasters, 60 operations    74
//	CompositeBand        bands of several rasters                   1
//	ShadedRelief         hillshade tinted by height                 1
//	Curvature            how surfaces are bent                      9
//	Statistics           of windows                                 8
//	Convolution          23 kernels, or one's own                   28
//	ColormapToRGB        a palette's colours as bands               -
//	Grayscale            one band of several                        2
//	ContrastBrightness   of bytes                                   6
//	SpectralConversion   bands by a matrix                          1
//	UnitConversion       lengths, speeds, temperatures              7
//	TransposeBits        bits at other places                       3
//	Resample             how a raster is resampled                  -
//	StatisticsHistogram  statistics for what is on top              -
//	Table                pixels as they are                         -
//	RasterCalculator     expressions of rasters                     -
//	Pansharpening        colours sharpened by a band                3
//
// # Rules and templates
//
// ParseRule reads functions as clients write them, and ParseTemplate as ArcGIS stores them (.rft.json and .rft.xml). Resolve
// puts templates in the place of their names; Compose puts one function below another.
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
