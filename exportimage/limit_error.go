package exportimage

import (
	"fmt"
	"time"
)

// A LimitError reports which of the service's Limits a request exceeds. It is in the chain of the *Error, whose Kind says what
// a caller can do: ask for less, or try again later.
type LimitError struct {
	Limit   string // the field of Limits, such as "Pixels"
	Asked   int64  // what the request needs; where only part of it was counted, the first number that is too large
	Allowed int64  // the limit's value, for durations in nanoseconds
	Err     error  // in words
}

func (e *LimitError) Error() string {
	if e.Err != nil {
		return e.Err.Error()
	}
	return fmt.Sprintf("%d is more than %d (limit %s)", e.Asked, e.Allowed, e.Limit)
}

// Unwrap returns the cause.
func (e *LimitError) Unwrap() error { return e.Err }

// overLimit returns a LimitError in words.
func overLimit(limit string, asked, allowed int64, format string, args ...any) *LimitError {
	return &LimitError{limit, asked, allowed, fmt.Errorf(format, args...)}
}

// overTime returns a LimitError about a time.
func overTime(limit string, asked, allowed time.Duration, format string, args ...any) *LimitError {
	return overLimit(limit, int64(asked), int64(allowed), format, args...)
}
