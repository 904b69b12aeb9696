// Package jpegenc encodes JPEG (ITU-T T.81, baseline) in strips that do not depend on each other, so that they can be
// coded in parallel. It makes the parts of a file, and its callers put them together:
//
//	samples ──> Strip.Transform ──> symbols ──> Code.Append ──> bytes of a scan
//	                                   └──> Counts.Code ──┘
//
// Make a Frame of an Image. For each strip, Reset a Strip, fill its rows (AddRow) and Transform them to symbols. Count
// the symbols, make their Code, and write AppendStart, AppendQuantisers, AppendFrame, the strips by Code.Append with
// AppendRestart between them, and AppendEnd.
//
// A code made for the symbols of an image makes files a tenth smaller than the code that T.81 gives for typical images.
// It depends on symbols, which therefore have to be known before they are coded: hence the two steps.
//
// All is computed in whole numbers, so that all machines make the same files, and in the lanes of words of 64 bits. On
// amd64, unless the tag purego is set, the transform and the conversion of colours are in SSE2 instead; asm has the
// program that makes these kernels. Tests compare both, bit by bit.
package jpegenc
