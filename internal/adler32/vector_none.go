//go:build !amd64 || purego

package adler32

// Checksum returns the checksum of p.
func Checksum(p []byte) uint32 { return checksumLanes(p) }
