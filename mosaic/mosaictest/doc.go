// Package mosaictest tests implementations of mosaic.Catalog, whose contract it checks by comparing a catalogue's answers
// with each other and with the footprints of its items:
//
//	func TestMine(t *testing.T) { mosaictest.Test(t, mine) }
//
// Check does the same outside of a test. Faulty injects faults into a catalogue, to test what depends on one.
package mosaictest
