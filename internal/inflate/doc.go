// Package inflate decodes zlib streams (RFC 1950) of deflate data (RFC 1951) from one slice into another, for callers
// that know the size of the result, as for strips and tiles: Zlib(dst, src) fills dst.
//
// Because both slices are known, it is several times faster than an io.Reader can be: there is no window to copy out
// of, since matches are copied from the result itself, and far from the ends of both slices nothing needs to be checked
// symbol by symbol.
//
//	inflate.go   blocks: stored, fixed, dynamic; the careful loop for symbols near the ends of the slices
//	fast.go      the loop for all other symbols; on amd64, unless the tag purego is set, a kernel takes its place, which
//	             a program in asm makes
//	table.go     from code lengths to tables, which are indexed by the next bits of the stream
//	adler.go     the checksum
//
// No size that a stream states decides how much is allocated. Every stream ends in a result or an error, after an
// amount of work bounded by the sizes of the two slices. All functions are safe for concurrent use.
package inflate
