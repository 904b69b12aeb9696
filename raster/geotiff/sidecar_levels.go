package geotiff

import (
	"context"
	"fmt"
	"slices"

	"github.com/geoexport/geoexport/raster/sidecar"
)

// readOverviewsBeside adds the overviews of the .ovr file, if there is one, and returns the masks among its
// directories. Each directory that is not a mask is an overview, the first one too. A file with an error is ignored as
// a whole: without its masks, pixels would be valid that are not.
func (f *File) readOverviewsBeside(ctx context.Context) ([]*pixels, error) {
	dirs, err := f.sidecarTIFF(ctx, sidecar.Overviews)
	if err != nil {
		return nil, f.spare(sidecar.Overviews, err)
	}
	var overviews []*level
	var masks []*pixels
	for i, d := range dirs {
		where := fmt.Sprintf("in directory %d of %s", i, sidecar.Overviews)
		kind, err := d.subfileType(ctx)
		if err == nil && kind&subfileMask != 0 {
			var m *pixels
			if m, err = f.readMask(ctx, d, where); err == nil {
				masks = append(masks, m)
			}
		} else if err == nil {
			overviews, err = f.readOverview(ctx, d, where, overviews)
		}
		if err != nil {
			return nil, f.spare(sidecar.Overviews, err)
		}
	}
	f.addOverviews(overviews)
	f.overviewsBeside = len(f.levels) > 1
	return masks, nil
}

// readMasks assigns masks to the levels: first inside, the masks in the file itself, then those beside it. Masks are
// not used if there is an alpha band.
//
// A .msk file that cannot be used is an error, since without it pixels would be valid that are not. Masks of overviews
// may be missing: an overview without one is dropped.
func (f *File) readMasks(ctx context.Context, inside []*pixels) error {
	const name = sidecar.Mask + " beside the file"
	size := f.levels[0].layout.size
	masked := slices.ContainsFunc(inside, func(m *pixels) bool { return m.layout.size == size })
	if f.alpha >= 0 || masked {
		src, err := f.sidecar(ctx, sidecar.Mask)
		switch {
		case isContext(err):
			return err
		case f.alpha >= 0 && masked:
			f.note("the mask does not count: the alpha band says which pixels hold data")
		}
		switch {
		case src == nil && err == nil:
		case f.alpha >= 0:
			f.note(name + " does not count: the alpha band says which pixels hold data")
		default:
			f.note(name + " does not count: the mask inside says which pixels hold data")
		}
		if f.alpha >= 0 {
			return nil
		}
		f.addMasks(inside)
	} else {
		masks, err := f.readMaskBeside(ctx)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		f.addMasks(slices.Concat(inside, masks))
		if err := f.addMaskOverviews(ctx, sidecar.MaskOverviews, len(masks) > 0); err != nil {
			return err
		}
	}
	if err := f.addMaskOverviews(ctx, sidecar.OverviewMasks, f.overviewsBeside); err != nil {
		return err
	}
	f.dropUnmasked()
	return nil
}

// readMaskBeside reads the masks of the .msk file, one of which must be the image's; nil if there is no .msk file.
func (f *File) readMaskBeside(ctx context.Context) ([]*pixels, error) {
	dirs, err := f.sidecarTIFF(ctx, sidecar.Mask)
	if err != nil || dirs == nil {
		return nil, err
	}
	masks, err := f.masksOf(ctx, dirs, sidecar.Mask)
	if err != nil {
		return nil, err
	}
	size := f.levels[0].layout.size
	if !slices.ContainsFunc(masks, func(m *pixels) bool { return m.layout.size == size }) {
		return nil, wrong(tagImageWidth, masks[0].layout.size, fmt.Sprintf("no mask of the image's size, %v", size))
	}
	return masks, nil
}

// masksOf reads every directory of a file as a mask.
func (f *File) masksOf(ctx context.Context, dirs []*directory, suffix string) ([]*pixels, error) {
	var masks []*pixels
	for i, d := range dirs {
		m, err := f.readMask(ctx, d, fmt.Sprintf("in directory %d of %s", i, suffix))
		if err != nil {
			return nil, err
		}
		masks = append(masks, m)
	}
	return masks, nil
}

// addMaskOverviews adds masks of overviews from the file with the given suffix, if the image has a mask and an overview
// lacks one.
func (f *File) addMaskOverviews(ctx context.Context, suffix string, apply bool) error {
	if !apply || f.levels[0].mask == nil || !slices.ContainsFunc(f.levels, func(l *level) bool { return l.mask == nil }) {
		return nil
	}
	dirs, err := f.sidecarTIFF(ctx, suffix)
	if err == nil {
		var masks []*pixels
		if masks, err = f.masksOf(ctx, dirs, suffix); err == nil {
			f.addMasks(masks)
			return nil
		}
	}
	return f.spare(suffix, err)
}
