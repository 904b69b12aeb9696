package grid

import (
	"context"
	"path"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/srs"
)

// isSRTM reports whether a file is an SRTM tile by its name.
func isSRTM(name string) bool { return strings.EqualFold(path.Ext(name), ".hgt") }

// srtmSides are the sides of tiles in pixels, by the number of pixels: three arc seconds, one, half of one, and one
// by two of the latitudes above 50°, where tiles are half as wide.
var srtmSides = map[int64][2]int64{
	1201 * 1201: {1201, 1201}, 3601 * 3601: {3601, 3601}, 1801 * 3601: {1801, 3601}, 7201 * 7201: {7201, 7201},
}

// readSRTM reads what the name and the size of an SRTM tile state (NASA, "SRTM Topo", 2015): heights in metres, in rows
// from the north, of pixels whose centres are on the degrees of the name, which is that of the lower left one.
func (in *input) readSRTM(context.Context) (*header, error) {
	lon, lat, ok := srtmPlace(path.Base(in.name))
	if !ok {
		return nil, &FormatError{Name: "name of the file", Value: path.Base(in.name), Reason: "an SRTM tile is named for its " +
			"lower left corner, such as N47E011.hgt"}
	}
	side, ok := srtmSides[in.src.Size()/2]
	if !ok || in.src.Size()%2 != 0 {
		return nil, &FormatError{Name: "size of the file", Value: show(in.src.Size()), Reason: "an SRTM tile has 1201 × 1201, " +
			"3601 × 3601, 1801 × 3601 or 7201 × 7201 samples of 2 bytes"}
	}
	if err := in.limits.checkSize(side[0], side[1], 1); err != nil {
		return nil, err
	}
	h := newHeader(side[0], side[1], 1)
	h.setNoData("-32768")
	h.band(0).Unit = "m"
	width, height := 1/float64(side[0]-1), 1/float64(side[1]-1)
	h.affine = affineOf(width, height, float64(lon)-float64(width/2), float64(lat+1)+float64(height/2))
	h.crs, h.crsErr = srs.FromWKID(4326)
	return h, h.raw(&raw{src: in.src, enc: newEncoding(raster.S16, true), sample: 16, line: 16 * side[0]})
}

// srtmPlace returns the longitude and latitude in the name of a tile, in degrees, such as N47E011, in any case; what
// follows has to be set off, as in N47E011.SRTMGL1.hgt.
func srtmPlace(name string) (lon, lat int, ok bool) {
	if len(name) < 8 || name[7] >= '0' && name[7] <= '9' {
		return 0, 0, false
	}
	number := func(text, positive, negative string, most int) int {
		v, err := strconv.Atoi(text[1:])
		if err != nil || v < 0 || v > most || text[1] == '-' || text[1] == '+' {
			ok = false
		}
		switch strings.ToUpper(text[:1]) {
		case positive:
			return v
		case negative:
			return -v
		}
		ok = false
		return 0
	}
	ok = true
	lat, lon = number(name[:3], "N", "S", 90), number(name[3:7], "E", "W", 180)
	return lon, lat, ok
}
