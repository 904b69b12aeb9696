// Package geoexport is the front door of a module that does what the Export Image operation of an ArcGIS image service
// does, in pure Go: an image of any box, at any size, in any spatial reference, in any of its formats, from any set of
// georeferenced rasters. Open makes a service of files, folders and URLs. The packages, from the operation down to the nouns:
//
//	exportimage               the image service as Go: Service.Export and its account of what it did
//	exportimage/params        the operation's parameters, read from text
//	exportimage/rest          the ArcGIS REST API over HTTP
//	mosaic                    catalogues of rasters, their order, how they are merged
//	mosaic/mosaictest         checks that a catalogue of your own works
//	resample                  one grid's pixels from another's
//	encode                    images in the formats of the operation
//	kmz                       an image for Google Earth
//	raster                    pixel types, planes, blocks, grids, datasets
//	raster/geotiff            GeoTIFF files, read and written
//	raster/lerc               LERC, read and written: numbers with an error that has a bound
//	raster/grid               plain grids: BIL, ENVI, Esri ASCII, SRTM, DTED, Surfer
//	raster/worldfile          PNG, JPEG, GIF and BMP with a world file
//	raster/source             bytes of files near and far
//	raster/function           raster functions: trees that compute pixels from pixels
//	raster/source/httpsource  bytes of files on HTTP servers, by ranges
//	raster/source/diskcache   parts of far files, kept on the disk
//	raster/sidecar            what lies beside a raster's file: metadata, world files, overviews
//	raster/overview           which overview to read, and overviews that a raster lacks
//	raster/rastertest         rasters in memory, and checks that a dataset of your own works
//	srs                       spatial references and transformations between them
//
// Begin with Open, exportimage, and with examples/export and examples/serve.
package geoexport
