// Package adler32 computes the checksum of zlib streams, Adler-32 (RFC 1950, section 2.2), as hash/adler32 does, but
// several times as fast: on amd64, unless the tag purego is set, in SSE2, sixteen bytes at a time; asm has the
// program that makes the kernel. Elsewhere it takes eight bytes at a time in the lanes of words. Tests compare both
// with the standard library.
package adler32
