//go:build linux

package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
)

// A process is one that this program started, and that ends with it.
type process struct {
	cmd   *exec.Cmd
	ended chan struct{}
}

// begin starts a program. Of its output, the first line is returned if wanted, and the rest goes to log.
func begin(cmd *exec.Cmd, log io.Writer, wantLine bool) (p *process, line string, err error) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	cmd.Stderr = log
	var out io.ReadCloser
	if wantLine {
		if out, err = cmd.StdoutPipe(); err != nil {
			return nil, "", err
		}
	}
	if err := cmd.Start(); err != nil {
		return nil, "", err
	}
	p = &process{cmd: cmd, ended: make(chan struct{})}
	if wantLine {
		line, err = bufio.NewReader(out).ReadString('\n')
	}
	go func() {
		_ = cmd.Wait()
		close(p.ended)
	}()
	if err != nil {
		p.kill()
		return nil, "", fmt.Errorf("%s ended before it was ready: %w", cmd.Path, err)
	}
	return p, strings.TrimSpace(line), nil
}

// beginSelf starts this program with a verb.
func beginSelf(ctx context.Context, log io.Writer, env []string, args ...string) (*process, string, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, "", err
	}
	cmd := exec.CommandContext(ctx, self, args...)
	cmd.Env = append(os.Environ(), env...)
	return begin(cmd, log, true)
}

// kill ends a process without a warning and waits until it is gone.
func (p *process) kill() { p.signal(syscall.SIGKILL) }

// stop asks a process to end and waits until it has, and its children with it.
func (p *process) stop() { p.signal(syscall.SIGTERM) }

func (p *process) signal(s syscall.Signal) {
	if p == nil {
		return
	}
	_ = p.cmd.Process.Signal(s) // it may have ended
	<-p.ended
}
