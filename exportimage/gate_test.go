package exportimage

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	smallImage = 256 * 256
	largeImage = 4096 * 4096
)

// run takes a place for an export of some pixels, and keeps it for as long as that takes: a second a megapixel.
func run(ctx context.Context, g *Gate, s *Service, pixels int64) (waited time.Duration, err error) {
	start := time.Now()
	t, err := g.enter(ctx, s, pixels)
	if err != nil {
		return time.Since(start), err
	}
	waited = time.Since(start)
	time.Sleep(time.Duration(pixels) * time.Second / (1 << 20))
	t.leave()
	return waited, nil
}

func kindOf(err error) Kind { return AsError(err).Kind }

// requireIdle: whatever happened, nothing is left behind.
func requireIdle(t *testing.T, g *Gate) {
	require.Equal(t, Load{}, g.Load())
	g.mu.Lock()
	defer g.mu.Unlock()
	require.Empty(t, g.accounts)
	require.Empty(t, g.lines)
	require.Zero(t, g.memory.Len())
}

// Places are never exceeded, of the gate nor of a service; nobody waits longer than Limits.Wait; and in the end all is
// as in the beginning.
func TestGateKeepsItsLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewGate(Limits{Exports: 4, Queue: 20})
		services := []*Service{
			{Limits: Limits{Exports: 1, Wait: 3 * time.Second}},
			{Limits: Limits{Exports: 10, Queue: 5, Wait: 2 * time.Second}},
			{Limits: Limits{Wait: time.Second}},
		}
		random := rand.New(rand.NewPCG(1, 2))
		var running, most, ofFirst, mostOfFirst, served, refused atomic.Int64
		var clients sync.WaitGroup
		for range 2000 {
			time.Sleep(time.Duration(random.IntN(30)) * time.Millisecond)
			s, pixels := services[random.IntN(3)], int64(1)<<(10+random.IntN(15))
			ctx, cancel := context.WithCancel(t.Context())
			if random.IntN(5) == 0 {
				time.AfterFunc(time.Duration(random.IntN(2000))*time.Millisecond, cancel) // the client goes
			}
			clients.Go(func() {
				defer cancel()
				start := time.Now()
				ticket, err := g.enter(ctx, s, pixels)
				assert.LessOrEqual(t, time.Since(start), s.Limits.Wait)
				if err != nil {
					refused.Add(1)
					return
				}
				served.Add(1)
				most.Store(max(most.Load(), running.Add(1)))
				if s == services[0] {
					mostOfFirst.Store(max(mostOfFirst.Load(), ofFirst.Add(1)))
				}
				time.Sleep(time.Duration(pixels) * time.Second / (1 << 22))
				running.Add(-1)
				if s == services[0] {
					ofFirst.Add(-1)
				}
				ticket.leave()
			})
		}
		clients.Wait()
		assert.EqualValues(t, 4, most.Load())
		assert.EqualValues(t, 1, mostOfFirst.Load())
		assert.Greater(t, served.Load(), int64(100))
		assert.Greater(t, refused.Load(), int64(100))
		requireIdle(t, g)
	})
}

// Under any number of large exports, small ones are served nearly as if they were alone, and large ones go on, too.
func TestGateSmallAreNotStarved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, s := NewGate(Limits{Exports: 4}), &Service{Limits: Limits{Exports: 4}}
		ctx, cancel := context.WithCancel(t.Context())
		var large, shed atomic.Int64
		var clients sync.WaitGroup
		for range 100 {
			clients.Go(func() {
				for ctx.Err() == nil {
					if _, err := run(ctx, g, s, largeImage); err == nil {
						large.Add(1)
					} else {
						shed.Add(1)
						time.Sleep(100 * time.Millisecond)
					}
				}
			})
		}
		time.Sleep(time.Second)
		var longest time.Duration
		for range 500 {
			waited, err := run(ctx, g, s, smallImage)
			require.NoError(t, err)
			longest = max(longest, waited)
			time.Sleep(100 * time.Millisecond)
		}
		assert.Less(t, longest, 63*time.Millisecond, "less than one small export takes")
		cancel()
		clients.Wait()
		assert.Greater(t, large.Load(), int64(5))
		assert.Greater(t, shed.Load(), int64(100))
		requireIdle(t, g)
	})
}

// Lines get equal shares of the machine: of two services, one of which asks ten times as often, and of two sizes.
func TestGateSharesAreEqual(t *testing.T) {
	for name, c := range map[string]struct{ pixels [2]int64 }{
		"two services":         {[2]int64{smallImage, smallImage}},
		"two services' sizes":  {[2]int64{smallImage, 16 * smallImage}},
		"two classes of large": {[2]int64{2 * largePixels, 8 * largePixels}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := NewGate(Limits{Exports: 2, Queue: 1000})
				services := [2]*Service{}
				var served [2]atomic.Int64 // pixels
				ctx, cancel := context.WithCancel(t.Context())
				var clients sync.WaitGroup
				for i := range services {
					services[i] = &Service{Limits: Limits{Exports: 2, Queue: 1000, Wait: time.Hour}}
					for range []int{5, 50}[i] {
						clients.Go(func() {
							for ctx.Err() == nil {
								if _, err := run(ctx, g, services[i], c.pixels[i]); err == nil {
									served[i].Add(c.pixels[i])
								}
							}
						})
					}
				}
				time.Sleep(10 * time.Minute)
				a, b := float64(served[0].Load()), float64(served[1].Load())
				assert.InEpsilon(t, a, b, 0.1)
				cancel()
				clients.Wait()
				requireIdle(t, g)
			})
		})
	}
}

// A full queue gives way to who stands in a shorter line.
func TestGateShedsTheLongestLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, s := NewGate(Limits{Exports: 1, Queue: 3}), &Service{Limits: Limits{Wait: time.Minute, Exports: 9, Queue: 9}}
		first, err := g.enter(t.Context(), s, smallImage)
		require.NoError(t, err)
		errs := make(chan error, 10)
		start := time.Now()
		for i := range 4 {
			go func() {
				time.Sleep(time.Duration(i)) // one after the other
				_, err := run(t.Context(), g, s, largeImage)
				errs <- err
			}()
		}
		assert.Equal(t, Unavailable, kindOf(<-errs), "the fourth")
		assert.Less(t, time.Since(start), time.Second)
		go func() {
			_, err := run(t.Context(), g, s, smallImage)
			assert.NoError(t, err)
		}()
		err = <-errs
		assert.Equal(t, Unavailable, kindOf(err), "the third makes room")
		require.ErrorContains(t, err, "limits Exports, Queue")
		first.leave()
		for range 2 {
			require.NoError(t, <-errs)
		}
		synctest.Wait()
		requireIdle(t, g)
	})
}

// The first of a line keeps its place in a full queue, however large it is, so that large exports are not starved by
// small ones either.
func TestGateLargeAreNotStarved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, s := NewGate(Limits{Exports: 4, Queue: 16}), &Service{Limits: Limits{Exports: 4, Queue: 16}}
		ctx, cancel := context.WithCancel(t.Context())
		var small, refused atomic.Int64
		var clients sync.WaitGroup
		for range 100 {
			clients.Go(func() {
				for ctx.Err() == nil {
					if _, err := run(ctx, g, s, smallImage); err == nil {
						small.Add(1)
					} else {
						refused.Add(1)
						time.Sleep(10 * time.Millisecond)
					}
				}
			})
		}
		time.Sleep(time.Second)
		for range 20 {
			_, err := run(ctx, g, s, 4*largePixels)
			require.NoError(t, err)
		}
		cancel()
		clients.Wait()
		assert.Greater(t, small.Load(), int64(1000))
		assert.Greater(t, refused.Load(), int64(1000))
		requireIdle(t, g)
	})
}

// Who cannot be ready by the deadline any more does not wait until then.
func TestGateLeavesInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, s := NewGate(Limits{Exports: 1}), &Service{Limits: Limits{Wait: time.Minute}}
		_, err := run(t.Context(), g, s, largePixels) // takes a second, as the gate now knows
		require.NoError(t, err)
		busy, err := g.enter(t.Context(), s, largePixels)
		require.NoError(t, err)
		for deadline, want := range map[time.Duration]time.Duration{
			5 * time.Second: 4 * time.Second, 500 * time.Millisecond: 0, time.Hour: time.Minute,
		} {
			ctx, cancel := context.WithTimeout(t.Context(), deadline)
			waited, err := run(ctx, g, s, largePixels)
			cancel()
			assert.Equal(t, Unavailable, kindOf(err))
			assert.Equal(t, want, waited)
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		waited, err := run(ctx, g, s, largePixels)
		assert.Equal(t, Canceled, kindOf(err))
		assert.Equal(t, time.Second, waited)
		busy.leave()
		_, err = g.enter(ctx, s, 1)
		require.ErrorIs(t, err, context.Canceled, "who has gone gets no place, though one is free")
		requireIdle(t, g)
	})
}

// Memory is never exceeded, of the gate nor of a service; who needs more than there is learns that without waiting; and
// small needs go past large ones that wait.
func TestGateMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewGate(Limits{Exports: 100, Bytes: 1428, Spool: 5000})
		s := &Service{Limits: Limits{Exports: 100, Bytes: 857, Wait: time.Minute}}
		other := &Service{Limits: Limits{Exports: 100, Wait: time.Minute}}
		enter := func(s *Service) *ticket {
			t.Helper()
			ticket, err := g.enter(t.Context(), s, 1)
			require.NoError(t, err)
			return ticket
		}
		for _, n := range []need{{memory: 601}, {memory: 1 << 40}, {spool: 5001}} {
			ticket := enter(s)
			err := ticket.reserve(t.Context(), n)
			assert.Equal(t, TooLarge, kindOf(err))
			assert.ErrorContains(t, err, map[bool]string{true: "limit Spool", false: "limit Bytes"}[n.spool > 0])
			ticket.leave()
		}
		a := enter(s)
		require.NoError(t, a.reserve(t.Context(), need{memory: 600, spool: 100}))
		large := make(chan error, 1)
		b := enter(other)
		go func() { large <- b.reserve(t.Context(), need{memory: 500}) }()
		synctest.Wait()
		c := enter(other)
		require.NoError(t, c.reserve(t.Context(), need{memory: 400}), "it goes past b")
		a.leave()
		a.keep(need{memory: 100})
		require.NoError(t, <-large)
		assert.Equal(t, Load{Running: 2, Bytes: 1000}, g.Load())
		late := enter(s)
		start := time.Now()
		err := late.reserve(t.Context(), need{memory: 1})
		assert.Equal(t, Unavailable, kindOf(err))
		assert.Equal(t, time.Minute, time.Since(start))
		late.leave()
		for _, ticket := range []*ticket{a, b, c} {
			ticket.leave()
			ticket.keep(need{})
		}
		requireIdle(t, g)
	})
}

func TestMemoryLimit(t *testing.T) {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	for name, c := range map[string]struct {
		files fstest.MapFS
		want  int64
	}{
		"no control groups":   {fstest.MapFS{}, assumedMemory},
		"version 2, none":     {fstest.MapFS{"proc/self/cgroup": file("0::/a/b\n"), "sys/fs/cgroup/a/b/memory.max": file("max\n")}, assumedMemory},
		"version 2, a parent": {fstest.MapFS{"proc/self/cgroup": file("0::/a/b\n"), "sys/fs/cgroup/a/memory.max": file("536870912\n")}, 512 << 20},
		"a container's root":  {fstest.MapFS{"proc/self/cgroup": file("0::/\n"), "sys/fs/cgroup/memory.max": file("268435456\n")}, 256 << 20},
		"version 1": {fstest.MapFS{
			"proc/self/cgroup":                                    file("5:devices:/\n4:memory:/docker/x\n0::/\n"),
			"sys/fs/cgroup/memory/memory.limit_in_bytes":          file("9223372036854771712\n"),
			"sys/fs/cgroup/memory/docker/x/memory.limit_in_bytes": file("134217728\n"),
		}, 128 << 20},
		"nonsense": {fstest.MapFS{"proc/self/cgroup": file("0::/../../..\n:\n\n"), "sys/fs/cgroup/memory.max": file("-1")}, assumedMemory},
	} {
		assert.Equal(t, c.want, memoryLimit(c.files), name)
	}
	assert.Equal(t, int64(320<<20), Limits{}.withDefaults(assumedMemory).Bytes)
}
