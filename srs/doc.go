// Package srs knows coordinate reference systems and takes coordinates and boxes from one to another.
//
// A [CRS] comes from an EPSG or Esri code ([FromWKID]), from well-known text ([FromWKT]) or from any of the forms that
// requests use ([Parse]). A [Transformer] maps coordinates from one CRS to another, many at a time and in place, and
// [Transformer.Envelope] does so with boxes. An [Envelope] is a box in the units of some CRS.
//
//	from ─ unit, false origin ─ inverse kernel ─ prime meridian ─ datum to WGS 84 ─┐
//	                                                                               │
//	to ─── unit, false origin ─ forward kernel ─ prime meridian ─ WGS 84 to datum ─┘
//
// # Conventions
//
// X is always east or longitude and y north or latitude, whatever axis order the authority defines. Coordinates are in
// the unit of their CRS: degrees for most geographic ones, metres for most projected ones. A point that has no image in
// the target is NaN, NaN; it is never an error, and never a large number.
//
// # What is supported
//
// All geographic 2D and projected systems of the EPSG data set and of Esri's code range, by way of an embedded table
// (see the folder registry), but for a handful of projections that nobody but Esri has: those are refused with an
// [*UnsupportedError] that names them, as are vertical, geocentric and compound codes. From texts, any datum, unit, prime
// meridian and parameters for the same projections.
//
// # Datums
//
// Datums are taken to each other by way of WGS 84, with the operations of the EPSG data set and of Esri that need no
// grid file: geocentric translations, Helmert transformations, Molodensky-Badekas, offsets, chains of these, and as a
// last resort coordinates are copied. Heights are 0 and are dropped. [Transformer.Accuracy] says how far off that may be;
// where a grid file exists for a datum, such as for NAD27 and OSGB36, results differ from it by some metres. [ReadNTv2]
// reads such a file, and [Options] give it to a Transformer as a [ShiftGrid]; none comes with this package.
//
// Many datums have several operations, each for an area. [NewTransformer] chooses by the point, as PROJ does;
// [Options].Area chooses once for a whole image, so that no seam shows. From WGS 84 to a datum results are PROJ's to
// much less than a millimetre; the way back is the exact inverse, which PROJ's is only to some millimetres, or
// centimetres where ellipsoids are far apart.
//
// # What comes from go-spatial/proj, and what does not
//
// Angles in degrees, minutes and seconds and WKT's PROJ4 extension are read with its parsers. A program that uses
// go-spatial itself gets this package's projections as its operations from [RegisterWithGoSpatial].
//
// Its own kernels are not used, only compared with in tests. They work a point at a time at the cost of an allocation,
// overwrite their argument, answer out-of-domain points in four different ways, and the Albers one writes a scratch
// field, so that two goroutines cannot share it. Nor are its units, false origins, prime meridians, axes and datum
// shifts, which it reads and then applies by halves or not at all, nor its ellipsoid table, three of whose rows are
// wrong.
//
// # Concurrency and determinism
//
// CRSs and Transformers are immutable, and all functions are safe for concurrent use. Results are the same on every
// run; between machine architectures they agree to a few units in the last place, as the standard library's elementary
// functions do.
package srs
