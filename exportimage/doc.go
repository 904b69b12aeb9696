// Package exportimage is the Export Image operation of an ArcGIS image service: the picture of any box, at any size, in
// any spatial reference, in any format, out of a catalogue of georeferenced rasters.
//
//	s := &exportimage.Service{Name: "scene", Catalog: catalog}
//	res, err := s.Export(ctx, exportimage.Request{
//		BBox:    srs.Envelope{XMin: -117, YMin: 34, XMax: -116, YMax: 35},
//		BBoxSR:  wgs84,
//		ImageSR: webMercator,
//	})
//
// Export is the product; NewHandler is a thin adapter that lets the clients people have speak to it over HTTP. Both
// dialects of the operation are understood: that of ArcGIS Server 9.3 and today's.
//
// # The way of an export
//
// A request is resolved to an output grid, the catalogue's rasters are put in order, a plan settles levels, windows and
// mappings, and strips of the picture are read, warped, merged, rendered and encoded. Everything but the catalogue, the
// reads and the answer is a pure function of its arguments.
//
// # Promises
//
// A pixel's value depends on the rasters, the output grid and the pixel, on nothing else: not on how a picture is cut
// into requests, on strips, workers or caches. No raster and no parameter is silently left out: what cannot be honoured
// is an *Error that names it, what was set aside is in the Trace.
//
// # Concurrency
//
// A Service may be used by any number of goroutines. No goroutine outlives the call that started it.
package exportimage
