package encode

import "fmt"

// An UnsupportedError reports that a format cannot hold an image that is otherwise valid.
type UnsupportedError struct {
	Format string // such as "gif"
	What   string // such as "samples of type F32"
}

func (e *UnsupportedError) Error() string {
	return fmt.Sprintf("encode: %s does not support %s", e.Format, e.What)
}

// An OptionError reports that an option, or a value of an image that is like one, cannot be as it is.
type OptionError struct {
	Option string // such as "quality", "compression", "tolerance" or "noData"
	Value  any
	Want   string // the values that are possible
}

func (e *OptionError) Error() string {
	return fmt.Sprintf("encode: %s is %v, want %s", e.Option, e.Value, e.Want)
}
