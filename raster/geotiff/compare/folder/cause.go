package main

import (
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strings"
)

const same = "same"

// silently begins the causes that must not be: what differs, and nobody is told.
const silently = "WITHOUT A NOTE: "

// causeOf returns the cause of the first difference between two readings.
func causeOf(ours, theirs *reading) string {
	switch {
	case ours.Kind != "" && theirs.Error != "":
		return "both refuse"
	case ours.Kind != "":
		return fmt.Sprintf("package geotiff refuses (%s): %s", ours.Kind, general(ours.Error))
	case theirs.Error != "":
		return "GDAL refuses: " + general(theirs.Error)
	}
	var found string
	switch {
	case ours.Width != theirs.Width || ours.Height != theirs.Height:
		found = "size"
	case ours.Bands != theirs.Bands:
		found = "number of bands"
	case !slices.Equal(ours.Samples, theirs.Samples):
		found = "samples"
	case ours.Unplaced:
		return "same; " + place(ours, theirs)
	case theirs.Affine == nil || !samePlace(ours, theirs):
		found = "georeference"
	case theirs.Reference != "":
		found = "spatial reference: " + general(theirs.Reference)
	case ours.Invalid != theirs.Invalid && theirs.Invalid >= 0:
		found = "pixels without data"
	default:
		return same
	}
	if len(ours.Notes) == 0 {
		return silently + found
	}
	return fmt.Sprintf("%s, with the note: %s", found, general(strings.Join(ours.Notes, "; ")))
}

// place describes a file that package geotiff does not place.
func place(ours, theirs *reading) string {
	if theirs.Points {
		return "neither places it by an affine map: there are control points"
	}
	if theirs.Affine == nil {
		return "neither places it"
	}
	return "GDAL places it, and package geotiff does not: " + general(ours.Error)
}

// samePlace reports whether the corners of two readings are at most a thousandth of a pixel apart.
func samePlace(ours, theirs *reading) bool {
	a, b := ours.Affine, theirs.Affine
	pixel := math.Max(math.Hypot(b[1], b[4]), math.Hypot(b[2], b[5]))
	for _, c := range [][2]int{{0, 0}, {ours.Width, 0}, {0, ours.Height}, {ours.Width, ours.Height}} {
		x, y := float64(c[0]), float64(c[1])
		dx := a[0] - b[0] + float64((a[1]-b[1])*x) + float64((a[2]-b[2])*y)
		dy := a[3] - b[3] + float64((a[4]-b[4])*x) + float64((a[5]-b[5])*y)
		if !(math.Hypot(dx, dy) <= pixel/1000) {
			return false
		}
	}
	return true
}

var (
	paths   = regexp.MustCompile(`\S*/\S+`)
	numbers = regexp.MustCompile(`-?\d+(\.\d+)?(e[-+]?\d+)?`)
)

// general returns a message without what is particular to one file: paths and numbers.
func general(s string) string {
	s = numbers.ReplaceAllString(paths.ReplaceAllString(s, "…"), "#")
	if len(s) > 160 {
		s = s[:160] + "…"
	}
	return s
}

// A table counts files by cause.
type table struct{ rows []row }

type row struct {
	cause, example string
	files          int
}

func (t *table) add(cause, path string) {
	for i := range t.rows {
		if t.rows[i].cause == cause {
			t.rows[i].files++
			return
		}
	}
	t.rows = append(t.rows, row{cause, path, 1})
}

// print writes the table, the most frequent causes first.
func (t *table) print(w io.Writer) {
	slices.SortStableFunc(t.rows, func(a, b row) int { return b.files - a.files })
	fmt.Fprint(w, "| files | cause | for example |\n|---|---|---|\n")
	for _, r := range t.rows {
		fmt.Fprintf(w, "| %d | %s | %s |\n", r.files, strings.ReplaceAll(r.cause, "|", "/"), r.example)
	}
}

// silent returns the number of files that differ without a note.
func (t *table) silent() (n int) {
	for _, r := range t.rows {
		if strings.HasPrefix(r.cause, silently) {
			n += r.files
		}
	}
	return n
}
