package exportimage

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"maps"
	"sync"
	"time"

	"github.com/geoexport/geoexport/internal/caller"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	files "github.com/geoexport/geoexport/raster/source"
)

// This file keeps versions of rasters apart. A dataset fails every read that could mix two versions of its files, so an
// image shows one version of each raster; and sameMoment sees to it that all of them were there at one moment, the end
// of planning. An image that meets a change is begun anew, if none of it was sent, up to two times, and then is an
// error that names the raster. What a service remembers of its rasters belongs to the versions in seen.

// drawTries is how often an image is begun: once because the service knows a former version, and once more because the
// raster changes.
const drawTries = 3

// changed reports whether an error comes from a raster whose files have changed.
func changed(err error) bool {
	_, ok := errors.AsType[*files.ChangedError](err)
	return ok
}

// An output passes on what is written to it, and knows whether that can be taken back.
type output struct {
	w     io.Writer
	begun bool
}

func (o *output) Write(p []byte) (int, error) {
	o.begun = o.begun || len(p) > 0
	return o.w.Write(p)
}

// restart reports whether an image can be written from its beginning.
func (o *output) restart() bool {
	if !o.begun {
		return true
	}
	w, ok := o.w.(interface{ restart() error })
	if !ok || w.restart() != nil {
		return false
	}
	o.begun = false
	return true
}

// restart drops what was written.
func (p *pieces) restart() error {
	p.last = 0
	for i := range p.all {
		p.all[i] = p.all[i][:0]
	}
	return nil
}

// sameMoment returns an error unless the versions of all rasters of an image, if there are several, are current: then
// they all were when the last one was opened.
func (p *plan) sameMoment(ctx context.Context) error {
	asked := make(map[*mosaic.Item]bool, len(p.sources))
	for _, s := range p.sources {
		asked[s.item] = false
	}
	if len(asked) < 2 {
		return nil
	}
	for _, s := range p.sources {
		if s.version == nil || asked[s.item] {
			continue
		}
		asked[s.item] = true
		if err := s.version.Current(ctx); err != nil {
			return &RasterError{"read", s.item.Name, err}
		}
	}
	return nil
}

// checkEvery is how often a service asks whether the rasters that it remembers something of have changed. Those that an
// image shows are compared for every image.
const checkEvery = time.Second

// seen are the versions of rasters, by ID, from which something was found out. Rasters of unknown versions are not
// among them. The zero value is empty; the nil one stays so.
type seen struct {
	mu       sync.Mutex
	versions map[int64]sighting
	checked  time.Time
	outdated bool // a raster has another version now
}

type sighting struct {
	version raster.Version
	text    string
}

type seenKey struct{ caller.Neutral }

// withSeen returns a context in which v collects the rasters from which something is found out.
func withSeen(ctx context.Context, v *seen) context.Context {
	return context.WithValue(ctx, seenKey{}, v)
}

func seenOf(ctx context.Context) *seen {
	v, _ := ctx.Value(seenKey{}).(*seen)
	return v
}

// agrees returns an error if a raster is of another version than the one in s.
func (s *seen) agrees(it *mosaic.Item, v raster.Version) error {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	known, ok := s.versions[it.ID]
	if !ok || v != nil && v.String() == known.text {
		return nil
	}
	return &RasterError{"read", it.Name, &files.ChangedError{Err: errors.New("the service knows another version")}}
}

// add adds a raster, or returns the error of agrees.
func (s *seen) add(it *mosaic.Item, v raster.Version) error {
	if s == nil || v == nil {
		return nil
	}
	if err := s.agrees(it, v); err != nil {
		return err
	}
	s.put(it.ID, sighting{v, v.String()})
	return nil
}

func (s *seen) put(id int64, v sighting) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.versions == nil {
		s.versions, s.checked = map[int64]sighting{}, time.Now()
	}
	if former, ok := s.versions[id]; ok && former.text != v.text {
		s.outdated = true
	}
	s.versions[id] = v
}

// merge adds the rasters of o.
func (s *seen) merge(o *seen) {
	if s == nil || o == nil {
		return
	}
	o.mu.Lock()
	all, outdated := maps.Clone(o.versions), o.outdated
	o.mu.Unlock()
	for id, v := range all {
		s.put(id, v)
	}
	if outdated {
		s.forget()
	}
}

// forget makes what was found out outdated.
func (s *seen) forget() {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.outdated = true
}

// asked makes current wait before it asks again.
func (s *seen) asked() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.checked, s.outdated = time.Now(), false
}

// recheck makes the next call of current ask.
func (s *seen) recheck() {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.checked = time.Time{}
}

// current reports whether what was found out is still true, as far as that is known: it asks once in a while. A raster
// that is gone does not count, since nothing newer can be said of it.
func (s *seen) current(ctx context.Context) bool {
	if s == nil {
		return true
	}
	s.mu.Lock()
	var ask []raster.Version
	if time.Since(s.checked) > checkEvery {
		s.checked = time.Now()
		for _, v := range s.versions {
			ask = append(ask, v.version)
		}
	}
	outdated := s.outdated
	s.mu.Unlock()
	for _, v := range ask {
		if err := v.Current(ctx); changed(err) && !errors.Is(err, fs.ErrNotExist) {
			return false
		}
	}
	return !outdated
}

// renew forgets what was found out from rasters that have changed. If it did, restore takes that back, unless something
// was found out meanwhile, and returns the description that is remembered.
func (s *Service) renew(ctx context.Context) (restore func(context.Context) (*Description, error), err error) {
	err = s.eachFinding(ctx, func(f *findings) {
		if len(f.known) > 0 && s.outdated(ctx, f) {
			*f = findings{} // and no way back: what is known is of rasters that may be gone
		}
		if len(f.known) == 0 || f.seen.current(ctx) {
			return
		}
		former := *f
		*f = findings{}
		restore = func(ctx context.Context) (*Description, error) {
			if err := s.finding.lock(ctx); err != nil {
				return nil, err
			}
			defer s.finding.unlock()
			if len(f.known) == 0 {
				former.seen.asked()
				*f = former
			}
			seenOf(ctx).merge(f.seen)
			return &f.known[0], nil
		}
	})
	return restore, err
}

// recheck makes the next renew ask rasters and the catalogue.
func (s *Service) recheck(ctx context.Context) {
	_ = s.eachFinding(ctx, func(f *findings) {
		f.seen.recheck()
		f.asked = time.Time{}
	}) // the next step fails with the context, too
	s.eachVariable(func(v *Service) { v.recheck(ctx) })
}

// eachFinding calls do for what is remembered for everybody, and for those who are like the caller.
func (s *Service) eachFinding(ctx context.Context, do func(*findings)) error {
	s.makeDefaults()
	if err := s.finding.lock(ctx); err != nil {
		return err
	}
	defer s.finding.unlock()
	do(&s.found.common)
	do(s.found.of(ctx))
	return nil
}
