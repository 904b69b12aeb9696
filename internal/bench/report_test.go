package main

import (
	"math"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func testReport() *Report {
	row := func(format string) Row {
		r := usualRow()
		r[4] = format
		return r
	}
	m := Measure{Median: .01, P99: .02, CPU: .015, Bytes: 2000, Peak: 3e6}
	r := &Report{
		Machine: "a machine | with\ta tab",
		Comparisons: []Comparison{
			{Row: row("png"), N: 9, Ours: m, Theirs: m, Ratio: 9, Agreement: Agreement{.5, 1, 1, .1}},
			{Row: row("png8"), N: 9, Ours: m, Theirs: m, Ratio: 1.01, Agreement: Agreement{1, 1, 0, 0}},
			{Row: row("jpg"), N: 9, Ours: m, Theirs: m, Ratio: .5, Agreement: Agreement{1, 1, 0, 0}},
			{Row: row("tiff"), Err: "a reason\nof two lines"},
		},
		HTTP: []HTTPComparison{
			{Row: HTTPRow{"utm_deflate", 256, "png", 8}, Ratio: 5,
				Ours: Load{50, .1, .2, 99, 9}, Theirs: Load{10, .1, .4, 99, 9}},
			{Row: HTTPRow{"utm_deflate", 256, "jpg", 8}, Ratio: 1,
				Ours: Load{50, .1, .6, 99, 9}, Theirs: Load{50, .1, .4, 99, 9}},
		},
		Floors: []Floor{{Row: usualRow(), Export: .03, Decode: .01, Encode: .01}},
		Large:  []Large{{Format: "png", Side: 30000, Seconds: 9, Busy: 0.5, Peak: 100e6, Bytes: 5e6}},
		Curves: []Curve{
			{Name: "pixels", Y: "ns", Labels: []string{"64²", "128²"}, Lines: []Line{
				{"ours", []float64{9, 8}}, {"GDAL", []float64{99, math.NaN()}},
			}},
			{Name: "clients", Y: "a second", Labels: []string{"1", "2"}, Lines: []Line{{"ours", []float64{9, 3}}}},
		},
	}
	r.Goals = r.judge()
	return r
}

func TestJudge(t *testing.T) {
	got := map[string]bool{}
	for _, g := range testReport().Goals {
		got[g.Name] = g.OK
		assert.NotEmpty(t, g.Wanted)
		assert.NotEmpty(t, g.Reached)
	}
	assert.Equal(t, map[string]bool{
		"rows that failed": false,
		"png: how many times as fast as GDAL, geometric mean":              true,
		"jpg: how many times as fast as GDAL, geometric mean":              false,
		"rows slower than GDAL":                                            false,
		"png: answers a second to MapServer's, 8 clients, geometric mean":  true,
		"jpg: answers a second to MapServer's, 8 clients, geometric mean":  false,
		"99th percentile to MapServer's, the worst row":                    false,
		"99th percentile to the median at 8 and 64 clients, the worst row": false,
		"an export to its decoding and encoding, the worst row":            false,
		"png of 30000² pixels: peak memory in MB":                          true,
		"png of 30000² pixels: cores busy":                                 false,
		"curve pixels: the last point to the median of all":                true,
		"curve clients: the last point to the best":                        false,
	}, got)
	assert.Empty(t, (&Report{}).judge(), "what was not measured is not judged")
}

// Each line of the tables has the columns of its header, whatever is in the cells.
func TestTables(t *testing.T) {
	r := testReport()
	var md, tsv strings.Builder
	require.NoError(t, r.markdown(&md))
	require.NoError(t, r.tsv(&tsv))
	columns := 0
	for line := range strings.Lines(md.String()) {
		if !strings.HasPrefix(line, "|") {
			columns = 0
			continue
		}
		n := strings.Count(line, "|") - strings.Count(line, `\|`)
		if columns == 0 {
			columns = n
		}
		assert.Equal(t, columns, n, line)
	}
	assert.Equal(t, len(r.tables()), strings.Count(md.String(), "## "))
	assert.Contains(t, md.String(), "failed: a reason of two lines")
	byTable := map[string]int{}
	for line := range strings.Lines(tsv.String()) {
		cells := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if n, ok := byTable[cells[0]]; ok {
			assert.Len(t, cells, n)
		}
		byTable[cells[0]] = len(cells)
	}
}

func TestAgainst(t *testing.T) {
	r := testReport()
	var before, after strings.Builder
	require.NoError(t, r.tsv(&before))
	was := verdicts(before.String())
	assert.Equal(t, "slower", was["deflate/utm-3857/bilinear/400/jpg/cold/2/file"])
	assert.Equal(t, "even", was["deflate/utm-3857/bilinear/400/png8/cold/2/file"])
	assert.Equal(t, "failed", was["deflate/utm-3857/bilinear/400/tiff/cold/2/file"])
	assert.Equal(t, "reached", was["png of 30000² pixels: peak memory in MB"])
	changes, common := against(was, was)
	assert.Empty(t, changes)
	assert.Equal(t, len(was), common)

	r.Comparisons = r.Comparisons[:3]
	r.Comparisons[2].Ratio = 4
	r.Goals = r.judge()
	require.NoError(t, r.tsv(&after))
	changes, common = against(was, verdicts(after.String()))
	assert.Equal(t, len(was)-1, common, "the row of tiff is in one of them alone")
	assert.Contains(t, changes, "deflate/utm-3857/bilinear/400/jpg/cold/2/file: faster, was slower")
	assert.Contains(t, changes, "jpg: how many times as fast as GDAL, geometric mean: reached, was missed")
}

func TestPlot(t *testing.T) {
	folder := t.TempDir()
	for _, c := range testReport().Curves {
		require.NoError(t, plot(folder, c))
		svg, err := os.ReadFile(folder + "/" + c.Name + ".svg")
		require.NoError(t, err)
		assert.Contains(t, string(svg), "<svg")
		assert.Contains(t, string(svg), c.Y)
	}
}
