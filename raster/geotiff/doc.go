// Package geotiff reads TIFF, GeoTIFF and cloud-optimised GeoTIFF files: their pixels, window by window, and where those
// lie on the ground. It is where the bytes of strangers come in, so it checks what they say before it believes it.
//
// # How a file is read
//
// Five things are kept apart, each in files of its own:
//
//	bytes      source.go                       where they come from: a Source, which may be remote
//	metadata   structure, fields, layout,      header, directories, the values of tags, what they mean
//	           georef, geokeys, nodata
//	fetch      blocks.go, cache.go             one strip or tile: where it is, getting it, keeping it
//	decode     codec*.go, predictor.go         its compression; a registry of Codecs that is a value
//	samples    unpack.go, read.go              typed planes, and windows put together from them
//
// Open reads the directories and little else, so a file of a million tiles opens as fast as one of ten. Everything else is
// read when a window asks for it.
//
// # What is read
//
// Classic and BigTIFF in both byte orders; strips and tiles; bands stored by pixel or apart; no compression, LZW, Deflate
// and PackBits; predictors 1 to 3; unsigned samples of 1, 2, 4, 8, 16 and 32 bits, signed ones of 8, 16 and 32,
// floating-point ones of 32 and 64. Overviews are the reduced images among the file's directories and in SubIFDs,
// sorted by size.
//
// Samples are those of the file: MinIsWhite is not inverted, a palette is not applied but told in Info, colours
// premultiplied with alpha stay so, CMYK stays CMYK. The latter two are told in Info.Warnings.
//
// Files beside the file (world files, external overviews and masks, metadata) are not looked at; Options can say where the
// pixels lie.
//
// Anything else is an UnsupportedError, which names what is missing; a FormatError says that the file is wrong, and a
// LimitError that it is larger than Limits allow. Parts of a file that can be done without, such as an overview that does not
// fit, are left aside with a warning in Info. Errors of the Source and of the context are wrapped.
//
// # Which pixels hold data
//
// The first of these that a file has decides, for each level by itself:
//
//  1. its alpha band, scaled to 8 bits;
//  2. the internal mask of the level: all that is not 0 is valid. A level whose mask is missing, while the first
//     level has one, is left aside;
//  3. its noData value, from the GDAL_NODATA tag;
//  4. nothing: all pixels are valid.
//
// A noData value is compared with the file's samples, before any interpretation of them, and after rounding it to
// the samples' type. One that the type cannot hold is left aside with a warning. In files with several bands a pixel is without
// data if all bands that are not alpha are noData, where samples are unsigned, and if any of them is, where they are signed
// or floating-point. (In unsigned rasters the value is mostly 0 or 255, which single bands of good pixels have too: red in
// the sea, say. In the others it is one that is never measured, and must not get into a sum.)
//
// Besides, whatever else says that it is valid, a pixel with a NaN in any such band is not.
//
// The rule looks at all bands whichever are asked for, since a pixel's validity must not depend on the request. In files with
// bands stored apart this has a price: the first read of a place decodes all bands there, if samples are
// floating-point or there is a noData value, and keeps the result.
//
// Blocks that a sparse file leaves out hold its noData value, else 0, which is data like any other 0.
package geotiff
