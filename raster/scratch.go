package raster

import "sync"

// A Scratch lends out memory that calls fill, use and give back one after another, so that each does not need its own.
// What was given back is kept until the garbage collector has run twice. It is safe for concurrent use, and the zero
// value is ready for use.
type Scratch struct{ bytes, buffers sync.Pool }

// Bytes lends a slice of n bytes with arbitrary contents.
func (s *Scratch) Bytes(n int) *[]byte {
	b, ok := s.bytes.Get().(*[]byte)
	if !ok {
		b = new([]byte)
	}
	if cap(*b) < n {
		*b = make([]byte, n)
	}
	*b = (*b)[:n]
	return b
}

// PutBytes takes back what Bytes lent.
func (s *Scratch) PutBytes(b *[]byte) { s.bytes.Put(b) }

// Buffer lends a Buffer.
func (s *Scratch) Buffer() *Buffer {
	if b, ok := s.buffers.Get().(*Buffer); ok {
		return b
	}
	return &Buffer{}
}

// PutBuffer takes back what Buffer lent. Nobody may use its blocks any more.
func (s *Scratch) PutBuffer(b *Buffer) { s.buffers.Put(b) }

// Scratch returns the memory that those share who make values for the cache.
func (c *Cache) Scratch() *Scratch { return &c.scratch }
