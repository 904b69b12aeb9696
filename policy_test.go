package geoexport_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/geoexport/geoexport"

// mayImport is who may import whom among the module's packages, tests aside. A package that is not here may not exist.
// An entry that ends in "/..." stands for a tree, and "*" for every package.
var mayImport = map[string][]string{
	".":                             {},
	"srs":                           {},
	"kmz":                           {},
	"raster":                        {"srs"},
	"raster/rastertest":             {"raster", "srs"},
	"raster/source":                 {},
	"raster/geotiff":                {"internal/inflate", "internal/jpegdec", "internal/jpegenc", "internal/littleendian", "internal/spool", "raster", "raster/source", "srs"},
	"raster/geotiff/compare":        {"raster", "raster/geotiff"},
	"raster/geotiff/compare/encode": {"raster", "raster/geotiff", "srs"},
	"resample/compare":              {"raster", "resample", "srs"},
	"srs/compare":                   {"srs"},
	"raster/worldfile":              {"raster", "srs"},
	"resample":                      {"raster"},
	"mosaic":                        {"internal/sqlitefile", "raster", "srs"},
	"mosaic/mosaictest":             {"mosaic", "raster", "srs"},
	"encode":                        {"internal/jpegenc", "internal/littleendian", "internal/spool", "raster", "raster/geotiff"},
	"encode/compare":                {"encode", "raster"},
	"exportimage":                   {"encode", "kmz", "mosaic", "raster", "raster/geotiff", "resample", "srs"},
	"testdata":                      {},
	"examples/...":                  {"*"},
	"internal/inflate":              {},
	"internal/jpegdec":              {},
	"internal/jpegenc":              {},
	"internal/littleendian":         {"raster"},
	"internal/spool":                {},
	"internal/sqlitefile":           {},
	"internal/tiffmake":             {"raster", "srs"},
}

// sourceFiles parses every Go file of the module, by its path in the module.
func sourceFiles(t *testing.T) (files map[string]*ast.File) {
	files = map[string]*ast.File{}
	fset := token.NewFileSet()
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && name != "." && strings.HasPrefix(d.Name(), ".") {
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Ext(name) != ".go" {
			return nil
		}
		f, err := parser.ParseFile(fset, name, nil, parser.ParseComments)
		files[filepath.ToSlash(name)] = f
		return err
	})
	require.NoError(t, err)
	require.NotEmpty(t, files)
	return files
}

func rules(pkg string) (allowed []string, ok bool) {
	if allowed, ok = mayImport[pkg]; ok {
		return allowed, true
	}
	for p, a := range mayImport {
		if tree, isTree := strings.CutSuffix(p, "..."); isTree && strings.HasPrefix(pkg+"/", tree) {
			return a, true
		}
	}
	return nil, false
}

func TestImportsFollowTheTable(t *testing.T) {
	for name, f := range sourceFiles(t) {
		pkg := path.Dir(name)
		allowed, ok := rules(pkg)
		if !ok {
			t.Errorf("package %s is not in the table of packages", pkg)
			continue
		}
		if strings.HasSuffix(name, "_test.go") || slices.Contains(allowed, "*") {
			continue
		}
		for _, imp := range f.Imports {
			p, err := strconv.Unquote(imp.Path.Value)
			require.NoError(t, err)
			if ours, isOurs := strings.CutPrefix(p, module+"/"); isOurs && !slices.Contains(allowed, ours) {
				t.Errorf("%s imports %s, which package %s may not", name, ours, pkg)
			}
		}
	}
}

func TestNoCgoAndNoUnsafe(t *testing.T) {
	for name, f := range sourceFiles(t) {
		for _, imp := range f.Imports {
			if imp.Path.Value == `"C"` || imp.Path.Value == `"unsafe"` {
				t.Errorf("%s imports %s", name, imp.Path.Value)
			}
		}
	}
}

func TestEveryPackageHasADocComment(t *testing.T) {
	documented := map[string]bool{}
	for name, f := range sourceFiles(t) {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		pkg := path.Dir(name)
		documented[pkg] = documented[pkg] || f.Doc != nil
	}
	for pkg, ok := range documented {
		if !ok {
			t.Errorf("package %s has no doc comment", pkg)
		}
	}
}

// restWords are the operation's own: below exportimage, packages speak the field's language instead.
var restWords = regexp.MustCompile(`RSP_|esriMosaic|esriNoData|MT_FIRST|\bf=(json|html|image)`)

func TestRESTWordsStayAtTheEdge(t *testing.T) {
	for name := range sourceFiles(t) {
		dir := path.Dir(name)
		if dir == "." || dir == "exportimage" || strings.HasPrefix(dir, "examples/") {
			continue
		}
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		if word := restWords.Find(text); word != nil {
			t.Errorf("%s says %q", name, word)
		}
	}
}

// longFiles are Go files over the usual length, each with its reason.
var longFiles = map[string]string{}

func TestFilesAreOfOneIdea(t *testing.T) {
	const usual = 600
	for name := range sourceFiles(t) {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		lines := strings.Count(string(text), "\n")
		_, excused := longFiles[name]
		if lines > usual && !excused && !strings.HasSuffix(name, "_test.go") {
			t.Errorf("%s has %d lines", name, lines)
		}
	}
}
