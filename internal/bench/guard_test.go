package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The committed figures are those of the cases that there are.
func TestCommittedFigures(t *testing.T) {
	f, err := parseFigures(committedFigures)
	require.NoError(t, err)
	var names []string
	for _, c := range guardCases() {
		names = append(names, c.name)
		for _, column := range guardColumns[:6] {
			assert.Contains(t, f.cases[c.name], column, c.name)
		}
	}
	assert.Len(t, f.cases, len(names))
	assert.Equal(t, committedFigures, f.format(names))
	for _, name := range instructionCases {
		assert.Contains(t, f.cases[name], "instructions")
	}
}

func TestFiguresAreCompared(t *testing.T) {
	name := guardCases()[0].name
	of := func(version string, allocations, instructions float64) figures {
		row := map[string]float64{"allocations": allocations, "instructions": instructions, "reads": 0}
		return figures{version, map[string]map[string]float64{name: row}}
	}
	committed := of("go1.26 amd64", 100, 1000)
	for _, c := range []struct {
		now           figures
		worse, better int
	}{
		{of("go1.26 amd64", 105, 1050), 0, 0},
		{of("go1.26 amd64", 106, 1051), 2, 0},
		{of("go1.26 amd64", 94, 949), 0, 2},
		{of("go1.27 amd64", 100, 9999), 0, 0},                                  // other instructions
		{figures{"", map[string]map[string]float64{name: {"read": 5}}}, 1, 0},  // nothing committed
		{figures{"", map[string]map[string]float64{name: {"reads": 1}}}, 1, 0}, // none became one
	} {
		worse, better := committed.compare(c.now)
		assert.Len(t, worse, c.worse, "%v", c.now)
		assert.Len(t, better, c.better, "%v", c.now)
	}
	for _, text := range []string{
		"", "go1.26 amd64\tallocations", committedFigures + "x\t1\n", committedFigures + "x\t1\t2\t3\t4\t5\t6\tseven\n",
	} {
		_, err := parseFigures(text)
		require.Error(t, err, "%.40s", text)
	}
}

// Exports cost the same each time: a guard that does not know its own figures would be of no use.
func TestGuardRepeats(t *testing.T) {
	if underRace {
		t.Skip("the race detector makes pools drop memory that would be used again")
	}
	c := guardCases()[1]
	g, err := newGuarded(t.Context(), c, c.file.Bytes())
	require.NoError(t, err)
	first, err := g.measure(t.Context())
	require.NoError(t, err)
	second, err := g.measure(t.Context())
	require.NoError(t, err)
	for column, v := range first {
		assert.InDelta(t, v, second[column], .05*v, column)
	}
}
