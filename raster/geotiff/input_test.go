package geotiff_test

import (
	"bytes"
	"context"
	"sync/atomic"
)

// countingSource is a source in memory that counts reads and bytes.
type countingSource struct {
	b            []byte
	reads, bytes atomic.Int64
}

func (s *countingSource) Size() int64 { return int64(len(s.b)) }

func (s *countingSource) ReadAtContext(ctx context.Context, p []byte, off int64) (int, error) {
	s.reads.Add(1)
	s.bytes.Add(int64(len(p)))
	return bytes.NewReader(s.b).ReadAt(p, off)
}
