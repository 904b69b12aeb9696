package sidecar

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/geoexport/geoexport/raster/source"
)

// A Version is the version of a raster: of its own file, of the files beside it, and of the fact that others are
// missing. A format makes one with Watch before it reads anything, and calls Settle when it has opened the raster. From
// then on a Version is safe for concurrent use and works after the raster was closed, too. It implements
// raster.Version.
//
// The nil Version is that of a raster whose source is not Identified: it has no text and is always current.
type Version struct {
	main   source.Source
	pin    *source.Pin
	open   Opener
	beside []part
	text   string

	in folder // where missing files would be; without fsys if that is not known

	mu    sync.Mutex
	since time.Time // when the folder got or lost files before the missing ones were looked for last; zero if unknown
}

// A part is what an Opener returned for a suffix.
type part struct {
	suffix string
	id     string // empty if there is no such file
	src    source.Source
}

// Watch returns the version of a raster whose own file is main, and an Opener that does what open does and makes all
// that it opens, or finds missing, part of the version. It is used by one goroutine, until Settle.
func Watch(ctx context.Context, main source.Source, open Opener) (*Version, Opener, error) {
	pin, err := source.NewPin(ctx, main)
	if err != nil || pin == nil {
		return nil, open, err
	}
	v := &Version{main: main, pin: pin, open: open}
	if open == nil {
		return v, nil, nil
	}
	return v, func(ctx context.Context, suffix string) (source.Source, error) {
		src, err := open(ctx, suffix)
		if ctx.Err() == nil {
			if m, ok := errors.AsType[*missingError](err); ok {
				v.in = m.in
			}
			p := part{suffix, identityOf(ctx, src, err), src}
			if !slices.ContainsFunc(v.beside, func(o part) bool { return o.suffix == p.suffix && o.id == p.id }) {
				v.beside = append(v.beside, p)
			}
		}
		return src, err
	}, nil
}

// identityOf returns the identity of what an Opener returned, empty if that is nothing. A file that cannot be opened
// has the identity of the reason.
func identityOf(ctx context.Context, src source.Source, err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && src == nil:
		return ""
	case err != nil:
		return "! " + err.Error()
	}
	s, ok := src.(source.Identified)
	if !ok {
		return "?" // there is a file, and more cannot be known
	}
	id, err := s.Identity(ctx)
	if err != nil {
		return "! " + err.Error()
	}
	return id
}

// Settle is called when the raster was opened, with err or nil. It waits until all files count as complete, see
// source.Settle, and then returns err if what was read so far is of one version. Otherwise the error is a
// *source.ChangedError, and the raster must be opened anew.
func (v *Version) Settle(ctx context.Context, err error) error {
	if v == nil || ctx.Err() != nil {
		return cmp.Or(err, ctx.Err())
	}
	settled := v.settle(ctx)
	if c, ok := errors.AsType[*source.ChangedError](settled); ok && err != nil {
		return &source.ChangedError{Name: c.Name, Err: err}
	}
	return cmp.Or(err, settled)
}

func (v *Version) settle(ctx context.Context) error {
	sources, there := []source.Source{v.main}, false
	for _, p := range v.beside {
		if p.src != nil {
			sources = append(sources, p.src)
		}
		there = there || p.id != ""
	}
	if err := source.Settle(ctx, sources...); err != nil {
		return err
	}
	v.text = v.pin.ID()
	for _, p := range v.beside {
		if p.id != "" {
			v.text += " " + p.suffix + " " + p.id
		}
	}
	if err := v.pin.Check(ctx); err != nil {
		return err
	}
	if there {
		return v.Current(ctx) // all files must have been there at the same time
	}
	// A file that was replaced meanwhile is still complete in itself.
	return v.missing(ctx)
}

// String returns a text that is another one for every version of the raster.
func (v *Version) String() string {
	if v == nil {
		return ""
	}
	return v.text
}

// Current returns nil if the raster would be of the same version if it were opened now. The error is a
// *source.ChangedError if it would not, or if its file is gone; any other is the reason why that cannot be found out.
func (v *Version) Current(ctx context.Context) error {
	if v == nil {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if s, ok := v.main.(source.Located); ok {
		switch id, err := s.Latest(ctx); {
		case errors.Is(err, fs.ErrNotExist):
			return v.changed("", err)
		case err != nil:
			return err
		case id != v.pin.ID():
			return v.changed("", nil)
		}
	} else if err := v.pin.Check(ctx); err != nil {
		return err
	}
	for _, p := range v.beside {
		if p.id != "" {
			if err := v.same(ctx, p); err != nil {
				return err
			}
		}
	}
	return v.missing(ctx)
}

// trustAfter is how long a folder must have been left alone before its date says that it has got no more files: several
// times the steps of the clocks by which file systems date changes.
const trustAfter = time.Second

// missing checks the files that were missing. If the folder has the date that it had when they were looked for, they
// are not looked for again: that saves three quarters of the time of Current.
func (v *Version) missing(ctx context.Context) error {
	var date time.Time
	if v.in.fsys != nil {
		info, err := fs.Stat(v.in.fsys, v.in.name)
		if err == nil && time.Since(info.ModTime()) > trustAfter && info.ModTime().Nanosecond() != 0 {
			date = info.ModTime()
		}
	}
	v.mu.Lock()
	known := !date.IsZero() && date.Equal(v.since)
	v.mu.Unlock()
	if known {
		return nil
	}
	if err := v.lookForMissing(ctx); err != nil {
		return err
	}
	v.mu.Lock()
	v.since = date
	v.mu.Unlock()
	return nil
}

func (v *Version) lookForMissing(ctx context.Context) error {
	for _, p := range v.beside {
		if p.id == "" {
			if err := v.same(ctx, p); err != nil {
				return err
			}
		}
	}
	return nil
}

// same checks that there is still the same file for a suffix, or none.
func (v *Version) same(ctx context.Context, p part) error {
	src, err := v.open(ctx, p.suffix)
	id := identityOf(ctx, src, err)
	if c, ok := src.(io.Closer); ok && err == nil {
		_ = c.Close() // nothing was read from it
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if id != p.id {
		return v.changed(p.suffix, nil)
	}
	return nil
}

// changed returns the error about the raster's own file, or about the one with a suffix.
func (v *Version) changed(suffix string, err error) error {
	name := suffix
	if n, ok := v.main.(interface{ Name() string }); ok {
		name = strings.TrimSpace(n.Name() + " " + suffix)
	}
	return &source.ChangedError{Name: name, Err: err}
}

// Because returns the error that explains why reading failed with err: a *source.ChangedError around it if the raster's
// own file has changed since it was opened, and otherwise err.
func (v *Version) Because(ctx context.Context, err error) error {
	if v == nil || err == nil || ctx.Err() != nil {
		return err
	}
	if _, ok := errors.AsType[*source.ChangedError](err); ok {
		return err
	}
	if changed := v.Current(ctx); changed != nil {
		if c, ok := errors.AsType[*source.ChangedError](changed); ok {
			return &source.ChangedError{Name: c.Name, Err: err}
		}
	}
	return err
}
