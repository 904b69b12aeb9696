package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"text/tabwriter"
	"time"
)

// The bounds of what is watched.
const (
	rssGrowth   = 48 << 20 // bytes, or a fifth of the mean: caches and pools fill, and the heap breathes
	heapLeft    = 48 << 20 // bytes more than before, when all is quiet: the cache holds 32 MiB
	filesLeft   = 16       // more than before: the pools keep rasters open
	threadsLeft = 8        // goroutines more than before
	slower      = 3        // times the 99th percentile of the first half, and slowerBy
	slowerBy    = 2 * time.Second
	enough      = 50 // answers in each half, for percentiles to mean something
)

// percentile returns the duration that a share of all does not exceed.
func percentile(of []time.Duration, share float64) time.Duration {
	if len(of) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(of))
	return sorted[min(len(sorted)-1, int(share*float64(len(sorted))))]
}

// violations lists what is not as it must be.
func (s *soak) violations() []string {
	out := slices.Clone(s.faults)
	if n := s.failed - len(s.faults); n > 0 {
		out = append(out, fmt.Sprintf("%d more answers are wrong", n))
	}
	violated := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if grows, mean := growth(s.samples, func(g gauge) float64 { return float64(g.rss) }); grows > max(rssGrowth, mean/5) {
		violated("memory grew by %.0f MB on a mean of %.0f MB", grows/1e6, mean/1e6)
	}
	if left := s.after.heap - s.before.heap; left > heapLeft {
		violated("%.0f MB more are on the heap than before", float64(left)/1e6)
	}
	if left := s.after.descriptors - s.before.descriptors; left > filesLeft {
		violated("%d more files are open than before", left)
	}
	if left := s.after.goroutines - s.before.goroutines; left > threadsLeft {
		violated("%d more goroutines run than before", left)
	}
	if left, err := os.ReadDir(s.temp); err != nil || len(left) > 0 {
		violated("temporary files are left: %v %v", left, err)
	}
	for i, n := range s.counts {
		if len(n.first) < enough || len(n.second) < enough {
			continue
		}
		first, second := percentile(n.first, .99), percentile(n.second, .99)
		if second > slower*first+slowerBy {
			violated("%s: the 99th percentile rose from %v to %v", kinds[i].name, first, second)
		}
	}
	return out
}

// report writes the table.
func (s *soak) report(out io.Writer) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "kind\tright\tshed\tgone\twrong\tp50\tp99\tlongest\tMB\t")
	var all counted
	row := func(name string, n counted) {
		took := slices.Concat(n.first, n.second)
		ms := func(share float64) time.Duration { return percentile(took, share).Round(time.Millisecond) }
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%v\t%v\t%v\t%.1f\t\n", name, n.ok, n.shed, n.gone, n.wrong,
			ms(.5), ms(.99), ms(1), float64(n.bytes)/1e6)
	}
	for i, n := range s.counts {
		row(kinds[i].name, n)
		all.ok, all.shed, all.gone, all.wrong = all.ok+n.ok, all.shed+n.shed, all.gone+n.gone, all.wrong+n.wrong
		all.bytes += n.bytes
		all.first, all.second = append(all.first, n.first...), append(all.second, n.second...)
	}
	row("all", all)
	fmt.Fprintln(w, "\t\t\t\t\t\t\t\t\t")
	fmt.Fprintln(w, "\tbefore\tmean\tmost\tgrowth\tafter\t\t\t\t")
	gauges := []struct {
		name  string
		value func(gauge) float64
	}{
		{"RSS, MB", func(g gauge) float64 { return float64(g.rss) / 1e6 }},
		{"heap, MB", func(g gauge) float64 { return float64(g.heap) / 1e6 }},
		{"open files", func(g gauge) float64 { return float64(g.descriptors) }},
		{"goroutines", func(g gauge) float64 { return float64(g.goroutines) }},
	}
	for _, g := range gauges {
		most := 0.
		for _, at := range s.samples {
			most = max(most, g.value(at))
		}
		grows, mean := growth(s.samples, g.value)
		fmt.Fprintf(w, "%s\t%.0f\t%.0f\t%.0f\t%+.1f\t%.0f\t\t\t\t\n",
			g.name, g.value(s.before), mean, most, grows, g.value(s.after))
	}
	w.Flush()
	fmt.Fprintf(out, "\n%v at %g requests a second, seed %d; %d not sent for lack of places\n",
		s.length, s.rate, s.seed, s.late.Load())
	fmt.Fprint(out, "files:")
	for how := range ways {
		fmt.Fprintf(out, " %d %s", s.world.live.changes[how].Load(), wayNames[how])
	}
	fmt.Fprintf(out, "; %d answers named a file that changed\n", s.changing.Load())
	for _, v := range s.violations() {
		fmt.Fprintln(out, "VIOLATED:", v)
	}
}
