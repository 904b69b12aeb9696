package srs

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"

	"github.com/geoexport/geoexport/srs/internal/projection"
)

// geoCodesData is the table of codes that GeoKeys use and the registry has not. registry/geokeys.py makes it.
//
//go:embed registry/geokeys.txt.gz
var geoCodesData []byte

// geoCodes are EPSG's codes of what is no horizontal system of its own.
type geoCodes struct {
	// conversions holds the code of a projected system that has the conversion, or the projection in the registry's
	// spelling.
	conversions map[uint16]string

	// horizontal holds the code of the horizontal part of a geographic 3D or compound system.
	horizontal map[uint16]string
}

// openGeoCodes unpacks the table on its first call.
var openGeoCodes = sync.OnceValue(func() *geoCodes {
	t := &geoCodes{conversions: map[uint16]string{}, horizontal: map[uint16]string{}}
	var current map[uint16]string
	for line := range strings.Lines(unpack(geoCodesData)) {
		line = strings.TrimSuffix(line, "\n")
		if name, ok := strings.CutPrefix(line, "%"); ok {
			current = map[string]map[uint16]string{"conversions": t.conversions, "horizontal": t.horizontal}[name]
			continue
		}
		codes, value, _ := strings.Cut(line, "\t")
		from, to, isRun := strings.Cut(codes, "-")
		first, _ := strconv.Atoi(from)
		if !isRun {
			current[uint16(first)] = value
			continue
		}
		last, _ := strconv.Atoi(to)
		start, _ := strconv.Atoi(value)
		for code := first; code <= last; code++ {
			current[uint16(code)] = strconv.Itoa(start + code - first)
		}
	}
	return t
})

// horizontalOf returns the code of the horizontal part of a geographic 3D or compound system; ok is false if the code
// is of neither.
func horizontalOf(code uint16) (horizontal int, ok bool) {
	text, ok := openGeoCodes().horizontal[code]
	horizontal, _ = strconv.Atoi(text)
	return horizontal, ok
}

// conversionOf returns the projection of EPSG's conversion on an ellipsoid, for coordinates in units of unit metres. ok
// is false if the code is not one of a projection.
func conversionOf(code uint16, e ellipsoid, unit float64) (p projection.Projection, ok bool, err error) {
	text, ok := openGeoCodes().conversions[code]
	if !ok {
		return p, false, nil
	}
	axes := ""
	if wkid, err := strconv.Atoi(text); err == nil {
		row, ok := openRegistry().projected.find('P', wkid)
		if !ok {
			return p, false, nil
		}
		f := split(row)
		text, axes = f[11], f[10]
	}
	p, err = registryProjection(text, axes, e, unit)
	return p, true, err
}
