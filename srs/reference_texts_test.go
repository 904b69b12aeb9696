package srs

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A referenceText is a row of a table of texts: where it comes from, the size of its unit, points with PROJ's answers,
// and the text.
type referenceText struct {
	source string
	unit   float64
	points [][4]float64 // longitude and latitude on WGS 84, x, y
	text   string
}

// TestReferenceTexts checks spatial references as they stand in public repositories, with what PROJ 9.1.1 answers for
// points, from a table that is not part of this repository: the columns are source, kind of unit, its size, points as
// JSON, and the text as JSON. What differs by more than 2 mm must have a reason. GEOEXPORT_MISSES names a file that gets what differs.
func TestReferenceTexts(t *testing.T) {
	name := filepath.Join("..", "..", "shared", "reference", "srs", "texts.tsv.gz")
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("NOT CHECKED: texts of public repositories against PROJ, as %s is missing. "+
			"testdata/forms.tsv has one of each kind, which TestForms checks in any case.", name)
	}
	require.NoError(t, err)
	defer f.Close()
	z, err := gzip.NewReader(f)
	require.NoError(t, err)
	var misses strings.Builder
	texts, failed, used := 0, 0, map[int]bool{}
	s := bufio.NewScanner(z)
	s.Buffer(nil, 1<<20)
	s.Scan() // the names of the columns
	for s.Scan() {
		row := readReferenceText(t, s.Text())
		texts++
		if miss := row.miss(); miss != "" {
			failed++
			reason := reasonFor(miss, row.text)
			used[reason] = true
			assert.GreaterOrEqual(t, reason, 0, "%s: %.300s", miss, row.text)
			fmt.Fprintf(&misses, "%s\t%s\t%s\n", miss, row.source, strconv.Quote(row.text))
		}
	}
	require.NoError(t, s.Err())
	t.Logf("%d texts, %d differ", texts, failed)
	assert.LessOrEqual(t, failed, 61)
	for i, r := range reasons {
		assert.True(t, used[i], r.has)
	}
	if name := os.Getenv("GEOEXPORT_MISSES"); name != "" {
		require.NoError(t, os.WriteFile(name, []byte(misses.String()), 0o666))
	}
}

func readReferenceText(t *testing.T, line string) (row referenceText) {
	field := strings.Split(line, "\t")
	require.Len(t, field, 5)
	row.source = field[0]
	var err error
	row.unit, err = strconv.ParseFloat(field[2], 64)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal([]byte(field[3]), &row.points))
	require.NoError(t, json.Unmarshal([]byte(field[4]), &row.text))
	return row
}

// miss states what differs from PROJ, by more than 2 mm, and is empty if nothing does.
func (row referenceText) miss() string {
	c, err := Parse(row.text)
	if err != nil {
		return err.Error()
	}
	world, err := FromWKID(4326)
	if err != nil {
		return err.Error()
	}
	tr, err := NewTransformer(world, c)
	if err != nil {
		return err.Error()
	}
	worst := 0.0
	var out string
	for _, p := range row.points {
		x, y := []float64{p[0]}, []float64{p[1]}
		tr.Transform(x, y)
		unit := c.Unit()
		if c.Geographic() {
			unit *= 6378137
			x[0] = p[2] + math.Remainder(x[0]-p[2], c.Period())*math.Cos(p[1]*degree)
		}
		if d := math.Hypot(x[0]-p[2], y[0]-p[3]) * unit; !(d < 2e-3) && !(d < worst) {
			worst = d
			out = fmt.Sprintf("%.4g m\t%v, not %v %v", d, p, x[0], y[0])
		}
	}
	return out
}
