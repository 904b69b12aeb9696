package geotiff

import (
	"context"
	"fmt"

	"github.com/geoexport/geoexport/raster/source"
)

// headSize is the number of bytes that Open reads first: of each of 112 COGs examined, all directories and their arrays
// lie in the first 12 KiB.
const headSize = 16 << 10

// input reads from a source, the first bytes from memory.
type input struct {
	src  source.Source
	size uint64
	head []byte
	name string // of the file, if the source knows it
	pin  *source.Pin
}

func newInput(ctx context.Context, src source.Source) (*input, error) {
	if src.Size() < 0 {
		return nil, fmt.Errorf("geotiff: a source of %d bytes", src.Size())
	}
	pin, err := source.NewPin(ctx, src)
	if err != nil {
		return nil, err
	}
	in := &input{src: src, size: uint64(src.Size()), pin: pin}
	head := make([]byte, min(in.size, headSize))
	if err := in.readAt(ctx, head, 0); err != nil {
		return nil, err
	}
	in.head = head
	if named, ok := src.(interface{ Name() string }); ok {
		in.name = named.Name()
	}
	return in, nil
}

// has reports whether the n bytes from off on are inside the file.
func (in *input) has(off, n uint64) bool { return off <= in.size && n <= in.size-off }

// readAt fills p with the bytes from off on. The caller has checked that they are inside the file.
func (in *input) readAt(ctx context.Context, p []byte, off uint64) error {
	if off+uint64(len(p)) <= uint64(len(in.head)) {
		copy(p, in.head[off:])
		return nil
	}
	if err := source.ReadFull(ctx, in.src, p, int64(off)); err != nil {
		return fmt.Errorf("geotiff: reading %d bytes at %d: %w", len(p), off, err)
	}
	return nil
}
