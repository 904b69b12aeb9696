// Package params reads the parameters of an image service's operations from text, and writes the names of their values
// back.
//
// ParseRequest reads those of Export Image, and Values writes them. MosaicRule, RenderingRule, Geometry, Time, SpatialReference, PixelSize and
// BandIDs read one value each.
//
// A Param is one parameter: its name, help, enumerated values and default, and how its text is read. A Table binds such
// parameters to the fields of a request, so that parsing, forms, usage texts and descriptions come from one place.
// Another operation makes its own table out of the same parameters:
//
//	type samples struct { Geometry exportimage.Geometry; Rule mosaic.Rule }
//
//	var table = params.Table[samples]{
//		params.Bind(params.GeometryParam, func(s *samples, g exportimage.Geometry) { s.Geometry = g }),
//		params.Bind(params.MosaicRuleParam, func(s *samples, m params.Mosaic) { s.Rule = m.Rule }),
//	}
//
// Texts come from strangers. Their length, the depth of JSON and XML in them and the lengths of lists are bounded
// before anything is allocated by them, and all errors are of type *exportimage.Error and name the parameter.
//
// Everything here may be used concurrently.
package params
