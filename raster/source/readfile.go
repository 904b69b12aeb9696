package source

import (
	"context"
	"errors"
	"io"
	"io/fs"
)

// readTries is how often a file that changes while it is read is read again.
const readTries = 3

// ReadFile returns the content of a file of fsys, all of one version. If the file is longer than limit bytes, it
// returns only the first limit+1. A file that changes while it is read is read again, up to three times, and then is a
// *ChangedError. Other errors are those of fsys and of ctx.
func ReadFile(ctx context.Context, fsys fs.FS, name string, limit int64) (data []byte, err error) {
	for range readTries {
		data, err = readFile(ctx, fsys, name, limit)
		if _, changed := errors.AsType[*ChangedError](err); !changed {
			break
		}
	}
	return data, err
}

func readFile(ctx context.Context, fsys fs.FS, name string, limit int64) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(contextReader{ctx, f}, limit+1))
	if !info.Mode().IsRegular() {
		return data, err
	}
	v := newVersion(name, info, f.Stat, nil)
	if err := v.settle(ctx); err != nil {
		return nil, err
	}
	return data, err
}

// settle waits until the file counts as complete, and returns an error if it has changed since it was opened.
func (v *version) settle(ctx context.Context) error {
	if err := settle(ctx, v.lastChange()); err != nil {
		return err
	}
	_, err := v.identity()
	return err
}

// A contextReader stops when its context is done.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
