// Package rastertest helps to test code that makes or uses rasters: datasets in memory, pictures as text, and the
// conformance test that every raster.Dataset must pass.
package rastertest
