package geotiff

import (
	"fmt"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/srs"
)

// georeferenceFields returns the fields that georeference the image: GeoTIFF 1.1, section 7.3, and annex B.6 for the
// formulas. Coordinates are those of pixel corners. North-up images have tie point and scale, others a matrix.
func georeferenceFields(g raster.Grid) ([]encodeField, error) {
	var fields []encodeField
	if a := g.Affine; a != (raster.Affine{}) {
		if err := checkAffine(a); err != nil {
			return nil, cannotEncode("Image.Grid.Affine", fmt.Sprintf("%+v", a), "%v", err)
		}
		if a.AxisParallel() && a.A > 0 && a.E < 0 {
			fields = append(fields, doublesField(tagModelPixelScale, a.A, -a.E, 0),
				doublesField(tagModelTiepoint, 0, 0, 0, a.C, a.F, 0))
		} else {
			fields = append(fields, doublesField(tagModelTransformation,
				a.A, a.B, 0, a.C,
				a.D, a.E, 0, a.F,
				0, 0, 0, 0,
				0, 0, 0, 1))
		}
	}
	if g.CRS.IsZero() {
		return fields, nil
	}
	keys, err := g.CRS.GeoKeys()
	if err != nil {
		return nil, err
	}
	return append(fields, geoKeyFields(keys)...), nil
}

// geoKeyFields returns the fields of the GeoKey directory: GeoTIFF 1.1, section 7.1. It adds the key that makes
// coordinates those of pixel corners.
func geoKeyFields(keys []srs.GeoKey) []encodeField {
	const version, revision, minor = 1, 1, 0 // of the directory, and of its keys: GeoTIFF 1.0, which all readers know
	area := srs.GeoKey{ID: keyRasterType, Code: rasterPixelIsArea}
	var entries []uint16
	var numbers []float64
	var texts []byte
	add := func(k srs.GeoKey) {
		switch {
		case k.Text != "":
			entries = append(entries, uint16(k.ID), uint16(tagGeoASCIIParams), uint16(len(k.Text)+1), uint16(len(texts)))
			texts = append(append(texts, k.Text...), '|')
		case len(k.Numbers) > 0:
			entries = append(entries, uint16(k.ID), uint16(tagGeoDoubleParams), uint16(len(k.Numbers)), uint16(len(numbers)))
			numbers = append(numbers, k.Numbers...)
		default:
			entries = append(entries, uint16(k.ID), 0, 1, k.Code)
		}
	}
	for _, k := range keys {
		if area.ID != 0 && k.ID > area.ID {
			add(area)
			area.ID = 0
		}
		add(k)
	}
	if area.ID != 0 {
		add(area)
	}
	header := []uint16{version, revision, minor, uint16(len(entries) / 4)}
	fields := []encodeField{shortsField(tagGeoKeyDirectory, append(header, entries...)...)}
	if len(numbers) > 0 {
		fields = append(fields, doublesField(tagGeoDoubleParams, numbers...))
	}
	if len(texts) > 0 {
		fields = append(fields, asciiField(tagGeoASCIIParams, string(texts)))
	}
	return fields
}
