package geoexport_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// startsGoroutines are packages and functions that run code in a goroutine of its own, in which nothing recovers.
var startsGoroutines = []string{
	"golang.org/x/sync/errgroup", "golang.org/x/sync/singleflight", "context.AfterFunc", "time.AfterFunc",
}

// mayStartGoroutines reports whether a file is not the library's: tests and programs end with a panic of theirs.
func mayStartGoroutines(name string, f *ast.File) bool {
	return strings.HasPrefix(name, "examples/") || path.Dir(name) == "internal/guard" || strings.HasSuffix(name, "_test.go") || f.Name.Name == "main"
}

// TestGoroutinesAreGuarded: a panic in a goroutine that nothing guards ends the program, so the library starts all of them
// with guard.Go and guard.Group. Their methods are called Go, as those of sync.WaitGroup and errgroup.Group are, and have
// more parameters than one.
func TestGoroutinesAreGuarded(t *testing.T) {
	s, err := parsed()
	require.NoError(t, err)
	for name, f := range s.files {
		if mayStartGoroutines(name, f) {
			continue
		}
		for _, n := range goroutines(f) {
			t.Errorf("%v: a goroutine that guard.Go does not start", s.fset.Position(n.Pos()))
		}
	}
}

// goroutines returns the nodes of a file that start a goroutine without package guard.
func goroutines(f *ast.File) (found []ast.Node) {
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			found = append(found, n)
		case *ast.ImportSpec:
			if slices.Contains(startsGoroutines, strings.Trim(n.Path.Value, `"`)) {
				found = append(found, n)
			}
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && slices.Contains(startsGoroutines, x.Name+"."+n.Sel.Name) {
				found = append(found, n)
			}
		case *ast.CallExpr:
			if sel, ok := n.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "Go" && len(n.Args) == 1 {
				found = append(found, n)
			}
		}
		return true
	})
	return found
}

func TestGoroutinesAreFound(t *testing.T) {
	const text = `package p

import "golang.org/x/sync/errgroup"

func f(wg *sync.WaitGroup, g *guard.Group) {
	go f(nil, nil)
	wg.Go(func() {})
	context.AfterFunc(nil, nil)
	after := time.AfterFunc
	guard.Go(wg, "place", nil, nil)
	g.Go("place", nil)
}
`
	f, err := parser.ParseFile(token.NewFileSet(), "p.go", text, 0)
	require.NoError(t, err)
	require.Len(t, goroutines(f), 5)
}
