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

// differsBetweenMachines are the functions of packages math and math/cmplx whose last bits depend on the machine, by assembly or by fused
// multiplications and additions. What is not here rounds correctly or is exact.
var differsBetweenMachines = strings.Fields(`Acos Acosh Asin Asinh Atan Atan2 Atanh Cbrt Cos Cosh Erf Erfc Erfcinv Erfinv Exp
	Exp2 Expm1 Gamma Hypot J0 J1 Jn Lgamma Log Log10 Log1p Log2 Phase Polar Pow Rect Sin Sincos Sinh Tan Tanh Y0 Y1 Yn`)

// TestMathIsPortable: pixels, coordinates and files are equal between machines, so the library computes with
// internal/portable what package math computes differently on each. Programs and tests may use package math.
func TestMathIsPortable(t *testing.T) {
	s, err := parsed()
	require.NoError(t, err)
	for name, f := range s.files {
		if strings.HasPrefix(name, "examples/") || strings.HasSuffix(name, "_test.go") || f.Name.Name == "main" {
			continue
		}
		for _, n := range usesOfMath(f) {
			t.Errorf("%v: the result depends on the machine; internal/portable has such functions", s.fset.Position(n.Pos()))
		}
	}
}

// usesOfMath returns the uses of functions of package math that differ between machines, and imports that hide them.
func usesOfMath(f *ast.File) (found []ast.Node) {
	names := map[string]bool{}
	for _, imp := range f.Imports {
		switch p := strings.Trim(imp.Path.Value, `"`); {
		case p != "math" && p != "math/cmplx":
		case imp.Name == nil:
			names[path.Base(p)] = true
		case imp.Name.Name == ".":
			found = append(found, imp)
		default:
			names[imp.Name.Name] = true
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := sel.X.(*ast.Ident); ok && names[x.Name] && slices.Contains(differsBetweenMachines, sel.Sel.Name) {
				found = append(found, n)
			}
		}
		return true
	})
	return found
}

func TestUsesOfMathAreFound(t *testing.T) {
	const text = `package p

import (
	"math"
	m "math"
	"math/cmplx"
)

var root, log, pow = math.Sqrt, math.Log, m.Pow

func f(x float64) float64 { return math.Sin(x) + m.Floor(x) + real(cmplx.Exp(1)) + math.Remainder(x, math.Pi) }
`
	f, err := parser.ParseFile(token.NewFileSet(), "p.go", text, 0)
	require.NoError(t, err)
	require.Len(t, usesOfMath(f), 4)
}
