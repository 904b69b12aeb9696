// Package testdata embeds the rasters that the demo server shows and that tests read.
//
// They are real and free to pass on: NASA's Blue Marble, a Landsat 7 scene of Olinda, land cover of Puerto Rico, heights
// around Olinda, and a mosaic of three overlapping cuts of the Olinda scene. They are embedded so that the demo and the
// tests need neither the network nor any file beside the program. README.md in this folder states the source, the
// terms, the making and some known pixels of each.
//
// The go tool leaves folders named testdata out of patterns such as ./..., but the package can be imported by its path.
// Programs that import it grow by the size of the files, so only examples, commands and tests do.
package testdata

import "embed"

// Demo holds the folder "demo". Each GeoTIFF in it is an image service; each folder in it is a mosaic service, whose
// items are the GeoTIFFs in that folder. It is read-only and safe for concurrent use.
//
//go:embed demo
var Demo embed.FS
