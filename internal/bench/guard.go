package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

//go:embed guard.tsv
var committedFigures string

// guardName is where guard.tsv is, from the root of the module.
const guardName = "internal/bench/guard.tsv"

// guardColumns are the figures of a case: allocations and bytes of an export, reads and bytes of its file, pixels
// read of rasters, bytes of the picture, and instructions, which belong to a version of Go and a kind of machine.
var guardColumns = []string{"allocations", "allocated", "reads", "read", "pixels", "picture", "instructions"}

// guardTolerance is how much more a figure may be than the committed one.
const guardTolerance = 0.05

// guardFigures measures all cases and compares them with the committed figures, or writes these.
func guardFigures(ctx context.Context, update bool, w io.Writer) error {
	now := figures{version: toolchain(), cases: map[string]map[string]float64{}}
	var names []string
	for _, c := range guardCases() {
		g, err := newGuarded(ctx, c, c.file.Bytes())
		if err == nil {
			now.cases[c.name], err = g.measure(ctx)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		names = append(names, c.name)
	}
	counted, err := countInstructions(ctx)
	if err != nil {
		fmt.Fprintln(w, "instructions are not compared:", err)
	}
	for name, n := range counted {
		now.cases[name]["instructions"] = n
	}
	if update {
		return os.WriteFile(guardName, []byte(now.format(names)), 0o644)
	}
	committed, err := parseFigures(committedFigures)
	if err != nil {
		return err
	}
	if len(counted) > 0 && committed.version != now.version {
		fmt.Fprintf(w, "instructions are not compared: they are those of %s, and this is %s\n",
			committed.version, now.version)
	}
	worse, better := committed.compare(now)
	for _, line := range better {
		fmt.Fprintln(w, "less:", line)
	}
	if len(better) > 0 {
		fmt.Fprintln(w, "go run ./internal/bench -guard -update commits to less")
	}
	for _, line := range worse {
		fmt.Fprintln(w, "MORE:", line)
	}
	if len(worse) > 0 {
		return fmt.Errorf("%d figures are more than 5 %% above the committed ones, or there is none; "+
			"where that has a good reason, go run ./internal/bench -guard -update", len(worse))
	}
	fmt.Fprintf(w, "%d cases cost what they did, within 5 %%\n", len(names))
	return nil
}

// toolchain is that of which figures of instructions are.
func toolchain() string {
	version := strings.SplitN(runtime.Version(), ".", 3) // "go1", "26", "8"
	return strings.Join(version[:min(2, len(version))], ".") + " " + runtime.GOARCH
}

// figures are those of all cases, by case and column.
type figures struct {
	version string // of Go, and the kind of machine, for instructions
	cases   map[string]map[string]float64
}

// format writes figures as tab-separated values, a line a case in the order of names.
func (f figures) format(names []string) string {
	var s strings.Builder
	fmt.Fprintf(&s, "%s\t%s\n", f.version, strings.Join(guardColumns, "\t"))
	for _, name := range names {
		s.WriteString(name)
		for _, column := range guardColumns {
			cell := "-"
			if v, ok := f.cases[name][column]; ok {
				cell = strconv.FormatFloat(v, 'f', 0, 64)
			}
			s.WriteString("\t" + cell)
		}
		s.WriteString("\n")
	}
	return s.String()
}

// parseFigures reads what format writes.
func parseFigures(text string) (figures, error) {
	f := figures{cases: map[string]map[string]float64{}}
	for i, line := range strings.Split(strings.TrimSpace(text), "\n") {
		cells := strings.Split(line, "\t")
		if i == 0 {
			f.version = cells[0]
			if !slices.Equal(cells[1:], guardColumns) {
				return f, errors.New("guard.tsv has other columns")
			}
			continue
		}
		if len(cells) != len(guardColumns)+1 {
			return f, fmt.Errorf("guard.tsv: line %d has %d cells", i+1, len(cells))
		}
		row := map[string]float64{}
		for k, column := range guardColumns {
			if cells[k+1] == "-" {
				continue
			}
			v, err := strconv.ParseFloat(cells[k+1], 64)
			if err != nil {
				return f, fmt.Errorf("guard.tsv: line %d: %w", i+1, err)
			}
			row[column] = v
		}
		f.cases[cells[0]] = row
	}
	return f, nil
}

// compare lists the figures of now that are worse than the committed f, or have none there, and those that are better.
func (f figures) compare(now figures) (worse, better []string) {
	for _, c := range guardCases() {
		row, ok := now.cases[c.name]
		if !ok {
			continue
		}
		for _, column := range guardColumns {
			v, measured := row[column]
			was, committed := f.cases[c.name][column]
			if !measured || column == "instructions" && (f.version != now.version || !committed) {
				continue
			}
			line := fmt.Sprintf("%s: %s: %.0f, committed are %.0f", c.name, column, v, was)
			switch {
			case !committed || v > was*(1+guardTolerance):
				worse = append(worse, line)
			case v < was*(1-guardTolerance):
				better = append(better, line)
			}
		}
	}
	return worse, better
}
