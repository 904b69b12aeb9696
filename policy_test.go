package geoexport_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/geoexport/geoexport"

// mayImport is who may import whom among the module's packages, tests aside. A package that is not here may not exist.
// An entry that ends in "/..." stands for a tree, and "*" for every package.
var mayImport = map[string][]string{
	".":                                {"exportimage", "raster/source", "raster/source/httpsource"},
	"srs":                              {"srs/internal/projection"},
	"srs/internal/projection":          {},
	"kmz":                              {},
	"raster":                           {"internal/caller", "srs"},
	"raster/rastertest":                {"raster", "raster/source"},
	"raster/overview":                  {"raster"},
	"raster/lerc":                      {"internal/littleendian"},
	"raster/lerc/compare":              {"raster/lerc"},
	"raster/function":                  {"internal/horn", "internal/portable", "internal/quote", "raster"},
	"raster/sidecar":                   {"internal/cf", "internal/dbase", "raster", "raster/source", "srs"},
	"raster/source":                    {"internal/caller"},
	"raster/source/diskcache":          {"raster/source"},
	"raster/source/httpsource":         {"raster/source"},
	"raster/source/httpsource/compare": {"raster", "raster/geotiff", "raster/source/httpsource"},
	"raster/geotiff":                   {"internal/filetype", "internal/inflate", "internal/jpegdec", "internal/jpegenc", "internal/littleendian", "internal/spool", "raster", "raster/lerc", "raster/overview", "raster/sidecar", "raster/source", "srs"},
	"raster/geotiff/compare":           {"raster", "raster/geotiff"},
	"raster/geotiff/compare/folder":    {"raster", "raster/geotiff", "srs"},
	"raster/geotiff/compare/encode":    {"raster", "raster/geotiff", "srs"},
	"raster/function/compare":          {"raster", "raster/function"},
	"resample/compare":                 {"raster", "resample", "srs"},
	"srs/compare":                      {"srs"},
	"srs/compare/esri":                 {"srs"},
	"srs/compare/gie":                  {"srs"},
	"raster/worldfile":                 {"internal/filetype", "raster", "raster/sidecar", "raster/source", "srs"},
	"raster/grid":                      {"internal/filetype", "internal/portable", "raster", "raster/sidecar", "raster/source", "srs"},
	"raster/grid/compare":              {"raster", "raster/grid"},
	"resample":                         {"raster"},
	"mosaic":                           {"internal/dbase", "internal/filetype", "internal/sqlitefile", "raster", "raster/source", "srs"},
	"mosaic/mosaictest":                {"mosaic", "raster", "raster/rastertest", "raster/source", "srs"},
	"encode":                           {"internal/adler32", "internal/jpegenc", "internal/pngfilter", "internal/spool", "raster", "raster/geotiff", "raster/lerc"},
	"encode/compare":                   {"encode", "raster"},
	"exportimage":                      {"encode", "internal/caller", "internal/filetype", "internal/quote", "internal/relate", "internal/spool", "mosaic", "raster", "raster/function", "raster/geotiff", "raster/grid", "raster/overview", "raster/source", "raster/worldfile", "resample", "srs"},
	"exportimage/params":               {"exportimage", "internal/quote", "internal/relaxed", "mosaic", "raster", "raster/function", "resample", "srs"},
	"exportimage/rest":                 {"encode", "exportimage", "exportimage/params", "internal/caller", "internal/quote", "internal/relaxed", "kmz", "mosaic", "raster", "raster/function", "resample", "srs"},
	"testdata":                         {},
	"examples/...":                     {"*"},
	"internal/bench":                   {"encode", "exportimage", "exportimage/rest", "internal/tiffmake", "mosaic", "raster", "raster/function", "raster/geotiff", "raster/source", "raster/source/httpsource", "resample", "srs", "testdata"},
	"internal/faultdisk":               {"internal/spool", "raster/rastertest"},
	"internal/caller":                  {},
	"internal/farfaults":               {"exportimage", "internal/faultserver", "mosaic", "raster", "raster/geotiff", "raster/source", "raster/source/httpsource", "srs"},
	"internal/faultserver":             {},
	"internal/cf":                      {},
	"internal/dbase":                   {},
	"internal/filetype":                {},
	"internal/guard":                   {},
	"internal/horn":                    {},
	"internal/horn/generate":           {},
	"internal/adler32":                 {},
	"internal/adler32/asm":             {},
	"internal/inflate":                 {"internal/adler32"},
	"internal/inflate/asm":             {},
	"internal/jpegdec":                 {},
	"internal/jpegenc":                 {},
	"internal/jpegenc/asm":             {},
	"internal/littleendian":            {},
	"internal/load":                    {"exportimage", "exportimage/rest", "mosaic", "raster", "raster/geotiff", "raster/source", "testdata"},
	"internal/machines":                {"encode", "exportimage", "exportimage/params", "mosaic", "raster", "raster/geotiff", "raster/rastertest", "raster/source", "srs", "testdata"},
	"internal/portable":                {},
	"internal/pngfilter":               {},
	"internal/pngfilter/asm":           {},
	"internal/quote":                   {},
	"internal/relate":                  {},
	"internal/relaxed":                 {"internal/quote"},
	"internal/servicetest":             {"encode", "exportimage", "exportimage/params", "mosaic", "raster", "raster/geotiff", "raster/rastertest", "raster/source", "srs", "testdata"},
	"internal/soak":                    {"encode", "exportimage", "exportimage/rest", "mosaic", "raster", "raster/geotiff", "raster/rastertest", "raster/sidecar", "raster/source", "srs", "testdata"},
	"internal/spool":                   {},
	"internal/sqlitefile":              {},
	"internal/tiffmake":                {"raster"},
}

// everybodyMayImport are packages that need no place in the table.
var everybodyMayImport = []string{"internal/guard", "internal/portable"}

// source is every Go file of the module, parsed.
type source struct {
	fset  *token.FileSet
	files map[string]*ast.File // by path in the module
}

var parsed = sync.OnceValues(func() (s source, err error) {
	s = source{token.NewFileSet(), map[string]*ast.File{}}
	err = filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && name != "." && strings.HasPrefix(d.Name(), ".") {
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Ext(name) != ".go" {
			return nil
		}
		f, err := parser.ParseFile(s.fset, name, nil, parser.ParseComments)
		s.files[filepath.ToSlash(name)] = f
		return err
	})
	return s, err
})

// sourceFiles returns every Go file of the module, by its path in it.
func sourceFiles(t *testing.T) map[string]*ast.File {
	s, err := parsed()
	require.NoError(t, err)
	require.NotEmpty(t, s.files)
	return s.files
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

// importsOf returns the module's packages that each package imports outside of its tests, and a file that does so.
func importsOf(t *testing.T) map[string]map[string]string {
	imports := map[string]map[string]string{}
	for name, f := range sourceFiles(t) {
		pkg := path.Dir(name)
		if imports[pkg] == nil {
			imports[pkg] = map[string]string{}
		}
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		for _, imp := range f.Imports {
			p, err := strconv.Unquote(imp.Path.Value)
			require.NoError(t, err)
			if ours, isOurs := strings.CutPrefix(p, module+"/"); isOurs {
				imports[pkg][ours] = name
			}
		}
	}
	return imports
}

func TestImportsFollowTheTable(t *testing.T) {
	imports := importsOf(t)
	for pkg, imported := range imports {
		allowed, ok := rules(pkg)
		if !ok {
			t.Errorf("package %s is not in the table of packages", pkg)
			continue
		}
		for ours, name := range imported {
			if !slices.Contains(slices.Concat(allowed, everybodyMayImport), ours) && !slices.Contains(allowed, "*") {
				t.Errorf("%s imports %s, which package %s may not", name, ours, pkg)
			}
		}
	}
	for pkg, allowed := range mayImport {
		if strings.HasSuffix(pkg, "/...") {
			continue
		}
		if imports[pkg] == nil {
			t.Errorf("the table of packages has %s, which does not exist", pkg)
		}
		for _, p := range allowed {
			if p != "*" && imports[pkg][p] == "" {
				t.Errorf("package %s may import %s and does not: strike that out of the table", pkg, p)
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

// TestTheOperationKnowsNoHTTP: only exportimage/rest serves the operation over HTTP.
func TestTheOperationKnowsNoHTTP(t *testing.T) {
	for name, f := range sourceFiles(t) {
		dir := path.Dir(name)
		if dir != "exportimage" && dir != "exportimage/params" || strings.HasSuffix(name, "_test.go") {
			continue
		}
		for _, imp := range f.Imports {
			if imp.Path.Value == `"net/http"` {
				t.Errorf("%s imports net/http", name)
			}
		}
	}
}

// restWords are the REST API's own: below restDirs, packages speak the field's language instead.
var restWords = regexp.MustCompile(`RSP_|esriMosaic|esriNoData|MT_FIRST|\bf=(json|html|image)`)

var restDirs = []string{"exportimage/params", "exportimage/rest"}

func TestRESTWordsStayAtTheEdge(t *testing.T) {
	for name := range sourceFiles(t) {
		dir := path.Dir(name)
		if dir == "." || slices.Contains(restDirs, dir) || strings.HasPrefix(dir, "examples/") || dir == "internal/soak" || dir == "internal/machines" {
			continue
		}
		if dir == "exportimage" && strings.HasSuffix(name, "_test.go") {
			continue // tests write requests as queries
		}
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		if word := restWords.Find(text); word != nil {
			t.Errorf("%s says %q", name, word)
		}
	}
}

func TestFilesAreOfOneIdea(t *testing.T) {
	const most = 500
	for name := range sourceFiles(t) {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		if lines := strings.Count(string(text), "\n"); lines > most {
			t.Errorf("%s has %d lines, over %d", name, lines, most)
		}
	}
}

// TestNothingShadowsABuiltin: no function, type, variable, constant, parameter or result is called like a predeclared
// identifier. Methods and fields may be: they are never mistaken for it.
func TestNothingShadowsABuiltin(t *testing.T) {
	for _, f := range sourceFiles(t) {
		check := func(id *ast.Ident) {
			if types.Universe.Lookup(id.Name) != nil {
				s, err := parsed()
				require.NoError(t, err)
				t.Errorf("%v: %s shadows the builtin", s.fset.Position(id.Pos()), id.Name)
			}
		}
		ast.Inspect(f, func(n ast.Node) bool {
			for _, id := range declared(n) {
				check(id)
			}
			return true
		})
	}
}

// declared returns the names that a node declares, without those of fields and methods.
func declared(n ast.Node) (names []*ast.Ident) {
	expr := func(e ast.Expr) {
		if id, ok := e.(*ast.Ident); ok {
			names = append(names, id)
		}
	}
	fields := func(lists ...*ast.FieldList) {
		for _, l := range lists {
			if l == nil {
				continue
			}
			for _, f := range l.List {
				names = append(names, f.Names...)
			}
		}
	}
	switch n := n.(type) {
	case *ast.FuncDecl:
		if n.Recv == nil {
			names = append(names, n.Name)
		}
		fields(n.Recv)
	case *ast.FuncType:
		fields(n.TypeParams, n.Params, n.Results)
	case *ast.ValueSpec:
		names = append(names, n.Names...)
	case *ast.TypeSpec:
		names = append(names, n.Name)
		fields(n.TypeParams)
	case *ast.ImportSpec:
		if n.Name != nil {
			names = append(names, n.Name)
		}
	case *ast.AssignStmt:
		if n.Tok == token.DEFINE {
			for _, e := range n.Lhs {
				expr(e)
			}
		}
	case *ast.RangeStmt:
		if n.Tok == token.DEFINE {
			expr(n.Key)
			expr(n.Value)
		}
	}
	return names
}
