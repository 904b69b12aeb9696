package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

// A worker is a process that answers jobs.
type worker struct {
	name    string
	cmd     *exec.Cmd
	in      io.WriteCloser
	jobs    *json.Encoder
	answers *json.Decoder
}

// startOurs starts this program as a worker.
func startOurs(ctx context.Context, cores int) (*worker, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return startWorker(ctx, "ours", cores, self, "-be", "worker")
}

// startGDAL starts the worker that is GDAL.
func startGDAL(ctx context.Context, d *data, cores int) (*worker, error) {
	return startWorker(ctx, "GDAL", cores, d.python, filepath.Join(d.folder, "peer.py"))
}

// startWorker starts a process on some of the machine's cores, if taskset is there to see to that. Workers keep to that
// number by their own means besides.
func startWorker(ctx context.Context, name string, cores int, program string, args ...string) (*worker, error) {
	if taskset, err := exec.LookPath("taskset"); err == nil && cores < runtime.NumCPU() {
		args = append([]string{"-c", fmt.Sprintf("0-%d", cores-1), program}, args...)
		program = taskset
	}
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return &worker{name, cmd, in, json.NewEncoder(in), json.NewDecoder(bufio.NewReader(out))}, nil
}

// ask has the worker do a job.
func (w *worker) ask(j Job) (a Answer, err error) {
	if err := w.jobs.Encode(j); err != nil {
		return a, fmt.Errorf("%s: %w", w.name, err)
	}
	if err := w.answers.Decode(&a); err != nil {
		return a, fmt.Errorf("%s: %w", w.name, err)
	}
	if a.Error != "" {
		return a, fmt.Errorf("%s: %s", w.name, a.Error)
	}
	return a, nil
}

// stop ends the worker and waits for it.
func (w *worker) stop() error { return errors.Join(w.in.Close(), w.cmd.Wait()) }

// peak returns the most memory that the process has held, in bytes; 0 where the system does not say.
func (w *worker) peak() int64 { return peakOf(w.cmd.Process.Pid) }

// peakOf returns the most memory that a process has held, by Linux; 0 elsewhere.
func peakOf(pid int) int64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	return peakIn(string(status))
}

// peakIn reads VmHWM in the text of a process's status; 0 if it is not there.
func peakIn(status string) int64 {
	_, rest, _ := strings.Cut(status, "VmHWM:")
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return 0
	}
	kb, _ := strconv.ParseInt(fields[0], 10, 64) // 0 if it is no number
	return kb << 10
}

// cpuOf returns the CPU time that a process has taken, in seconds, by Linux; 0 elsewhere.
func cpuOf(pid int) float64 {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	return cpuIn(string(stat))
}

// ticks is how many units of CPU time Linux states for a second, on all machines that Go supports.
const ticks = 100

// cpuIn reads utime and stime, the fields 14 and 15 of the text that proc(5) describes. The second field is the
// program's name in parentheses, which may hold blanks.
func cpuIn(stat string) float64 {
	end := strings.LastIndexByte(stat, ')')
	fields := strings.Fields(stat[end+1:])
	if end < 0 || len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseFloat(fields[11], 64)
	system, _ := strconv.ParseFloat(fields[12], 64)
	return (user + system) / ticks
}
