package exportimage

import (
	"context"
	"time"

	"github.com/geoexport/geoexport/internal/caller"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
)

// WithShareKey returns a context for the calls of those who may see one another's images: an answer that depends on values
// of the context, such as a tenant's name, is remembered and shared among calls with the same key, and not at all without
// one. Answers for which nobody looks at such a value are everybody's in any case.
func WithShareKey(ctx context.Context, key string) context.Context {
	return caller.Alike(ctx, shareKey(key))
}

type shareKey string

// findings are what a service finds out by opening rasters, once.
type findings struct {
	known      []Description                  // one
	statistics []raster.Statistics            // of the bands
	summaries  []bandSummary                  // the same with histograms
	chains     map[string]*[]function.Summary // of what functions make of the rasters, by the functions' texts
	counts     map[string]*[]countsFound      // of what functions make of the rasters, and for "" of the rasters
	seen       *seen                          // the rasters from which they were found out; nil if there are none
	asked      time.Time                      // when the catalogue was last asked whether known is of its version
}

// maxShareKeys bounds for how many share keys a service remembers what it found. Others find it out again.
const maxShareKeys = 256

// found is what a service remembers: for everybody, and for callers with a share key where the answer depends on them.
type found struct {
	common   findings
	personal map[shareKey]*findings
	depends  bool // an answer has depended on the caller
}

// of returns what is remembered for those who are like the caller, nothing if that is not known of anybody.
func (f *found) of(ctx context.Context) *findings {
	key, ok := caller.KeyOf(ctx).(shareKey)
	if !ok || !f.depends {
		return &findings{}
	}
	own := f.personal[key]
	if own == nil {
		if own = (&findings{}); f.personal == nil || len(f.personal) >= maxShareKeys {
			f.personal = map[shareKey]*findings{}
		}
		f.personal[key] = own
	}
	return own
}

// remembered returns what find finds, from then on for all to whom it applies: everybody, unless somebody looks at a value of
// the context meanwhile, which may be a tenant's name. One caller at a time finds what is for everybody. The result depends
// on nothing but what find asks for and on basis, which are other findings.
func remembered[T any](
	ctx context.Context, s *Service, field func(*findings) *[]T, basis func(*findings) bool,
	find func(context.Context) ([]T, error),
) ([]T, error) {
	s.makeDefaults()
	ctx = s.budgeted(ctx)
	if err := s.finding.lock(ctx); err != nil {
		return nil, err
	}
	for _, f := range []*findings{&s.found.common, s.found.of(ctx)} {
		if v := *field(f); v != nil && basis(f) {
			seenOf(ctx).merge(f.seen)
			if f != &s.found.common {
				caller.Touch(ctx)
			}
			s.finding.unlock()
			return v, nil
		}
	}
	locked := true
	unlock := func() {
		if locked {
			locked = false
			s.finding.unlock()
		}
	}
	defer unlock()
	if s.found.depends {
		unlock() // for others it is another answer, so that they need not wait for this one
	}
	watching, watch, cancel := caller.Watching(ctx)
	defer cancel()
	looked, began := &seen{}, time.Now()
	v, err := find(withSeen(watching, looked))
	if err != nil {
		return nil, err
	}
	seenOf(ctx).merge(looked)
	if !locked {
		if err := s.finding.lock(ctx); err != nil {
			return v, nil
		}
		locked = true
	}
	var f *findings
	switch {
	case watch.HasLooked():
		s.found.depends = true
		f = s.found.of(ctx)
	case basis(&s.found.common):
		f = &s.found.common
	case s.found.depends:
		f = s.found.of(ctx)
	default:
		return v, nil // of rasters that have changed since
	}
	if *field(f) = v; f.asked.IsZero() {
		f.asked = began
	}
	if f.seen == nil {
		f.seen = &seen{}
	}
	f.seen.merge(looked)
	return v, nil
}

// same reports whether first is the first of a list.
func same[T any](list []T, first *T) bool { return len(list) > 0 && &list[0] == first }

// An exportToken is the share key of the callers of one export: its strips may share what others may not.
type exportToken struct{ _ byte }

// alike returns a context for one export.
func alike(ctx context.Context) context.Context {
	if caller.KeyOf(ctx) != nil {
		return ctx
	}
	return caller.Alike(ctx, &exportToken{})
}
