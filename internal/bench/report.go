package main

import (
	"fmt"
	"io"
	"strings"
)

// A Report is all that a run measured.
type Report struct {
	Machine     string // and the versions of all programs, in one line
	Comparisons []Comparison
	HTTP        []HTTPComparison
	Floors      []Floor
	Large       []Large
	Curves      []Curve
	Goals       []Goal
}

// A table is written as Markdown and as tab-separated values.
type table struct {
	title  string
	header []string
	rows   [][]string
}

// tables returns the report's tables, without those that have no rows.
func (r *Report) tables() (all []table) {
	for _, t := range []table{
		goalTable(r.Goals), comparisonTable(r.Comparisons), httpTable(r.HTTP), floorTable(r.Floors),
		largeTable(r.Large), curveTable(r.Curves),
	} {
		if len(t.rows) > 0 {
			all = append(all, t)
		}
	}
	return all
}

// markdown writes the tables with a heading each.
func (r *Report) markdown(w io.Writer) (err error) {
	_, err = fmt.Fprintf(w, "%s\n", r.Machine)
	for _, t := range r.tables() {
		if err == nil {
			err = t.markdown(w)
		}
	}
	return err
}

func (t table) markdown(w io.Writer) error {
	escape := strings.NewReplacer("|", `\|`, "\n", " ")
	var s strings.Builder
	fmt.Fprintf(&s, "\n## %s\n\n|", t.title)
	for _, h := range t.header {
		fmt.Fprintf(&s, " %s |", escape.Replace(h))
	}
	s.WriteString("\n|" + strings.Repeat("---|", len(t.header)) + "\n")
	for _, row := range t.rows {
		s.WriteString("|")
		for _, cell := range row {
			fmt.Fprintf(&s, " %s |", escape.Replace(cell))
		}
		s.WriteString("\n")
	}
	_, err := io.WriteString(w, s.String())
	return err
}

// tsv writes the tables one below the other. The first column of every line is the name of its table.
func (r *Report) tsv(w io.Writer) error {
	escape := strings.NewReplacer("\t", " ", "\n", " ")
	var s strings.Builder
	fmt.Fprintf(&s, "machine\t%s\n", escape.Replace(r.Machine))
	for _, t := range r.tables() {
		for _, row := range append([][]string{t.header}, t.rows...) {
			s.WriteString(escape.Replace(t.title))
			for _, cell := range row {
				s.WriteString("\t" + escape.Replace(cell))
			}
			s.WriteString("\n")
		}
	}
	_, err := io.WriteString(w, s.String())
	return err
}

const (
	comparisonTitle = "Exports, and GDAL in its process"
	goalTitle       = "Verdicts"
)

func comparisonTable(all []Comparison) table {
	t := table{title: comparisonTitle, header: []string{
		"row", "n", "ours ms", "p99", "CPU ms", "kB", "peak MB", "GDAL ms", "p99", "CPU ms", "kB", "peak MB",
		"ratio", "equal %", "within 1 %", "mean difference", "largest", "verdict",
	}}
	for _, c := range all {
		if c.Err != "" {
			t.rows = append(t.rows, failed(c.Row.String(), c.Err, len(t.header)))
			continue
		}
		row := []string{c.Row.String(), fmt.Sprint(c.N)}
		for _, m := range []Measure{c.Ours, c.Theirs} {
			row = append(row, ms(m.Median), ms(m.P99), ms(m.CPU), number(float64(m.Bytes)/1e3), mb(m.Peak))
		}
		a := c.Agreement
		t.rows = append(t.rows, append(row,
			number(c.Ratio), percent(a.Equal), percent(a.Near), number(a.Mean), number(a.Largest), c.verdict()))
	}
	return t
}

// verdict says who was faster.
func (c Comparison) verdict() string {
	switch {
	case c.Err != "":
		return "failed"
	case c.Ratio*near < 1:
		return "slower"
	case c.Ratio > near:
		return "faster"
	}
	return "even"
}

func httpTable(all []HTTPComparison) table {
	t := table{title: "Servers, and MapServer over FastCGI behind nginx", header: []string{
		"row", "answers", "ours /s", "median ms", "p99", "kB", "peak MB", "MapServer /s", "median ms", "p99", "kB", "peak MB",
		"ratio", "p99 ratio", "p99 to median", "within 1 %", "mean difference",
	}}
	for _, c := range all {
		if c.Err != "" {
			t.rows = append(t.rows, failed(c.Row.String(), c.Err, len(t.header)))
			continue
		}
		row := []string{c.Row.String(), fmt.Sprint(c.Ours.Answers + c.Theirs.Answers)}
		peaks := []int64{c.PeakOurs, c.PeakTheirs}
		for i, l := range []Load{c.Ours, c.Theirs} {
			row = append(row, number(l.Rate), ms(l.Median), ms(l.P99), number(float64(l.Bytes)/1e3), mb(peaks[i]))
		}
		t.rows = append(t.rows, append(row,
			number(c.Ratio), number(c.Ours.P99/c.Theirs.P99), number(c.Ours.P99/c.Ours.Median),
			percent(c.Agreement.Near), number(c.Agreement.Mean)))
	}
	return t
}

func floorTable(all []Floor) table {
	t := table{title: "Exports, and their floors on one core", header: []string{
		"row", "export ms", "decode ms", "encode ms", "ratio",
	}}
	for _, f := range all {
		if f.Err != "" {
			t.rows = append(t.rows, failed(f.String(), f.Err, len(t.header)))
			continue
		}
		t.rows = append(t.rows, []string{f.String(), ms(f.Export), ms(f.Decode), ms(f.Encode), number(f.Ratio())})
	}
	return t
}

func largeTable(all []Large) table {
	t := table{title: "Large pictures of the heights, by ExportTo", header: []string{
		"picture", "s", "MB", "cores busy", "peak MB",
	}}
	for _, l := range all {
		name := fmt.Sprintf("large/%d/%s", l.Side, l.Format)
		if l.Err != "" {
			t.rows = append(t.rows, failed(name, l.Err, len(t.header)))
			continue
		}
		t.rows = append(t.rows, []string{name, number(l.Seconds), mb(l.Bytes), number(l.Busy), mb(l.Peak)})
	}
	return t
}

func curveTable(all []Curve) table {
	t := table{title: "Curves", header: []string{"curve", "line", "points"}}
	for _, c := range all {
		for _, l := range c.Lines {
			var points []string
			for i, label := range c.Labels {
				points = append(points, label+": "+number(l.Values[i]))
			}
			t.rows = append(t.rows, []string{c.Name + ", " + c.Y, l.Name, strings.Join(points, ", ")})
		}
	}
	return t
}

// failed returns a row that says why it has no figures.
func failed(name, reason string, columns int) []string {
	row := make([]string, columns)
	row[0], row[columns-1] = name, "failed: "+reason
	return row
}
