package geotiff

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/sidecar"
	"github.com/geoexport/geoexport/srs"
)

// readGrid determines the georeference. Options take precedence, then the file's tags, the .aux.xml file, and the world
// file and .prj.
func (f *File) readGrid(ctx context.Context, d *directory, m *sidecar.Metadata, o *Options) error {
	keys, err := readGeoKeys(ctx, d)
	if err != nil && (o.Affine == raster.Affine{} || o.CRS.IsZero()) {
		return err
	}
	g := raster.Grid{CRS: o.CRS, Affine: o.Affine, Size: f.levels[0].layout.size}
	if g.Affine != (raster.Affine{}) {
		if err := checkAffine(g.Affine); err != nil {
			return fmt.Errorf("geotiff: Options.Affine: %w", err)
		}
	} else if g.Affine, err = f.findAffine(ctx, d, pixelIsPoint(keys), m); err != nil {
		return err
	}
	if g.CRS.IsZero() {
		if g.CRS, err = f.findCRS(ctx, keys, m); err != nil {
			return err
		}
	}
	f.info.Grid = g
	return nil
}

// findAffine looks for the map from pixel to map coordinates in the file, and if that has none, beside it.
func (f *File) findAffine(ctx context.Context, d *directory, point bool, m *sidecar.Metadata) (raster.Affine, error) {
	inside, err := readAffine(ctx, d, point, f.note)
	if err != nil && !isGeoreferenceMissing(err) {
		return inside, err
	}
	beside, ok := f.pamAffine(m)
	switch {
	case err == nil && ok && beside != inside:
		f.note(fmt.Sprintf("the GeoTransform in %s does not count: the file's tags say %+v", sidecar.PAM, inside))
		return inside, nil
	case err == nil:
		return inside, nil
	case ok:
		return beside, nil
	}
	for _, suffix := range sidecar.WorldFiles(".tif", ".tiff") {
		text, err := f.sidecarText(ctx, suffix)
		if err != nil {
			return raster.Affine{}, err
		}
		if text == nil {
			continue
		}
		a, err := sidecar.ParseWorldFile(text)
		if err == nil {
			return a, nil
		}
		if err := f.spare(suffix, err); err != nil {
			return raster.Affine{}, err
		}
	}
	if m.ControlPoints && errors.Is(err, ErrNoGeoreference) {
		err = unsupported(part("GCPList in "+sidecar.PAM), nil, reasonControlPoints)
	}
	return raster.Affine{}, err
}

// isGeoreferenceMissing reports whether an error of readAffine leaves it to the files beside the file to state the map.
func isGeoreferenceMissing(err error) bool {
	_, unsupported := errors.AsType[*UnsupportedError](err)
	return unsupported || errors.Is(err, ErrNoGeoreference)
}

// pamAffine returns the map in the .aux.xml file, which always refers to pixel corners; ok is false if there is no
// usable one.
func (f *File) pamAffine(m *sidecar.Metadata) (a raster.Affine, ok bool) {
	if m.GeoTransform == "" {
		return a, false
	}
	if a, ok = sidecar.ParseGeoTransform(m.GeoTransform); !ok {
		f.note(fmt.Sprintf("the GeoTransform in %s is left aside: %q", sidecar.PAM, show(m.GeoTransform)))
		return a, false
	}
	return a, true
}

// findCRS looks for the spatial reference in the file. If the file has none, or one that only its writer understands,
// it looks beside the file. If there is none either, it returns the zero CRS and adds a note.
func (f *File) findCRS(ctx context.Context, keys []srs.GeoKey, m *sidecar.Metadata) (srs.CRS, error) {
	inside, warnings, err := srs.FromGeoKeys(keys)
	err = geoKeyError(err)
	defer func() {
		for _, w := range warnings {
			f.note(w)
		}
	}()
	if m.SRS != "" {
		beside, errBeside := f.parseCRS(sidecar.PAM, m.SRS)
		if err == nil && inside.IsZero() {
			if !beside.IsZero() {
				warnings = nil
			}
			return beside, errBeside
		}
		if err != nil && !beside.IsZero() {
			warnings = []string{fmt.Sprintf("the spatial reference is that of %s: %v", sidecar.PAM, err)}
			return beside, nil
		}
	}
	if err != nil || !inside.IsZero() {
		return inside, err
	}
	text, err := f.sidecarText(ctx, sidecar.CRS)
	if err != nil || text == nil {
		return srs.CRS{}, err
	}
	beside, err := f.parseCRS(sidecar.CRS, string(text))
	if !beside.IsZero() {
		warnings = nil
	}
	return beside, err
}

// parseCRS parses a spatial reference from beside the file. A reference that is understood but not supported is an
// error, since the position of the pixels would be unknown. A text that is not a spatial reference is ignored with a
// note.
func (f *File) parseCRS(suffix, text string) (srs.CRS, error) {
	crs, err := sidecar.ParseCRS(text)
	if _, ok := errors.AsType[*srs.SyntaxError](err); ok {
		return srs.CRS{}, f.spare(suffix, err)
	}
	if err != nil {
		return srs.CRS{}, fmt.Errorf("geotiff: %s beside the file: %w", suffix, err)
	}
	return crs, nil
}

// reasonControlPoints is the reason for refusing control points.
const reasonControlPoints = "ground control points without scale: their surface is no affine map"

// readAffine reads the map from pixel to map coordinates (GeoTIFF 1.1, section 7.3; annex B.6 has the formulas). A
// matrix takes precedence over scale and tie point. point states that the file's coordinates refer to pixel centres, so
// that the origin moves by half a pixel.
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
			// As in GDAL: a negative scale in a file is its writer's mistake for north up; files that are not north up
			// have a matrix.
			warn(fmt.Sprintf("%v has a negative scale in y, %v: taken as %v", tagModelPixelScale, sy, -sy))
			sy = -sy
		}
		a = raster.Affine{A: sx, C: tie[3] - float64(tie[0]*sx), E: -sy, F: tie[4] + float64(tie[1]*sy)}
	case len(tie) >= 6:
		return a, unsupported(tagModelTiepoint, fmt.Sprintf("with %d points", len(tie)/6),
			reasonControlPoints)
	case len(scale) > 0 || len(tie) > 0:
		return a, wrong(tagModelPixelScale, scale, fmt.Sprintf("with %v %s", tagModelTiepoint, show(tie)))
	case d.has(tagRPCCoefficient):
		return a, unsupported(tagRPCCoefficient, nil, "a camera model alone: it is no affine map")
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
