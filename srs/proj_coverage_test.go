package srs

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/srs/internal/projection"
)

// Every projection that is registered has points of its own: PROJ's in codes.tsv and kernels.tsv, or, if PROJ lacks it, those
// of formulas.tsv.
func TestEveryProjectionHasReferencePoints(t *testing.T) {
	points := map[string]int{}
	codes, err := os.ReadFile(filepath.Join("testdata", "codes.tsv"))
	require.NoError(t, err)
	for line := range strings.Lines(string(codes)) {
		if code, _, _ := strings.Cut(line, "\t"); !strings.HasPrefix(code, "#") {
			crs, err := Parse(code)
			require.NoError(t, err)
			points[crs.definition().projection.ID()]++
		}
	}
	for _, r := range append(kernelRows(t, "kernels.tsv"), kernelRows(t, "formulas.tsv")...) {
		points[projectionOf(t, r.definition).ID()]++
	}
	for _, k := range projection.All {
		assert.GreaterOrEqual(t, points[k.ID()], 2, k.ID())
	}
}
