package command_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/examples/internal/command"
	"github.com/geoexport/geoexport/examples/internal/command/commandtest"
)

// program does what its first argument asks for.
func program(_ context.Context, args []string, stdout, _ io.Writer) error {
	switch args[0] {
	case "fail":
		return errors.New("it failed")
	case "misuse":
		return &command.UsageError{Err: errors.New("a file is wanted")}
	}
	_, err := fmt.Fprintln(stdout, strings.Join(args, " "))
	return err
}

func TestMain(m *testing.M) { commandtest.Main(m, func() { command.Main("toy", program) }) }

func TestStatus(t *testing.T) {
	for _, c := range []struct {
		args           []string
		status         int
		stdout, stderr string
	}{
		{[]string{"print", "this"}, 0, "print this\n", ""},
		{[]string{"fail"}, 1, "", "toy: it failed\n"},
		{[]string{"misuse"}, 2, "", "toy: a file is wanted (-h tells the usage)\n"},
	} {
		cmd := commandtest.Command(t.Context(), c.args...)
		var stdout, stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		_ = cmd.Run() // the test is about the status
		assert.Equal(t, c.status, cmd.ProcessState.ExitCode(), c.args)
		assert.Equal(t, c.stdout, stdout.String())
		assert.Equal(t, c.stderr, stderr.String())
	}
}

func TestFlags(t *testing.T) {
	fs := command.NewFlags("toy")
	size := fs.Int("size", 3, "`pixels` of a side")
	require.NoError(t, command.Parse(fs, []string{"-size", "5", "rest"}))
	assert.Equal(t, 5, *size)
	assert.Equal(t, []string{"rest"}, fs.Args())
	var usage *command.UsageError
	require.ErrorAs(t, command.Parse(command.NewFlags("toy"), []string{"-x"}), &usage)
	assert.ErrorContains(t, usage.Unwrap(), "-x")

	var out bytes.Buffer
	require.NoError(t, command.PrintUsage(&out, "usage: toy [flags]\n", fs))
	assert.Equal(t, "usage: toy [flags]\n\n  -size pixels\n    \tpixels of a side (default 3)\n", out.String())
}
