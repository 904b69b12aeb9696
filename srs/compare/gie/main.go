// Program gie runs the test files of PROJ's program of that name on the operations that the package has, and prints by
// operation what passes, fails, is argued with, or is not supported. See the README beside this folder.
//
//	go run ./srs/compare/gie [-v] FOLDER...
package main

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

func main() {
	verbose := flag.Bool("v", false, "print each failure, and each case that is argued with")
	flag.Parse()
	if flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "usage: gie [-v] FOLDER...")
		os.Exit(2)
	}
	r := report{verbose: *verbose, rows: map[string]*row{}, unsupported: map[string]*lack{}}
	for _, folder := range flag.Args() {
		if err := r.runFolder(folder); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	if r.print() > 0 {
		os.Exit(1)
	}
}

// A row counts the cases of one operation.
type row struct{ passed, failed, argued int }

// A lack counts the cases of an operation that is not supported, and has the reason of the last one.
type lack struct {
	cases  int
	reason string
}

type report struct {
	verbose     bool
	rows        map[string]*row
	unsupported map[string]*lack
}

// runFolder runs all files of a folder whose names end in .gie.
func (r *report) runFolder(folder string) error {
	files, err := filepath.Glob(filepath.Join(folder, "*.gie"))
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("there are no .gie files in %s", folder)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		t := runner{report: r, file: filepath.Base(file)}
		for c := range commands(string(text)) {
			if err := t.run(c); err != nil {
				return fmt.Errorf("%s:%d: %w", file, c.line, err)
			}
		}
	}
	return nil
}

// count adds a case of an operation. what describes it.
func (r *report) count(operation, definition string, passed bool, what string) {
	n := r.rows[operation]
	if n == nil {
		n = &row{}
		r.rows[operation] = n
	}
	verdict := "failed"
	switch reason := argument(definition, what); {
	case passed:
		n.passed++
		return
	case reason != "":
		n.argued++
		verdict = "argued with, as " + reason
	default:
		n.failed++
	}
	if r.verbose {
		fmt.Printf("%s: %s\n\t%s\n", verdict, what, definition)
	}
}

// print prints the tables, and returns how many cases failed.
func (r *report) print() (failed int) {
	var all row
	fmt.Printf("%-14s %7s %7s %7s\n", "operation", "passed", "argued", "failed")
	for _, name := range slices.Sorted(maps.Keys(r.rows)) {
		n := r.rows[name]
		fmt.Printf("%-14s %7d %7d %7d\n", name, n.passed, n.argued, n.failed)
		all.passed, all.argued, all.failed = all.passed+n.passed, all.argued+n.argued, all.failed+n.failed
	}
	fmt.Printf("%-14s %7d %7d %7d\n\nnot supported:\n", "all", all.passed, all.argued, all.failed)
	for _, name := range slices.Sorted(maps.Keys(r.unsupported)) {
		n := r.unsupported[name]
		fmt.Printf("%-14s %7d   %s\n", name, n.cases, n.reason)
	}
	return all.failed
}
