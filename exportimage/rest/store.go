package rest

import (
	"cmp"
	"container/list"
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"time"

	"github.com/geoexport/geoexport/internal/quote"
)

// A Store keeps images for the links in answers to f=json. Names come from the handler: they cannot be guessed, and
// nobody can list them. A Store is safe for concurrent use.
type Store interface {
	// Put keeps a file. The bytes must not be written to afterwards.
	Put(ctx context.Context, name string, data []byte) error
	// Open opens a file. The error is fs.ErrNotExist if there is none of that name, or none any more.
	Open(ctx context.Context, name string) (io.ReadSeekCloser, error)
}

// A ReaderStore is a Store that takes files in parts, so that those too large for memory can be kept.
type ReaderStore interface {
	Store
	// PutFrom keeps a file of a number of bytes that it reads from r.
	PutFrom(ctx context.Context, name string, r io.Reader, size int64) error
}

// A LinkingStore is a Store whose files clients fetch from elsewhere, such as from a bucket by a signed or public URL.
type LinkingStore interface {
	Store
	// Link returns the absolute URL of a file that was put. If it is empty, the handler serves the file.
	Link(ctx context.Context, name string) (string, error)
}

// StoreLimits bound what a MemoryStore or a DirectoryStore keeps. Each zero field means its default.
type StoreLimits struct {
	Age   time.Duration // of a file before it is removed; default 10 minutes
	Bytes int64         // of all files together; the oldest make room for new ones; default 256 MiB
	Files int           // kept together; default 65536
}

func (l StoreLimits) withDefaults() StoreLimits {
	return StoreLimits{
		Age: cmp.Or(l.Age, 10*time.Minute), Bytes: cmp.Or(l.Bytes, 256<<20), Files: cmp.Or(l.Files, 1<<16),
	}
}

// newFileName returns a name of 128 random bits.
func newFileName(ext string) string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // which never fails
	return hex.EncodeToString(b[:]) + "." + cmp.Or(ext, "bin")
}

// fileName matches the names of newFileName, so that nothing else ever reaches a Store, least of all a path.
var fileName = regexp.MustCompile(`^[0-9a-f]{32}\.[a-z0-9]{1,8}$`)

// A ledger records the age and size of a store's files, and finds those that have to go. It has no lock.
type ledger struct {
	limits StoreLimits
	files  list.List // of *ledgerFile, the oldest first
	byName map[string]*list.Element
	bytes  int64
}

type ledgerFile struct {
	name  string
	bytes int64
	since time.Time
}

func newLedger(l StoreLimits) *ledger {
	return &ledger{limits: l.withDefaults(), byName: map[string]*list.Element{}}
}

// add makes room for a file and enters it, calling drop for the files that had to go. Files are entered in the order of
// their ages.
func (l *ledger) add(f ledgerFile, drop func(name string)) error {
	if err := l.fits(f.bytes); err != nil {
		return err
	}
	l.expire(drop)
	for l.bytes+f.bytes > l.limits.Bytes || l.files.Len() > 0 && l.files.Len() >= l.limits.Files {
		l.remove(l.files.Front(), drop)
	}
	l.byName[f.name] = l.files.PushBack(&f)
	l.bytes += f.bytes
	return nil
}

// fits returns an error for a file that is larger than all that the store holds. It needs no lock.
func (l *ledger) fits(bytes int64) error {
	if bytes > l.limits.Bytes {
		return tooLarge("a file of %d bytes is more than the store holds, %d (limit Bytes)", bytes, l.limits.Bytes)
	}
	return nil
}

// expire drops the files that are too old.
func (l *ledger) expire(drop func(name string)) {
	for e := l.files.Front(); e != nil && time.Since(e.Value.(*ledgerFile).since) >= l.limits.Age; e = l.files.Front() {
		l.remove(e, drop)
	}
}

// forget takes a file out without dropping it.
func (l *ledger) forget(name string) {
	if e := l.byName[name]; e != nil {
		l.remove(e, func(string) {})
	}
}

func (l *ledger) remove(e *list.Element, drop func(name string)) {
	f := l.files.Remove(e).(*ledgerFile)
	l.bytes -= f.bytes
	delete(l.byName, f.name)
	drop(f.name)
}

// check returns fs.ErrNotExist for a file that is not there or too old.
func (l *ledger) check(name string, drop func(name string)) error {
	l.expire(drop)
	if _, ok := l.byName[name]; !ok {
		return fmt.Errorf("%s: %w", quote.Text(name), fs.ErrNotExist)
	}
	return nil
}
