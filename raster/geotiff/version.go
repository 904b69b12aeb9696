package geotiff

import (
	"context"
	"errors"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/source"
)

// Version returns the version of the file and of the files beside it; nil if the source is not source.Identified.
func (f *File) Version() raster.Version {
	if f.version == nil {
		return nil
	}
	return f.version
}

// unchanged returns err, the result of a read, or a *source.ChangedError if a file of the level has changed since it
// was opened. Each read calls it at its end. So if other reads store blocks of a changed file in the cache, a read that
// uses them fails, too, and no other file sees them.
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
