package geotiff_test

import (
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/internal/tiffmake"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

// TestGoldenGeoreference checks the georeference of files that GDAL wrote, as TestGoldenBeside does for pixels.
func TestGoldenGeoreference(t *testing.T) {
	utm, err := srs.FromWKID(32633)
	require.NoError(t, err)
	for _, c := range []struct {
		file   string
		affine raster.Affine
		err    string
	}{
		{"georef_world.tif", raster.Affine{A: 10, C: 500030, E: -10, F: 4000250}, ""},
		{"georef_pam.tif", raster.Affine{A: 8, B: 6, C: 500030.5, D: 6, E: -8, F: 4000250.25}, ""},
		{"georef_gcp.tif", raster.Affine{}, "ModelTiepointTag (33922) with 3 points"},
		{"georef_pam_gcp.tif", raster.Affine{}, "GCPList in .aux.xml"},
		{"georef_rpc.tif", raster.Affine{}, "RPCCoefficientTag (50844)"},
	} {
		t.Run(c.file, func(t *testing.T) {
			path := filepath.Join("testdata", c.file)
			f, err := geotiff.OpenFile(path, nil)
			if c.err != "" {
				require.True(t, isReason[*geotiff.UnsupportedError](err), "%v", err)
				require.ErrorContains(t, err, c.err)
				f, err = geotiff.OpenFile(path, &geotiff.Options{Affine: raster.Affine{A: 1, E: -1}, CRS: utm})
				require.NoError(t, err, "who knows better can say so")
				require.NoError(t, f.Close())
				return
			}
			require.NoError(t, err)
			assert.Empty(t, f.Info().Notes)
			assert.Equal(t, c.affine, f.Info().Grid.Affine)
			assert.False(t, f.Info().Grid.CRS.IsZero())
			tr, err := srs.NewTransformer(utm, f.Info().Grid.CRS)
			require.NoError(t, err)
			x, y := []float64{500100}, []float64{4000000}
			tr.Transform(x, y)
			assert.InDelta(t, 500100, x[0], 1e-6)
			assert.InDelta(t, 4000000, y[0], 1e-6)
			rastertest.Test(t, f)
			require.NoError(t, f.Close())
		})
	}
}

// xform returns Esri's statement of a georeference, as ArcGIS writes it into .aux.xml files.
func xform(typ, order, x, y string) string {
	list := func(s string) string {
		if s == "" {
			return ""
		}
		return "<Double>" + strings.ReplaceAll(s, " ", "</Double><Double>") + "</Double>"
	}
	return `<Metadata domain="xml:ESRI" format="xml"><GeodataXform xsi:type="typens:` + typ + `Xform" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
		`<PolynomialOrder>` + order + `</PolynomialOrder><SpatialReference xsi:type="typens:ProjectedCoordinateSystem"><WKT>EPSG:32633</WKT></SpatialReference>` +
		`<CoeffX xsi:type="typens:ArrayOfDouble">` + list(x) + `</CoeffX><CoeffY xsi:type="typens:ArrayOfDouble">` + list(y) + `</CoeffY></GeodataXform></Metadata>`
}

// TestGeoreferenceBeside checks the precedence of georeferences beside the file, and the results of wrong ones.
func TestGeoreferenceBeside(t *testing.T) {
	const world = "2\n0\n0\n-2\n11\n19\n" // the corner is (10, 20)
	const mercator = `PROJCS["WGS 84 / Pseudo-Mercator",GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],` +
		`PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Mercator_1SP"],PARAMETER["central_meridian",0],` +
		`PARAMETER["scale_factor",1],PARAMETER["false_easting",0],PARAMETER["false_northing",0],UNIT["metre",1],AUTHORITY["EPSG","3857"]]`
	pam := func(inner string) *fstest.MapFile { return note("<PAMDataset>" + inner + "</PAMDataset>") }
	const pamAffine = "<GeoTransform>30, 3, 0, 40, 0, -3</GeoTransform>"
	fromWorld := raster.Affine{A: 2, C: 10, E: -2, F: 20}
	fromPAM := raster.Affine{A: 3, C: 30, E: -3, F: 40}
	fromTags := raster.Affine{A: 1, E: -1}
	points := picture(16, 12)
	points.TiePoint = make([]float64, 24)
	camera := picture(16, 12)
	camera.Tags = []tiffmake.Tag{{Number: 50844, Value: make([]float64, 92)}}
	shifted := plain()
	shifted.NorthUp(100, 200, 2)
	zeros := plain()
	zeros.Tags = []tiffmake.Tag{{Number: 34264, Value: make([]float64, 16)}}
	userDefined := plain()
	userDefined.EPSG = 32767
	for _, c := range []struct {
		name     string
		file     *tiffmake.File
		files    fstest.MapFS
		want     raster.Affine
		epsg     int
		warnings []string
		err      string
	}{
		{name: "world file", file: picture(16, 12), files: fstest.MapFS{"dir/a.tfw": note(world), "dir/a.prj": note(mercator)},
			want: fromWorld, epsg: 3857},
		{name: "capital letters", file: picture(16, 12), files: fstest.MapFS{"dir/a.TFW": note(world), "dir/a.PRJ": note(mercator)},
			want: fromWorld, epsg: 3857},
		{name: "tifw", file: picture(16, 12), files: fstest.MapFS{"dir/a.tifw": note(world)}, want: fromWorld, warnings: []string{"no spatial reference"}},
		{name: "tiffw", file: picture(16, 12), files: fstest.MapFS{"dir/a.tiffw": note(world)}, want: fromWorld, warnings: []string{"no spatial reference"}},
		{name: "wld", file: picture(16, 12), files: fstest.MapFS{"dir/a.wld": note(world)}, want: fromWorld, warnings: []string{"no spatial reference"}},
		{name: "tfw before wld", file: picture(16, 12), files: fstest.MapFS{"dir/a.tfw": note(world), "dir/a.wld": note("wrong")},
			want: fromWorld, warnings: []string{"no spatial reference"}},
		{name: "a broken one, and another", file: picture(16, 12), files: fstest.MapFS{"dir/a.tfw": note("wrong"), "dir/a.wld": note(world)},
			want: fromWorld, warnings: []string{".tfw beside the file is left aside: sidecar: world file", "no spatial reference"}},
		{name: "a broken one alone", file: picture(16, 12), files: fstest.MapFS{"dir/a.tfw": note("wrong")}, err: "no georeference"},
		{name: "tags go first", file: plain(), files: fstest.MapFS{"dir/a.tfw": note(world), "dir/a.prj": note("wrong")}, want: fromTags, epsg: 3857},
		{name: "control points, but a world file", file: points, files: fstest.MapFS{"dir/a.tfw": note(world)},
			want: fromWorld, warnings: []string{"no spatial reference"}},
		{name: "control points alone", file: points, err: "ModelTiepointTag (33922) with 4 points"},
		{name: "a camera model alone", file: camera, err: "RPCCoefficientTag (50844)"},
		{name: "a camera model, and a world file", file: camera, files: fstest.MapFS{"dir/a.tfw": note(world)},
			want: fromWorld, warnings: []string{"no spatial reference"}},
		{name: "PAM before the world file", file: picture(16, 12),
			files: fstest.MapFS{"dir/a.tfw": note(world), "dir/a.prj": note("wrong"), "dir/a.tif.aux.xml": pam(pamAffine + "<SRS>" + mercator + "</SRS>")},
			want:  fromPAM, epsg: 3857},
		{name: "PAM before tags", file: plain(), files: fstest.MapFS{"dir/a.tif.aux.xml": pam(pamAffine)},
			want: fromPAM, epsg: 3857, warnings: []string{"the file's tags say {A:1 B:0 C:0 D:0 E:-1 F:0}, which does not count: .aux.xml says {A:3"}},
		{name: "reference of PAM before tags", file: plain(), files: fstest.MapFS{"dir/a.tif.aux.xml": pam("<SRS>EPSG:32633</SRS>")},
			want: fromTags, epsg: 32633, warnings: []string{"the file's GeoKeys say EPSG:3857, which does not count: .aux.xml says EPSG:32633"}},
		{name: "the same reference in PAM", file: plain(), files: fstest.MapFS{"dir/a.tif.aux.xml": pam("<SRS>" + mercator + "</SRS>")},
			want: fromTags, epsg: 3857},
		{name: "a reference in PAM that is none", file: plain(), files: fstest.MapFS{"dir/a.tif.aux.xml": pam("<SRS>wrong</SRS>")},
			err: ".aux.xml beside the file: srs: "},
		{name: "Esri's polynomial", file: picture(16, 12), files: fstest.MapFS{"dir/a.tif.aux.xml": pam(xform("Polynomial", "1", "30 3 0", "40 0 3") + "<SRS>EPSG:32633</SRS>")},
			want: fromPAM, epsg: 32633},
		{name: "Esri's polynomial, turned", file: picture(16, 12), files: fstest.MapFS{"dir/a.tif.aux.xml": pam(xform("Polynomial", "1", "30 3 1", "40 2 3") + "<SRS>EPSG:32633</SRS>")},
			want: raster.Affine{A: 3, B: -1, C: 30, D: 2, E: -3, F: 40}, epsg: 32633},
		{name: "Esri's polynomial on top of tags", file: plain(), files: fstest.MapFS{"dir/a.tif.aux.xml": pam(xform("Polynomial", "1", "30 3 0", "40 0 3"))},
			want: fromPAM, epsg: 32633, warnings: []string{"the file's tags say", "the file's GeoKeys say EPSG:3857"}},
		{name: "Esri's polynomial, turned, on top of tags", file: shifted, files: fstest.MapFS{"dir/a.tif.aux.xml": pam(xform("Polynomial", "1", "30 3 1", "40 2 5"))},
			want: raster.Affine{A: 6, B: -2, C: 30 + 3*100 + 200, D: 4, E: -10, F: 40 + 2*100 + 5*200}, epsg: 32633, warnings: []string{"tags say", "GeoKeys say"}},
		{name: "Esri's polynomial of order 2", file: picture(16, 12), files: fstest.MapFS{"dir/a.tif.aux.xml": pam(xform("Polynomial", "2", "30 3 0 1 1 1", "40 0 3 1 1 1"))},
			err: "GeodataXform: a PolynomialXform of order"},
		{name: "Esri's spline on top of tags", file: plain(), files: fstest.MapFS{"dir/a.tif.aux.xml": pam(xform("Spline", "", "", ""))},
			err: "GeodataXform: a SplineXform"},
		{name: "Esri's polynomial without coefficients", file: plain(), files: fstest.MapFS{"dir/a.tif.aux.xml": pam(xform("Polynomial", "1", "30 3", "40 0 3"))},
			err: "2 and 3 coefficients"},
		{name: "Esri's reference alone", file: picture(16, 12), files: fstest.MapFS{"dir/a.tfw": note(world), "dir/a.tif.aux.xml": pam(xform("Identity", "", "", ""))},
			want: fromWorld, epsg: 32633},
		{name: "a matrix of zeros beside a scale", file: zeros, want: fromTags, epsg: 3857, warnings: []string{"ModelTransformationTag (34264) is left aside"}},
		{name: "PAM says the same as tags", file: plain(),
			files: fstest.MapFS{"dir/a.tif.aux.xml": pam("<GeoTransform>0,1,0,0,0,-1</GeoTransform>")}, want: fromTags, epsg: 3857},
		{name: "broken GeoTransform", file: picture(16, 12),
			files: fstest.MapFS{"dir/a.tfw": note(world), "dir/a.aux.xml": pam("<GeoTransform>0,1,0,0,0</GeoTransform>")},
			err:   `.aux.xml beside the file: GeoTransform "0,1,0,0,0"`},
		{name: "GeoTransform without area", file: picture(16, 12), files: fstest.MapFS{"dir/a.aux.xml": pam("<GeoTransform>0,0,0,0,0,0</GeoTransform>")},
			err: `.aux.xml beside the file: GeoTransform "0,0,0,0,0,0"`},
		{name: "points in PAM alone", file: picture(16, 12), files: fstest.MapFS{"dir/a.aux.xml": pam("<GCPList/>")}, err: "GCPList in .aux.xml"},
		{name: "PAM for what the tags cannot say", file: userDefined, files: fstest.MapFS{"dir/a.aux.xml": pam("<SRS>" + mercator + "</SRS>")},
			want: fromTags, epsg: 3857, warnings: []string{"the spatial reference is that of .aux.xml: "}},
		{name: "a .prj that is none", file: picture(16, 12), files: fstest.MapFS{"dir/a.tfw": note(world), "dir/a.prj": note("wrong")},
			want: fromWorld, warnings: []string{".prj beside the file is left aside", "no spatial reference"}},
		{name: "a .prj that is not supported", file: picture(16, 12),
			files: fstest.MapFS{"dir/a.tfw": note(world), "dir/a.prj": note(strings.NewReplacer("Mercator_1SP", "Of_My_Own", `,AUTHORITY["EPSG","3857"]`, "").Replace(mercator))},
			err:   ".prj beside the file: srs: unsupported projection"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, err := beside(t, c.file.Bytes(), c.files)
			if c.err != "" {
				require.ErrorContains(t, err, c.err)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, c.want, f.Info().Grid.Affine)
			wkid, _ := f.Info().Grid.CRS.WKID()
			assert.Equal(t, c.epsg, wkid)
			if assert.Len(t, f.Info().Notes, len(c.warnings), "%q", f.Info().Notes) {
				for i, w := range c.warnings {
					assert.Contains(t, f.Info().Notes[i], w)
				}
			}
		})
	}
}
