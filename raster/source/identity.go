package source

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"strconv"
	"sync/atomic"
	"time"
)

// An Identified is a Source that can name the version of the file that its bytes are of. Whoever reads from it compares
// the names before the first and after the last of the reads that belong together; a Pin does so.
type Identified interface {
	Source
	// Identity returns a text that is another one for every version of the file: of the version whose bytes are read now,
	// such as an ETag, or what the file system states. It is called for every window of a raster, so it should take no
	// longer than a microsecond; a source that is far away returns what it learnt from its last answers. The error is a
	// *ChangedError if the source itself noticed that the file is no longer the one that was opened.
	Identity(ctx context.Context) (string, error)
}

// A Located is an Identified source whose file has a name under which there may be another file now.
type Located interface {
	Identified
	// Latest returns the identity that the source would have if it were opened now, also after it was closed.
	Latest(ctx context.Context) (string, error)
}

// A ChangedError reports that a file is no longer of the version that was opened: it was written to, cut off, replaced
// or deleted. What was read from it may be of either version, and must not be used.
type ChangedError struct {
	Name string // of the file, or of what stands beside it; empty if the source has none
	Err  error  // how it was noticed, if there is more to say
}

func (e *ChangedError) Error() string {
	text := cmp.Or(e.Name, "the file") + " changed while it was in use"
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns how the change was noticed.
func (e *ChangedError) Unwrap() error { return e.Err }

// A Pin holds a source to the version that it had when the Pin was made. It is safe for concurrent use. The nil Pin is
// that of a source that is not Identified, of which every version is taken for the same.
type Pin struct {
	src     Identified
	id      string
	changed atomic.Bool
}

// NewPin returns a Pin for the present version of s, or nil if s is not Identified. It is made before the first read.
func NewPin(ctx context.Context, s Source) (*Pin, error) {
	src, ok := s.(Identified)
	if !ok {
		return nil, nil
	}
	id, err := src.Identity(ctx)
	if err != nil {
		return nil, err
	}
	return &Pin{src: src, id: id}, nil
}

// ID returns the identity of the version, empty for the nil Pin.
func (p *Pin) ID() string {
	if p == nil {
		return ""
	}
	return p.id
}

// Check returns nil if all that was read since the Pin was made is of its version, and a *ChangedError if it is not, or
// need not be; then every later call does so, too.
func (p *Pin) Check(ctx context.Context) error {
	switch {
	case p == nil:
		return nil
	case p.changed.Load():
		return &ChangedError{Name: nameOf(p.src)}
	}
	id, err := p.src.Identity(ctx)
	if err != nil {
		return err
	}
	if id != p.id {
		p.changed.Store(true)
		return &ChangedError{Name: nameOf(p.src)}
	}
	return nil
}

// settleTime is how old the last change of a file must be before the file counts as complete. It is longer than the
// steps of the clocks by which file systems date changes, 1 to 16 ms, so that the next change has another date; and
// than the pauses of a program that writes a file piece by piece on a busy machine.
const settleTime = 100 * time.Millisecond

// coarseSettleTime is settleTime for file systems that date changes in whole seconds, or in even ones as FAT does.
const coarseSettleTime = 2*time.Second + settleTime

// Settle waits until none of the sources is a file that was written less than a tenth of a second ago, two seconds
// where the file system keeps no fractions of seconds: somebody may be about to write the rest of it. It is called
// after the first reads, and identities are compared after it. Sources other than files are taken for complete.
func Settle(ctx context.Context, sources ...Source) error {
	var changes []time.Time
	for _, s := range sources {
		if f, ok := s.(interface{ changed() time.Time }); ok {
			changes = append(changes, f.changed())
		}
	}
	return settle(ctx, changes...)
}

func settle(ctx context.Context, changes ...time.Time) error {
	var wait time.Duration
	for _, t := range changes {
		wait = max(wait, unsettled(t, time.Now()))
	}
	if wait == 0 {
		return ctx.Err()
	}
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// unsettled returns for how long a file that was changed at a time is to be left alone.
func unsettled(changed, now time.Time) time.Duration {
	if changed.IsZero() {
		return 0
	}
	least := settleTime
	if changed.Nanosecond() == 0 {
		least = coarseSettleTime
	}
	return min(max(0, least-now.Sub(changed)), least) // a date in the future is that of another clock
}

// An identity is what a file system states about the version of a file. Times are in nanoseconds since 1970.
type identity struct {
	device, inode uint64 // 0 where they are not known
	size          int64
	modified      int64  // when the content was written, or what a program has set that to
	changed       int64  // when anything was changed, which no program can set; 0 where it is not known
	links         uint64 // names of the file
}

func identify(info fs.FileInfo) identity {
	id := identity{size: info.Size()}
	if t := info.ModTime(); !t.IsZero() {
		id.modified = t.UnixNano()
	}
	id.system(info.Sys())
	return id
}

// sameContent reports whether an open file still has the content that it had when it was now. A file that loses a name
// because another one replaces it, or because it is deleted, keeps its content for those who have it open.
func (id identity) sameContent(now identity) bool {
	if now.links < id.links {
		now.changed = id.changed
	}
	now.links = id.links
	return now == id
}

func (id identity) String() string {
	b := make([]byte, 0, 64)
	for _, v := range [...]uint64{id.device, id.inode, uint64(id.size), uint64(id.modified), uint64(id.changed)} {
		b = append(strconv.AppendUint(b, v, 36), '.')
	}
	return string(b[:len(b)-1])
}

// A version holds an open file to what it was when it was opened.
type version struct {
	name   string
	stat   func() (fs.FileInfo, error) // of the open file
	latest func() (fs.FileInfo, error) // of the file that has its name; nil if that is not known
	at     identity
	text   string
}

func newVersion(name string, info fs.FileInfo, stat, latest func() (fs.FileInfo, error)) *version {
	id := identify(info)
	return &version{name, stat, latest, id, id.String()}
}

func (v *version) identity() (string, error) {
	info, err := v.stat()
	if err != nil {
		return "", fmt.Errorf("finding out whether %s has changed: %w", v.name, err)
	}
	if now := identify(info); !v.at.sameContent(now) {
		return "", &ChangedError{Name: v.name}
	}
	return v.text, nil
}

func (v *version) now() (string, error) {
	if v.latest != nil {
		info, err := v.latest()
		if err != nil {
			return "", err
		}
		return identify(info).String(), nil
	}
	info, err := v.stat()
	if err != nil {
		return "", err
	}
	return identify(info).String(), nil
}

// lastChange returns when the file was last changed before it was opened, the zero time if that is not known.
func (v *version) lastChange() time.Time {
	switch {
	case v == nil || v.at.changed == 0 && v.at.modified == 0:
		return time.Time{}
	case v.at.changed != 0:
		return time.Unix(0, v.at.changed)
	}
	return time.Unix(0, v.at.modified)
}

// nameOf returns the name of a source's file, empty if it has none.
func nameOf(s Source) string {
	if n, ok := s.(interface{ Name() string }); ok {
		return n.Name()
	}
	return ""
}
