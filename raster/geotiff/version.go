package geotiff

import (
	"context"
	"errors"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/source"
)

// Version returns the version of the file and of what stands beside it; nil if the source is not source.Identified.
func (f *File) Version() raster.Version {
	if f.version == nil {
		return nil
	}
	return f.version
}

// unchanged returns err, with which a read ended, unless a file that the level is read from has changed since it was
// opened: then it returns a *source.ChangedError. It is called once for each window, at its end: blocks that reads side by side put into the
// cache from a changed file are then seen by reads that fail, too, and the cache gives them to nobody else.
func (lv *level) unchanged(ctx context.Context, err error) error {
	in := lv.d.s.in
	changed := in.pin.Check(ctx)
	if changed == nil && lv.mask != nil && lv.mask.d.s.in != in {
		changed = lv.mask.d.s.in.pin.Check(ctx)
	}
	if err == nil {
		return changed
	}
	if c, ok := errors.AsType[*source.ChangedError](changed); ok {
		return &source.ChangedError{Name: c.Name, Err: err}
	}
	return err
}
