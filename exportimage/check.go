package exportimage

import (
	"context"
	"errors"
	"fmt"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
	"github.com/geoexport/geoexport/srs"
)

// Most rasters that Check opens, and most of their faults that it lists.
const (
	mostChecked = 64
	mostFaults  = 20
)

// Check reports what is wrong with a service, for a program that starts: its limits and other fields, its catalogue, its
// functions and its default image. It reads the whole catalogue, and opens one raster of each kind, by pixel
// type and spatial reference, of up to 64 kinds. The error joins all faults, each an *Error; nil is a service that can
// draw what its defaults ask for. Rasters that SkipUnreadable would leave out are faults, too.
func (s *Service) Check(ctx context.Context) error {
	faults, err := observed(ctx, s, "checking", nil, func() ([]error, error) { return s.checkAll(ctx) })
	if err != nil {
		return err
	}
	return errors.Join(faults...)
}

func (s *Service) checkAll(ctx context.Context) ([]error, error) {
	ctx, release := s.holding(ctx)
	defer release()
	faults, err := s.checkItems(ctx)
	if err != nil {
		return nil, err // nothing else can be found out
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	for _, t := range s.Functions {
		if _, err := s.describeRendered(ctx, function.Named(t.Name)); err != nil {
			faults = append(faults, fmt.Errorf("function %q: %w", t.Name, err))
		}
	}
	if _, _, err := s.prepare(ctx, s.dated(Request{}), true); err != nil {
		faults = append(faults, fmt.Errorf("the default image: %w", err))
	}
	for i, err := range faults {
		faults[i] = &Error{Kind: AsError(err).Kind, Err: err}
	}
	return faults, nil
}

// checkItems looks at the items of the catalogue. The error is one of the catalogue itself.
func (s *Service) checkItems(ctx context.Context) (faults []error, err error) {
	if s.Catalog == nil {
		return nil, &Error{Err: errors.New("the service has no catalogue")}
	}
	type kind struct {
		crs srs.CRS
		typ raster.PixelType
	}
	opened, seen, count := map[kind]bool{}, map[int64]bool{}, 0
	for it, err := range mosaic.Items(ctx, s.Catalog, mosaic.Query{}) {
		if err != nil {
			return nil, &CatalogError{err}
		}
		count++
		if len(faults) >= mostFaults {
			continue
		}
		if seen[it.ID] {
			faults = append(faults, &CatalogError{&mosaic.ItemError{ID: it.ID, Name: it.Name, Err: errors.New("another item has its ID")}})
		}
		seen[it.ID] = true
		if it.Footprint.CRS.IsZero() || it.Footprint.Envelope.Empty() {
			faults = append(faults, &CatalogError{&mosaic.ItemError{ID: it.ID, Name: it.Name, Err: errors.New("its footprint has no area or no spatial reference")}})
		}
		k := kind{it.Footprint.CRS, it.Type}
		if opened[k] || len(opened) >= mostChecked {
			continue
		}
		opened[k] = true
		held, release := s.holding(ctx)
		if _, err := open(held, it); err != nil {
			faults = append(faults, err)
		}
		release()
	}
	if count == 0 {
		faults = append(faults, &Error{Err: errors.New("the catalogue has no raster")})
	}
	return faults, nil
}
