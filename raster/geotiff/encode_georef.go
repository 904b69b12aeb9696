package geotiff

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/srs"
)

// georeferenceFields returns the fields that georeference the image (GeoTIFF 1.1, section 7.3; annex B.6 has the
// formulas). Coordinates refer to pixel corners. North-up images have a tie point and a scale, others a matrix.
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

// geoKeyFields returns the fields of the GeoKey directory (GeoTIFF 1.1, section 7.1). It adds the key that states that
// coordinates refer to pixel corners.
func geoKeyFields(keys []srs.GeoKey) []encodeField {
	area := srs.GeoKey{ID: keyRasterType, Code: rasterPixelIsArea}
	i, _ := slices.BinarySearchFunc(keys, area.ID, func(k srs.GeoKey, id srs.GeoKeyID) int { return cmp.Compare(k.ID, id) })
	tags := srs.NewGeoKeyTags(slices.Insert(slices.Clone(keys), i, area))
	fields := []encodeField{shortsField(tagGeoKeyDirectory, tags.Directory...)}
	if len(tags.Doubles) > 0 {
		fields = append(fields, doublesField(tagGeoDoubleParams, tags.Doubles...))
	}
	if tags.ASCII != "" {
		fields = append(fields, asciiField(tagGeoASCIIParams, tags.ASCII))
	}
	return fields
}
