package grid

import (
	"math"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/internal/portable"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/sidecar"
	"github.com/geoexport/geoexport/srs"
)

// place applies map info, a list of the projection's name, the reference point in pixels, its coordinates, the size
// of pixels, and what the projection needs, and the coordinate system string. In pixels, the first one's outer corner
// is at 1.
func (h enviHeader) place(to *header) error {
	info := h.list("map info")
	if info == nil {
		return h.reference(to, nil)
	}
	var v [6]float64
	for i := range v {
		var err error
		if v[i], err = mapNumber(info, i+1); err != nil {
			return err
		}
	}
	col, row, x, y, width, height := v[0]-1, v[1]-1, v[2], v[3], v[4], v[5]
	sin, cos := 0.0, 1.0
	for _, word := range info[7:] {
		key, text, _ := strings.Cut(word, "=")
		if strings.ToLower(strings.TrimSpace(key)) != "rotation" {
			continue
		}
		degrees, err := parseFinite("map info: rotation", strings.TrimSpace(text))
		if err != nil {
			return err
		}
		if degrees != 0 {
			sin, cos = portable.Sin(degrees*math.Pi/180), portable.Cos(degrees*math.Pi/180)
		}
	}
	a := raster.Affine{A: cos * width, B: sin * width, D: sin * height, E: -cos * height}
	a.C = x - float64(a.A*col) - float64(a.B*row)
	a.F = y - float64(a.D*col) - float64(a.E*row)
	to.affine = a
	return h.reference(to, info)
}

// reference finds the spatial reference. One that is not understood is an error when the file is placed, unless
// something that counts more states one.
func (h enviHeader) reference(to *header, info []string) error {
	if text := h["coordinate system string"]; text != "" {
		to.crs, to.crsErr = sidecar.ParseCRS(text)
		if note := to.crs.Note(); to.crsErr == nil && note != "" {
			to.note("coordinate system string: %s", note)
		}
		return nil
	}
	if info == nil {
		return nil
	}
	code, known := enviCode(info)
	switch {
	case code != 0:
		to.crs, to.crsErr = srs.FromWKID(code)
	case !known:
		to.crsErr = &UnsupportedError{Name: "map info", Value: strings.Join(append(info[:1:1], info[7:]...), ", "),
			Reason: "a spatial reference without a coordinate system string"}
	}
	return nil
}

// enviDatums are the codes of EPSG for ENVI's names of datums: of longitude and latitude, and of UTM, to which the
// zone is added, in the north and in the south; 0 where there is none.
var enviDatums = map[string][3]int{
	"wgs-84": {4326, 32600, 32700}, "wgs 84": {4326, 32600, 32700}, "wgs-72": {4322, 32200, 32300},
	"north america 1983": {4269, 26900, 0}, "nad83": {4269, 26900, 0},
	"north america 1927": {4267, 26700, 0}, "nad27": {4267, 26700, 0},
	"european 1950": {4230, 23000, 0},
}

// enviCode returns the code of the spatial reference that map info names. It is 0 for none, as for arbitrary
// coordinates; then known says that this is what is meant.
func enviCode(info []string) (code int, known bool) {
	name, rest := strings.ToLower(info[0]), info[7:]
	for _, word := range rest {
		key, unit, ok := strings.Cut(strings.ToLower(word), "=")
		if ok && strings.TrimSpace(key) == "units" && !strings.HasPrefix(unit, "m") && !strings.HasPrefix(unit, "deg") {
			return 0, false
		}
	}
	switch {
	case name == "arbitrary", name == "pseudo":
		return 0, true
	case name == "geographic lat/lon" && len(rest) > 0:
		return enviDatums[strings.ToLower(rest[0])][0], false
	case name == "utm" && len(rest) > 2:
		zone, err := strconv.Atoi(rest[0])
		base := enviDatums[strings.ToLower(rest[2])]
		of := map[string]int{"north": base[1], "south": base[2]}[strings.ToLower(rest[1])]
		if err != nil || zone < 1 || zone > 60 || of == 0 {
			return 0, false
		}
		return of + zone, true
	}
	return 0, false
}
