// Package jpegenc codes pictures as JPEG does (ITU-T T.81, baseline), in strips that know nothing of each other, so that
// they are coded side by side. It makes the parts of a file; its callers put them together:
//
//	samples ──> Strip.Transform ──> symbols ──> Code.Append ──> bytes of a scan
//	                                   └──> Counts.Code ──┘
//
// A code made to measure for the symbols makes files a tenth smaller than the one that T.81 gives for typical pictures. It
// takes symbols before they are coded, which is why there are two steps.
//
// All is computed in whole numbers, so that all machines make the same files, and in the lanes of words of 64 bits.
package jpegenc
