package geotiff

import (
	"context"
	"fmt"
	"math"

	"github.com/geoexport/geoexport/raster"
)

// readAffine reads the map from pixel to map coordinates (GeoTIFF 1.1, section 7.3; annex B.6 for the formulas). The matrix
// goes before scale and tie point. point says that the file's coordinates are those of pixel centres, so that the
// origin moves by half a pixel.
func readAffine(ctx context.Context, d *directory, point bool, warn func(string)) (raster.Affine, error) {
	var a raster.Affine
	matrix, err := d.floats(ctx, tagModelTransformation)
	if err != nil {
		return a, err
	}
	scale, err := d.floats(ctx, tagModelPixelScale)
	if err != nil {
		return a, err
	}
	tie, err := d.floats(ctx, tagModelTiepoint)
	if err != nil {
		return a, err
	}

	where := tagModelTransformation
	switch {
	case len(matrix) >= 16:
		a = raster.Affine{A: matrix[0], B: matrix[1], C: matrix[3], D: matrix[4], E: matrix[5], F: matrix[7]}
	case len(matrix) > 0:
		return a, wrong(tagModelTransformation, nil, fmt.Sprintf("%d values, want 16", len(matrix)))
	case len(scale) >= 2 && len(tie) >= 6:
		where = tagModelPixelScale
		sx, sy := scale[0], scale[1]
		if sy < 0 {
			// As GDAL does: files with a negative scale are north up by mistake of their writers, and files that are
			// not have a matrix.
			warn(fmt.Sprintf("%v has a negative scale in y, %v: taken as %v", tagModelPixelScale, sy, -sy))
			sy = -sy
		}
		a = raster.Affine{A: sx, C: tie[3] - float64(tie[0]*sx), E: -sy, F: tie[4] + float64(tie[1]*sy)}
	case len(tie) >= 6:
		return a, unsupported(tagModelTiepoint, fmt.Sprintf("with %d points", len(tie)/6),
			"ground control points without scale: their surface is no affine map")
	case len(scale) > 0 || len(tie) > 0:
		return a, wrong(tagModelPixelScale, scale, fmt.Sprintf("with %v %s", tagModelTiepoint, show(tie)))
	default:
		return a, ErrNoGeoreference
	}
	if point {
		a.C, a.F = a.C-float64(a.A/2)-float64(a.B/2), a.F-float64(a.D/2)-float64(a.E/2)
	}
	if err := checkAffine(a); err != nil {
		return a, &FormatError{Name: where.String(), Value: fmt.Sprintf("%+v", a), Err: err}
	}
	return a, nil
}

func checkAffine(a raster.Affine) error {
	for _, v := range [...]float64{a.A, a.B, a.C, a.D, a.E, a.F} {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("%v is no finite number", v)
		}
	}
	if _, ok := a.Inverse(); !ok {
		return fmt.Errorf("pixels without area")
	}
	return nil
}
