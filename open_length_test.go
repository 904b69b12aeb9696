package geoexport_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestFirstProgramsAreShort: a main that serves a folder has at most 10 lines, and one that exports a picture at most 15.
func TestFirstProgramsAreShort(t *testing.T) {
	set := token.NewFileSet()
	f, err := parser.ParseFile(set, "open_test.go", nil, 0)
	require.NoError(t, err)
	most := map[string]int{"ExampleOpen_server": 10, "ExampleOpen": 15}
	for _, d := range f.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && most[fn.Name.Name] > 0 {
			lines := set.Position(fn.Body.Rbrace).Line - set.Position(fn.Body.Lbrace).Line - 1
			assert.LessOrEqual(t, lines, most[fn.Name.Name], fn.Name.Name)
			delete(most, fn.Name.Name)
		}
	}
	assert.Empty(t, most)
}
