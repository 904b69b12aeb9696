package main

import (
	"fmt"
	"math"
)

// A Goal is what the library should reach, and what a run showed.
type Goal struct {
	Name    string
	Wanted  string
	Reached string
	OK      bool
}

// judge returns the goals that the run has rows for.
func (r *Report) judge() (goals []Goal) {
	for _, f := range []func() []Goal{r.judgeGDAL, r.judgeMapServer, r.judgeFloors, r.judgeLarge, r.judgeCurves} {
		goals = append(goals, f()...)
	}
	return goals
}

// atLeast and atMost return goals of one figure. name may say where it was reached.
func atLeast(name string, least, reached float64, where string) Goal {
	return Goal{name, "≥ " + number(least), number(reached) + where, reached >= least}
}

func atMost(name string, most, reached float64, where string) Goal {
	return Goal{name, "≤ " + number(most), number(reached) + where, reached <= most}
}

// near is how far a ratio may be from 1 for two programs to be called even.
const near = 1.05

// judgeGDAL judges the rows that GDAL has, too.
func (r *Report) judgeGDAL() (goals []Goal) {
	byFormat := map[string][]float64{}
	worst, slower, failures := Comparison{Ratio: math.Inf(1)}, 0, 0
	for _, c := range r.Comparisons {
		if c.Err != "" {
			failures++
			continue
		}
		byFormat[c.Row.format()] = append(byFormat[c.Row.format()], c.Ratio)
		if c.Ratio*near < 1 {
			slower++
		}
		if c.Ratio < worst.Ratio {
			worst = c
		}
	}
	if len(r.Comparisons) == 0 {
		return nil
	}
	goals = append(goals, atMost("rows that failed", 0, float64(failures), ""))
	for _, want := range []struct {
		format string
		least  float64
	}{{"png", 6}, {"jpg", 3}} {
		if ratios := byFormat[want.format]; len(ratios) > 0 {
			name := fmt.Sprintf("%s: how many times as fast as GDAL, geometric mean", want.format)
			goals = append(goals, atLeast(name, want.least, geometricMean(ratios), fmt.Sprintf(" over %d rows", len(ratios))))
		}
	}
	if !math.IsInf(worst.Ratio, 1) {
		goals = append(goals, atMost("rows slower than GDAL", 0, float64(slower),
			fmt.Sprintf(" of %d; the worst is %s of %s", len(r.Comparisons), number(worst.Ratio), worst.Row)))
	}
	return goals
}

// judgeMapServer judges the rows that MapServer has, too.
func (r *Report) judgeMapServer() (goals []Goal) {
	byFormat := map[string][]float64{}
	type worst struct {
		value float64
		row   string
	}
	var late, unfair worst
	update := func(w *worst, v float64, row HTTPRow) {
		if v > w.value {
			*w = worst{v, row.String()}
		}
	}
	for _, c := range r.HTTP {
		if c.Err != "" {
			goals = append(goals, Goal{c.Row.String(), "answers", c.Err, false})
			continue
		}
		update(&late, c.Ours.P99/c.Theirs.P99, c.Row)
		if c.Row.Clients == 8 {
			byFormat[c.Row.Format] = append(byFormat[c.Row.Format], c.Ratio)
		}
		if c.Row.Clients > 1 {
			update(&unfair, c.Ours.P99/c.Ours.Median, c.Row)
		}
	}
	for _, want := range []struct {
		format string
		least  float64
	}{{"png", 4}, {"jpg", 2}} {
		if ratios := byFormat[want.format]; len(ratios) > 0 {
			name := fmt.Sprintf("%s: answers a second to MapServer's, 8 clients, geometric mean", want.format)
			goals = append(goals, atLeast(name, want.least, geometricMean(ratios), ""))
		}
	}
	if late.row != "" {
		goals = append(goals, atMost("99th percentile to MapServer's, the worst row", 1, late.value, " of "+late.row))
	}
	if unfair.row != "" {
		const name = "99th percentile to the median at 8 and 64 clients, the worst row"
		goals = append(goals, atMost(name, 3, unfair.value, " of "+unfair.row))
	}
	return goals
}

// judgeFloors judges exports by their floors.
func (r *Report) judgeFloors() (goals []Goal) {
	worst := 0.0
	name := ""
	for _, f := range r.Floors {
		if f.Err != "" {
			goals = append(goals, Goal{f.String(), "figures", f.Err, false})
		} else if ratio := f.Ratio(); ratio > worst {
			worst, name = ratio, f.String()
		}
	}
	if name == "" {
		return goals
	}
	return append(goals, atMost("an export to its decoding and encoding, the worst row", 1.25, worst, " of "+name))
}

// judgeLarge judges large pictures.
func (r *Report) judgeLarge() (goals []Goal) {
	for _, l := range r.Large {
		name := fmt.Sprintf("%s of %d² pixels: ", l.Format, l.Side)
		if l.Err != "" {
			goals = append(goals, Goal{name + "is made", "yes", l.Err, false})
			continue
		}
		if l.Peak > 0 {
			goals = append(goals, atMost(name+"peak memory in MB", 128, float64(l.Peak)/1e6, ""))
		}
		if l.Busy > 0 {
			cores := coreCounts()
			goals = append(goals, atLeast(name+"cores busy", .9*float64(cores[len(cores)-1]), l.Busy, ""))
		}
	}
	return goals
}

// flat are the curves whose last point should not be worse than a point in their middle, and by how much it may be.
var flat = map[string]float64{"pixels": 1.25, "source": 1.5, "rasters": 1.5, "cores": 1.25}

// judgeCurves judges whether costs grow as the work does.
func (r *Report) judgeCurves() (goals []Goal) {
	for _, c := range r.Curves {
		values := c.Lines[0].Values
		last := values[len(values)-1]
		switch most, isFlat := flat[c.Name]; {
		case isFlat:
			goals = append(goals, atMost("curve "+c.Name+": the last point to the median of all", most, last/median(values), ""))
		case c.Name == "clients":
			best := values[0]
			for _, v := range values {
				best = max(best, v)
			}
			goals = append(goals, atLeast("curve clients: the last point to the best", .9, last/best, ""))
		}
	}
	return goals
}

func goalTable(all []Goal) table {
	t := table{title: goalTitle, header: []string{"goal", "wanted", "reached", "verdict"}}
	verdict := map[bool]string{true: "reached", false: "missed"}
	for _, g := range all {
		t.rows = append(t.rows, []string{g.Name, g.Wanted, g.Reached, verdict[g.OK]})
	}
	return t
}
