package function

import "fmt"

// A Kind sorts errors by what a program can do about them.
type Kind uint8

// The kinds of errors. The zero Kind is Invalid.
const (
	Invalid     Kind = iota // a function or an argument has no meaning: correct it
	Unsupported             // it is understood, and not served
	TooLarge                // a limit is exceeded
)

// An Error is the error of every exported function of this package, besides those that callers' own functions return. Of
// the zero value, only the Kind is known.
type Error struct {
	Kind     Kind
	Function string // as the rule spells it; empty where none is at fault
	Argument string // as the rule spells it; empty where none is at fault
	Err      error
}

func (e *Error) Error() string {
	text := "it has no meaning"
	if e.Err != nil {
		text = e.Err.Error()
	}
	if e.Argument != "" {
		text = e.Argument + ": " + text
	}
	if e.Function != "" {
		text = e.Function + ": " + text
	}
	return text
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

func invalid(argument, format string, args ...any) *Error {
	return &Error{Kind: Invalid, Argument: argument, Err: fmt.Errorf(format, args...)}
}

func unsupported(argument, format string, args ...any) *Error {
	return &Error{Kind: Unsupported, Argument: argument, Err: fmt.Errorf(format, args...)}
}

func tooLarge(argument, format string, args ...any) *Error {
	return &Error{Kind: TooLarge, Argument: argument, Err: fmt.Errorf(format, args...)}
}

// of names the function in an error that names none.
func of(name string, err error) error {
	if e, ok := err.(*Error); ok && e.Function == "" {
		e.Function = name
	}
	return err
}
