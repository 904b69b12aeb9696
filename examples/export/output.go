package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// An output is an unfinished file. It lies beside the file that it will replace, under a name of its own.
type output struct {
	*os.File
	target string
	named  string // as the user called it
}

// createOutput starts a file that commit puts at path.
func createOutput(path string) (*output, error) {
	target, mode := path, fs.FileMode(0)
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, cannotWrite(path, err)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("cannot write %s: it is no regular file", path)
	default:
		mode = info.Mode().Perm()
		if target, err = filepath.EvalSymlinks(path); err != nil { // what a link points to is replaced, not the link
			return nil, cannotWrite(path, err)
		}
	}
	// Unlike os.CreateTemp's, the file gets the permissions that any new file would.
	name := filepath.Join(filepath.Dir(target), ".export-"+rand.Text()[:10]+".tmp")
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return nil, cannotWrite(path, err)
	}
	o := &output{f, target, path}
	if mode != 0 {
		if err := f.Chmod(mode); err != nil {
			o.discard()
			return nil, cannotWrite(path, err)
		}
	}
	return o, nil
}

// Write writes to the file.
func (o *output) Write(p []byte) (int, error) {
	n, err := o.File.Write(p)
	if err != nil {
		err = cannotWrite(o.named, err)
	}
	return n, err
}

// cannotWrite returns an error without the path of the temporary file, which the user never named.
func cannotWrite(path string, err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		err = p.Err
	}
	return fmt.Errorf("cannot write %s: %w", path, err)
}

// commit renames the file to its target.
func (o *output) commit() error {
	if err := o.Close(); err != nil {
		return cannotWrite(o.named, err)
	}
	if err := os.Rename(o.Name(), o.target); err != nil {
		return fmt.Errorf("cannot write %s: %w", o.named, errors.Unwrap(err))
	}
	return nil
}

// discard removes the file, unless it was committed.
func (o *output) discard() {
	_ = o.Close()
	_ = os.Remove(o.Name())
}
