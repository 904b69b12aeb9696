// Package srs knows coordinate reference systems and takes coordinates and boxes from one to another.
//
// A [CRS] comes from an EPSG or Esri code ([FromWKID]), from well-known text ([FromWKT]) or from any of the forms that
// requests use ([Parse]). A [Transformer] maps coordinates from one CRS to another, many at a time and in place, and
// [Transformer.Envelope] does so with boxes. An [Envelope] is a box in the units of some CRS.
//
//	from ─ unit, false origin ─ inverse kernel ─┐
//	                                            ├─ datum, central meridian
//	to ─── unit, false origin ─ forward kernel ─┘
//
// # Conventions
//
// X is always east or longitude and y north or latitude, whatever axis order the authority defines. Coordinates are in
// the unit of their CRS: degrees for most geographic ones, metres for most projected ones. A point that has no image in
// the target is NaN, NaN; it is never an error, and never a large number.
//
// # What is supported
//
// Geographic: WGS 84, NAD83, ETRS89, SIRGAS 2000. Projected: web Mercator under its five codes, World Mercator, UTM on
// these four datums, and the Albers systems of the United States. From text, transverse Mercator, Mercator, Albers and
// Esri's plate carrée with any parameters. All else is refused with an [*UnknownError] or an [*UnsupportedError] that
// names it. The four datums are taken to coincide, which is what PROJ and ArcGIS do without a grid;
// [Transformer.Accuracy] says how far off that may be.
//
// # What comes from go-spatial/proj, and what does not
//
// Projection kernels are registered with go-spatial's registry under ids of ours (x_tmerc, x_merc, x_aea, x_eqc), and
// are set up through its System: parameters in PROJ's spelling, ellipsoid algebra, defaults. They can thus be used from
// there, too. WKT's PROJ4 extension is read with its parser.
//
// Its own kernels are not used, only compared with in tests. They work a point at a time at the cost of an allocation,
// overwrite their argument, answer out-of-domain points in four different ways, and the Albers one writes a scratch
// field, so that two goroutines cannot share it. Nor are its units, false origins, prime meridians, axes and datum
// shifts, which it reads and then applies by halves or not at all, nor its ellipsoid table, three of whose rows are
// wrong: it is given +a and +rf.
//
// # Concurrency and determinism
//
// CRSs and Transformers are immutable, and all functions are safe for concurrent use. Results are the same on every
// run; between machine architectures they agree to a few units in the last place, as the standard library's elementary
// functions do.
package srs
