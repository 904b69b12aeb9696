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
// # The life of rasters
//
// An operation asks the catalogue which rasters it needs, opens each by its item's Open, reads, and is done with them when it
// returns: then each dataset goes to the item's Release, if that is set. A service closes nothing by itself. There are
// three ways to keep rasters:
//
//   - open as long as the program runs: mosaic.Of, or mosaic.Folder, which the catalogue's Close closes;
//   - as many open as there are places: a mosaic.Pool, which several catalogues and services may share, and whose Close closes
//     them. Open and Opener work like this: Service.Close, or Opener.Close, closes what they opened;
//   - open for one operation: an Open that opens, and a Release that closes.
//
// A service remembers its Description, statistics and histograms, and its cache remembers blocks. What may change says so, by a
// version: a catalogue that is mosaic.Versioned, of its items; a dataset that is raster.Versioned, of its pixels, as those of
// GeoTIFFs and pictures in files are. An operation that meets another version than what is remembered begins anew, and
// its answer is of one version of everything. What has no version must not change as long as a service uses it: change the
// catalogue's version, or make another Service.
//
// A raster that cannot be read is an error that is a RasterError; with Service.SkipUnreadable it is left out and listed in the
// trace, and the log has one warning about it, and later messages at Debug.
//
// # Concurrency
//
// A Service may be used by any number of goroutines. No goroutine outlives the call that started it.
package exportimage
