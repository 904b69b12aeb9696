package geoexport_test

import (
	"fmt"
	"go/ast"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	goBlock     = regexp.MustCompile("(?s)```go\n(.*?)```\n")
	exampleBody = regexp.MustCompile(`(?ms)^func Example\(\) \{\n(.*?)^\t// Output:`)
	testLink    = regexp.MustCompile(`\[(\w+)\]\(\.\./([\w/]+_test\.go)\)`)
	anyLink     = regexp.MustCompile(`(?:\]\(|src=")([^()#"]+)`)
)

// TestReadmeShowsTheExample: README's program is the body of Example, which is compiled and run. With -update it is
// copied there.
func TestReadmeShowsTheExample(t *testing.T) {
	source, err := os.ReadFile("example_test.go")
	require.NoError(t, err)
	body := exampleBody.FindSubmatch(source)
	require.NotNil(t, body)
	var program strings.Builder
	for line := range strings.Lines(string(body[1])) {
		program.WriteString(strings.TrimPrefix(line, "\t"))
	}

	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	at := goBlock.FindAllSubmatchIndex(readme, -1)
	require.Len(t, at, 1, "blocks of Go")
	if *update {
		text := string(readme[:at[0][2]]) + program.String() + string(readme[at[0][3]:])
		require.NoError(t, os.WriteFile("README.md", []byte(text), 0o644))
		return
	}
	assert.Equal(t, program.String(), string(readme[at[0][2]:at[0][3]]), "go test -run Readme . -update copies the example")
}

const parametersName = "docs/parameters.md"

// TestParametersLinkToTests: the tests in the table of parameters are in the files that it links to. With -update, links
// follow tests that moved.
func TestParametersLinkToTests(t *testing.T) {
	home := map[string]string{}
	for name, f := range sourceFiles(t) {
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && strings.HasSuffix(name, "_test.go") && (home[fn.Name.Name] == "" || name < home[fn.Name.Name]) {
				home[fn.Name.Name] = name
			}
		}
	}
	table, err := os.ReadFile(parametersName)
	require.NoError(t, err)
	require.Regexp(t, testLink, string(table))
	updated := testLink.ReplaceAllStringFunc(string(table), func(link string) string {
		m := testLink.FindStringSubmatch(link)
		text, _ := os.ReadFile(m[2])
		if strings.Contains(string(text), "func Test"+m[1]+"(") {
			return link
		}
		assert.True(t, *update, "Test%s is not in %s; go test -run Parameters . -update corrects the link", m[1], m[2])
		found := home["Test"+m[1]]
		assert.NotEmpty(t, found, "no file has Test%s", m[1])
		return fmt.Sprintf("[%s](../%s)", m[1], found)
	})
	if *update {
		require.NoError(t, os.WriteFile(parametersName, []byte(updated), 0o644))
	}
}

// TestReadmeIsWhole: what README links to is there, and its lines fit a terminal.
func TestReadmeIsWhole(t *testing.T) {
	for _, name := range []string{"README.md", parametersName} {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		for _, m := range anyLink.FindAllSubmatch(text, -1) {
			if link := string(m[1]); !strings.Contains(link, "://") {
				_, err := os.Stat(filepath.Join(filepath.Dir(name), link))
				assert.NoError(t, err, name)
			}
		}
		for line := range strings.Lines(string(text)) {
			if name == "README.md" || !strings.HasPrefix(line, "|") { // a row of a table cannot be folded
				assert.LessOrEqual(t, utf8.RuneCountInString(line), 121, "%s: %s", name, line)
			}
		}
	}
}

var namedFile = regexp.MustCompile("`([a-z0-9_.]+(?:/[A-Za-z0-9_.]+)+|[a-z0-9_]+\\.go|encode|kmz)`")

// TestContributingNamesFilesThatExist: files, folders and packages in CONTRIBUTING.md and docs are there.
func TestContributingNamesFilesThatExist(t *testing.T) {
	docs, err := filepath.Glob("docs/*.md")
	require.NoError(t, err)
	for _, doc := range append(docs, "CONTRIBUTING.md") {
		text, err := os.ReadFile(doc)
		require.NoError(t, err)
		for _, m := range namedFile.FindAllSubmatch(text, -1) {
			name := string(m[1])
			if first, _, _ := strings.Cut(name, "/"); strings.Contains(first, ".") && first != ".ci" && strings.Contains(name, "/") {
				continue // a module
			}
			if strings.Contains(name, "NAME") || name == "zero_test.go" {
				continue // a file of any package, or one that a recipe adds
			}
			_, err := os.Stat(name)
			assert.NoError(t, err, doc)
		}
	}
}

var directRequirement = regexp.MustCompile(`(?m)^\t(\S+) v\S+$`)

// TestContributingNamesDependencies: each module that ours imports is in CONTRIBUTING.md.
func TestContributingNamesDependencies(t *testing.T) {
	mod, err := os.ReadFile("go.mod")
	require.NoError(t, err)
	text, err := os.ReadFile("CONTRIBUTING.md")
	require.NoError(t, err)
	modules := directRequirement.FindAllSubmatch(mod, -1)
	require.NotEmpty(t, modules)
	for _, m := range modules {
		assert.Contains(t, string(text), "`"+string(m[1])+"`")
	}
}
