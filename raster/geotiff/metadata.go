package geotiff

import (
	"context"
	"fmt"

	"github.com/geoexport/geoexport/raster/sidecar"
)

// readMetadata reads the GDAL_METADATA tag and the .aux.xml file. What the .aux.xml file states about a band overrides
// the tag, since it was found out or corrected later.
func (f *File) readMetadata(ctx context.Context, d *directory) (*sidecar.Metadata, error) {
	bands := f.levels[0].layout.bands
	m := &sidecar.Metadata{}
	if fd, ok := d.fields[tagGDALMetadata]; ok {
		text := ""
		var err error
		if limit := f.limits.MetadataBytes; exceeds(fd.size, limit) {
			err = &LimitError{"MetadataBytes", "bytes of text", fd.size, limit}
		} else {
			text, err = d.ascii(ctx, tagGDALMetadata)
		}
		if err == nil {
			m, err = sidecar.ParseGDALMetadata([]byte(text), bands)
		}
		if err != nil {
			if isContext(err) {
				return nil, err
			}
			// Discard what was read before the fault, too: half of a text may mislead.
			m = &sidecar.Metadata{}
			f.note(fmt.Sprintf("%v is left aside: %v", tagGDALMetadata, err))
		}
	}
	text, err := f.sidecarText(ctx, sidecar.PAM)
	if err != nil {
		return m, err
	}
	if text != nil {
		pam, err := sidecar.ParsePAM(text, bands)
		if err != nil {
			return m, f.spare(sidecar.PAM, err)
		}
		m.Override(pam)
	}
	return m, f.readValueTable(ctx, m)
}

// readValueTable reads Esri's table of the values of a file of one band of whole numbers, unless the metadata have one.
func (f *File) readValueTable(ctx context.Context, m *sidecar.Metadata) error {
	if l := f.levels[0].layout; l.bands != 1 || !l.typ.Integer() || m.Bands[0] != nil && m.Bands[0].Table != nil {
		return nil
	}
	table, err := sidecar.ReadValueTable(ctx, f.beside, f.s.limits.MetadataBytes)
	if err != nil {
		return f.spare(sidecar.ValueTable, err)
	}
	if table != nil {
		m.AddValueTable(table)
	}
	return nil
}
