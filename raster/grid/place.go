package grid

import (
	"context"
	"errors"
	"fmt"
	"path"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/sidecar"
	"github.com/geoexport/geoexport/srs"
)

// readMetadata reads the .aux.xml file, if there is one, and returns what it and the header state together; the file
// counts more. One that is no XML is left aside with a note.
func (f *File) readMetadata(ctx context.Context, in *input, h *header) (*sidecar.Metadata, error) {
	m := h.metadata
	text, err := in.readText(ctx, sidecar.PAM)
	if err != nil {
		return nil, err
	}
	if text != nil {
		own, err := sidecar.ParsePAM(text.Bytes, h.bands)
		if err != nil {
			f.note("%s beside the file is left aside: %v", sidecar.PAM, err)
		} else {
			m.Override(own)
		}
	}
	if h.bands != 1 || m.Bands[0] != nil && m.Bands[0].Table != nil {
		return m, nil
	}
	table, err := sidecar.ReadValueTable(ctx, in.beside, in.limits.TextBytes)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		f.note("%s beside the file is left aside: %v", sidecar.ValueTable, err)
	case table != nil:
		m.AddValueTable(table)
	}
	return m, nil
}

// describe applies what is stated about bands: names, statistics, colours and noData.
func (f *File) describe(h *header, m *sidecar.Metadata) error {
	note, err := m.SetPalette(&f.info)
	if err != nil {
		return &FormatError{Name: "colours", Err: err}
	}
	if note != "" {
		f.note("%s", note)
	}
	f.info.Notes = append(f.info.Notes, m.Describe(&f.info)...)
	f.empty = emptiness{typ: h.typ, values: make([]*float64, h.bands), above: h.above}
	for i := range f.info.Bands {
		b := m.Bands[i]
		if b == nil || b.NoData == "" {
			continue
		}
		v, ok := sidecar.ParseNoData(b.NoData, h.typ, 1)
		if !ok {
			f.note("noData of band %d, %q, is left aside: no value of type %v", i, shorten(b.NoData), h.typ)
			continue
		}
		f.info.Bands[i].NoData, f.empty.values[i] = &v[0], &v[0]
	}
	return nil
}

// place finds out where the pixels lie: by the options, the .aux.xml file, the header, a world file or a .prj file,
// in this order.
func (f *File) place(ctx context.Context, in *input, h *header, m *sidecar.Metadata) error {
	g := &f.info.Grid
	if g.Affine == (raster.Affine{}) {
		var err error
		if g.Affine, err = findAffine(ctx, in, h, m); err != nil {
			return err
		}
	}
	if _, ok := g.Affine.Inverse(); !ok {
		return &FormatError{Name: "georeference", Value: fmt.Sprintf("%+v", g.Affine), Reason: "pixels without area"}
	}
	if !g.CRS.IsZero() {
		return nil
	}
	if text := m.Reference(); text != "" {
		var err error
		if g.CRS, err = sidecar.ParseCRS(text); err != nil {
			return fmt.Errorf("%s beside the file: %w", sidecar.PAM, err)
		}
		return nil
	}
	if h.crsErr != nil {
		return h.crsErr
	}
	if g.CRS = h.crs; !g.CRS.IsZero() {
		return nil
	}
	text, err := in.readText(ctx, sidecar.CRS)
	if err != nil {
		return err
	}
	if text == nil {
		f.note("no spatial reference is stated")
		return nil
	}
	g.CRS, err = f.parseCRS(text.Name, string(text.Bytes))
	return err
}

// parseCRS parses a spatial reference, and notes what is said about it.
func (f *File) parseCRS(where, text string) (srs.CRS, error) {
	c, err := sidecar.ParseCRS(text)
	if err != nil {
		return c, fmt.Errorf("%s: %w", where, err)
	}
	if note := c.Note(); note != "" {
		f.note("%s: %s", where, note)
	}
	return c, nil
}

func findAffine(ctx context.Context, in *input, h *header, m *sidecar.Metadata) (raster.Affine, error) {
	a, ok, err := m.Affine(h.affine)
	if err != nil {
		return a, &FormatError{Name: sidecar.PAM + " beside the file", Err: err}
	}
	if ok {
		return a, nil
	}
	if h.affine != (raster.Affine{}) {
		return h.affine, nil
	}
	for _, suffix := range sidecar.WorldFiles(path.Ext(in.name)) {
		text, err := in.readText(ctx, suffix)
		if err != nil {
			return a, err
		}
		if text == nil {
			continue
		}
		a, err := sidecar.ParseWorldFile(text.Bytes)
		if wrong, ok := errors.AsType[*sidecar.WorldFileError](err); ok {
			return a, &FormatError{Name: text.Name, Err: wrong}
		}
		return a, err
	}
	return a, ErrNoGeoreference
}
