// Package lerc reads and writes LERC, Esri's format for rasters whose samples are numbers: elevations, temperatures,
// measurements, classes. LERC stands for Limited Error Raster Compression: the caller states by how much a decoded
// sample may differ from its original, and no sample differs by more. An error of 0 loses nothing.
//
//	m := &lerc.Image{Width: 512, Height: 512, Pix: elevations} // []float32, rows from the top down
//	err := lerc.Encode(w, m, &lerc.EncodeOptions{MaxZError: 0.01})
//
//	m, err := lerc.Decode(data, nil)
//	elevations := m.Pix.([]float32)
//
// # What it reads and writes
//
// It reads Lerc1, and Lerc2 in the versions 1 to 6: all eight types of samples, several bands, masks that bands share
// or have of their own, several samples in a pixel (Depth), and values that mark single samples as without data. It
// checks checksums. It writes Lerc2, as small as Esri's own encoder does, and Lerc1 for old clients. DecodeHeader says
// what a blob holds, without decoding it.
//
// A blob has no place in the world: no coordinates, no colours. It is what ArcGIS image services answer with
// format=lerc, what elevation tiles consist of, and what lies inside of TIFF files with compression LERC.
//
// # The error
//
// |decoded − original| ≤ MaxZError holds for every valid sample, strictly. For whole numbers an error below 1 is none
// at all. Esri's encoder lets float32 round on top of the error, so that samples can be off by a little more; Encode
// takes a step that is smaller by as much, or keeps samples as they are.
//
// # Memory
//
// A blob begins with its size and, from version 3 on, its checksum, so that nothing of it can be written before it is
// complete: LERC does not stream. The caller holds the samples, Encode one band's blob beside them, at most about as
// large as the band's samples, and with Lerc1 a band as float32, too. Decode takes the memory of the image, and beside
// it no more than a mask and a plane of bytes, or with Lerc1 the numbers of a tile, which has up to 4 bytes for each
// pixel. Neither allocates for each micro-block. Images that are larger than memory are cut into tiles, a blob each, as
// TIFF and tile caches do.
//
// # Hostile data
//
// Every length is checked before memory is allocated by it, and the whole image against Options.MaxBytes: 94 bytes can
// state an image of 2 GiB. A program that knows what it expects compares the Header first, or uses DecodeInto, which
// allocates only what Decode takes beside the image. Damaged data are errors, or wrong samples where there is no
// checksum (versions below 3); never a panic.
//
// # Rules
//
// All functions are safe for concurrent use. Equal input gives equal output on every machine. Samples of Lerc1 are
// float32. The samples of invalid pixels are 0.
//
// # Sources
//
// The format is described by Esri's specification and by its C++ library, https://github.com/Esri/lerc (Apache License
// 2.0), from which the facts are taken; the code is not. Where that library lets sums of differences wrap around, this
// package keeps them inside of their type.
package lerc
