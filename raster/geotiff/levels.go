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

// readLevels reads all directories and determines their use. The first one is the image; of the others, overviews and
// masks are used, and further pages are not. If the file has no overviews, those beside it are used. It returns the
// first directory, and the masks, which are not assigned to levels yet.
//
// An error in the first directory is an error of the file. Later directories matter less: the chain ends at an offset
// that does not lead to a directory, as in libtiff, and an overview that cannot be read is ignored with a note. A mask
// that cannot be read is an error, since without it pixels would be valid that are not. So is a chain that leads back
// to itself, which no writer makes by mistake.
func (f *File) readLevels(ctx context.Context) (first *directory, masks []*pixels, err error) {
	if first, err = f.s.directory(ctx, f.s.first); err != nil {
		return nil, nil, err
	}
	if f.page > 0 {
		first, err = f.readPage(ctx, first)
		return first, nil, err
	}
	l, err := readLayout(ctx, first, f.codecs)
	if err != nil {
		return nil, nil, err
	}
	f.levels = []*level{{pixels: &pixels{name: "image", layout: l, d: first}}}
	others, err := f.otherDirectories(ctx, first)
	if err != nil {
		return nil, nil, err
	}
	var overviews []*level
	pages := 0
	for i, d := range others {
		kind, err := d.subfileType(ctx)
		if err != nil {
			return nil, nil, err
		}
		where := fmt.Sprintf("in directory %d", i+1)
		switch {
		case kind&subfileMask != 0:
			m, err := f.readMask(ctx, d, where)
			if err != nil {
				return nil, nil, err
			}
			masks = append(masks, m)
		case kind&subfileReduced != 0:
			if overviews, err = f.readOverview(ctx, d, where, overviews); err != nil {
				return nil, nil, err
			}
		default:
			pages++
		}
	}
	if f.pages = 1 + pages; pages > 0 {
		f.note(fmt.Sprintf("%d further pages are not read", pages))
	}
	f.addOverviews(overviews)
	if len(f.levels) == 1 {
		more, err := f.readOverviewsBeside(ctx)
		if err != nil {
			return nil, nil, err
		}
		masks = append(masks, more...)
	}
	return first, masks, nil
}

// readPage makes a page that is not the first the only level, and returns its directory.
func (f *File) readPage(ctx context.Context, first *directory) (*directory, error) {
	others, err := f.otherDirectories(ctx, first)
	if err != nil {
		return nil, err
	}
	at := 0
	for _, d := range others {
		kind, err := d.subfileType(ctx)
		if err != nil {
			return nil, err
		}
		if kind&(subfileMask|subfileReduced) != 0 {
			continue
		}
		if at++; at == f.page {
			l, err := readLayout(ctx, d, f.codecs)
			if err != nil {
				return nil, err
			}
			f.levels = []*level{{pixels: &pixels{name: "image", layout: l, d: d}}}
			return d, nil
		}
	}
	return nil, &FormatError{Name: "directories", Reason: fmt.Sprintf("there is no page %d", f.page+1)}
}

// newPixels returns the pixels of a directory, without their layout.
func (f *File) newPixels(d *directory, name string) *pixels {
	f.directories++
	return &pixels{id: f.directories, d: d, name: name}
}

// readOverview appends an overview to list, or ignores it with a note if it cannot be read.
func (f *File) readOverview(ctx context.Context, d *directory, where string, list []*level) ([]*level, error) {
	p := f.newPixels(d, "overview "+where)
	l, err := readLayout(ctx, d, f.codecs)
	if err == nil {
		err = f.levels[0].layout.compatible(l)
	}
	if err != nil {
		if isContext(err) {
			return nil, err
		}
		f.note(fmt.Sprintf("%s is left aside: %v", p.name, err))
		return list, nil
	}
	p.layout = l
	return append(list, &level{pixels: p}), nil
}

func (f *File) readMask(ctx context.Context, d *directory, where string) (*pixels, error) {
	p := f.newPixels(d, "mask "+where)
	p.isMask = true
	var err error
	if p.layout, err = f.readMaskLayout(ctx, d); err != nil {
		return nil, fmt.Errorf("%s: %w", p.name, err)
	}
	return p, nil
}

// otherDirectories reads the sub-directories of the first directory, and the directories after it.
func (f *File) otherDirectories(ctx context.Context, first *directory) ([]*directory, error) {
	var ds []*directory
	// add reads the directory at off, and reports whether there is one.
	add := func(off uint64) (bool, error) {
		d, err := first.s.directory(ctx, off)
		if e, ok := errors.AsType[*FormatError](err); ok && e.Err != errLoop {
			f.cutShort = err
			f.note(fmt.Sprintf("the chain of directories ends early: %v", err))
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

// subfileType returns the kind of the directory, in the bits of NewSubfileType.
func (d *directory) subfileType(ctx context.Context) (uint64, error) {
	if d.has(tagNewSubfileType) {
		return d.uint(ctx, tagNewSubfileType, 0)
	}
	const reduced = 2 // in the values of the old tag
	if old, err := d.uint(ctx, tagSubfileType, 0); err != nil || old != reduced {
		return 0, err
	}
	return subfileReduced, nil
}

// readMaskLayout reads the layout of a mask, which has one band, or one for each band of the image.
func (f *File) readMaskLayout(ctx context.Context, d *directory) (*layout, error) {
	l, err := readLayout(ctx, d, f.codecs)
	if err != nil {
		return nil, err
	}
	switch bands := f.levels[0].layout.bands; {
	case l.bands != 1 && l.bands != bands:
		return nil, unsupported(tagSamplesPerPixel, l.bands, fmt.Sprintf("in a mask, want 1 or %d as in the image", bands))
	case l.typ != raster.U1 && l.typ != raster.U8:
		return nil, unsupported(tagBitsPerSample, l.bits, fmt.Sprintf("in a mask of type %v, want U1 or U8", l.typ))
	case l.photometric == photometricWhiteIsZero:
		return nil, unsupported(tagPhotometric, l.photometric, "in a mask, want 4")
	}
	return l, nil
}

// addOverviews sorts overviews by size and keeps those that show the whole image on a coarser grid.
func (f *File) addOverviews(overviews []*level) {
	slices.SortStableFunc(overviews, func(a, b *level) int {
		return cmp.Compare(mul(uint64(b.layout.size.X), uint64(b.layout.size.Y)),
			mul(uint64(a.layout.size.X), uint64(a.layout.size.Y)))
	})
	for _, o := range overviews {
		s, last := o.layout.size, f.levels[len(f.levels)-1].layout.size
		switch {
		case s.X > last.X || s.Y > last.Y || s == last:
			f.note(fmt.Sprintf("%s is left aside: %v is not smaller than %v", o.name, s, last))
		case !sameShape(f.levels[0].layout.size, s):
			f.note(fmt.Sprintf("%s is left aside: %v is no smaller %v", o.name, s, f.levels[0].layout.size))
		default:
			f.levels = append(f.levels, o)
		}
	}
}

// sameShape reports whether small can be the size whole divided by one number on both axes and rounded up or down:
// whether the range of divisors that lead to small.X overlaps the range that lead to small.Y.
func sameShape(whole, small image.Point) bool {
	w, h, x, y := float64(whole.X), float64(whole.Y), float64(small.X), float64(small.Y)
	// The quotient w/q is rounded to a number less than 1 away, so q is between w/(x+1) and w/(x-1). For a single pixel
	// there is no upper bound.
	loX, loY := w/(x+1), h/(y+1)
	return (x == 1 || w/(x-1) >= loY) && (y == 1 || h/(y-1) >= loX)
}

// addMasks assigns masks to the levels of the same size. Of several masks for a level it takes the first.
func (f *File) addMasks(masks []*pixels) {
	for _, m := range masks {
		i := slices.IndexFunc(f.levels, func(l *level) bool { return l.mask == nil && l.layout.size == m.layout.size })
		if i < 0 {
			f.note(fmt.Sprintf("%s is left aside: no level of %v is without one", m.name, m.layout.size))
			continue
		}
		f.levels[i].mask = m
	}
}

// dropUnmasked removes the levels without a mask, with a note, if the image has one.
func (f *File) dropUnmasked() {
	if f.levels[0].mask == nil {
		return
	}
	f.levels = slices.DeleteFunc(f.levels, func(l *level) bool {
		if l.mask == nil {
			f.note(fmt.Sprintf("%s is left aside: it has no mask, but the image has one", l.name))
		}
		return l.mask == nil
	})
}

func isContext(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
