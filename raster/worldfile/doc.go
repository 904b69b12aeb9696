// Package worldfile reads PNG, JPEG, GIF and BMP images that have a world file: a text of six numbers beside the image,
// which georeferences it. OpenFile and Open return an Image, which is a raster.Dataset.
//
// An image is decoded as a whole by the decoders of the standard library and golang.org/x/image when it is opened, and
// lies in memory from then on. That suits scanned maps and drawings; what is large enough to hurt belongs into a
// GeoTIFF file.
//
// # What becomes of an image
//
//	in the file                     bands                     type
//	grey, with or without alpha     1                         U8, or U16 for 16-bit PNG
//	colours, with or without alpha  3: red, green, blue       U8, or U16 for 16-bit PNG
//	palette                         1: indices, Info.Palette  U8
//
// Alpha, in a channel or in a palette, is scaled to 8 bits and becomes the blocks' validity; it is no band. Grey PNG
// samples of less than 8 bits are stretched to 0 to 255, as the decoder does. YCbCr is turned into RGB, and CMYK too,
// without a colour profile. Of an animated GIF the first frame counts, and what of the image it does not cover is not
// valid. Orientation tags do not count: a world file speaks of the pixels as they are stored.
//
// # Files beside
//
// For "map.png" the world file is "map.pgw" (the first and the last letter of the extension, and w), "map.pngw" or
// "map.wld", the first of them that there is, and the spatial reference is the well-known text in "map.prj". Extensions
// may be in small or in capital letters. An image without a world file is refused, unless Options say where it lies;
// without a spatial reference it is opened, with a note.
package worldfile
