// Package encode writes images as files of picture formats: what an export draws, as PNG, JPEG, GIF, BMP, GeoTIFF or
// raw samples.
//
// An encoder takes a raster.Image, whose pixels come as strips from the top down, and writes to an io.Writer:
//
//	strips of raster.Block ──> Format.Encode ──> io.Writer
//
// Formats are a value that the caller owns, so a program may take formats out, add its own, or replace one:
//
//	formats := encode.Default()
//	err := formats["png"].Encode(w, &raster.Image{…}, nil)
//
// A Format also states what it can hold and which of the Options matter to it, so that callers need not know formats by
// name. A new format is one Format value: a file beside the others and a line in Default, or an entry in a caller's
// map.
//
// # What is drawn
//
//	bands  drawn as
//	1      grey, or by the palette if the image has one
//	2      the first, as grey
//	3 up   the first three, as red, green and blue
//
// A band that holds the raster's transparency is not among them: the caller leaves it out, and Block.Valid carries it.
// Samples of invalid pixels are never looked at.
//
//	format  holds     pixel                                             without data          memory
//	png     U8 U16    grey, RGB, or an index of the palette;            transparent           some rows
//	                  with alpha unless the image is Opaque
//	png8    U8        grey or an index of at most 256 colours           transparent           spooled, see below
//	png24   U8        RGB                                               Options.Background    some rows
//	png32   U8        RGBA                                              transparent           some rows
//	jpg     U8        grey, or YCbCr with or without halved chroma      Options.Background    some rows
//	gif     U8        an index of at most 256 colours                   transparent           spooled, see below
//	bmp     U8        RGB, the top row first                            Options.Background    some rows
//	tiff    all       all bands as they are, in a GeoTIFF               NoData, or a mask     a row of tiles
//	bip     all       all bands as they are, side by side               NoData or 0; a mask   a row
//	bsq     all       all bands as they are, one after the other        NoData or 0; a mask   a row
//
// jpgpng is jpg for images that are Opaque, and png32 for others.
//
// Bytes that cannot be written before later rows are known wait in memory, and beyond 8 MiB in temporary files: the
// pixels of png8 and gif, whose colours are chosen first, all bands of bsq but the first, masks, and compressed tiles
// of tiff. Spool keeps an image in the same way, for formats that depend on all of it, as jpgpng does.
//
// Soft validity, between 0 and 255, is the alpha of png, png32, and of png8 where colours are chosen rather than given.
// Where a pixel is an index (palettes, greys of png8, gif) it is transparent if its validity is under 128 and opaque if
// not. A format without transparency blends over the background. Alpha is never premultiplied, and a pixel of alpha 0
// is written as zeros.
//
// JPEG codes pixels in blocks of 8 by 8, or of 16 by 16 if chroma is halved, and an edge in a block causes ripples all
// over the block. So pixels without data show the background only in blocks that hold no data at all. In blocks on the
// edge of the data they continue their neighbours, and the pixels that hold data are the same over any background.
//
// A value past the end of the palette has no colour: its pixel is drawn as one without data.
//
// # Guarantees
//
// Every function is safe for concurrent use. The bytes depend on the pixels and the options alone: not on how the
// image is cut into strips, on how many workers pack it, on earlier images, on time, or on the machine. An encoder that
// fails has written a part of a file, which is of no use to anyone.
//
// # What it is not
//
// Encoders convert no pixel types and stretch no values: an image of a type that the format does not hold is an
// UnsupportedError. They do not limit the size of images either, beyond what a format can state: the caller does.
package encode
