// Package mosaic makes many rasters one: a catalogue says which rasters there are and where, a rule puts those of a
// request in order, and a merger folds their pixels, top first, until nothing below can show.
//
//	Catalog ── Rule.Items(view) ──▶ []*Item ── Rule.Order ──▶ top … bottom ── Merger.Add ──▶ one block
//
// Catalogues are a Slice, an Index for many items, or a Folder of files; others pass mosaictest. TileIndex and Features
// read items from what GDAL and STAC write, and a Pool bounds how many rasters are open at once. A rule chooses by box,
// pixel size, time, IDs and a Condition. An Area is the outline that Blend fades out at, and that seamlines cut at.
//
// The package reads no pixels itself and knows no raster format: an Item opens its raster through a function that whoever
// made the catalogue supplies. Catalogues are safe for concurrent use; a Merger belongs to one goroutine.
package mosaic
