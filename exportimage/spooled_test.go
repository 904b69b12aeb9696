package exportimage_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Of several who want the bytes of one answer at the same time, all get them, and they are in memory once.
func TestSpooledBytesOfSeveralCallers(t *testing.T) {
	s, _ := service(ramp(t))
	a, err := s.ExportSpooled(t.Context(), parse(t, "size=50,50"))
	require.NoError(t, err)
	var got [8][]byte
	var running sync.WaitGroup
	for i := range got {
		running.Go(func() {
			var err error
			got[i], err = a.Bytes(t.Context())
			assert.NoError(t, err)
		})
	}
	running.Wait()
	for _, b := range got {
		require.NotEmpty(t, b)
		assert.Same(t, &got[0][0], &b[0])
	}
	require.NoError(t, a.Close())
}
