//go:build linux

// Package postgres starts a PostgreSQL server with PostGIS whose files lie in a temporary folder, for tests and for programs
// that show something.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// ErrNotInstalled is the error of Start where PostgreSQL or PostGIS is missing.
var ErrNotInstalled = errors.New("PostgreSQL with PostGIS is not installed")

// A Server is a PostgreSQL server with files and a socket in a folder of its own. It loses everything when the machine
// fails, and listens at no address.
type Server struct {
	url    string
	dir    string
	as     *syscall.SysProcAttr
	cmd    *exec.Cmd
	exited chan struct{}
}

// Start starts a server whose database "postgres" has the extension PostGIS. The server ends with the thread that started it,
// or by Stop, which removes its files.
func Start(ctx context.Context) (*Server, error) {
	s := new(Server)
	if err := s.run(ctx); err != nil {
		s.Stop()
		return nil, err
	}
	return s, nil
}

// URL connects to the server as its superuser.
func (s *Server) URL() string { return s.url }

func (s *Server) run(ctx context.Context) (err error) {
	bin, err := programs()
	if err != nil {
		return err
	}
	if s.dir, err = os.MkdirTemp("", "pg"); err != nil { // a short path: a socket's has but 107 bytes
		return err
	}
	if err := s.user(); err != nil {
		return err
	}
	data := filepath.Join(s.dir, "data")
	initdb := exec.CommandContext(ctx, filepath.Join(bin, "initdb"),
		"-D", data, "-U", "test", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	initdb.Dir, initdb.SysProcAttr = s.dir, s.as
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	log, err := os.Create(filepath.Join(s.dir, "log"))
	if err != nil {
		return err
	}
	defer log.Close()
	s.cmd = exec.Command(filepath.Join(bin, "postgres"), "-D", data, "-k", s.dir, "-c", "listen_addresses=", "-c", "fsync=off")
	s.cmd.Dir, s.cmd.SysProcAttr, s.cmd.Stdout, s.cmd.Stderr = s.dir, s.as, log, log
	if err := s.cmd.Start(); err != nil {
		return err
	}
	s.exited = make(chan struct{})
	go func() {
		_ = s.cmd.Wait()
		close(s.exited)
	}()
	s.url = "postgres:///postgres?user=test&host=" + s.dir
	return s.ready(ctx, log.Name())
}

// programs returns the folder with PostgreSQL's programs, which Debian keeps out of the PATH.
func programs() (string, error) {
	if p, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(p), nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", ErrNotInstalled
	}
	return filepath.Dir(found[len(found)-1]), nil
}

// user makes the folder belong to somebody whom PostgreSQL accepts, who must not be root.
func (s *Server) user() error {
	s.as = &syscall.SysProcAttr{Pdeathsig: syscall.SIGQUIT}
	if os.Geteuid() != 0 {
		return nil
	}
	u, err := user.Lookup("nobody")
	if err != nil {
		return err
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return err
	}
	s.as.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return os.Chown(s.dir, int(uid), int(gid))
}

// ready waits until the server answers, and makes PostGIS known to it.
func (s *Server) ready(ctx context.Context, log string) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	db, err := pgxpool.New(ctx, s.url)
	if err != nil {
		return err
	}
	defer db.Close()
	for {
		_, err := db.Exec(ctx, "CREATE EXTENSION IF NOT EXISTS postgis")
		if err == nil {
			return nil
		}
		if strings.Contains(err.Error(), `extension "postgis" is not available`) {
			return ErrNotInstalled
		}
		select {
		case <-s.exited:
			text, _ := os.ReadFile(log)
			return fmt.Errorf("the server ended: %s", text)
		case <-ctx.Done():
			return err
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// Stop ends the server and removes its files.
func (s *Server) Stop() {
	if s.exited != nil {
		_ = s.cmd.Process.Signal(syscall.SIGQUIT) // its files are of no more use
		<-s.exited
	}
	if s.dir != "" {
		_ = os.RemoveAll(s.dir)
	}
}
