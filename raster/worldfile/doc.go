// Package worldfile reads PNG, JPEG, GIF and BMP images that have a world file: a text of six numbers beside the image,
// which georeferences it. OpenFile and Open return an Image, which is a raster.Dataset.
//
// The decoders of the standard library and golang.org/x/image decode a whole image when it is opened. It stays in
// memory from then on, unless Options.Cache bounds that. That suits scanned maps and drawings; larger images should be
// GeoTIFF files.
//
// # Bands and types
//
//	in the file                     bands                     type
//	grey, with or without alpha     1                         U8, or U16 for 16-bit PNG
//	colours, with or without alpha  3: red, green, blue       U8, or U16 for 16-bit PNG
//	palette                         1: indices, Info.Palette  U8
//
// Alpha, in a channel or in a palette, is scaled to 8 bits and becomes the blocks' validity; it is not a band. Grey PNG
// samples of less than 8 bits are stretched to 0 to 255, as the decoder does. YCbCr is converted to RGB, and so is
// CMYK, without a colour profile. Of an animated GIF the first frame is read; pixels of the image outside this frame
// are not valid. Orientation tags are ignored, since a world file describes the pixels as they are stored.
//
// # Files beside
//
// GDAL's and Esri's metadata in "map.png.aux.xml" or "map.aux.xml" count before the others: the georeference, as a
// GeoTransform or as Esri's GeodataXform of the first order, the spatial reference, noData, colour table, statistics,
// names and units. A statement there about the place or the colours that is not understood is an error. A noData value
// makes a pixel invalid if all bands that have one hold theirs, unless there is alpha.
//
// Esri's table of the values of an image of one band, "map.png.vat.dbf", counts if the metadata have none.
//
// The world file of "map.png" is "map.pgw" (the first and the last letter of the extension, and w), "map.pngw" or
// "map.wld", the first that exists. The spatial reference is the well-known text in "map.prj". Extensions may be in
// small or in capital letters. An image without any of them is refused, unless Options.Affine replaces it; an image
// without a spatial reference is opened, with a note.
package worldfile
