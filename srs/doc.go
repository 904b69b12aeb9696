// Package srs reads spatial references in all the forms that files and requests use, and transforms coordinates and boxes
// from one to another.
//
//	from, err := srs.Parse("EPSG:4326")
//	to, err := srs.FromWKID(102100)
//	t, err := srs.NewTransformer(from, to)
//	lost := t.Transform(xs, ys)   // many points, in place
//	box, err := t.Envelope(srs.Envelope{XMin: 5, YMin: 45, XMax: 11, YMax: 48})
//
// A [CRS] is a small value that can be compared and used as a map key. It is read and written by
//
//	codes of EPSG and Esri             FromWKID       CRS.WKID
//	well-known text 1 and 2            FromWKT        CRS.WKT (Esri's WKT 1), CRS.WKT2
//	ArcGIS's JSON                      Parse          CRS.MarshalJSON
//	GeoTIFF's keys                     FromGeoKeys    CRS.GeoKeys
//	PROJ strings, PROJJSON, URNs       Parse
//
// and [Parse] reads all of them but GeoTIFF's keys. A [Transformer] plans the way between two CRSs once:
//
//	from ─ unit, false origin ─ inverse projection ─ prime meridian ─ datum to WGS 84 ─┐
//	                                                                                   │
//	to ─── unit, false origin ─ projection ───────── prime meridian ─ WGS 84 to datum ─┘
//
// # Conventions
//
// X is always east or longitude and y north or latitude, whatever order of axes the authority defines. Coordinates are in
// the unit of their CRS: degrees for most geographic ones, metres for most projected ones. A point without an image in
// the target becomes NaN, NaN: never an error, and never a large number.
//
// # Supported systems
//
// All geographic 2D and projected systems of the EPSG data set and of Esri's range of codes are in an embedded table,
// which the folder registry describes. A handful of projections that only Esri has are not supported; an
// [*UnsupportedError] names the projection, or the kind of a vertical, geocentric or compound code. Texts and GeoKeys may
// define any datum, unit, prime meridian and parameters for the same projections.
//
// # Datums
//
// Datums are connected by operations of their own or else by a third datum such as WGS 84, with the operations of the
// EPSG data set and of Esri that need no grid file: geocentric translations, Helmert transformations, Molodensky-Badekas, offsets, and chains of
// these. Where none is known, latitudes and longitudes are copied. Heights are 0 and are dropped. [Transformer.Accuracy]
// returns the error that this may cause, and [Transformer.Operations] the names of what is used.
//
// A caller who wants another operation names it: [OperationFromWKID] and [OperationFromWKT] read what ArcGIS calls a
// geographic transformation, and [Options].Operations uses it, or several in a row.
//
// For datums with a grid file, such as NAD27 and OSGB36, results differ from the file's by some metres. [ReadNTv2] reads
// grid files, and raster/geotiff's ReadShiftGrid those of PROJ's content delivery network; [Options].ShiftGrids uses them, also
// for +nadgrids of a PROJ string; this package contains none.
//
// Many datums have several operations, each for an area. [NewTransformer] chooses for each point, as PROJ does;
// [Options].Area chooses once for a whole image, so that it shows no seam. From WGS 84 to a datum, results agree with
// PROJ's to much less than a millimetre. The way back is the exact inverse, while PROJ's misses by some millimetres, or
// centimetres where the ellipsoids are far apart.
//
// # Concurrency and determinism
//
// CRSs and Transformers are immutable, and all functions but [RegisterWithGoSpatial] are safe for concurrent use. Results
// are the same on every run; between machine architectures they agree to a few units in the last place, as the standard
// library's elementary functions do.
package srs
