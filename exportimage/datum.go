package exportimage

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/geoexport/geoexport/srs"
)

// A datumChoice is what a request's DatumTransformation comes to.
type datumChoice struct {
	// fits is set if the operations lead from the service's reference or the box's to the image's. Rasters between whose
	// datums they do not lead are then taken by the operations that are best for them, as they would be without.
	fits  bool
	notes []string
	box   []string // the operations by which the box is taken, if the request wants an explanation
	used  bool     // for some raster
}

// note adds a note once.
func (c *datumChoice) note(text string) {
	if !slices.Contains(c.notes, text) {
		c.notes = append(c.notes, text)
	}
}

// checkDatumTransformation settles whether the request's operations lead between the datums of the service, or of the box,
// and that of the image. As in ArcGIS they stand between the service's reference and the image's; they hold for the box,
// too. The error is that of the first if they lead nowhere.
func (s *Service) checkDatumTransformation(r *Request, d *Description) error {
	if len(r.DatumTransformation) == 0 {
		return nil
	}
	var missed error
	for _, from := range []srs.CRS{d.CRS, r.BBoxSR} {
		t, err := srs.Options{ShiftGrids: s.ShiftGrids, Operations: r.DatumTransformation}.NewTransformer(from, r.ImageSR)
		switch {
		case isMismatch(err):
			if missed == nil {
				missed = err
			}
		case err != nil:
			return datumError(err, "imageSR")
		case len(t.Operations()) > 0:
			r.datum.fits = true
		}
	}
	if missed != nil && !r.datum.fits {
		return datumError(missed, "")
	}
	for _, o := range r.DatumTransformation {
		if why := o.Note(); why != "" {
			r.datum.note(fmt.Sprintf("datumTransformation %v: %s", o, why))
		}
	}
	return nil
}

// isMismatch reports whether an error says that operations lead between other datums.
func isMismatch(err error) bool {
	e, ok := errors.AsType[*srs.OperationError](err)
	return ok && e.Mismatch
}

// datumError returns the error of a Transformer: the datum transformation's, or otherwise that of a parameter.
func datumError(err error, param string) error {
	e, ok := errors.AsType[*srs.OperationError](err)
	switch {
	case !ok:
		return &Error{Kind: Unsupported, Param: param, Err: err}
	case e.Unsupported:
		return &Error{Kind: Unsupported, Param: "datumTransformation", Err: err}
	}
	return &Error{Kind: Invalid, Param: "datumTransformation", Err: err}
}

// transformer plans the way from a reference to the image's by the request's operations where they lead there. what is
// the thing that is transformed, for a note. used is set if the operations are those of the Transformer.
func (r *Request) transformer(
	s *Service, from, to srs.CRS, area srs.Envelope, what string,
) (t *srs.Transformer, used bool, err error) {
	if len(r.DatumTransformation) == 0 {
		t, err = s.transformer(from, to, area)
		return t, false, err
	}
	t, err = srs.Options{Area: &area, ShiftGrids: s.ShiftGrids, Operations: r.DatumTransformation}.NewTransformer(from, to)
	if !isMismatch(err) || !r.datum.fits {
		return t, err == nil && len(t.Operations()) > 0, err
	}
	t, errDefault := s.transformer(from, to, area)
	if errDefault != nil {
		return nil, false, errDefault
	}
	r.datum.note(fmt.Sprintf("datumTransformation: not used for %s, which is in %v: %s", what, from, describe(t)))
	return t, false, nil
}

// describe returns the names of a Transformer's datum operations.
func describe(t *srs.Transformer) string {
	if names := t.Operations(); len(names) > 0 {
		return strings.Join(names, " + ")
	}
	return "none is needed"
}

// noteDatum adds to the plan what is to be known about the request's operations.
func (p *plan) noteDatum() {
	c := &p.req.datum
	p.notes = append(p.notes, c.notes...)
	if len(p.req.DatumTransformation) > 0 && !c.used && !c.fits {
		p.ignored = append(p.ignored, "datumTransformation: box, rasters and image are on one datum")
	}
}
