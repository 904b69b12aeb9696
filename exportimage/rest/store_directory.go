package rest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/geoexport/geoexport/internal/quote"
)

// A DirectoryStore keeps files in a directory of its own. It takes over files of an earlier run, which it knows by
// their names, and leaves all others alone. Old files are deleted when the store is used, not while it is idle.
//
// Each DirectoryStore accounts for its own files: two on one directory keep twice the limits, and serve only their own.
type DirectoryStore struct {
	mu     sync.Mutex
	ledger *ledger
	files  storeFiles
	stale  []string // files that could not be deleted yet
}

// storeFiles are the files of a DirectoryStore's directory.
type storeFiles interface {
	ReadDir() ([]fs.DirEntry, error)
	Create(name string) (io.WriteCloser, error)
	Rename(from, to string) error
	Remove(name string) error
	Open(name string) (io.ReadSeekCloser, error)
	Close() error
}

// rootFiles are on disk. Nothing outside the directory is ever reached, whatever the name.
type rootFiles struct{ *os.Root }

func openRoot(dir string) (storeFiles, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	return rootFiles{root}, nil
}

func (r rootFiles) ReadDir() ([]fs.DirEntry, error) { return fs.ReadDir(r.FS(), ".") }

func (r rootFiles) Create(name string) (io.WriteCloser, error) {
	return r.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
}

func (r rootFiles) Open(name string) (io.ReadSeekCloser, error) { return r.Root.Open(name) }

var _ ReaderStore = (*DirectoryStore)(nil)

// OpenDirectoryStore uses an existing directory. Close it when no handler uses it any more.
func OpenDirectoryStore(dir string, l StoreLimits) (*DirectoryStore, error) {
	files, err := openRoot(dir)
	if err != nil {
		return nil, err
	}
	return newDirectoryStore(files, l)
}

// newDirectoryStore takes files over, and closes them if it fails.
func newDirectoryStore(files storeFiles, l StoreLimits) (*DirectoryStore, error) {
	s := &DirectoryStore{ledger: newLedger(l), files: files}
	if err := s.adopt(); err != nil {
		return nil, errors.Join(err, files.Close())
	}
	return s, nil
}

// Close leaves the files where they are.
func (s *DirectoryStore) Close() error { return s.files.Close() }

// adopt enters the files of an earlier run, by age.
func (s *DirectoryStore) adopt() error {
	entries, err := s.files.ReadDir()
	if err != nil {
		return err
	}
	var found []ledgerFile
	for _, e := range entries {
		name, unfinished := strings.CutSuffix(e.Name(), partial)
		if !e.Type().IsRegular() || !fileName.MatchString(name) {
			continue
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		if !unfinished {
			found = append(found, ledgerFile{name, info.Size(), info.ModTime()})
		} else if time.Since(info.ModTime()) > s.ledger.limits.Age {
			s.drop(e.Name()) // of a run that crashed
		}
	}
	slices.SortFunc(found, func(a, b ledgerFile) int { return a.since.Compare(b.since) })
	for _, f := range found {
		if err := s.ledger.add(f, s.drop); err != nil {
			s.drop(f.name) // larger than the limits now allow
		}
	}
	s.ledger.expire(s.drop)
	return nil
}

// partial is the ending of a file's name until the file is whole. Names with it are never opened.
const partial = ".part"

// Put writes a file, which is there whole or not at all.
func (s *DirectoryStore) Put(ctx context.Context, name string, data []byte) error {
	return s.PutFrom(ctx, name, bytes.NewReader(data), int64(len(data)))
}

// PutFrom is Put for bytes that come in parts. It fails if there are more or fewer than size.
func (s *DirectoryStore) PutFrom(_ context.Context, name string, r io.Reader, size int64) error {
	if !fileName.MatchString(name) {
		return fmt.Errorf("%s is no name of a file: %w", quote.Text(name), fs.ErrInvalid)
	}
	if err := s.ledger.fits(size); err != nil {
		return err
	}
	done := false
	defer func() {
		if !done { // an error, or a panic of r
			s.mu.Lock()
			defer s.mu.Unlock()
			s.drop(name + partial)
		}
	}()
	err := s.write(name+partial, r, size)
	if err == nil {
		err = s.enter(name, size)
	}
	done = err == nil
	return err
}

func (s *DirectoryStore) write(name string, r io.Reader, size int64) error {
	f, err := s.files.Create(name)
	if err != nil {
		return err
	}
	closed := false
	defer func() {
		if !closed { // a panic of r
			_ = f.Close()
		}
	}()
	n, err := io.Copy(f, r)
	if err == nil && n != size {
		err = fmt.Errorf("%d bytes of %d: %w", n, size, io.ErrUnexpectedEOF)
	}
	closed = true
	return errors.Join(err, f.Close())
}

func (s *DirectoryStore) enter(name string, size int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.ledger.add(newFile(name, size), s.drop); err != nil {
		return err
	}
	s.dropStale()
	if err := s.files.Rename(name+partial, name); err != nil {
		s.ledger.remove(s.ledger.byName[name], s.drop)
		return err
	}
	return nil
}

func newFile(name string, size int64) ledgerFile { return ledgerFile{name, size, time.Now()} }

// Open opens a file. It can be read to its end even if it is deleted meanwhile, where the system allows that.
func (s *DirectoryStore) Open(_ context.Context, name string) (io.ReadSeekCloser, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.ledger.check(name, s.drop); err != nil {
		return nil, err
	}
	s.dropStale()
	return s.files.Open(name)
}

// drop deletes a file. One that cannot be deleted is no longer served all the same; it is tried again when the store is
// used, and the next run finds it. The lock is held.
func (s *DirectoryStore) drop(name string) {
	if err := s.files.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		s.stale = append(s.stale, name)
	}
}

// dropStale tries again to delete what could not be deleted. The lock is held.
func (s *DirectoryStore) dropStale() {
	names := s.stale
	s.stale = nil
	for _, name := range names {
		s.drop(name)
	}
}
