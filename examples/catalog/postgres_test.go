//go:build linux

package main

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
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
)

// cluster is a database server that all tests share, started by the first that needs it.
var cluster server

func TestMain(m *testing.M) {
	code := m.Run()
	cluster.stop()
	os.Exit(code)
}

// database returns a URL that connects to a schema of its own, or skips the test where there is no PostgreSQL
// with PostGIS.
func database(t testing.TB) (db *pgxpool.Pool, url string) {
	t.Helper()
	cluster.once.Do(cluster.start)
	if errors.Is(cluster.err, errNotInstalled) {
		t.Skip("skipped: ", cluster.err, "; check.sh installs what is missing")
	}
	require.NoError(t, cluster.err)
	cluster.schemas++
	name := fmt.Sprintf("test%d", cluster.schemas)
	url = cluster.url + "&search_path=" + name + ",public"
	db, err := pgxpool.New(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(db.Close)
	_, err = db.Exec(t.Context(), "CREATE SCHEMA "+name)
	require.NoError(t, err)
	return db, url
}

var errNotInstalled = errors.New("PostgreSQL with PostGIS is not installed")

// A server is a PostgreSQL server with files and a socket in a folder of its own.
type server struct {
	once    sync.Once
	err     error
	url     string
	schemas int

	dir    string
	as     *syscall.SysProcAttr
	cmd    *exec.Cmd
	exited chan struct{}
}

func (s *server) start() {
	if s.err = s.run(); s.err != nil {
		s.stop()
	}
}

func (s *server) run() (err error) {
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
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", data, "-U", "test", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
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
	return s.ready(log.Name())
}

// programs is the folder with PostgreSQL's programs, which Debian keeps out of the PATH.
func programs() (string, error) {
	if p, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(p), nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", errNotInstalled
	}
	return filepath.Dir(found[len(found)-1]), nil
}

// user makes the folder belong to somebody whom PostgreSQL accepts, who must not be root.
func (s *server) user() error {
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
func (s *server) ready(log string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
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
			return errNotInstalled
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

func (s *server) stop() {
	if s.exited != nil {
		_ = s.cmd.Process.Signal(syscall.SIGQUIT) // its files are of no more use
		<-s.exited
	}
	if s.dir != "" {
		_ = os.RemoveAll(s.dir)
	}
}
