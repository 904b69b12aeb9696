// Package mosaictest checks implementations of mosaic.Catalog. Test asks a catalogue all sorts of questions and
// compares its answers with each other and with the footprints of its items:
//
//	func TestMine(t *testing.T) { mosaictest.Test(t, mine) }
package mosaictest
