package source

import (
	"context"
	"errors"
	"fmt"
)

// A FarError reports that bytes of a source that is far away could not be had. Its text may be shown to anybody: sources
// put neither credentials nor signatures into it.
type FarError struct {
	Name     string // of the source, such as its URL without credentials and query
	Status   int    // HTTP status of the last answer; 0 if there was none
	Attempts int    // that were made
	Err      error  // what happened
}

func (e *FarError) Error() string {
	if e.Attempts > 1 {
		return fmt.Sprintf("reading %s, %d attempts: %v", e.Name, e.Attempts, e.Err)
	}
	return fmt.Sprintf("reading %s: %v", e.Name, e.Err)
}

// Unwrap returns what happened.
func (e *FarError) Unwrap() error { return e.Err }

// Timeout reports whether an answer came too late.
func (e *FarError) Timeout() bool {
	t, ok := errors.AsType[interface {
		error
		Timeout() bool
	}](e.Err)
	return errors.Is(e.Err, context.DeadlineExceeded) || ok && t.Timeout()
}
