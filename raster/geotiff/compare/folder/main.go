// Command folder opens every TIFF file in a folder with package geotiff and with GDAL, each in a process of its own, and
// tabulates by cause where they differ: in samples, in the georeference, in the spatial reference, or in whether they read
// the file at all. See the README beside this file.
package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

//go:embed gdal.py
var script string

// childTime is how long one process may read one file.
const childTime = 2 * time.Minute

func main() {
	python := flag.String("python", "python3", "the Python interpreter that has GDAL and numpy")
	verbose := flag.Bool("v", false, "print a line for each file that differs")
	child := flag.String("read", "",
		"read the file of this name, and print what it holds as JSON: what the command calls itself for")
	flag.Parse()
	var err error
	if *child != "" {
		err = json.NewEncoder(os.Stdout).Encode(read(context.Background(), *child))
	} else {
		err = compareAll(context.Background(), flag.Args(), *python, *verbose)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "folder:", err)
		os.Exit(1)
	}
}

// compareAll compares all TIFF files of the folders, and prints the table. Differences without a note are an error.
func compareAll(ctx context.Context, folders []string, python string, verbose bool) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	var t table
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !isTIFF(path) {
				return err
			}
			cause := compareFile(ctx, self, python, path)
			if verbose && cause != same {
				fmt.Printf("%s: %s\n", path, cause)
			}
			t.add(cause, path)
			return nil
		})
		if err != nil {
			return err
		}
	}
	t.print(os.Stdout)
	if n := t.silent(); n > 0 {
		return fmt.Errorf("%d files differ without a note", n)
	}
	return nil
}

func isTIFF(path string) bool {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".tif", ".tiff", ".gtif", ".btf", ".tf8":
		return true
	}
	return false
}

// compareFile reads a file in both ways, and returns the cause of the first difference.
func compareFile(ctx context.Context, self, python, path string) string {
	var ours, theirs reading
	if err := run(ctx, &ours, nil, self, "-read", path); err != nil {
		return "package geotiff: " + err.Error()
	}
	input, err := json.Marshal(ours)
	if err != nil {
		return "package geotiff: " + err.Error()
	}
	if err := run(ctx, &theirs, input, python, "-c", script, path); err != nil {
		return "GDAL: " + err.Error()
	}
	return causeOf(&ours, &theirs)
}

// run runs a process that reads one file, and decodes what it prints.
func run(ctx context.Context, out *reading, input []byte, name string, args ...string) error {
	ctx, cancel := context.WithTimeout(ctx, childTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stdin = bytes.NewReader(input)
	text, err := cmd.Output()
	switch {
	case ctx.Err() != nil:
		return errors.New("it takes too long")
	case err != nil:
		return fmt.Errorf("it ends with %w", err)
	}
	return json.Unmarshal(text, out)
}
