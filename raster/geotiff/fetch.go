package geotiff

import (
	"cmp"
	"context"
	"fmt"
	"image"
	"slices"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/source"
)

// fetchBytes caps the bytes of one batch of ranges. Every Read in progress may hold that much.
const fetchBytes = 16 << 20

// fetchPlaces caps the number of places of one batch, even if there is little to be read for them.
const fetchPlaces = 16 << 10

// A place is one plane of the block at (col, row). With plane wantValidity it stands for the validity that follows from
// all planes there.
type place struct{ plane, col, row int }

// places is the list of the given planes in each block that a window touches, row by row: n places, of which at returns
// number i.
type places struct {
	n  int
	at func(i int) place
}

func placesOf(l *layout, win image.Rectangle, planes []int) places {
	first, last := l.at(win.Min), l.at(win.Max.Sub(image.Pt(1, 1)))
	across := last.X - first.X + 1
	return places{across * (last.Y - first.Y + 1) * len(planes), func(i int) place {
		block := i / len(planes)
		return place{planes[i%len(planes)], first.X + block%across, first.Y + block/across}
	}}
}

// inBatches calls do until it has covered all places. For a source that takes several reads in one call, it fetches the
// bytes of one batch after another, bounded by fetchBytes and fetchPlaces, and calls do for each batch with pixels that
// hold the fetched bytes. For other sources it calls do once.
func (f *File) inBatches(ctx context.Context, p *pixels, all places, do func(p *pixels, some places) error) error {
	src, ok := p.d.s.in.src.(source.RangeReader)
	if !ok {
		return do(p, all)
	}
	b := batch{f: f, p: p, src: src, scratch: f.caches.of(ctx).Scratch()}
	defer b.free()
	for i := range all.n {
		if err := b.add(ctx, all.at(i)); err != nil {
			return err
		}
		if b.bytes >= fetchBytes || len(b.places) == fetchPlaces {
			if err := b.run(ctx, do); err != nil {
				return err
			}
		}
	}
	return b.run(ctx, do)
}

// A batch is a list of places whose bytes are fetched in one call.
type batch struct {
	f      *File
	p      *pixels
	src    source.RangeReader
	places []place
	ranges map[uint64]uint64 // size of each range by its offset
	bytes  uint64
	bufs   []*[]byte // of scratch

	scratch *raster.Scratch
}

// add adds a place and, unless the cache has it, the ranges that have to be read for it.
func (b *batch) add(ctx context.Context, at place) error {
	b.places = append(b.places, at)
	first, last := at.plane, at.plane
	if at.plane == wantValidity {
		if b.f.has(ctx, b.f.blockKey(b.p, kindValidity, at.col, at.row)) {
			return nil
		}
		first, last = 0, b.p.layout.planes()-1
	}
	// The blocks of a hostile file may share bytes, so the planes of one place could add up to far more than the file.
	for plane := first; plane <= last && b.bytes < fetchBytes && !b.p.layout.streamed(); plane++ {
		if b.f.has(ctx, b.f.blockKey(b.p, plane, at.col, at.row)) {
			continue
		}
		size := uint64(b.p.layout.packedBytes(b.p.layout.rect(at.col, at.row).Dy()))
		off, n, err := b.f.locate(ctx, b.p, plane, at.col, at.row, size)
		if err := ctx.Err(); err != nil {
			return err
		}
		if err != nil {
			continue // decoding the block finds the same error, and names the block
		}
		if b.p.layout.compression == None {
			n = min(n, size)
		}
		if had := b.ranges[off]; n > had && off+n > uint64(len(b.p.d.s.in.head)) {
			if b.ranges == nil {
				b.ranges = map[uint64]uint64{}
			}
			b.ranges[off] = n // blocks may share an offset
			b.bytes += n - had
		}
	}
	return nil
}

// run fetches the bytes of the batch, calls do with its places, and empties it.
func (b *batch) run(ctx context.Context, do func(p *pixels, some places) error) error {
	p := *b.p
	if len(b.ranges) > 0 {
		p.fetched = make(map[uint64][]byte, len(b.ranges))
		var ranges []source.Range
		for off, n := range b.ranges {
			buf := b.scratch.Bytes(int(n))
			b.bufs = append(b.bufs, buf)
			p.fetched[off] = *buf
			ranges = append(ranges, source.Range{Offset: int64(off), Buffer: *buf})
		}
		slices.SortFunc(ranges, func(a, b source.Range) int { return cmp.Compare(a.Offset, b.Offset) })
		if err := b.src.ReadRanges(ctx, ranges); err != nil {
			return fmt.Errorf("geotiff: reading %d bytes in %d ranges: %w", b.bytes, len(ranges), err)
		}
	}
	err := do(&p, places{len(b.places), func(i int) place { return b.places[i] }})
	b.free()
	return err
}

// free makes the batch empty.
func (b *batch) free() {
	for _, buf := range b.bufs {
		b.scratch.PutBytes(buf)
	}
	b.bufs, b.places, b.ranges, b.bytes = nil, nil, nil, 0
}

// readAt fills b with the bytes of the file from off on, out of p.fetched if they are there.
func (p *pixels) readAt(ctx context.Context, b []byte, off uint64) error {
	if got := p.fetched[off]; len(got) >= len(b) && len(b) > 0 {
		copy(b, got)
		return nil
	}
	return p.d.s.in.readAt(ctx, b, off)
}
