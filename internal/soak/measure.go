package main

import (
	"bytes"
	"context"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"time"
)

// A gauge is what the process takes at one time.
type gauge struct {
	at          time.Duration
	rss, heap   int64 // bytes; 0 where the system does not say
	descriptors int
	goroutines  int
}

// measure reads the gauges.
func measure() gauge {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	g := gauge{heap: int64(m.HeapAlloc), goroutines: runtime.NumGoroutine()}
	if entries, err := os.ReadDir("/proc/self/fd"); err == nil {
		g.descriptors = len(entries)
	}
	if status, err := os.ReadFile("/proc/self/status"); err == nil {
		if _, rest, ok := bytes.Cut(status, []byte("VmRSS:")); ok {
			kb, _ := strconv.ParseInt(string(bytes.Fields(rest)[0]), 10, 64)
			g.rss = kb << 10
		}
	}
	return g
}

// watch reads the gauges every second until the context ends.
func (s *soak) watch(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		g := measure()
		g.at = time.Since(s.began)
		s.samples = append(s.samples, g)
	}
}

// quiet lets connections end and gives memory back, so that only what stays is measured.
func (s *soak) quiet() {
	s.client.CloseIdleConnections()
	for range 20 { // the server takes a moment to notice
		time.Sleep(100 * time.Millisecond)
	}
	for range 3 { // pools live for two collections
		debug.FreeOSMemory()
	}
}

// growth returns by how much a gauge grows from a quarter of the time to its end, along the line that fits it best, and
// its mean.
func growth(samples []gauge, value func(gauge) float64) (grows, mean float64) {
	samples = samples[len(samples)/4:]
	if len(samples) < 3 {
		return 0, 0
	}
	var t, v float64
	for _, g := range samples {
		t += g.at.Seconds()
		v += value(g)
	}
	n := float64(len(samples))
	t, v = t/n, v/n
	var tv, tt float64
	for _, g := range samples {
		tv += (g.at.Seconds() - t) * (value(g) - v)
		tt += (g.at.Seconds() - t) * (g.at.Seconds() - t)
	}
	return tv / tt * (samples[len(samples)-1].at - samples[0].at).Seconds(), v
}
