package diskcache

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/geoexport/geoexport/raster/source"
)

// cached is a source whose bytes are kept.
type cached struct {
	source.Identified
	cache *Cache
	key   string
}

var (
	_ source.RangeReader = (*cached)(nil)
	_ source.Located     = (*cached)(nil)
)

// Name returns the name of the source itself, if it has one.
func (s *cached) Name() string {
	if n, ok := s.Identified.(interface{ Name() string }); ok {
		return n.Name()
	}
	return ""
}

// Latest returns the identity that the source would have if it were opened now, as far as it knows.
func (s *cached) Latest(ctx context.Context) (string, error) {
	if l, ok := s.Identified.(source.Located); ok {
		return l.Latest(ctx)
	}
	return s.Identity(ctx)
}

// Close closes the source itself.
func (s *cached) Close() error {
	if c, ok := s.Identified.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

// ReadAtContext reads like io.ReaderAt's ReadAt.
func (s *cached) ReadAtContext(ctx context.Context, p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, fmt.Errorf("diskcache: an offset of %d", off)
	}
	n := int(min(int64(len(p)), max(0, s.Size()-off)))
	if n > 0 {
		if err := s.ReadRanges(ctx, []source.Range{{Offset: off, Buffer: p[:n]}}); err != nil {
			return 0, err
		}
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// ReadRanges fills the buffer of each range from pages on the disk, and fetches those that are not there together.
func (s *cached) ReadRanges(ctx context.Context, ranges []source.Range) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	pin, err := source.NewPin(ctx, s.Identified)
	if err != nil {
		return err
	}
	var missing []int64 // pages, in order
	for _, r := range ranges {
		if r.Offset < 0 || r.Offset > s.Size()-int64(len(r.Buffer)) {
			return fmt.Errorf("diskcache: %d bytes at %d of %d", len(r.Buffer), r.Offset, s.Size())
		}
		first, end := s.pages(r)
		for page := first; page < end; page++ {
			if _, found := slices.BinarySearch(missing, page); found {
				continue
			}
			data := s.cache.get(nameOf(s.key, pin.ID(), page), s.sizeOf(page))
			if data == nil {
				i, _ := slices.BinarySearch(missing, page)
				missing = slices.Insert(missing, i, page)
				continue
			}
			s.copy(r, page, data)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return s.fetch(ctx, pin, ranges, missing)
}

// fetch reads pages from the source, keeps them, and fills those parts of the ranges that lie in them.
func (s *cached) fetch(ctx context.Context, pin *source.Pin, ranges []source.Range, missing []int64) error {
	size := int64(s.cache.page)
	var runs []source.Range // of pages side by side
	for len(missing) > 0 {
		n := 1
		for n < len(missing) && missing[n] == missing[n-1]+1 {
			n++
		}
		end := min(missing[n-1]*size+size, s.Size())
		runs = append(runs, source.Range{Offset: missing[0] * size, Buffer: make([]byte, end-missing[0]*size)})
		missing = missing[n:]
	}
	if err := readRanges(ctx, s.Identified, runs); err != nil {
		return err
	}
	if err := pin.Check(ctx); err != nil {
		return err // what was read may be of another version than the pages from the disk
	}
	for _, run := range runs {
		for page := run.Offset / size; len(run.Buffer) > 0; page++ {
			data := run.Buffer[:s.sizeOf(page)]
			run.Buffer = run.Buffer[len(data):]
			s.cache.put(nameOf(s.key, pin.ID(), page), data)
			for _, r := range ranges {
				s.copy(r, page, data)
			}
		}
	}
	return nil
}

// readRanges reads ranges, in one call if the source takes several.
func readRanges(ctx context.Context, src source.Source, ranges []source.Range) error {
	if far, ok := src.(source.RangeReader); ok {
		return far.ReadRanges(ctx, ranges)
	}
	for _, r := range ranges {
		if err := source.ReadFull(ctx, src, r.Buffer, r.Offset); err != nil {
			return err
		}
	}
	return nil
}

// pages returns the first of the pages that a range lies in, and the one after the last.
func (s *cached) pages(r source.Range) (first, end int64) {
	size := int64(s.cache.page)
	return r.Offset / size, (r.Offset + int64(len(r.Buffer)) + size - 1) / size
}

// sizeOf returns the number of bytes of a page. The last one may be shorter than others.
func (s *cached) sizeOf(page int64) int {
	size := int64(s.cache.page)
	return int(min(size, s.Size()-page*size))
}

// copy copies what a range and a page have in common to the range's buffer.
func (s *cached) copy(r source.Range, page int64, data []byte) {
	at := page*int64(s.cache.page) - r.Offset // where the page begins in the buffer
	switch {
	case at >= int64(len(r.Buffer)) || at+int64(len(data)) <= 0:
	case at < 0:
		copy(r.Buffer, data[-at:])
	default:
		copy(r.Buffer[at:], data)
	}
}
