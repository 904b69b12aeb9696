package mosaic

import (
	"container/list"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/geoexport/geoexport/internal/guard"
	"github.com/geoexport/geoexport/raster"
)

// defaultPoolSize stays below the 1024 files that many systems let a process open, sidecar files and connections
// included.
const defaultPoolSize = 256

// A Pool bounds how many of a catalogue's rasters are open at the same time. Its method Open suits Folder, Features and
// TileIndex, and one pool may serve several catalogues. The datasets that Open returns can be read as long as the pool
// is open: if a read needs a place and none is free, the pool closes the raster that was read least recently, which it
// opens again for its next read. A raster that is being read is never closed; while all places are taken by reads,
// further reads wait.
//
// A raster whose files change is opened anew, if its Dataset is raster.Versioned: Open returns another dataset from
// then on. Datasets of the former version return its pixels as long as they can, for a minute at least if no place is
// needed, and then fail with a *source.ChangedError: no dataset ever returns pixels of two versions.
//
// A Pool is made by NewPool; its zero value is not usable. It is safe for concurrent use.
type Pool struct {
	open func(ctx context.Context, name string) (raster.Dataset, error)
	most int

	mu      sync.Mutex // guards all below, and the fields of entries
	entries map[string]*pooled
	taken   int       // places: rasters that are open, being opened or being closed
	idle    list.List // of *pooled that are open and that nobody reads, the next to be closed first
	retired []*pooled // of former versions, perhaps still open, the oldest first
	// freed is closed and replaced when a place may have become free.
	freed  chan struct{}
	closed bool
}

// NewPool returns a pool that opens rasters with open and keeps at most the given number of them open, 256 if most is
// not positive. It closes datasets that are an io.Closer; blocks read from them before must stay valid. open is called
// from several goroutines, but for one name by one at a time, and must not keep its context.
func NewPool(most int, open func(ctx context.Context, name string) (raster.Dataset, error)) *Pool {
	if most <= 0 {
		most = defaultPoolSize
	}
	return &Pool{open: open, most: most, entries: map[string]*pooled{}, freed: make(chan struct{})}
}

// Open returns the raster with a name, the same dataset for the same name as long as the raster's version is current.
// The first call opens the raster and reads its Info, which the pool keeps. A raster that changes while it is opened is
// opened again, up to three times.
func (p *Pool) Open(ctx context.Context, name string) (raster.Dataset, error) {
	for {
		d, known := p.entry(name)
		if !known {
			if _, err := d.acquire(ctx); err != nil {
				return nil, err
			}
			return d, d.release()
		}
		if d.version == nil || d.version.Current(ctx) == nil {
			return d, nil
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		p.retire(d)
	}
}

// entry finds or adds the raster with a name. known reports that it was opened before.
func (p *Pool) entry(name string) (d *pooled, known bool) {
	defer p.sweep(time.Now())
	p.mu.Lock()
	defer p.mu.Unlock()
	if d = p.entries[name]; d == nil {
		d = &pooled{pool: p, name: name}
		p.entries[name] = d
	}
	return d, d.known && !p.closed
}

// Close closes all rasters; those that are being read are closed when their reads end. Later reads fail with
// os.ErrClosed.
func (p *Pool) Close() error {
	p.mu.Lock()
	p.closed = true
	var unused []raster.Dataset
	for p.idle.Len() > 0 {
		unused = append(unused, p.evict(p.idle.Front()))
	}
	p.mu.Unlock()
	var errs []error
	for _, ds := range unused {
		errs = append(errs, p.shut(ds))
	}
	return errors.Join(errs...)
}

// evict takes a raster that nobody reads out of the list. Its place stays taken until it is closed. The caller holds
// the lock.
func (p *Pool) evict(e *list.Element) raster.Dataset {
	d := p.idle.Remove(e).(*pooled)
	ds := d.ds
	d.ds, d.idle = nil, nil
	return ds
}

// shut closes a raster and frees its place.
func (p *Pool) shut(ds raster.Dataset) error {
	err := closeDataset(ds)
	p.mu.Lock()
	p.taken--
	p.wake()
	p.mu.Unlock()
	return err
}

func closeDataset(ds raster.Dataset) error {
	if c, ok := ds.(*raster.Checked); ok {
		ds = c.Dataset()
	}
	if c, ok := ds.(io.Closer); ok {
		return guard.Call("closing a raster", c.Close)
	}
	return nil
}

var errPoolClosed = fmt.Errorf("mosaic: pool: %w", os.ErrClosed)

// wake lets reads that wait for a place try again. The caller holds the lock.
func (p *Pool) wake() {
	close(p.freed)
	p.freed = make(chan struct{})
}

// place waits for a place and takes it.
func (p *Pool) place(ctx context.Context) error {
	for {
		p.mu.Lock()
		if p.closed {
			p.mu.Unlock()
			return errPoolClosed
		}
		if p.taken < p.most {
			p.taken++
			p.mu.Unlock()
			return nil
		}
		if p.idle.Len() > 0 {
			ds := p.evict(p.idle.Front())
			p.mu.Unlock()
			// A failure loses nothing, since nothing was written, and does not concern the read that waits.
			_ = closeDataset(ds)
			return nil
		}
		freed := p.freed
		p.mu.Unlock()
		select {
		case <-freed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// A pooled is one raster of a pool, open or closed.
type pooled struct {
	pool *Pool
	name string

	// The pool's lock guards the fields below.
	known   bool
	info    raster.Info    // once known, and then constant, as is version
	version raster.Version // nil if it is not known
	retired time.Time      // when it was found that there is another version
	ds      raster.Dataset // nil if it is not open
	users   int
	idle    *list.Element // in the pool's list, if it is open and nobody uses it
	opening chan struct{} // closed when the attempt to open it that is under way ends; nil if none is
}

// acquire opens the raster, unless it is open, and keeps it open until release.
func (d *pooled) acquire(ctx context.Context) (raster.Dataset, error) {
	p := d.pool
	for {
		p.mu.Lock()
		if p.closed {
			p.mu.Unlock()
			return nil, errPoolClosed
		}
		if d.ds != nil {
			if d.users++; d.idle != nil {
				p.idle.Remove(d.idle)
				d.idle = nil
			}
			p.mu.Unlock()
			return d.ds, nil
		}
		if !d.retired.IsZero() {
			p.mu.Unlock()
			return nil, d.changed(nil)
		}
		wait := d.opening
		if wait == nil {
			d.opening = make(chan struct{})
			p.mu.Unlock()
			return d.open(ctx)
		}
		p.mu.Unlock()
		select {
		case <-wait: // then try again: that attempt may have failed because of its own caller
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// open opens the raster, and makes its caller the first user.
func (d *pooled) open(ctx context.Context) (raster.Dataset, error) {
	p := d.pool
	ds, info, err := d.inPlace(ctx)
	p.mu.Lock()
	defer p.mu.Unlock()
	close(d.opening)
	d.opening = nil
	if err != nil {
		return nil, err
	}
	if !d.known {
		d.known, d.info, d.version = true, info, raster.VersionOf(ds)
	}
	d.ds, d.users = ds, 1
	return ds, nil
}

func (d *pooled) inPlace(ctx context.Context) (raster.Dataset, raster.Info, error) {
	p := d.pool
	if err := p.place(ctx); err != nil {
		return nil, raster.Info{}, err
	}
	var opened raster.Dataset
	var ds *raster.Checked
	err := guard.Call("opening raster "+strconv.Quote(d.name), func() (err error) {
		if opened, err = openSettled(ctx, d.name, p.open); err == nil {
			ds, err = raster.Check(opened)
		}
		return err
	})
	if err != nil {
		_ = p.shut(opened)
		return nil, raster.Info{}, err
	}
	info := ds.Info()
	// No other goroutine opens d meanwhile, and only the one that does writes known and info.
	if d.known && !(sameShape(info, d.info) && raster.SameVersion(raster.VersionOf(ds), d.version)) {
		return nil, raster.Info{}, d.changed(p.shut(ds))
	}
	return ds, info, nil
}

// sameShape reports whether two rasters suit the same reads.
func sameShape(a, b raster.Info) bool {
	return a.Grid == b.Grid && a.Type == b.Type && len(a.Bands) == len(b.Bands) && slices.Equal(a.Levels, b.Levels)
}

// release ends the use that acquire began.
func (d *pooled) release() error {
	p := d.pool
	p.mu.Lock()
	d.users--
	if d.users > 0 {
		p.mu.Unlock()
		return nil
	}
	if !p.closed {
		if d.retired.IsZero() {
			d.idle = p.idle.PushBack(d)
		} else {
			d.idle = p.idle.PushFront(d)
		}
		p.wake()
		p.mu.Unlock()
		return nil
	}
	ds := d.ds
	d.ds = nil
	p.mu.Unlock()
	return p.shut(ds)
}

// Info returns the raster's Info as of when it was first opened.
func (d *pooled) Info() raster.Info { return d.info }

// Version returns the raster's version as of when it was first opened.
func (d *pooled) Version() raster.Version { return d.version }

// Read opens the raster, if it is not open, and reads from it.
func (d *pooled) Read(ctx context.Context, dst *raster.Block, level int, win image.Rectangle, bands []int) (*raster.Block, error) {
	ds, err := d.acquire(ctx)
	if err != nil {
		return nil, err
	}
	b, err := ds.Read(ctx, dst, level, win, bands)
	return b, errors.Join(err, d.release())
}
