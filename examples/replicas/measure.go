//go:build linux

package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"
)

const measuredPaths = 2000

// wrong counts answers that are not those of a lone service.
type wrong struct {
	want  map[string]sum
	count int
	first string
}

func (w *wrong) see(a answer) {
	switch {
	case a.code != http.StatusOK || a.failure != "":
		w.add("%s: %d %s", a.path, a.code, a.failure)
	case w.want[a.path] != a.sum:
		w.add("%s: another picture", a.path)
	}
}

func (w *wrong) add(format string, args ...any) {
	if w.count++; w.count == 1 {
		w.first = fmt.Sprintf(format, args...)
	}
}

func (w *wrong) err(what string) error {
	if w.count > 0 {
		return fmt.Errorf("%s: %d wrong or failed answers, the first %s", what, w.count, w.first)
	}
	return nil
}

func row(m *vegeta.Metrics) string {
	ms := func(t time.Duration) float64 { return float64(t) / float64(time.Millisecond) }
	return fmt.Sprintf("%d | %.0f | %.1f | %.1f", m.Requests, m.Throughput, ms(m.Latencies.P50), ms(m.Latencies.P99))
}

const columns = "requests | a second | median ms | 99 of 100 ms"

// measureReplicas asks 1, 2, … replicas behind nginx, which keeps nothing.
func measureReplicas(ctx context.Context, d *deployment, stdout io.Writer) error {
	paths := paths(measuredPaths)
	want, err := d.expected(ctx, paths)
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "| replicas | %s |\n|---|---|---|---|---|\n", columns)
	for n := 1; n <= len(d.replicas); n++ {
		w := &wrong{want: want}
		m := d.load(ctx, d.proxySocket(n), d.options.lasts, anyOf(paths), w.see)
		if err := w.err(fmt.Sprintf("%d replicas", n)); err != nil {
			return err
		}
		fmt.Fprintf(stdout, "| %d | %s |\n", n, row(&m))
	}
	return ctx.Err()
}

// measureCache asks nginx that keeps pictures, for popular ones more often.
func measureCache(ctx context.Context, d *deployment, stdout io.Writer) error {
	paths := paths(measuredPaths)
	want, err := d.expected(ctx, paths)
	if err != nil {
		return err
	}
	w, hits, all := &wrong{want: want}, 0, 0
	m := d.load(ctx, d.cacheSocket(), d.options.lasts, popular(paths), func(a answer) {
		w.see(a)
		if all++; a.kept == "HIT" {
			hits++
		}
	})
	if err := w.err("with a cache in front"); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "| %d and a cache | %s |\n\n", len(d.replicas), row(&m))
	_, err = fmt.Fprintf(stdout, "cache: %.1f %% of %d requests for %d pictures by Zipf's law (1.1), kept for %d s\n\n",
		100*float64(hits)/float64(max(1, all)), all, len(paths), cacheSeconds)
	return err
}
