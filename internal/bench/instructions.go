package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
)

// instructionCases are those whose instructions are counted. One under valgrind takes about fifty times as long as
// without.
var instructionCases = []string{"png cold 400", "png warm 256", "jpg warm 256"}

// countInstructions returns the number of instructions of one export of each of instructionCases, counted by valgrind.
func countInstructions(ctx context.Context) (_ map[string]float64, err error) {
	valgrind, err := exec.LookPath("valgrind")
	if err != nil {
		return nil, errors.New("valgrind is not installed")
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "guard")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	counted := map[string]float64{}
	for _, c := range guardCases() {
		if !slices.Contains(instructionCases, c.name) {
			continue
		}
		content := filepath.Join(folder, "content")
		if err := os.WriteFile(content, c.file.Bytes(), 0o644); err != nil {
			return nil, err
		}
		var runs [2]float64
		for i, times := range []string{"1", "3"} {
			// What the first export costs besides, as for tables, and the start of the program cancel out.
			if runs[i], err = instructionsOf(ctx, valgrind, self, "-be", "guard", "-times", times, c.name, content); err != nil {
				return counted, err
			}
		}
		counted[c.name] = (runs[1] - runs[0]) / 2
	}
	return counted, nil
}

var collected = regexp.MustCompile(`Collected : (\d+)`)

// instructionsOf runs a program to its end and returns its number of instructions. Go's signals that preempt goroutines
// would end valgrind, and come at times of their own.
func instructionsOf(ctx context.Context, valgrind string, program ...string) (float64, error) {
	args := append([]string{"--tool=callgrind", "--callgrind-out-file=/dev/null"}, program...)
	cmd := exec.CommandContext(ctx, valgrind, args...)
	cmd.Env = append(os.Environ(), "GODEBUG=asyncpreemptoff=1")
	out, err := cmd.CombinedOutput()
	m := collected.FindSubmatch(out)
	if err != nil || m == nil {
		return 0, fmt.Errorf("valgrind: %w: %.500s", err, out)
	}
	return strconv.ParseFloat(string(m[1]), 64)
}
