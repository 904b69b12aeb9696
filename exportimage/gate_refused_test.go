package exportimage

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// TestRefusedForesees: Refused tells what becomes of an export that comes next, at any load.
func TestRefusedForesees(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewGate(Limits{Exports: 3, Queue: 12})
		services := []*Service{
			{Gate: g, Limits: Limits{Exports: 2, Queue: 4, Wait: time.Minute}},
			{Gate: g, Limits: Limits{Exports: 3, Queue: 50, Wait: time.Minute}},
			{Gate: g, Limits: Limits{Exports: 1, Queue: 6, Wait: time.Minute}},
		}
		random := rand.New(rand.NewPCG(3, 4))
		var clients sync.WaitGroup
		refused, admitted := 0, 0
		for range 3000 {
			time.Sleep(time.Duration(random.IntN(20)) * time.Millisecond)
			synctest.Wait()
			s, pixels := services[random.IntN(3)], int64(1)<<(10+6*random.IntN(3))
			foreseen := s.Refused(pixels)
			var now error
			answered := false
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			start := time.Now()
			clients.Go(func() {
				defer cancel()
				ticket, err := g.enter(ctx, s, pixels)
				if time.Since(start) == 0 {
					now, answered = err, true
				}
				if err == nil {
					time.Sleep(time.Duration(100+pixels>>14) * time.Millisecond)
					ticket.leave()
				}
			})
			synctest.Wait()
			if foreseen != nil {
				refused++
				require.Equal(t, Unavailable, kindOf(foreseen))
				require.True(t, answered)
				require.Error(t, now)
				continue
			}
			admitted++
			require.NoError(t, now, "it runs, or waits")
		}
		clients.Wait()
		require.Greater(t, refused, 100)
		require.Greater(t, admitted, 100)
		requireIdle(t, g)
	})
}
