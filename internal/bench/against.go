package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// verdicts returns the verdict of every row and goal in a report's tab-separated values.
func verdicts(tsv string) map[string]string {
	all := map[string]string{}
	last := map[string]int{} // the column of the verdict in each table
	for line := range strings.Lines(tsv) {
		cells := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(cells) < 3 || cells[0] != comparisonTitle && cells[0] != goalTitle {
			continue
		}
		n, known := last[cells[0]]
		if !known { // the table's header
			last[cells[0]] = slices.Index(cells, "verdict")
		} else if n > 0 && n < len(cells) {
			verdict, _, _ := strings.Cut(cells[n], ":")
			all[cells[1]] = verdict
		}
	}
	return all
}

// against lists the verdicts that differ between two reports, of rows and goals that both have.
func against(before, after map[string]string) (changes []string, common int) {
	for _, name := range slices.Sorted(maps.Keys(after)) {
		was, ok := before[name]
		if !ok {
			continue
		}
		common++
		if was != after[name] {
			changes = append(changes, fmt.Sprintf("%s: %s, was %s", name, after[name], was))
		}
	}
	return changes, common
}
