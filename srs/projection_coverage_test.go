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

// TestEveryProjectionHasReferencePoints: every projection has points of its own in testdata, PROJ's in codes.tsv and
// kernels.tsv, or, if PROJ lacks it, those of formulas.tsv.
func TestEveryProjectionHasReferencePoints(t *testing.T) {
	points := map[string]int{}
	for _, name := range []string{"testdata/codes.tsv", "internal/projection/testdata/kernels.tsv", "internal/projection/testdata/formulas.tsv"} {
		text, err := os.ReadFile(filepath.FromSlash(name))
		require.NoError(t, err)
		for line := range strings.Lines(string(text)) {
			if system, _, _ := strings.Cut(line, "\t"); !strings.HasPrefix(system, "#") {
				crs, err := Parse(system)
				require.NoError(t, err)
				points[crs.definition().projection.ID()]++
			}
		}
	}
	for _, d := range projection.All {
		assert.GreaterOrEqual(t, points[d.ID()], 2, d.ID())
	}
}
