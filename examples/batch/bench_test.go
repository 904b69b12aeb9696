//go:build linux

package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/examples/internal/command/commandtest"
)

// BenchmarkRun draws 1024 parts of 512² pixels and puts them together, in a loop without the engine, and by the engine.
// Then one and two processes of one core each do all but putting them together, as units of a cache of tiles. Run it
// with -benchtime 1x and TMPDIR in memory, and quote the ratios: of CPU seconds for what the engine takes, and of the
// time for two processes.
func BenchmarkRun(b *testing.B) {
	dir := scenes(b, 16, 1024)
	prepare := func(b *testing.B) (*run, func()) {
		out := filepath.Join(b.TempDir(), "all.tif")
		o := options{
			task: "tiff", dir: dir, out: out, work: out + ".batch", factor: 4, tile: 512, unit: 2048, format: "png",
			workers: 1, attempts: 4, wait: time.Second, stuck: 20 * time.Minute, stderr: io.Discard,
		}
		m, err := openMosaic(b.Context(), &o)
		require.NoError(b, err)
		t, err := taskOf(&o, m, folderPlace(out))
		require.NoError(b, err)
		all, err := t.phases(b.Context())
		require.NoError(b, err)
		db, err := openDatabase(o.work)
		require.NoError(b, err)
		return &run{task: t, db: db, all: all, o: o, done: func(string, string, error) {}}, func() {
			info, err := os.Stat(out)
			require.NoError(b, err)
			b.ReportMetric(float64(info.Size())/1e6, "MB")
			require.NoError(b, db.Close())
			require.NoError(b, m.Close())
		}
	}
	b.Run("loop", func(b *testing.B) {
		for range b.N {
			r, end := prepare(b)
			before := cpuSeconds()
			for p, phase := range r.all {
				for u := range phase.units {
					require.NoError(b, r.do(b.Context(), p, u, nil))
				}
			}
			b.ReportMetric(cpuSeconds()-before, "cpu-s")
			end()
		}
	})
	b.Run("engine", func(b *testing.B) {
		for range b.N {
			r, end := prepare(b)
			before := cpuSeconds()
			require.NoError(b, r.start(b.Context()))
			require.NoError(b, r.work(b.Context(), func(int, int) {}))
			b.ReportMetric(cpuSeconds()-before, "cpu-s")
			end()
		}
	})
	for _, processes := range []int{1, 2} {
		b.Run(fmt.Sprintf("processes/%d", processes), func(b *testing.B) {
			for range b.N {
				var running []*exec.Cmd
				out := filepath.Join(b.TempDir(), "tiles")
				for range processes {
					cmd := commandtest.Command(b.Context(), "-level", "14", "tiles", dir, out)
					cmd.Env = append(cmd.Env, "GOMAXPROCS=1")
					require.NoError(b, cmd.Start())
					running = append(running, cmd)
				}
				for _, cmd := range running {
					require.NoError(b, cmd.Wait())
				}
				b.ReportMetric(float64(len(contents(b, out))), "tiles")
			}
		})
	}
}

// cpuSeconds returns the CPU time that this process has taken.
func cpuSeconds() float64 {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // which cannot fail for oneself
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()).Seconds()
}
