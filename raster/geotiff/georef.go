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

// readGrid determines the georeference. Options take precedence, then the .aux.xml file, which people write to correct
// the file, then the file's tags, and the world file and .prj.
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

// findAffine looks for the map from pixel to map coordinates in the .aux.xml file, in the file, and beside it.
func (f *File) findAffine(ctx context.Context, d *directory, point bool, m *sidecar.Metadata) (raster.Affine, error) {
	inside, err := readAffine(ctx, d, point, f.note)
	if err != nil && !isGeoreferenceMissing(err) {
		return inside, err
	}
	beside, ok, errBeside := m.Affine(inside)
	switch {
	case errBeside != nil:
		return beside, &FormatError{Name: sidecar.PAM + " beside the file", Err: errBeside}
	case err == nil && ok && beside != inside:
		f.note(fmt.Sprintf("the file's tags say %+v, which does not count: %s says %+v", inside, sidecar.PAM, beside))
		return beside, nil
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

// findCRS looks for the spatial reference in the .aux.xml file, in the file, and if the file has none, or one that only
// its writer understands, in the .prj file. If there is none either, it returns the zero CRS and adds a note.
func (f *File) findCRS(ctx context.Context, keys []srs.GeoKey, m *sidecar.Metadata) (srs.CRS, error) {
	inside, warnings, err := srs.FromGeoKeys(keys)
	err = geoKeyError(err)
	defer func() {
		for _, w := range warnings {
			f.note(w)
		}
	}()
	if text := m.Reference(); text != "" {
		beside, errBeside := sidecar.ParseCRS(text)
		switch {
		case errBeside != nil:
			return beside, fmt.Errorf("geotiff: %s beside the file: %w", sidecar.PAM, errBeside)
		case err != nil:
			warnings = []string{fmt.Sprintf("the spatial reference is that of %s: %v", sidecar.PAM, err)}
		case inside.IsZero() || sameCRS(inside, beside):
			warnings = nil
		default:
			warnings = append(warnings, fmt.Sprintf("the file's GeoKeys say %v, which does not count: %s says %v", inside, sidecar.PAM, beside))
		}
		return beside, nil
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

// sameCRS reports whether a and b are known to be the same.
func sameCRS(a, b srs.CRS) bool {
	_, codeA := a.WKID()
	_, codeB := b.WKID()
	return a == b || codeA != 0 && codeA == codeB
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
	if note := crs.Note(); note != "" {
		f.note(fmt.Sprintf("the spatial reference in %s: %s", suffix, note))
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
	scaled, isScaled := scaledAffine(scale, tie)
	if isScaled && len(matrix) > 0 {
		m, ok := matrixAffine(matrix)
		switch {
		case !ok && checkAffine(scaled) == nil:
			warn(fmt.Sprintf("%v is left aside, as it is no map of pixels: %v counts", tagModelTransformation, tagModelPixelScale))
			matrix = nil
		case ok && !samePixels(m, scaled):
			warn(fmt.Sprintf("%v is set aside: %v says otherwise", tagModelPixelScale, tagModelTransformation))
		}
	}
	switch {
	case len(matrix) >= 16:
		a, _ = matrixAffine(matrix)
	case len(matrix) > 0:
		return a, wrong(tagModelTransformation, nil, fmt.Sprintf("%d values, want 16", len(matrix)))
	case isScaled:
		where = tagModelPixelScale
		a = scaled
		if scale[1] < 0 {
			warn(fmt.Sprintf("%v has a negative scale in y, %v: taken as %v", tagModelPixelScale, scale[1], -scale[1]))
		}
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

// matrixAffine returns the map that a matrix states; ok is false if it is none.
func matrixAffine(matrix []float64) (a raster.Affine, ok bool) {
	if len(matrix) < 16 {
		return a, false
	}
	a = raster.Affine{A: matrix[0], B: matrix[1], C: matrix[3], D: matrix[4], E: matrix[5], F: matrix[7]}
	return a, checkAffine(a) == nil
}

// samePixels reports whether two maps put the corners of a picture of 10,000 pixels each way within a hundredth of a
// pixel of each other.
func samePixels(a, b raster.Affine) bool {
	pixel := math.Abs(a.A) + math.Abs(a.B) + math.Abs(a.D) + math.Abs(a.E)
	for _, corner := range [...][2]float64{{0, 0}, {1e4, 0}, {0, 1e4}} {
		x, y := a.Apply(corner[0], corner[1])
		u, v := b.Apply(corner[0], corner[1])
		if !(math.Abs(x-u)+math.Abs(y-v) <= 0.01*pixel) {
			return false
		}
	}
	return true
}

// scaledAffine returns the map that a scale and a tie point state; ok is false if there are not both. As in GDAL, a
// negative scale in y is its writer's mistake for north up: files that are not north up have a matrix.
func scaledAffine(scale, tie []float64) (a raster.Affine, ok bool) {
	if len(scale) < 2 || len(tie) < 6 {
		return a, false
	}
	sx, sy := scale[0], math.Abs(scale[1])
	return raster.Affine{A: sx, C: tie[3] - float64(tie[0]*sx), E: -sy, F: tie[4] + float64(tie[1]*sy)}, true
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
