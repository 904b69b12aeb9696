package exportimage

import (
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// TestIdleGateCollects: a gate collects once it has been idle for a while after much was planned, and not before.
func TestIdleGateCollects(t *testing.T) {
	collections := func() uint32 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.NumForcedGC
	}
	synctest.Test(t, func(t *testing.T) {
		g, s := NewGate(Limits{Exports: 2, Bytes: 1 << 30}), &Service{Limits: Limits{Exports: 2, Bytes: 1 << 30}}
		export := func(bytes int64) {
			ticket, err := g.enter(t.Context(), s, smallImage)
			require.NoError(t, err)
			require.NoError(t, ticket.reserve(t.Context(), need{memory: bytes}))
			time.Sleep(time.Second)
			ticket.keep(need{})
			ticket.leave()
		}
		before := collections()
		export(idleBytes - 1)
		time.Sleep(time.Minute)
		require.Equal(t, before, collections(), "it was not much")
		for range 10 {
			export(10)
			time.Sleep(idleAfter - time.Millisecond)
		}
		require.Equal(t, before, collections(), "it was not idle")
		time.Sleep(2 * time.Millisecond)
		synctest.Wait()
		require.Equal(t, before+2, collections())
		time.Sleep(time.Hour)
		require.Equal(t, before+2, collections(), "once is enough")
		export(idleBytes)
		time.Sleep(idleAfter + time.Millisecond)
		synctest.Wait()
		require.Equal(t, before+4, collections())
		requireIdle(t, g)
	})
}
