package worldfile

import (
	"errors"
	"fmt"
)

// ErrNoWorldFile is the reason for refusing an image without a world file. Options.Affine can stand in for it.
var ErrNoWorldFile = errors.New("worldfile: no world file beside the image")

// A FormatError reports that a file is wrong: the image, or a file beside it.
type FormatError struct {
	Name string // of the file
	Err  error  // the decoder's error
}

func (e *FormatError) Error() string { return fmt.Sprintf("worldfile: %s: %v", e.Name, e.Err) }

// Unwrap returns the reason.
func (e *FormatError) Unwrap() error { return e.Err }

// An UnsupportedError reports that a file may be right, but that this package cannot read it.
type UnsupportedError struct {
	Name   string // of the file
	Reason string // what is not supported
}

func (e *UnsupportedError) Error() string {
	return fmt.Sprintf("worldfile: %s: not supported: %s", e.Name, e.Reason)
}

// A LimitError reports that an image is larger than Options.MaxPixels, than Options.Expansion allows for the size of
// its file, or than Options.Cache.
type LimitError struct {
	Name   string // of the file
	Pixels int64  // number of pixels of the image
	Bytes  int64  // bytes of memory that the image takes, or decoding it, if they exceed Max; otherwise 0
	Max    int64  // largest number of pixels or bytes
	Cache  bool   // it is Options.Cache that is too small
}

func (e *LimitError) Error() string {
	switch {
	case e.Cache:
		return fmt.Sprintf("worldfile: %s: its %d pixels take %d bytes of memory, more than the %d of Options.Cache",
			e.Name, e.Pixels, e.Bytes, e.Max)
	case e.Bytes > 0:
		return fmt.Sprintf("worldfile: %s: decoding its %d pixels takes %d bytes of memory, more than %d for a file of its size"+
			" (Options.Expansion)", e.Name, e.Pixels, e.Bytes, e.Max)
	}
	return fmt.Sprintf("worldfile: %s: %d pixels exceed MaxPixels of %d", e.Name, e.Pixels, e.Max)
}
