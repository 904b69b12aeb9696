// Package guard keeps a panic where it happened: code of others (catalogues, datasets, formats, hooks) and the library's own
// workers run under it, so that a fault fails the one export that met it, with an error, and not the program.
//
// It cannot keep what Go itself lets nobody recover from: a panic in a goroutine that somebody else started, a map written by
// two goroutines at once, a stack or a memory that is exhausted.
package guard

import (
	"errors"
	"fmt"
	"runtime/debug"
	"time"
)

// A PanicError is a panic that became an error. It does not unwrap to the value, even if that is an error: a panic with
// context.Canceled is a fault, not a cancellation.
type PanicError struct {
	Place string // what was being done, such as "reading raster \"a\""
	Value any    // that was panicked with
	Stack []byte // of the goroutine, as debug.Stack writes it; for logs, not for strangers
}

// Error names the place and the value, without the stack.
func (e *PanicError) Error() string { return fmt.Sprintf("%s panicked: %v", e.Place, e.Value) }

// ErrExited is what Go reports of a function that ended its goroutine with runtime.Goexit, as a test's FailNow does.
var ErrExited = errors.New("its goroutine was ended by runtime.Goexit")

// Call returns what f returns, or a *PanicError if f panics. A nil f is a panic, too.
func Call(place string, f func() error) (err error) {
	defer Catch(place, &err)
	return f()
}

// After calls f in a goroutine of its own when a time has passed, as time.AfterFunc does. A panic of f is reported to
// failed, as a *PanicError.
func After(wait time.Duration, place string, f func(), failed func(error)) *time.Timer {
	return time.AfterFunc(wait, func() {
		err := Call(place, func() error {
			f()
			return nil
		})
		if err != nil {
			failed(err)
		}
	})
}

// Catch is for functions with several results, which defer it: it sets *err to a *PanicError if the function panics. The
// other results keep the values they have then.
//
//	defer guard.Catch("reading", &err)
func Catch(place string, err *error) {
	if v := recover(); v != nil {
		*err = NewPanicError(place, v)
	}
}

// NewPanicError returns the error of a panic, for a deferred function that recovers by itself.
func NewPanicError(place string, v any) *PanicError {
	return &PanicError{Place: place, Value: v, Stack: debug.Stack()}
}

// Stack returns the stack of the first panic in the chain of err, or nil if there is none.
func Stack(err error) []byte {
	var p *PanicError
	if errors.As(err, &p) {
		return p.Stack
	}
	return nil
}
