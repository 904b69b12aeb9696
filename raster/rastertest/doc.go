// Package rastertest helps to test code that makes or takes rasters. Test checks that a dataset keeps the promises of
// raster.Dataset, and TestInterrupted that its reads can be cancelled midway; Memory is a dataset held in memory; Faulty
// and FaultySource inject faults into datasets and sources, by a seed, to test what depends on them; Parse and
// Text turn text into small blocks and back; Diff compares blocks.
//
// In text, a pixel is one character, and a row one line:
//
//	12.
//	3a.
//
// Digits are 0 to 9, letters from a on are 10 to 35, and a dot is a pixel without data.
package rastertest
