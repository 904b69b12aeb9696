package srs

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// zeroValues checks the zero value of every exported type. TestZeroCRS says more about that of CRS.
var zeroValues = map[string]func(t *testing.T){
	"CRS": func(t *testing.T) {
		for _, write := range []func() (string, error){CRS{}.WKT, CRS{}.WKT2} {
			_, err := write()
			assert.Equal(t, ErrNotStated, err)
		}
		_, err := CRS{}.GeoKeys()
		assert.Equal(t, ErrNotStated, err)
		_, err = NewTransformer(CRS{}, mustCRS(t, 4326))
		assert.Equal(t, ErrNotStated, err)
		_, err = NewTransformer(mustCRS(t, 4326), CRS{})
		assert.Equal(t, ErrNotStated, err)
	},
	"Envelope": func(t *testing.T) {
		var e Envelope
		assert.True(t, e.Empty())
		assert.True(t, e.Finite())
		assert.Equal(t, Envelope{0, 0, 1, 2}, e.Union(Envelope{1, 2, 1, 2}))
	},
	"GeoKey": func(t *testing.T) {
		c, notes, err := FromGeoKeys([]GeoKey{{}})
		require.NoError(t, err)
		assert.True(t, c.IsZero())
		assert.Len(t, notes, 1)
	},
	"GeoKeyID": func(t *testing.T) { assert.Equal(t, "GeoKey 0", GeoKeyID(0).String()) },
	"GeoKeyTags": func(t *testing.T) {
		keys, err := GeoKeyTags{}.Keys()
		require.NoError(t, err)
		assert.Empty(t, keys)
	},
	"NTv2": func(t *testing.T) {
		from, to := new(NTv2).Systems()
		assert.Empty(t, from+to)
		grid := ShiftGrid{NTv2: new(NTv2), From: mustCRS(t, 4277), To: mustCRS(t, 4258)}
		assert.Equal(t, mustTransformer(t, 4277, 4258), withGrids(t, 4277, 4258, grid))
	},
	"GridPart": func(t *testing.T) {
		_, err := NewNTv2("", "", make([]GridPart, 1))
		assert.IsType(t, &NTv2Error{}, err)
	},
	"Operation": func(t *testing.T) {
		var o Operation
		assert.True(t, o.IsZero())
		assert.Zero(t, o.WKID())
		assert.Empty(t, o.Name()+o.Note())
		assert.True(t, math.IsNaN(o.Accuracy()))
		assert.Equal(t, "no operation", o.Forward().String())
		_, err := Options{Operations: []Operation{o}}.NewTransformer(mustCRS(t, 4277), mustCRS(t, 3857))
		assert.IsType(t, &OperationError{}, err)
	},
	"OperationError": func(t *testing.T) { assert.NotEmpty(t, (&OperationError{}).Error()) },
	"Options": func(t *testing.T) {
		tr, err := Options{}.NewTransformer(mustCRS(t, 4277), mustCRS(t, 3857))
		require.NoError(t, err)
		assert.Equal(t, mustTransformer(t, 4277, 3857), tr)
	},
	"ShiftGrid": func(t *testing.T) { // an error, as its documentation says
		_, err := Options{ShiftGrids: make([]ShiftGrid, 1)}.NewTransformer(mustCRS(t, 4277), mustCRS(t, 3857))
		assert.Equal(t, ErrNotStated, err)
	},
	"Transformer": func(t *testing.T) {
		var tr Transformer
		assert.True(t, tr.Identity())
		assert.True(t, tr.Separable())
		assert.True(t, tr.Inverse().Identity())
		assert.Zero(t, tr.Accuracy())
		xs, ys := []float64{1e6}, []float64{-3}
		assert.Zero(t, tr.Transform(xs, ys))
		assert.Equal(t, []float64{1e6, -3}, append(xs, ys...))
		e, err := tr.Envelope(Envelope{1, 2, 3, 4})
		require.NoError(t, err)
		assert.Equal(t, Envelope{1, 2, 3, 4}, e)
	},
	"Axis":  func(t *testing.T) { assert.Equal(t, [2]Axis{}, CRS{}.Axes()) },
	"Entry": func(t *testing.T) { assert.Equal(t, NotStated, Entry{}.Kind) },
	"Kind":  func(t *testing.T) { assert.Equal(t, "not stated", Kind(0).String()) },
	"Query": func(t *testing.T) {
		for e := range Search(Query{}) { // all that are current
			assert.False(t, e.Withdrawn)
			break
		}
	},
	"EnvelopeError":    printed(&EnvelopeError{}),
	"GeoKeyError":      printed(&GeoKeyError{}),
	"NTv2Error":        printed(&NTv2Error{}),
	"SyntaxError":      printed(&SyntaxError{}),
	"UnknownError":     printed(&UnknownError{}),
	"UnsupportedError": printed(&UnsupportedError{}),
}

// printed checks that an error without details can be printed.
func printed(err error) func(t *testing.T) {
	return func(t *testing.T) { assert.True(t, strings.HasPrefix(err.Error(), "srs: "), "%q", err.Error()) }
}

func TestZeroValues(t *testing.T) {
	for name, check := range zeroValues {
		t.Run(name, check)
	}
	files, err := os.ReadDir(".")
	require.NoError(t, err)
	var exported []string
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		for _, d := range file.Decls {
			if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.TYPE {
				for _, s := range g.Specs {
					if name := s.(*ast.TypeSpec).Name; name.IsExported() {
						exported = append(exported, name.Name)
					}
				}
			}
		}
	}
	slices.Sort(exported)
	assert.Equal(t, exported, slices.Sorted(maps.Keys(zeroValues)))
}
