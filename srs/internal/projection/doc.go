// Package projection holds map projections, each in a file of its own: the kernel, which maps many points at a time, and
// the descriptor, which has all names and numbers of the projection.
//
// [Parse] makes a [Projection] of PROJ's names and parameters, and [FromText] of those in well-known text and PROJJSON.
// [Projection.Spell] and [Projection.SpellEsri] go the other way, and [GeoTIFFMethod] finds a method by GeoTIFF's code.
// [NewKernel] sets up a projection's mathematics.
//
//	Descriptor ─┬─ Operations: names and keys in PROJ strings
//	            ├─ Methods:    forms in the words of EPSG, Esri, the OGC and GeoTIFF, with their Parameters
//	            └─ New:        Projection (ellipsoid and parameters) to Kernel
//
// # Adding a projection
//
// Write a file with a kernel and a Descriptor, after the model of pseudo_quartic_authalic.go, or of toy_test.go, which
// has all spellings, and add it to [All]. All tables follow from the descriptors. Files of a family have a common
// prefix; those that begin with math are for several families. Two reference points of an independent source belong
// into testdata.
//
// # Conventions
//
// Angles of parameters are degrees, and those of kernels radians. Kernels work on the unit ellipsoid, without a false
// origin, and count longitudes from the central meridian; east is x and north y, unless the projection's axes are turned.
// Errors about a definition are *[Unsupported]. Everything is safe for concurrent use.
package projection
