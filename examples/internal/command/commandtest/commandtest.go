// Package commandtest lets a test binary of an example program also be the program, so that tests can start it as a
// process of its own:
//
//	func TestMain(m *testing.M) { commandtest.Main(m, main) }
//
//	cmd := commandtest.Command(t.Context(), "-h")
package commandtest

import (
	"context"
	"os"
	"os/exec"
	"testing"

	"go.uber.org/goleak"
)

// asProgram is set in the environment of processes that Command starts.
const asProgram = "GEOEXPORT_TEST_AS_PROGRAM"

// Main runs the tests and checks that they leave no goroutine behind. In a process that Command started it runs the program
// instead.
func Main(m *testing.M, program func()) {
	if os.Getenv(asProgram) != "" {
		program()
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// Command returns the program with its arguments, to be started.
func Command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, os.Args[0], args...)
	cmd.Env = append(os.Environ(), asProgram+"=1")
	return cmd
}
