package geoexport_test

import (
	"go/ast"
	"go/doc"
	"go/token"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// isPublic reports whether other modules import the package for its API.
func isPublic(pkg string) bool {
	parts := strings.Split(pkg, "/")
	return pkg != "." && pkg != "testdata" && parts[0] != "examples" && !slices.Contains(parts, "internal") &&
		!slices.Contains(parts, "compare")
}

// publicPackages returns the public packages, each with its files.
func publicPackages(t *testing.T) map[string]map[string]*ast.File {
	packages := map[string]map[string]*ast.File{}
	for name, f := range sourceFiles(t) {
		pkg := path.Dir(name)
		if !isPublic(pkg) {
			continue
		}
		if packages[pkg] == nil {
			packages[pkg] = map[string]*ast.File{}
		}
		packages[pkg][name] = f
	}
	return packages
}

func TestEveryPublicPackageHasAnExampleThatRuns(t *testing.T) {
	for pkg, files := range publicPackages(t) {
		runs := false
		for name, f := range files {
			if strings.HasSuffix(name, "_test.go") {
				runs = runs || slices.ContainsFunc(doc.Examples(f), func(e *doc.Example) bool { return e.Output != "" || e.EmptyOutput })
			}
		}
		if !runs {
			t.Errorf("package %s has no Example with an output", pkg)
		}
	}
}

// TestZeroValuesAreTested: the file zero_test.go of a public package names every exported struct, in a test that its zero
// value works or in a comment that gives the reason why it need not.
func TestZeroValuesAreTested(t *testing.T) {
	for pkg, files := range publicPackages(t) {
		var structs []string
		for name, f := range files {
			if !strings.HasSuffix(name, "_test.go") {
				structs = append(structs, exportedStructs(f)...)
			}
		}
		if len(structs) == 0 {
			continue
		}
		text, err := os.ReadFile(path.Join(pkg, "zero_test.go"))
		if err != nil {
			t.Errorf("package %s tests the zero values of %v nowhere: %v", pkg, structs, err)
			continue
		}
		for _, s := range structs {
			if !regexp.MustCompile(`\b` + s + `\b`).Match(text) {
				t.Errorf("%s/zero_test.go does not name %s", pkg, s)
			}
		}
	}
}

// exportedStructs returns the names of the exported struct types that a file declares.
func exportedStructs(f *ast.File) (names []string) {
	for _, d := range f.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.TYPE {
			continue
		}
		for _, s := range g.Specs {
			s := s.(*ast.TypeSpec)
			if _, ok := s.Type.(*ast.StructType); ok && s.Name.IsExported() {
				names = append(names, s.Name.Name)
			}
		}
	}
	return names
}

// TestTheFrontDoorListsEveryPackage: the module's doc comment lists the public packages, and no others.
func TestTheFrontDoorListsEveryPackage(t *testing.T) {
	text := sourceFiles(t)["doc.go"].Doc
	require.NotNil(t, text)
	listed := []string{}
	for line := range strings.Lines(text.Text()) {
		if entry, ok := strings.CutPrefix(line, "\t"); ok {
			listed = append(listed, strings.Fields(entry)[0])
		}
	}
	assert.ElementsMatch(t, slices.Collect(maps.Keys(publicPackages(t))), listed)
}
