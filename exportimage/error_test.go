package exportimage_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/exportimage"
)

// Errors of encoders name the parameter of the request that is at fault.
func TestErrorsOfEncodersNameTheParameter(t *testing.T) {
	for _, c := range []struct {
		err   error
		kind  exportimage.Kind
		param string
	}{
		{&encode.OptionError{Option: "quality"}, exportimage.Invalid, "compressionQuality"},
		{&encode.OptionError{Option: "tolerance"}, exportimage.Invalid, "compressionTolerance"},
		{&encode.OptionError{Option: "compression"}, exportimage.Invalid, "compression"},
		{&encode.OptionError{Option: "noData"}, exportimage.Invalid, "noData"},
		{&encode.UnsupportedError{Format: "gif"}, exportimage.Unsupported, "format"},
	} {
		got := exportimage.AsError(fmt.Errorf("wrapped: %w", c.err))
		assert.Equal(t, c.kind, got.Kind, "%v", c.err)
		assert.Equal(t, c.param, got.Param, "%v", c.err)
	}
}
