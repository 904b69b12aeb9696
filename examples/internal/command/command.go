// Package command starts and ends the example programs, and reads their command lines. A program is a function of its
// arguments, so that tests can call it:
//
//	func main() { command.Main("serve", run) }
//
// A program ends with status 0, with 1 after an error, and with 2 if the error is a UsageError.
package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// A Program does all that a program is for, and returns an error that takes one line.
type Program func(ctx context.Context, args []string, stdout, stderr io.Writer) error

// Main runs a program. It prints the program's error, after its name, and ends the process with the error's status. An
// interrupt or SIGTERM cancels the program's context; a second one ends the process immediately.
func Main(name string, run Program) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	if err == nil {
		return
	}
	fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
	if _, ok := errors.AsType[*UsageError](err); ok {
		os.Exit(2)
	}
	os.Exit(1)
}

// A UsageError is a fault of the command line.
type UsageError struct{ Err error }

func (e *UsageError) Error() string { return e.Err.Error() + " (-h tells the usage)" }

// Unwrap returns the fault itself.
func (e *UsageError) Unwrap() error { return e.Err }

// NewFlags returns an empty set of flags for Parse.
func NewFlags(name string) *flag.FlagSet {
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.SetOutput(io.Discard) // Main prints the error, once
	return fs
}

// Parse sets flags from arguments. Its error is flag.ErrHelp or a *UsageError.
func Parse(fs *flag.FlagSet, args []string) error {
	err := fs.Parse(args)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		return &UsageError{err}
	}
	return err
}

// PrintUsage writes text and, after an empty line, the flags with their defaults.
func PrintUsage(w io.Writer, text string, fs *flag.FlagSet) error {
	if _, err := fmt.Fprint(w, text, "\n"); err != nil {
		return err
	}
	fs.SetOutput(w)
	fs.PrintDefaults()
	return nil
}
