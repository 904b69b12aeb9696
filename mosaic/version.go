package mosaic

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/source"
)

// openTries is how often a raster is opened, or a folder read, that changes meanwhile.
const openTries = 3

// openSettled opens a raster, and again if it changes meanwhile.
func openSettled(
	ctx context.Context, name string, open func(ctx context.Context, name string) (raster.Dataset, error),
) (ds raster.Dataset, err error) {
	for range openTries {
		ds, err = open(ctx, name)
		if _, changed := errors.AsType[*source.ChangedError](err); !changed {
			break
		}
	}
	return ds, err
}

// retiredFor is how long a former version of a raster stays open for the exports that use it: as long as an export may
// take by default.
const retiredFor = time.Minute

// retire makes the next Open of a raster open it anew. What is open stays so for those who read it, and is the next to
// be closed when a place is needed.
func (p *Pool) retire(d *pooled) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.entries[d.name] != d {
		return // somebody else did
	}
	delete(p.entries, d.name)
	d.retired = time.Now()
	p.retired = append(p.retired, d)
	if d.idle != nil {
		p.idle.MoveToFront(d.idle)
	}
}

// sweep closes former versions that were retired long ago, unless they are being read.
func (p *Pool) sweep(now time.Time) {
	p.mu.Lock()
	var unused []raster.Dataset
	kept := p.retired[:0]
	for _, d := range p.retired {
		if d.idle != nil && now.Sub(d.retired) > retiredFor {
			unused = append(unused, p.evict(d.idle))
		}
		if d.ds != nil || d.opening != nil {
			kept = append(kept, d)
		}
	}
	clear(p.retired[len(kept):])
	p.retired = kept
	p.mu.Unlock()
	for _, ds := range unused {
		_ = p.shut(ds) // nothing was written, and nobody waits for it
	}
}

// changed returns the error of a read from a version that is gone. also is another one, or nil.
func (d *pooled) changed(also error) error {
	return &source.ChangedError{Name: d.name, Err: also}
}

// watch returns a function that returns an error if r is a file that was written to since watch was called.
func watch(r io.Reader) (unchanged func() error) {
	f, ok := r.(io.ReaderAt)
	if !ok {
		return func() error { return nil }
	}
	ctx := context.Background() // files on disk are not waited for
	src := source.FromReaderAt(f, 0)
	pin, err := source.NewPin(ctx, src)
	return func() error {
		if err != nil {
			return err
		}
		if err := source.Settle(ctx, src); err != nil {
			return err
		}
		return pin.Check(ctx)
	}
}
