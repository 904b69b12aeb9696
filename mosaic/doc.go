// Package mosaic makes many rasters one: a catalogue says which rasters there are and where, a rule puts those of a
// request in order, and a merger folds their pixels, top first, until nothing below can show.
//
//	Catalog ── Items(query) ──▶ []*Item ── Rule.Order ──▶ top … bottom ── Merger.Add ──▶ one block
//
// The package reads no pixels itself and knows no file format: an Item opens its raster through a function that whoever
// made the catalogue supplies. Catalogues are safe for concurrent use; a Merger belongs to one goroutine.
package mosaic
