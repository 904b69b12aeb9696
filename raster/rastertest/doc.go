// Package rastertest helps to test whatever makes or takes rasters: Memory is a dataset held in memory, Parse and Text
// turn small blocks into text and back, Diff compares blocks, and Test checks that a dataset keeps the promises of
// raster.Dataset.
//
// A picture is one character a pixel, one line a row:
//
//	12.
//	3a.
//
// Digits are 0 to 9, letters from a on are 10 to 35, and a dot is a pixel without data.
package rastertest
