package params_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/geoexport/geoexport/exportimage/params"
	"github.com/geoexport/geoexport/mosaic"
)

// A method or an operation that mosaic gains is not forgotten here.
func TestEveryMethodAndOperationHasAName(t *testing.T) {
	for _, m := range mosaic.Methods() {
		assert.True(t, slices.ContainsFunc(params.MosaicMethods, func(w params.Word[mosaic.Method]) bool { return w.Value == m }), "%v", m)
	}
	for _, o := range mosaic.Operations() {
		assert.True(t, slices.ContainsFunc(params.MosaicOperations, func(w params.Word[mosaic.Operation]) bool { return w.Value == o }), "%v", o)
	}
}
