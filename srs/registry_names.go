package srs

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/geoexport/geoexport/srs/internal/projection"
)

// names finds datums by the names that texts give them.
type names struct {
	// datums holds rows of datums by canonical name, and geographic rows of geographic systems.
	datums, geographic map[string][]int

	// users holds, by a datum's row, the row of the first geographic system on it with a code that is not deprecated.
	users map[int]int

	meridians map[string]float64 // degrees from Greenwich, by canonical name
}

// openNames makes the table on its first call.
var openNames = sync.OnceValue(func() *names {
	r := openRegistry()
	n := &names{
		datums: map[string][]int{}, geographic: map[string][]int{}, users: map[int]int{},
		meridians: map[string]float64{},
	}
	for i, row := range r.datums {
		f := split(row)
		n.datums[canonical(f[1])] = append(n.datums[canonical(f[1])], i)
		for alias := range strings.SplitSeq(f[2], "|") {
			if key := canonical(alias); key != "" && key != canonical(f[1]) {
				n.datums[key] = append(n.datums[key], i)
			}
		}
	}
	for i, row := range r.geographic.rows {
		f := split(row)
		d := f.integer(4, 0)
		if old, ok := n.users[d]; !ok || f[8] == "" && split(r.geographic.rows[old])[8] != "" {
			n.users[d] = i
		}
		for _, name := range []string{f[2], f[3]} {
			if key := canonical(name); key != "" {
				n.geographic[key] = append(n.geographic[key], i)
			}
		}
	}
	for _, row := range r.meridians {
		f := split(row)
		n.meridians[canonical(f[0])] = f.float(1)
	}
	return n
})

// canonical returns the form that all spellings of a name have in common.
func canonical(name string) string { return projection.Canonical(name) }

// isWebMercatorSphere reports whether a datum is the one with which web Mercator once was defined, by Esri's or EPSG's
// name: a sphere, but with latitudes of WGS 84.
func isWebMercatorSphere(datumName string, e ellipsoid) bool {
	key := canonical(datumName)
	return e == wgs84Ellipsoid.Sphere() && (key == "wgs1984majorauxiliarysphere" || key == "popularvisualisationdatum")
}

// findDatum returns the datum that a text means, by the name of the datum or else that of the geographic system on it.
// Its ellipsoid and its prime meridian, in degrees, must be those of the text. ok is false if there is none.
func findDatum(datumName, systemName string, e ellipsoid, meridian float64) (d datum, ok bool) {
	r, n := openRegistry(), openNames()
	try := func(system int) bool {
		f := split(r.geographic.rows[system])
		d = r.datum(f.integer(4, 0))
		d.operations.list = f.integer(7, -1) + 1
		return nearEllipsoid(d.ellipsoid, e) && nearMeridian(d.meridian, meridian)
	}
	// A name in the registry's own spelling goes before one that is only alike: D_Hermannskogel is not Hermannskogel.
	for _, exactly := range []bool{true, false} {
		for _, row := range n.datums[canonical(datumName)] {
			f := split(r.datums[row])
			alias, _, _ := strings.Cut(f[2], "|")
			if exactly && f[1] != datumName && alias != datumName {
				continue
			}
			if system, used := n.users[row]; used && try(system) {
				return d, true
			}
		}
	}
	if slices.ContainsFunc(n.geographic[canonical(systemName)], try) {
		return d, true
	}
	return datum{}, false
}

// nearMeridian reports whether two longitudes in degrees are the same but for the rounding of texts: within 1e-6°,
// which is 0.1 m. The closest two prime meridians, Paris (EPSG 8903) and Paris RGS (8914), are 2.1e-5° apart, which is
// 0.075″.
func nearMeridian(a, b float64) bool { return a-b < 1e-6 && b-a < 1e-6 }

// datumByID returns the row of a datum, or none.
func (r *registry) datumByID(id string) []int {
	for i, row := range r.datums {
		if have, _, _ := strings.Cut(row, "\t"); have == id {
			return []int{i}
		}
	}
	return nil
}

// datumOfCode returns the datum that a code names; ok is false if it is not known.
func datumOfCode(c code) (d datum, ok bool) {
	if c.authority == "" {
		return datum{}, false
	}
	r := openRegistry()
	rows := r.datumByID(c.authority[1:2] + strconv.Itoa(c.number)) // P or S
	if len(rows) == 0 {
		return datum{}, false
	}
	d = r.datum(rows[0])
	if system, ok := openNames().users[rows[0]]; ok {
		f := split(r.geographic.rows[system])
		d.operations.list = f.integer(7, -1) + 1
	}
	return d, true
}
