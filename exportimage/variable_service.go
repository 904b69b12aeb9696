package exportimage

import (
	"context"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/geoexport/geoexport/internal/guard"
	"github.com/geoexport/geoexport/internal/quote"
	"github.com/geoexport/geoexport/mosaic"
)

// maxVariables bounds of how many variables a service keeps what was found out.
const maxVariables = 256

// Variable returns a service of the slices of one variable alone, by its name in any case: its description, statistics
// and histograms are those of that variable. It shares limits, gate and cache with s, and s itself draws images of the
// variable with it. It is an *Error of kind Invalid if there is no such variable.
func (s *Service) Variable(ctx context.Context, name string) (*Service, error) {
	return guarded(ctx, s, "finding a variable", func() (*Service, error) {
		d, err := s.describe(ctx)
		if err != nil {
			return nil, err
		}
		if d.Multidimensional == nil {
			return nil, notMultidimensional("variable")
		}
		v := d.Multidimensional.variable(name)
		if v == nil {
			return nil, d.Multidimensional.noVariable(name, "variable")
		}
		return s.ofVariable(v.Name, d.Multidimensional), nil
	})
}

// ofVariable returns the service of a variable's slices: s itself if it has no other rasters.
func (s *Service) ofVariable(name string, m *Multidimensional) *Service {
	if len(m.Variables) == 1 && m.Others == 0 {
		return s
	}
	s.makeDefaults()
	s.variables.mu.Lock()
	defer s.variables.mu.Unlock()
	if known := s.variables.services[name]; known != nil {
		return known
	}
	if s.variables.services == nil || len(s.variables.services) >= maxVariables {
		s.variables.services = map[string]*Service{}
	}
	defaults := s.Defaults
	defaults.MosaicRule.Slices, defaults.Slices, defaults.SliceID = nil, nil, nil
	of := &Service{
		Catalog: variableCatalog{s.Catalog, name},
		Name:    s.Name, Description: s.Description, Copyright: s.Copyright, CRS: s.CRS, Extent: s.Extent,
		Defaults: defaults, Limits: s.Limits, Formats: s.formats(), SkipOverviews: s.SkipOverviews, PixelType: s.PixelType,
		SkipUnreadable: s.SkipUnreadable, ShiftGrids: s.ShiftGrids, Cache: s.tiles(), Gate: s.gate(),
		Functions: s.Functions, AllowDRA: s.AllowDRA, Refresh: s.Refresh, Stretch: s.Stretch, TempFile: s.TempFile, Logger: s.Logger, Now: s.Now,
	}
	s.variables.services[name] = of
	return of
}

// eachVariable calls do for the services of variables that were made.
func (s *Service) eachVariable(do func(*Service)) {
	s.variables.mu.Lock()
	all := slices.Collect(maps.Values(s.variables.services))
	s.variables.mu.Unlock()
	for _, v := range all {
		do(v)
	}
}

// A variableCatalog is the slices of one variable among a catalogue's items. Single items are found by ID whatever they
// are, as functions name them.
type variableCatalog struct {
	all  mosaic.Catalog
	name string
}

var (
	_ mosaic.Lookup    = variableCatalog{}
	_ mosaic.Schema    = variableCatalog{}
	_ mosaic.Versioned = variableCatalog{}
)

// Version returns the version of the whole catalogue.
func (c variableCatalog) Version(ctx context.Context) (string, error) {
	return mosaic.VersionOf(ctx, c.all)
}

func (c variableCatalog) Items(ctx context.Context, q mosaic.Query) iter.Seq2[*mosaic.Item, error] {
	return func(yield func(*mosaic.Item, error) bool) {
		for it, err := range mosaic.Items(ctx, c.all, q) {
			if err == nil {
				part, wrong := it.Slice()
				if err = wrong; err == nil && (part == nil || !strings.EqualFold(part.Variable, c.name)) {
					continue
				}
			}
			if !yield(it, err) || err != nil {
				return
			}
		}
	}
}

func (c variableCatalog) Lookup(ctx context.Context, ids []int64) ([]*mosaic.Item, error) {
	if l, ok := c.all.(mosaic.Lookup); ok {
		return l.Lookup(ctx, ids)
	}
	wanted := make(map[int64]bool, len(ids))
	for _, id := range ids {
		wanted[id] = true
	}
	var out []*mosaic.Item
	for it, err := range mosaic.Items(ctx, c.all, mosaic.Query{}) {
		if err != nil {
			return nil, err
		}
		if wanted[it.ID] {
			out = append(out, it)
		}
	}
	return out, nil
}

func (c variableCatalog) HasField(ctx context.Context, name string) (has bool, err error) {
	if s, ok := c.all.(mosaic.Schema); ok {
		defer guard.Catch("the catalogue's HasField", &err)
		return s.HasField(ctx, name)
	}
	for it, err := range mosaic.Items(ctx, c.all, mosaic.Query{}) {
		if err != nil {
			return false, err
		}
		for attr := range it.Attrs {
			if strings.EqualFold(attr, name) {
				return true, nil
			}
		}
	}
	return false, nil
}

// noVariable returns the error about a variable that does not exist.
func (m *Multidimensional) noVariable(name, param string) *Error {
	const most = 20
	names := make([]string, 0, most)
	for _, v := range m.Variables[:min(len(m.Variables), most)] {
		names = append(names, quote.Text(v.Name))
	}
	if len(m.Variables) > most {
		names = append(names, "…")
	}
	return invalid(param, "there is no variable %s, but %s", quote.Text(name), strings.Join(names, ", "))
}
