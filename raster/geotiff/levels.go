package geotiff

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"image"
	"slices"

	"github.com/geoexport/geoexport/raster"
)

// Bits of NewSubfileType (TIFF 6.0, page 36).
const (
	subfileReduced = 1 << 0
	subfileMask    = 1 << 2
)

// readLevels reads all directories and sorts out what they are: the image itself is in the first one; of the others, overviews
// and masks are used, and further pages are not. It returns the first.
//
// A first directory that is wrong makes the file wrong. Later ones are not worth as much: the chain ends where it leads to
// something else, as it does in libtiff, and an overview that cannot be read is left aside. Masks are not, since that
// would make pixels valid that are not. A chain that bites its tail is an error: nobody writes that by mistake.
func (f *File) readLevels(ctx context.Context, codecs Codecs) (*directory, error) {
	first, err := f.s.directory(ctx, f.s.first)
	if err != nil {
		return nil, err
	}
	l, err := readLayout(ctx, first, codecs)
	if err != nil {
		return nil, err
	}
	main := &level{pixels: &pixels{name: "image", layout: l, d: first}}
	f.levels = []*level{main}
	others, err := f.otherDirectories(ctx, first)
	if err != nil {
		return nil, err
	}

	var overviews []*level
	var masks []*pixels
	pages := 0
	for i, d := range others {
		kind, err := d.subfileType(ctx)
		if err != nil {
			return nil, err
		}
		p := &pixels{id: i + 1, d: d}
		switch {
		case kind&subfileMask != 0:
			p.name, p.isMask = fmt.Sprintf("mask in directory %d", i+1), true
			if p.layout, err = readMaskLayout(ctx, d, codecs); err != nil {
				return nil, fmt.Errorf("%s: %w", p.name, err)
			}
			masks = append(masks, p)
		case kind&subfileReduced != 0:
			p.name = fmt.Sprintf("overview in directory %d", i+1)
			if p.layout, err = readLayout(ctx, d, codecs); err == nil {
				err = l.compatible(p.layout)
			}
			if err != nil {
				if isContext(err) {
					return nil, err
				}
				f.warn(fmt.Sprintf("%s is left aside: %v", p.name, err))
				continue
			}
			overviews = append(overviews, &level{pixels: p})
		default:
			pages++
		}
	}
	if pages > 0 {
		f.warn(fmt.Sprintf("%d further pages are not read", pages))
	}
	f.addOverviews(overviews)
	f.addMasks(masks)
	return first, nil
}

// otherDirectories reads the sub-directories of the first one and those that follow it.
func (f *File) otherDirectories(ctx context.Context, first *directory) ([]*directory, error) {
	var ds []*directory
	// add reports whether there was a directory.
	add := func(off uint64) (bool, error) {
		d, err := f.s.directory(ctx, off)
		if e, ok := errors.AsType[*FormatError](err); ok && e.Err != errLoop {
			f.warn(fmt.Sprintf("the chain of directories ends early: %v", err))
			return false, nil
		}
		if err != nil {
			return false, err
		}
		ds = append(ds, d)
		return true, nil
	}
	if first.has(tagSubIFDs) {
		subs, err := first.uints(ctx, tagSubIFDs)
		if err != nil {
			return nil, err
		}
		for _, off := range subs {
			if ok, err := add(off); err != nil {
				return nil, err
			} else if !ok {
				break
			}
		}
	}
	for off := first.next; off != 0; off = ds[len(ds)-1].next {
		if ok, err := add(off); err != nil {
			return nil, err
		} else if !ok {
			break
		}
	}
	return ds, nil
}

// subfileType is what the directory is, in the bits of NewSubfileType.
func (d *directory) subfileType(ctx context.Context) (uint64, error) {
	if d.has(tagNewSubfileType) {
		return d.uint(ctx, tagNewSubfileType, 0)
	}
	const reduced = 2 // of the old tag
	if old, err := d.uint(ctx, tagSubfileType, 0); err != nil || old != reduced {
		return 0, err
	}
	return subfileReduced, nil
}

func readMaskLayout(ctx context.Context, d *directory, codecs Codecs) (*layout, error) {
	l, err := readLayout(ctx, d, codecs)
	switch {
	case err != nil:
		return nil, err
	case l.bands != 1:
		return nil, unsupported(tagSamplesPerPixel, l.bands, "in a mask, want 1")
	case l.typ != raster.U1 && l.typ != raster.U8:
		return nil, unsupported(tagBitsPerSample, l.bits, fmt.Sprintf("in a mask of type %v, want U1 or U8", l.typ))
	case l.photometric == photometricWhiteIsZero:
		return nil, unsupported(tagPhotometric, l.photometric, "in a mask, want 4")
	}
	return l, nil
}

// addOverviews sorts overviews by size and keeps those that are the whole image on a smaller grid.
func (f *File) addOverviews(overviews []*level) {
	slices.SortStableFunc(overviews, func(a, b *level) int {
		return cmp.Compare(mul(uint64(b.layout.size.X), uint64(b.layout.size.Y)),
			mul(uint64(a.layout.size.X), uint64(a.layout.size.Y)))
	})
	for _, o := range overviews {
		s, last := o.layout.size, f.levels[len(f.levels)-1].layout.size
		switch {
		case s.X > last.X || s.Y > last.Y || s == last:
			f.warn(fmt.Sprintf("%s is left aside: %v is not smaller than %v", o.name, s, last))
		case !sameShape(f.levels[0].layout.size, s):
			f.warn(fmt.Sprintf("%s is left aside: %v is no smaller %v", o.name, s, f.levels[0].layout.size))
		default:
			f.levels = append(f.levels, o)
		}
	}
}

// sameShape says whether small can be what is left of whole after division by one number and rounding, up or down, on each
// axis: whether the numbers that lead to small.X on the one axis and to small.Y on the other have one in common.
func sameShape(whole, small image.Point) bool {
	w, h, x, y := float64(whole.X), float64(whole.Y), float64(small.X), float64(small.Y)
	// Rounding takes w/q to a number less than 1 away, so q is between w/(x+1) and w/(x-1). A single pixel may also be
	// what is left of any higher number.
	loX, loY := w/(x+1), h/(y+1)
	return (x == 1 || w/(x-1) >= loY) && (y == 1 || h/(y-1) >= loX)
}

// addMasks gives masks to the levels of their size.
func (f *File) addMasks(masks []*pixels) {
	for _, m := range masks {
		i := slices.IndexFunc(f.levels, func(l *level) bool { return l.mask == nil && l.layout.size == m.layout.size })
		if i < 0 {
			f.warn(fmt.Sprintf("%s is left aside: no level is %v", m.name, m.layout.size))
			continue
		}
		f.levels[i].mask = m
	}
	if f.levels[0].mask == nil {
		return
	}
	f.levels = slices.DeleteFunc(f.levels, func(l *level) bool {
		if l.mask == nil {
			f.warn(fmt.Sprintf("%s is left aside: it has no mask, but the image has one", l.name))
		}
		return l.mask == nil
	})
}

func isContext(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
