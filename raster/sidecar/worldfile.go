package sidecar

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/raster"
)

// A WorldFileError reports a mistake in a world file.
type WorldFileError struct {
	Value  string // the text of the number at fault; empty if the mistake is in no number
	Reason string
}

func (e *WorldFileError) Error() string {
	if e.Value == "" {
		return "sidecar: world file: " + e.Reason
	}
	return fmt.Sprintf("sidecar: world file: %.40q: %s", e.Value, e.Reason)
}

// ParseWorldFile parses the text of a world file: six numbers, each on its own line, which are A, D, B and E of the map
// from pixel to map coordinates, and the x and y of the centre of the first pixel. Further text is ignored. The result
// maps the first pixel's outer corner, as every raster.Affine does. See Esri, "World files for raster datasets".
//
// Numbers may have a decimal comma, which some writers use. The error is a *WorldFileError: a number is missing or is
// not finite, or pixels have no area.
func ParseWorldFile(text []byte) (raster.Affine, error) {
	var v [6]float64
	words := bytes.Fields(bytes.TrimPrefix(text, []byte("\ufeff")))
	if len(words) < len(v) {
		return raster.Affine{}, &WorldFileError{Reason: fmt.Sprintf("%d numbers, want %d", len(words), len(v))}
	}
	for i := range v {
		word := string(words[i])
		n, err := strconv.ParseFloat(strings.Replace(word, ",", ".", 1), 64)
		if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
			return raster.Affine{}, &WorldFileError{word, "no finite number"}
		}
		v[i] = n
	}
	a := raster.Affine{A: v[0], B: v[2], D: v[1], E: v[3]}
	a.C, a.F = v[4]-float64(a.A/2)-float64(a.B/2), v[5]-float64(a.D/2)-float64(a.E/2)
	if _, ok := a.Inverse(); !ok {
		return raster.Affine{}, &WorldFileError{Reason: fmt.Sprintf("%v: pixels without area", a)}
	}
	return a, nil
}
