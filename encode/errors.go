package encode

import "fmt"

// An UnsupportedError says that a format cannot hold a picture such as this one, which is in itself in order.
type UnsupportedError struct {
	Format string // such as "gif"
	What   string // such as "samples of type F32"
}

func (e *UnsupportedError) Error() string {
	return fmt.Sprintf("encode: %s does not support %s", e.Format, e.What)
}

// A PictureError says that a Picture contradicts itself or that its strips are not what it states: a mistake of the
// caller's code.
type PictureError struct{ What string }

func (e *PictureError) Error() string { return "encode: picture: " + e.What }

// An OptionError says that an option has a value it cannot have.
type OptionError struct {
	Option string
	Value  any
	Want   string // the values it can have
}

func (e *OptionError) Error() string {
	return fmt.Sprintf("encode: %s is %v, want %s", e.Option, e.Value, e.Want)
}

func pictureErrorf(format string, args ...any) error {
	return &PictureError{What: fmt.Sprintf(format, args...)}
}
