// Package encode writes pictures: what an export draws, as the bytes of a file format.
//
// An encoder takes a raster.Image, whose pixels come as strips from the top down, and writes to an io.Writer:
//
//	strips of raster.Block ──> Format.Encode ──> io.Writer
//
// The formats are a value that the caller owns, so one may take formats out, put others in, or replace one:
//
//	formats := encode.Default()
//	err := formats["png"].Encode(w, &raster.Image{…}, nil)
//
// # What is drawn
//
//	bands  drawn as
//	1      grey, or by the palette if the picture has one
//	2      the first, as grey
//	3 up   the first three, as red, green and blue
//
// A band that holds the raster's transparency is not among them: the caller leaves it out, and Block.Valid carries it.
// Samples of invalid pixels are never looked at.
//
//	format  holds     pixel                                             without data          memory
//	png     U8 U16    grey, RGB, or an index of the palette;            transparent           some rows
//	                  with alpha unless the picture is Opaque
//	png8    U8        grey or an index of at most 256 colours           transparent           as held, see below
//	png24   U8        RGB                                               Options.Background    some rows
//	png32   U8        RGBA                                              transparent           some rows
//	jpg     U8        grey, or YCbCr with or without halved chroma      Options.Background    some rows
//	gif     U8        an index of at most 256 colours                   transparent           as held, see below
//	bmp     U8        RGB, the top row first                            Options.Background    some rows
//	tiff    all       all bands as they are, in a GeoTIFF               NoData, or a mask     a row of tiles
//	bip     all       all bands as they are, side by side               NoData or 0; a mask   a row
//	bsq     all       all bands as they are, one after the other        NoData or 0; a mask   a row
//
// What cannot be written before later rows are known waits in memory, and beyond 8 MiB in temporary files: the pixels of
// png8 and gif, whose colours are chosen first, most bands of bsq, masks, and what tiff compresses. So does an image that
// Spool keeps, for formats that depend on all of it, as jpgpng does.
//
// Soft validity, between 0 and 255, is the alpha of png, png32, and of png8 where colours are chosen rather than given.
// Where a pixel is an index (palettes, greys of png8, gif) it is transparent if its validity is under 128 and opaque if
// not. A format without transparency blends over the background. Alpha is never premultiplied, and a pixel of alpha 0
// is written as zeros.
//
// JPEG codes pixels in blocks of 8 by 8, or of 16 by 16 if chroma is halved, and an edge in a block throws waves over all
// of it. So pixels without any data show the background only in blocks that have no others. In blocks on the edge of the
// data they continue their neighbours, and the pixels that hold data are the same over any background.
//
// A value past the end of the palette has no colour: its pixel is drawn as one without data.
//
// # Guarantees
//
// Every function is safe for concurrent use. The bytes depend on the pixels and the options alone: not on how the
// picture is cut into strips, on how many parts of it are packed at a time, on earlier pictures, on time, or on the
// machine. An encoder that fails has written a part of a file, which is of no use to anyone.
//
// # What it is not
//
// Encoders convert no pixel types and stretch no values: a picture of a type that the format does not hold is an
// UnsupportedError. Nor do they limit the size of pictures beyond what formats can state: the caller does.
package encode
