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

// An OptionError says that an option has a value it cannot have.
type OptionError struct {
	Option string
	Value  any
	Want   string // the values it can have
}

func (e *OptionError) Error() string {
	return fmt.Sprintf("encode: %s is %v, want %s", e.Option, e.Value, e.Want)
}
