package geoexport_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write docs/cases.md's lines on tests anew")

// casesFile describes the numbered cases, each in a list item whose last line, two blanks in, begins with one of two words.
const (
	casesFile    = "docs/cases.md"
	testsPrefix  = "  Tests: "
	reasonPrefix = "  Not tested: "
)

var (
	caseItem = regexp.MustCompile(`^- \*\*T(\d{2,3})\*\* `)
	// A number stands by itself in a comment or a row's name, or leads the name of a test, with others or alone.
	testNumbers  = regexp.MustCompile(`\b(?:Test|Fuzz|Benchmark|Example)?((?:T\d{2,3})+)(?:\b|[A-Z_])`)
	singleNumber = regexp.MustCompile(`T(\d{2,3})`)
)

// testsOfCases returns the test files that carry each case's number.
func testsOfCases(t *testing.T) map[int][]string {
	tests := map[int][]string{}
	for _, name := range slices.Sorted(maps.Keys(sourceFiles(t))) {
		if !strings.HasSuffix(name, "_test.go") || name == "cases_test.go" {
			continue
		}
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		for _, run := range testNumbers.FindAllSubmatch(text, -1) {
			for _, m := range singleNumber.FindAllSubmatch(run[1], -1) {
				n, err := strconv.Atoi(string(m[1]))
				require.NoError(t, err)
				if !slices.Contains(tests[n], name) {
					tests[n] = append(tests[n], name)
				}
			}
		}
	}
	return tests
}

// withTests replaces the lines of docs/cases.md that list each case's tests. It returns the numbers in the file's order,
// and the reason of each case that has one for having no test.
func withTests(text string, tests map[int][]string) (updated string, numbers []int, reasons map[int]string) {
	var out []string
	reasons = map[int]string{}
	inItem := false
	finish := func() {
		if !inItem {
			return
		}
		inItem = false
		n := numbers[len(numbers)-1]
		if len(tests[n]) == 0 {
			return
		}
		var links []string
		for _, name := range tests[n] {
			links = append(links, fmt.Sprintf("[%s](../%s)", strings.TrimSuffix(path.Base(name), ".go"), name))
		}
		out = append(out, testsPrefix+strings.Join(links, ", "))
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, testsPrefix) {
			continue
		}
		if !strings.HasPrefix(line, "  ") {
			finish()
		}
		if m := caseItem.FindStringSubmatch(line); m != nil {
			n, _ := strconv.Atoi(m[1]) // at most three digits
			numbers = append(numbers, n)
			inItem = true
		}
		if reason, ok := strings.CutPrefix(line, reasonPrefix); ok && inItem {
			reasons[numbers[len(numbers)-1]] = reason
		}
		out = append(out, line)
	}
	finish()
	return strings.Join(out, "\n") + "\n", numbers, reasons
}

func TestNumberedCasesAndTestsCorrespond(t *testing.T) {
	text, err := os.ReadFile(casesFile)
	require.NoError(t, err)
	tests := testsOfCases(t)
	updated, numbers, reasons := withTests(string(text), tests)
	require.NotEmpty(t, numbers)
	for i, n := range numbers {
		assert.Equal(t, i+1, n, "%s: the cases are numbered from 1 without gaps", casesFile)
	}
	for _, n := range slices.Sorted(maps.Keys(tests)) {
		assert.Contains(t, numbers, n, "%v carry T%02d, which %s lacks", tests[n], n, casesFile)
	}
	for _, n := range numbers {
		_, excused := reasons[n]
		assert.Equal(t, len(tests[n]) == 0, excused,
			"T%02d: %d test files carry it; %s gives a reason for none: %q", n, len(tests[n]), casesFile, reasons[n])
	}
	if *update {
		require.NoError(t, os.WriteFile(casesFile, []byte(updated), 0o644))
		return
	}
	assert.True(t, string(text) == updated, "%s lists other tests than there are: go test -run NumberedCases . -update writes it anew", casesFile)
}
