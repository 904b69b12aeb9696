// Package geoexport is the front door of a module that does what the Export Image operation of an ArcGIS image service
// does, in pure Go: the picture of any box, at any size, in any spatial reference, in any format, out of any set of
// georeferenced rasters. It holds no code itself. The packages, from the operation down to the nouns:
//
//	exportimage     the operation: Service.Export, and the HTTP handler
//	mosaic          catalogues of rasters, their order, how they are merged
//	resample        one grid's pixels from another's
//	encode, kmz     pictures in the formats of the operation
//	raster/geotiff  GeoTIFF files
//	raster          pixel types, planes, blocks, grids, datasets
//	srs             spatial references
//
// Begin with exportimage, and with examples/export and examples/serve.
package geoexport
