// Package pngfilter filters the rows of PNG files: ISO/IEC 15948 (PNG, third edition), section 9.
//
// All filters of a row are computed, with the sums of the absolute values of their differences, as signed bytes: the
// cost by which a Chooser chooses, as the standard suggests in section 12.7. On amd64, unless the tag purego is set,
// this is done in SSE2, sixteen bytes at a time; asm has the program that makes the kernel. Elsewhere eight bytes
// are done at a time within a uint64, which is several times as fast as one by one. Tests compare both, bit by bit.
package pngfilter
