package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestRun: with a third of all answers wrong, images are right or refused by the raster's name (T83, T84).
func TestRun(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), &out, []string{"-n", "100", "-rate", "0.3"}))
	t.Log(out.String())
	assert.Contains(t, out.String(), "none wrong")
	assert.NotContains(t, out.String(), " 0 faults") // after which requests may all have been repeated with success
}
