package source

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"time"
)

// A Source gives access to the bytes of a file. Implementations are safe for concurrent use. One that is an io.Closer
// is closed by whoever opened it.
type Source interface {
	// ReadAtContext reads like io.ReaderAt's ReadAt. When ctx is done it gives up, with an error that wraps the
	// context's. After it has returned, nothing writes to p any more.
	ReadAtContext(ctx context.Context, p []byte, off int64) (int, error)
	// Size returns the number of bytes. It does not change.
	Size() int64
}

// A RangeReader is a Source that takes several reads in one call, for files that are far away. Which of the ranges it
// fetches together, with the gaps between them, and which side by side is up to the source.
type RangeReader interface {
	Source
	// ReadRanges fills the buffer of each range, or fails. The ranges are sorted by offset and inside the source; they
	// may overlap. After it has returned, nothing writes to the buffers any more.
	ReadRanges(ctx context.Context, ranges []Range) error
}

// A Range is the part of a Source from Offset on that fills Buffer.
type Range struct {
	Offset int64
	Buffer []byte
}

// FromReaderAt returns a source of the first size bytes of r. The context is checked before each read but cannot
// interrupt one. If r has the method Stat of fs.File, as *os.File has, the source is Identified.
func FromReaderAt(r io.ReaderAt, size int64) Source {
	plain := readerAt{r, size}
	f, ok := r.(interface{ Stat() (fs.FileInfo, error) })
	if !ok {
		return plain
	}
	info, err := f.Stat()
	if err != nil {
		return plain // whoever reads from it finds out the same
	}
	return statReaderAt{plain, newVersion(info.Name(), info, f.Stat, nil)}
}

// A statReaderAt is the source of a file that somebody else has opened.
type statReaderAt struct {
	readerAt
	version *version
}

func (s statReaderAt) Identity(context.Context) (string, error) { return s.version.identity() }
func (s statReaderAt) Latest(context.Context) (string, error)   { return s.version.now() }
func (s statReaderAt) Name() string                             { return s.version.name }
func (s statReaderAt) changed() time.Time                       { return s.version.lastChange() }

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

// ReadFull fills p with the bytes of s from off on, with one read. A source that gives fewer bytes without another
// reason makes it fail with io.ErrUnexpectedEOF.
func ReadFull(ctx context.Context, s Source, p []byte, off int64) error {
	n, err := s.ReadAtContext(ctx, p, off)
	switch {
	case n == len(p):
		return nil // even with an error: io.EOF at the end of the file is none
	case err == nil, errors.Is(err, io.EOF):
		return io.ErrUnexpectedEOF
	}
	return err
}
