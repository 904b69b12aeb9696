// Package inflate decodes zlib streams (RFC 1950) of deflate data (RFC 1951) from one slice into another, for callers that know
// how large the result is: strips and tiles, say.
//
// Knowing both ends is what makes it several times faster than an io.Reader can be: there is no window to copy out of, since
// matches are copied from the result itself, and far from the ends of both slices nothing needs to be checked symbol by
// symbol.
//
//	inflate.go   blocks: stored, fixed, dynamic; the careful loop, which minds the ends of the slices
//	fast.go      the loop for everything far from the ends
//	table.go     from code lengths to tables that are looked up with the next bits of the stream
//	adler.go     the checksum
//
// Nothing is allocated in proportion to what a stream says. Every stream ends in a result or an error, after an amount of
// work bounded by the sizes of the two slices. All functions are safe for concurrent use.
package inflate
