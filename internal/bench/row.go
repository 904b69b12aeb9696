package main

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// factors are what rows differ in, in the order of their names, and the levels of each. The first level is the usual
// one.
var factors = [...]struct {
	name   string
	levels []string
}{
	{"raster", []string{"deflate", "none", "lzw", "zstd", "jpeg", "webp", "lerc"}},
	{"references", []string{"utm-3857", "same", "4326-3857", "utm-3413"}},
	{"kernel", []string{"bilinear", "nearest", "cubic", "majority"}},
	{"side", []string{"400", "256", "1024", "4096"}},
	{"format", []string{"png", "jpg", "png8", "tiff"}},
	{"caches", []string{"cold", "warm"}},
	{"cores", []string{"2", "1"}},
	{"bytes", []string{"file", "http"}},
}

// A Row is one line of the table that compares exports with GDAL's. Its fields are levels of the factors, in their
// order; the first may also be one of special's.
type Row [len(factors)]string

// special are rows of other rasters, and of functions.
var special = []Row{
	{"dem", "utm-3857", "bilinear", "1024", "tiff", "cold", "2", "file"},
	{"dem", "utm-3857", "cubic", "1024", "tiff", "warm", "2", "file"},
	{"hillshade", "utm-3857", "bilinear", "400", "png", "cold", "2", "file"},
	{"hillshade", "utm-3857", "bilinear", "1024", "png", "warm", "2", "file"},
	{"ndvi", "utm-3857", "bilinear", "400", "png", "cold", "2", "file"},
	{"ndvi", "utm-3857", "bilinear", "1024", "png", "warm", "2", "file"},
	{"landcover", "utm-3857", "nearest", "400", "png8", "cold", "2", "file"},
	{"landcover", "utm-3857", "nearest", "1024", "png8", "warm", "2", "file"},
	{"landcover", "utm-3857", "majority", "1024", "png8", "cold", "2", "file"},
	{"mosaic", "utm-3857", "bilinear", "400", "png", "cold", "2", "file"},
	{"mosaic", "utm-3857", "bilinear", "1024", "png", "warm", "2", "file"},
}

// quick are the rasters of the special rows that a quick run has. The heights take minutes to make.
var quick = []string{"ndvi", "landcover", "mosaic"}

func (r Row) String() string { return strings.Join(r[:], "/") }

func (r Row) raster() string     { return r[0] }
func (r Row) references() string { return r[1] }
func (r Row) kernel() string     { return r[2] }
func (r Row) side() int          { return atoi(r[3]) }
func (r Row) format() string     { return r[4] }
func (r Row) cold() bool         { return r[5] == "cold" }
func (r Row) cores() int         { return atoi(r[6]) }
func (r Row) far() bool          { return r[7] == "http" }

// atoi returns the number that a level states.
func atoi(level string) int {
	n, err := strconv.Atoi(level)
	if err != nil {
		panic(fmt.Sprintf("level %q is no number", level)) // the tables above are wrong
	}
	return n
}

// apart returns in how many factors the row is not the usual one.
func (r Row) apart() (n int) {
	for i, f := range factors {
		if r[i] != f.levels[0] {
			n++
		}
	}
	return n
}

// product returns all rows of the scene that differ from the usual one in at most a number of factors, those that
// differ least first.
func product(most int) []Row {
	rows := []Row{{}}
	for i, f := range factors {
		var longer []Row
		for _, r := range rows {
			for _, level := range f.levels {
				r[i] = level
				longer = append(longer, r)
			}
		}
		rows = longer
	}
	rows = slices.DeleteFunc(rows, func(r Row) bool { return r.apart() > most })
	slices.SortStableFunc(rows, func(a, b Row) int { return a.apart() - b.apart() })
	return rows
}

// chooseRows returns the rows of a run whose names match a pattern.
func chooseRows(isQuick bool, most int, pattern *regexp.Regexp) []Row {
	if isQuick {
		most = min(most, 1)
	}
	rows := slices.Concat(product(most), special)
	return slices.DeleteFunc(rows, func(r Row) bool {
		isSpecial := slices.Contains(special, r)
		slow := r.side() > 1024 || isSpecial && !slices.Contains(quick, r.raster())
		return isQuick && slow || !pattern.MatchString(r.String())
	})
}
