// Package geotiff reads and writes TIFF, GeoTIFF and cloud-optimised GeoTIFF files: their pixels, window by window, and
// their georeference. OpenFile opens a file by its path, and Open any source.Source:
//
//	f, err := geotiff.OpenFile("scene.tif", nil)
//	if err != nil {
//		return err
//	}
//	defer f.Close()
//	block, err := f.Read(ctx, nil, 0, image.Rect(0, 0, 256, 256), nil)
//
// A File is a raster.Dataset. Encode writes a raster.Image. Files may come from strangers, so every number in a file is
// checked before it is used: see Limits.
//
// # How a file is read
//
// Reading has five parts, each in files of its own:
//
//	bytes      input.go                        the source of bytes: a source.Source, which may be remote
//	metadata   structure, fields, layout,      header, directories, the values and meanings of tags
//	           georef, geokeys, nodata,
//	           metadata, sidecar
//	fetch      blocks.go, cache.go, strand.go  one strip or tile: locating, reading and caching it
//	decode     codec*.go, predictor.go         its compression; a registry of Codecs that is a value
//	samples    unpack*.go, read.go, direct.go  typed planes, and windows put together from them
//
// Open reads the directories and little else, so a file of a million tiles opens as fast as one of ten. Other parts are
// read when a window needs them.
//
// # Reads of the source
//
// The blocks of a window are read and decoded side by side on up to GOMAXPROCS goroutines, each block with one
// ReadAtContext. A source that is far away should be a source.RangeReader: one call asks it for all blocks of a window
// that are not in the cache, in portions of 16 MiB. From other sources, an uncompressed block is read in part the first
// time that a window needs a part of it, and as a whole, into the cache, the second time.
//
// Strips of more than 3 MiB without compression, or with PackBits, LZW, Deflate or ZSTD, are read in pieces of up to
// 256 KiB. A compressed one can only be decoded from its first row on, so its decoder is kept in the cache where it
// has got to, up to four for each strip and 8 MiB together, for the next piece below. Reading windows from top to bottom
// decodes the strip once. A window above all kept decoders decodes the rows above it again. Callers that read one strip
// take turns.
//
// A window in one block of the file is lent from the cache without a copy. Reads of more than a quarter of the cache
// decode whole blocks right into their result where they can, and leave the cache as it is.
//
// # What is read
//
// Classic and BigTIFF in both byte orders; strips and tiles; bands stored by pixel or apart; both fill orders.
// Overviews are the reduced images among the file's directories and in SubIFDs, sorted by size.
//
// Compressions: none, PackBits, LZW (also that of before TIFF 6.0), Deflate, LZMA, ZSTD, LERC (also with Deflate or
// ZSTD inside), JPEG, WebP, and for samples of 1 bit CCITT RLE, Group 3 and Group 4; with predictors 1 to 3 where
// libtiff has them. Not: old JPEG, JPEG 2000, JPEG XL, JBIG, SGILog, PixarLog, ThunderScan, NeXT; the error names them.
//
// Samples have the smallest type of package raster that holds all samples of their kind:
//
//	unsigned, 1 to 32 bits        U1, U2, U4, U8, U16 or U32
//	signed, 8, 16 or 32 bits      S8, S16 or S32
//	integers of 64 bits           F64; beyond 2^53 they are rounded, and Info.Notes has a note
//	floating-point, 16 to 64 bits F32 or F64
//	complex, of 2 x 16 to 64 bits C64 or C128
//
// All bands must be of one kind. Signed samples of other widths are refused: GDAL, with whose results users may
// compare, reads them without their sign.
//
// Samples are those of the file: MinIsWhite is not inverted, a palette is reported in Info but not applied, colours
// that were multiplied by alpha remain so, and CMYK remains CMYK. The latter two are reported in Info.Notes. Only YCbCr
// is converted, to RGB, with the same numbers as in libtiff, libjpeg and GDAL.
//
// Scale, offset, unit and statistics of bands come from the GDAL_METADATA tag. They are reported in Info, not applied.
// Of a file with several pages, the first one is read.
//
// # Files beside a file
//
// OpenFile looks for other files of the same name, and Open asks Options.Sidecar:
//
//	.aux.xml                  GDAL's metadata of bands, and georeference
//	.vat.dbf, .vat.cpg        Esri's table of the values of one band of whole numbers, if no metadata have one
//	.ovr                      overviews, if the file has none of its own
//	.msk, .msk.ovr, .ovr.msk  the mask, and those of overviews; see below
//	.tfw .tifw .tiffw .wld    a world file, if nothing else georeferences the pixels
//	.prj                      the spatial reference, if nothing else states it
//
// The georeference is the first of these that exists: Options; the file's tags, of which a matrix precedes scale and
// tie point; the .aux.xml file; the world file and .prj. A file with only ground control points or a camera model (RPC)
// is an UnsupportedError. For metadata of bands the order is the reverse: the .aux.xml file precedes the GDAL_METADATA
// and GDAL_NODATA tags, since later findings and corrections are stored there.
//
// A wrong file beside the file is ignored with a note, with two exceptions, which are errors: a .msk file, without
// which pixels would be valid that are not, and a spatial reference that is understood but not supported.
//
// # Errors
//
// An UnsupportedError names the feature that this package does not support; a FormatError reports that the file is
// wrong, and a LimitError that it exceeds one of Limits. Parts of a file that are dispensable, such as an overview that
// does not fit, are ignored with a note in Info. Errors of the source and of the context are wrapped.
//
// # Which pixels hold data
//
// The first of these that a file has decides, for each level by itself:
//
//  1. its alpha band, scaled to 8 bits;
//  2. the mask of the level, inside the file or else in the .msk file: a pixel is valid where the mask is not 0. A
//     level without a mask is dropped if the first level has one;
//  3. its noData values, from the GDAL_NODATA tag, or for single bands from the .aux.xml file;
//  4. nothing: all pixels are valid.
//
// Sources of validity that are not used because of this order are reported in Info.Notes. The alpha band is the one
// that ExtraSamples marks, or else the one that the metadata call alpha. If a mask has a band for each of the image's,
// a pixel is valid where all of them are, since a pixel's bands are valid together.
//
// A noData value is compared with the file's samples, before any interpretation of them, and after rounding the value
// to the samples' type. A value that the type cannot hold is ignored with a note. Each band is compared with its own
// value; bands without one are never noData. In files with several bands, unsigned ones and others differ: a pixel of
// unsigned samples is without data if all bands that have a noData value are noData, and one of signed or
// floating-point samples if any band is. (In unsigned rasters the value is mostly 0 or 255, which single bands of good
// pixels have too: red in the sea, say. In the others it is one that is never measured, and must not get into a sum.)
//
// A pixel with a NaN in a band that is not alpha is never valid.
//
// The rule looks at all bands, requested or not, since a pixel's validity must not depend on the request. In files with
// bands stored apart this has a price: if samples are floating-point or there is a noData value, the first read of a
// place decodes all bands there, and caches the result.
//
// Blocks that a sparse file leaves out hold their band's noData value, or else 0, which is data like any other 0.
//
// # How a file is written
//
// Encode takes a raster.Image, strip by strip, and writes tiles. Each step is in files of its own: the plan in
// encode_plan.go and encode_georef.go; rows put together, and halved for overviews, in encode_rows.go; samples,
// predictors and compressions in encode_tiles.go, encode_lzw.go and encode_jpeg.go; and the structure of the file in
// encode_directory.go.
package geotiff
