package worldfile

import (
	"context"
	"fmt"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/sidecar"
)

// maxBands is the number of bands that the metadata of an image can be about: red, green, blue and alpha.
const maxBands = 4

// readMetadata reads the .aux.xml file, if there is one. One that is no XML is left aside with a note.
func (p *Image) readMetadata(ctx context.Context) (*sidecar.Metadata, error) {
	text, err := readText(ctx, p.beside, sidecar.PAM)
	m := &sidecar.Metadata{}
	if err != nil {
		return m, err
	}
	if text != nil {
		if m, err = sidecar.ParsePAM(text.Bytes, maxBands); err != nil {
			p.info.Notes = append(p.info.Notes, fmt.Sprintf("%s beside the image is left aside: %v", sidecar.PAM, err))
			return &sidecar.Metadata{}, nil
		}
	}
	return m, nil
}

// readValueTable reads Esri's table of the values of an image of one band, unless the metadata have one. One that cannot be
// read is left aside with a note, since no pixel depends on it.
func (p *Image) readValueTable(ctx context.Context, m *sidecar.Metadata) error {
	if len(p.info.Bands) != 1 || m.Bands[0] != nil && m.Bands[0].Table != nil {
		return nil
	}
	table, err := sidecar.ReadValueTable(ctx, p.beside, maxTextBytes)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		p.info.Notes = append(p.info.Notes, fmt.Sprintf("%s beside the image is left aside: %v", sidecar.ValueTable, err))
	case table != nil:
		m.AddValueTable(table)
	}
	return nil
}

// describe applies what the .aux.xml file states about pixels: names, statistics, colours and noData.
func (p *Image) describe() error {
	m, info := p.metadata, &p.info
	for i := range m.Bands {
		if i >= len(info.Bands) {
			delete(m.Bands, i) // that of alpha, which is no band here
		}
	}
	note, err := m.SetPalette(info)
	if err != nil {
		return &FormatError{sidecar.PAM, err}
	}
	if note != "" {
		info.Notes = append(info.Notes, note)
	}
	info.Notes = append(info.Notes, m.Describe(info)...)
	var values []float64
	var bands []int
	for i := range info.Bands {
		b := m.Bands[i]
		if b == nil || b.NoData == "" {
			continue
		}
		v, ok := sidecar.ParseNoData(b.NoData, info.Type, 1)
		if !ok {
			info.Notes = append(info.Notes, fmt.Sprintf(
				"noData of band %d in %s %.40q is left aside: no value of type %v", i, sidecar.PAM, b.NoData, info.Type))
			continue
		}
		info.Bands[i].NoData = &v[0]
		values, bands = append(values, v[0]), append(bands, i)
	}
	return p.maskNoData(values, bands)
}

// maskNoData makes the pixels invalid that hold the given values in all of the given bands: samples are unsigned, and 0 or
// 255 in a single band is a colour. Alpha says better which pixels hold data.
func (p *Image) maskNoData(values []float64, bands []int) error {
	if len(values) == 0 {
		return nil
	}
	if p.all.Valid != nil {
		p.info.Notes = append(p.info.Notes, "noData does not count: alpha says which pixels hold data")
		return nil
	}
	masked, err := raster.NoDataRule{Values: values, All: true}.Mask(p.all.Select(bands))
	if err != nil {
		return err
	}
	p.all = &raster.Block{Type: p.all.Type, Bands: p.all.Bands, Valid: masked.Valid}
	return nil
}
