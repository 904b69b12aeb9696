package resample

import "fmt"

// An UnsupportedError reports a sound request for something that this package lacks.
type UnsupportedError struct {
	What string // such as "interpolation Interpolation(9)"
}

func (e *UnsupportedError) Error() string { return "resample: unsupported: " + e.What }

// An InvalidError reports blocks that do not fit together.
type InvalidError struct {
	Reason string
}

func (e *InvalidError) Error() string { return "resample: " + e.Reason }

func unsupported(format string, args ...any) error {
	return &UnsupportedError{fmt.Sprintf(format, args...)}
}

func invalid(format string, args ...any) error { return &InvalidError{fmt.Sprintf(format, args...)} }
