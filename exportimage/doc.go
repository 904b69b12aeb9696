// Package exportimage draws what the Export Image operation of an ArcGIS image service answers: an image of any box, at
// any size, in any spatial reference and format, out of a catalogue of georeferenced rasters.
//
//	s := &exportimage.Service{Name: "scene", Catalog: catalog}
//	res, err := s.Export(ctx, exportimage.Request{
//		BBox:    srs.Envelope{XMin: -117, YMin: 34, XMax: -116, YMax: 35},
//		BBoxSR:  wgs84,
//		ImageSR: webMercator,
//	})
//
// A Service also describes itself: Describe, Statistics and Legend return what clients need before they ask for an
// image.
//
// Requests as text, in either dialect of the operation (that of ArcGIS Server 9.3 and today's), are read by package
// exportimage/params. Package exportimage/rest serves a Service over HTTP. This package knows nothing of either.
//
// # The way of an export
//
// A request is resolved to an output grid, the catalogue's rasters are put in order, a plan settles levels, windows and
// mappings, and strips of the image are read, warped, merged, rendered and encoded. Everything but the catalogue, the
// reads and the answer is a pure function of its arguments.
//
// # Promises
//
// A pixel's value depends on the rasters, the output grid and the pixel, on nothing else: not on how an image is cut
// into requests, on strips, workers or caches. No raster and no parameter is silently left out: what cannot be honoured
// is an *Error that names it, and what was set aside is in the Trace.
//
// # Concurrency
//
// A Service may be used by any number of goroutines. No goroutine outlives the call that started it.
package exportimage
