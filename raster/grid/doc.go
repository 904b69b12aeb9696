// Package grid reads the plain grids: files of samples one after the other, with a header in front or beside, and texts
// of numbers. OpenFile, OpenFS and Open return a File, which is a raster.Dataset.
//
//	format                     known by                            types                        georeference
//	BIL, BIP, BSQ              Esri's header beside (.hdr)         U1 to U32, S8 to S32, F32, F64  header, world file, .prj
//	float grid (.flt)          Esri's header beside (.hdr)         F32                          header, .prj
//	ENVI, any ending           ENVI's header beside (.hdr)         U8, S16 to U32, F32, F64,    map info, coordinate
//	                                                               C64, C128                    system string
//	Esri ASCII (.asc)          its first word                      S32, F32, F64                header, .prj
//	SRTM (.hgt)                its name, such as N47E011.hgt       S16                          name and size
//	DTED 0 to 2 (.dt0 …)       its first bytes                     S16                          header
//	Surfer 6 and 7 (.grd)      its first bytes                     F32, or F64 for 7 and text   header, .prj
//
// The header of "a.bil" is "a.bil.hdr" or "a.hdr", also in capital letters. GDAL's and Esri's metadata in
// "a.bil.aux.xml" or "a.aux.xml" count more than what the file or its header says; Esri's colours (.clr), statistics
// (.stx) and tables of values (.vat.dbf) count less. There are no overviews. What is not understood, and no pixel
// depends on, is in Info.Notes.
//
// # What is read when
//
// Opening reads headers, and a text as a whole, once, since it has no index: 1 GB takes several seconds. A read then
// takes only the bytes that its window needs, and for a text starts at the next of about every thousandth number, of
// whose places the index of up to 2 MiB holds up to 131072. Nothing is cached.
//
// # Pixels and places
//
// The grid of a File refers to the corners of pixels. ULXMAP and ULYMAP, the limits of Surfer's grids, the degrees of
// SRTM and the origin of DTED are centres of pixels, so that the grid reaches half a pixel beyond. Rows and columns
// that a file begins in the south or stores by columns are turned.
//
// A pixel of unsigned samples is without data if all bands that have a noData value hold it; one of other samples if
// any band does, or holds NaN. In a text without NODATA_value, no number stands for no data. Surfer's blank nodes are
// those from 1.70141e38 on; in version 2 of its grids, those that equal the blank value.
//
// # Choices where the formats leave one
//
// A text is S32 if all numbers and its noData value are written as whole ones that fit; F32 if any is not, as GDAL
// has it, but for all of the text rather than its beginning; and F64 if whole numbers do not fit S32, or others F32.
// A comma in a number is a decimal one, if it has no other and no point. A text with more or fewer numbers than its
// header says is refused.
//
// Samples of 16 and 32 bits without PIXELTYPE are signed if NODATA is negative, which is noted, and unsigned otherwise.
// Without BYTEORDER the least significant byte comes first, which is noted, too. Without LAYOUT the ending of the name says
// it. BANDROWBYTES, TOTALROWBYTES and BANDGAPBYTES count, over which GDAL 3.6 passes.
//
// Heights of DTED below -16000 are read as two's complement, which some writers use. Checksums of its columns are
// verified if those of the first, the middle and the last are right, and noted as wrong otherwise.
//
// Refused by name are, among others, whole numbers of 64 bits, compressed and framed files of ENVI, DTED with columns
// that are missing, rotated grids of Surfer, and files of other formats.
package grid
