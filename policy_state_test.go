package geoexport_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// scratchPools are the variables of packages that calls of several callers share. Each lends out memory that the next
// borrower overwrites before it reads, as those of the standard library's fmt and encoding/json do: no caller can see
// whether there is one, but for the time and memory that it saves functions that have no value to keep it in.
var scratchPools = map[string]string{
	"encode.histograms":         "2 MB a quantised image, cleared when given back",
	"encode.gifPackers":         "an LZW compressor's tables, reset before use",
	"encode.rowPool":            "rows of a spooled image, emptied when given back",
	"internal/inflate.decoders": "tables of a decoder, built anew for each block of a stream",
}

// TestPackagesKeepNoState: two services, tests or callers in a process share nothing that one could change for the
// other. Package variables are constants in all but name: set where they are declared, and built once at most.
func TestPackagesKeepNoState(t *testing.T) {
	s, err := parsed()
	require.NoError(t, err)
	packages := map[string][]*ast.File{}
	for name, f := range s.files {
		if !strings.HasPrefix(name, "examples/") && !strings.HasSuffix(name, "_test.go") && f.Name.Name != "main" {
			packages[path.Dir(name)] = append(packages[path.Dir(name)], f)
		}
	}
	var pools []string
	for pkg, files := range packages {
		shared, written := packageState(files)
		for name := range shared {
			pools = append(pools, pkg+"."+name)
		}
		for _, n := range written {
			t.Errorf("%v: writes to a variable of package %s", s.fset.Position(n.Pos()), pkg)
		}
	}
	assert.ElementsMatch(t, slices.Collect(maps.Keys(scratchPools)), pools)
}

// packageState returns the variables of a package that can change after they are declared by what they are, such as
// pools, locks and counters, and the statements that write to a variable of the package, or to an element or a field of
// one.
func packageState(files []*ast.File) (shared map[string]bool, written []ast.Node) {
	declared := map[string]bool{}
	shared = map[string]bool{}
	for _, f := range files {
		for _, d := range f.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.VAR {
				continue
			}
			for _, spec := range g.Specs {
				v := spec.(*ast.ValueSpec)
				for _, name := range v.Names {
					declared[name.Name] = name.Name != "_"
					if changeable(v) {
						shared[name.Name] = true
					}
				}
			}
		}
	}
	for _, f := range files {
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
				written = append(written, writes(fn, declared)...)
			}
		}
	}
	return shared, written
}

// changeable reports whether a variable is declared as a value of package sync or sync/atomic, or holds one; functions
// that package sync makes of functions run those once.
func changeable(v *ast.ValueSpec) (found bool) {
	ast.Inspect(v, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.SelectorExpr:
			x, ok := n.X.(*ast.Ident)
			found = found || ok && (x.Name == "sync" || x.Name == "atomic") && !strings.HasPrefix(n.Sel.Name, "Once")
		}
		return true
	})
	return found
}

// writes returns the statements of a function that write to one of the package's variables. A name that the function
// declares somewhere counts as its own everywhere in it.
func writes(fn *ast.FuncDecl, declared map[string]bool) (found []ast.Node) {
	own := names(fn)
	check := func(n ast.Node, targets ...ast.Expr) {
		for _, target := range targets {
			if name := root(target); declared[name] && !own[name] {
				found = append(found, n)
			}
		}
	}
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if n.Tok != token.DEFINE {
				check(n, n.Lhs...)
			}
		case *ast.IncDecStmt:
			check(n, n.X)
		case *ast.CallExpr:
			if f, ok := n.Fun.(*ast.Ident); ok && (f.Name == "delete" || f.Name == "clear") && len(n.Args) > 0 {
				check(n, n.Args[0])
			}
		}
		return true
	})
	return found
}

// names returns the names that a function declares.
func names(fn *ast.FuncDecl) map[string]bool {
	own := map[string]bool{}
	add := func(exprs ...ast.Expr) {
		for _, e := range exprs {
			if name, ok := e.(*ast.Ident); ok {
				own[name.Name] = true
			}
		}
	}
	ast.Inspect(fn, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Field:
			for _, name := range n.Names {
				add(name)
			}
		case *ast.ValueSpec:
			for _, name := range n.Names {
				add(name)
			}
		case *ast.AssignStmt:
			if n.Tok == token.DEFINE {
				add(n.Lhs...)
			}
		case *ast.RangeStmt:
			if n.Tok == token.DEFINE {
				add(n.Key, n.Value)
			}
		}
		return true
	})
	return own
}

// root returns the name of the variable of which an expression is an element, a field or what it points to.
func root(e ast.Expr) string {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x.Name
		case *ast.IndexExpr:
			e = x.X
		case *ast.SelectorExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return ""
		}
	}
}

func TestStateIsFound(t *testing.T) {
	const text = `package p

var table = [4]int{1}
var byName = map[string]int{}
var lock sync.Mutex
var count atomic.Int64
var once = sync.OnceValue(func() int { var wg sync.WaitGroup; return 1 })
var pointer = &thing{}

func f() {
	table[0] = 1
	byName["a"]++
	pointer.field = 2
	delete(byName, "a")
	other = 3
}

func k() {
	table := 5
	table = 6
	var count int
	count++
	for once = range 3 {
	}
}
`
	const second = `package p

var other int

func h(other int) { other = 1; byName = nil }

`
	fset := token.NewFileSet()
	var files []*ast.File
	for _, text := range []string{text, second} {
		f, err := parser.ParseFile(fset, "p.go", text, 0)
		require.NoError(t, err)
		files = append(files, f)
	}
	shared, written := packageState(files)
	assert.Equal(t, map[string]bool{"lock": true, "count": true}, shared)
	lines := []int{}
	for _, n := range written {
		lines = append(lines, fset.Position(n.Pos()).Line)
	}
	assert.Equal(t, []int{11, 12, 13, 14, 15, 5}, lines)
}
