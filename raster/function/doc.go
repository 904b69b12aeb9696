// Package function computes pixels from pixels: hillshade from heights, an index from bands, colours from classes. It
// is what ArcGIS calls raster functions, with their names, arguments and results.
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
// bands that the function uses are. Computations are in float64; results are rounded half away from zero where their
// type is one of integers. NaN and infinities become pixels without data. What a type cannot hold becomes the nearest
// value that it holds, but for results of arithmetic (Arithmetic, Local, BandArithmetic, RasterCalculator), which
// become pixels without data.
//
// # Functions
//
// Of ArcGIS's functions these are here; others are refused by name. Each row names its test and, of TestVectors, how
// many vectors of testdata are of the function. The rules of all vectors are in the trees of TestStitchedIsWhole, too.
//
//	None                 pixels as they are                           TestPassThrough
//	Identity             pixels as they are                           TestPassThrough
//	(templates)          functions by other names, with arguments     TestTemplatesCompile
//	Stretch              values spread over a range                   TestVectors: 10
//	Colormap             colours of values, or of a ramp              TestVectors: 3
//	Remap                other values by ranges                       TestVectors: 7
//	Hillshade            shaded heights                               TestVectors: 10
//	Slope                steepness                                    TestVectors: 8
//	Aspect               direction of slopes                          TestVectors: 7
//	ExtractBand          some bands                                   TestVectors: 3
//	BandArithmetic       29 indices, and expressions of bands         TestVectors: 37
//	NDVI                 vegetation index                             TestVectors: 3
//	Clip                 the inside or outside of an area             TestVectors: 4
//	Mask                 no data by values                            TestVectors: 4
//	Arithmetic           two rasters                                  TestVectors: 13
//	Local                one, two or many rasters, 60 operations      TestVectors: 74
//	CompositeBand        bands of several rasters                     TestVectors: 1
//	ShadedRelief         hillshade tinted by height                   TestVectors: 1
//	Curvature            how surfaces are bent                        TestVectors: 9
//	Statistics           of windows                                   TestVectors: 8
//	Convolution          23 kernels, or one's own                     TestVectors: 28
//	ColormapToRGB        a palette's colours as bands                 TestPassThrough
//	Grayscale            one band of several                          TestVectors: 2
//	ContrastBrightness   of bytes                                     TestVectors: 6
//	SpectralConversion   bands by a matrix                            TestVectors: 1
//	UnitConversion       lengths, speeds, temperatures                TestVectors: 7
//	TransposeBits        bits at other places                         TestVectors: 3
//	Resample             how a raster is resampled                    TestPassThrough
//	StatisticsHistogram  statistics for what is on top                TestPassThrough
//	Table                pixels as they are                           TestPassThrough
//	RasterCalculator     expressions of rasters                       TestCalculator
//	Pansharpening        colours sharpened by a band                  TestVectors: 3
//
// # Rules and templates
//
// ParseRule reads functions as clients write them, and ParseTemplate as ArcGIS stores them (.rft.json and .rft.xml).
// Resolve puts templates in the place of their names; Compose puts one function below another. Split does what Resolve
// does, and takes out what functionType 1 states to be of each raster before they are merged.
//
// A raster that is left out, null, an empty text or list, or "$$" is the service's own, and so is a variable of a
// template that is for a raster (isDataset) and has no value: the first such in a list. An empty object is no raster,
// and neither is null or an empty text in a list. AsWritten gives errors of Compile the names that the rule has for
// arguments. An argument that does not count beside others, such as the Kernel of a Convolution whose Type has one of
// its own, is named by Program.Notes, unless it has the value that templates have in any case.
//
// # Concurrency and ownership
//
// Functions must not change while they are compiled. A Program is safe for concurrent use. Blocks that Run takes are
// read and not kept; its result may share planes with them.
//
// # Non-goals
//
// The package knows blocks, sizes of pixels and units. It does not know catalogues, spatial references, HTTP or
// formats: what a geometry's spatial reference means, or what statistics a whole service has, comes through Options.
package function
