package geotiff

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// A Source is where a file's bytes come from. Implementations are safe for concurrent use.
type Source interface {
	// ReadAtContext is like io.ReaderAt's ReadAt, and gives up, with an error that wraps the context's, when ctx is
	// done. When it has returned, nothing writes to p any more.
	ReadAtContext(ctx context.Context, p []byte, off int64) (int, error)
	// Size is the number of bytes there are. It does not change.
	Size() int64
}

// A RangeReader is a Source that takes several reads at once. For one that is far away, this is what makes a window fast: the
// strips and tiles of a window that are not in the cache are asked for together, and which of them it reads in one go,
// with the gaps between them, or side by side is up to the source.
type RangeReader interface {
	Source
	// ReadRanges fills the buffer of each range, or fails. The ranges are sorted by offset and inside the source; they
	// may overlap. When it has returned, nothing writes to the buffers any more.
	ReadRanges(ctx context.Context, ranges []Range) error
}

// A Range is a part of a Source: as many bytes from Offset on as Buffer takes.
type Range struct {
	Offset int64
	Buffer []byte
}

// FromReaderAt is a source of the first size bytes of r. The context is looked at before each read but cannot interrupt
// one.
func FromReaderAt(r io.ReaderAt, size int64) Source { return readerAt{r, size} }

type readerAt struct {
	r    io.ReaderAt
	size int64
}

func (s readerAt) Size() int64 { return s.size }

func (s readerAt) ReadAtContext(ctx context.Context, p []byte, off int64) (int, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	return s.r.ReadAt(p, off)
}

// headSize is how much of a file is read at once when it is opened: the directories of each of the 112 COGs that we
// looked at, with all their arrays, lie in their first 12 KiB.
const headSize = 16 << 10

// input reads from a source, the first bytes from memory.
type input struct {
	src  Source
	size uint64
	head []byte
}

func newInput(ctx context.Context, src Source) (*input, error) {
	if src.Size() < 0 {
		return nil, fmt.Errorf("geotiff: a source of %d bytes", src.Size())
	}
	in := &input{src: src, size: uint64(src.Size())}
	head := make([]byte, min(in.size, headSize))
	if err := in.readAt(ctx, head, 0); err != nil {
		return nil, err
	}
	in.head = head
	return in, nil
}

// has says whether the n bytes from off on are inside the file.
func (in *input) has(off, n uint64) bool { return off <= in.size && n <= in.size-off }

// readAt fills p with the bytes from off on, which the caller knows to be inside the file.
func (in *input) readAt(ctx context.Context, p []byte, off uint64) error {
	if off+uint64(len(p)) <= uint64(len(in.head)) {
		copy(p, in.head[off:])
		return nil
	}
	n, err := in.src.ReadAtContext(ctx, p, int64(off))
	if n == len(p) {
		return nil // whatever err says: io.EOF at the end of the file is no error
	}
	if err == nil || errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("geotiff: reading %d bytes at %d: %w", len(p), off, err)
}
