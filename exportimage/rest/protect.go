package rest

import (
	"errors"
	"io"
	"log/slog"
	"net/http"

	"github.com/geoexport/geoexport/internal/guard"
)

// A tracked is a ResponseWriter that remembers whether an answer has begun.
type tracked struct {
	http.ResponseWriter
	begun bool
}

func (t *tracked) WriteHeader(status int) {
	t.begun = t.begun || status >= http.StatusOK
	t.ResponseWriter.WriteHeader(status)
}

func (t *tracked) Write(p []byte) (int, error) {
	t.begun = true
	return t.ResponseWriter.Write(p)
}

// ReadFrom lets the server send a file without copying it.
func (t *tracked) ReadFrom(from io.Reader) (int64, error) {
	t.begun = true
	return io.Copy(t.ResponseWriter, from)
}

// Unwrap is for http.ResponseController.
func (t *tracked) Unwrap() http.ResponseWriter { return t.ResponseWriter }

// protect calls do, which answers the request. A panic is answered as an internal error or, where an answer has begun, ends
// the connection, so that no client takes a part for the whole.
func (r *responder) protect(do func()) {
	t := &tracked{ResponseWriter: r.w}
	r.w = t
	err := guard.Call("answering", func() error {
		do()
		return nil
	})
	p, panicked := errors.AsType[*guard.PanicError](err)
	if !panicked {
		return
	}
	if p.Value == http.ErrAbortHandler {
		panic(p.Value) // as the server or a middleware wants it
	}
	r.logPanic(err)
	if t.begun {
		panic(http.ErrAbortHandler)
	}
	r.error(err)
}

// foreign calls code of the mounter, such as a Store. A panic is an error, and logged.
func (r *responder) foreign(place string, f func() error) error {
	err := guard.Call(place, f)
	r.logPanic(err)
	return err
}

// logPanic logs a panic with its stack, if err is one.
func (r *responder) logPanic(err error) {
	if stack := guard.Stack(err); stack != nil {
		r.log("panic", "error", err, "stack", string(stack))
	}
}

// log writes to the service's log. A logger that panics loses the message and nothing else.
func (r *responder) log(message string, args ...any) {
	_ = guard.Call("logging", func() error {
		logger(r.service).Log(r.request.Context(), slog.LevelError, message, append([]any{"service", r.service.Name}, args...)...)
		return nil
	})
}
