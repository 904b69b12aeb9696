package srs

import (
	"slices"
	"strconv"
	"strings"
	"sync"
)

// names finds datums by what texts call them. It is made when the first text comes.
type names struct {
	// datums are rows of datums by canonical name, and geographic are rows of geographic systems.
	datums, geographic map[string][]int

	// users are the geographic systems on each datum, by row: the first with a code that is not deprecated.
	users map[int]int

	meridians map[string]float64
}

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

// canonical makes the spellings of a name alike: Transverse_Mercator, "Transverse Mercator"; GCS_WGS_1984, "WGS 1984".
func canonical(name string) string {
	name = strings.ToLower(name)
	name = strings.TrimPrefix(name, "d_")
	name = strings.TrimPrefix(name, "gcs_")
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("_ -()/", r) {
			return -1
		}
		return r
	}, name)
}

// isWebMercatorSphere tells the datum with which web Mercator once was defined, by Esri's or EPSG's name: a sphere, but
// with latitudes of WGS 84.
func isWebMercatorSphere(datumName string, e ellipsoid) bool {
	key := canonical(datumName)
	return e == wgs84Ellipsoid.Sphere() && (key == "wgs1984majorauxiliarysphere" || key == "popularvisualisationdatum")
}

// findDatum gives the geographic system's datum that a text means by the datum's name, its geographic system's name, an
// ellipsoid, and a prime meridian in degrees. The datum of that name counts if its ellipsoid is the text's, and then the
// system's. ok is false if there is none.
func findDatum(datumName, systemName string, e ellipsoid, meridian float64) (d datum, ok bool) {
	r, n := openRegistry(), openNames()
	try := func(system int) bool {
		f := split(r.geographic.rows[system])
		d = r.datum(f.integer(4, 0))
		d.operations.list = f.integer(7, -1) + 1
		return nearEllipsoid(d.ellipsoid, e) && nearMeridian(d.meridian, meridian)
	}
	// A name that is spelled as it is here goes before one that is only like it: D_Hermannskogel is not Hermannskogel.
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

// nearMeridian allows for the rounding of texts: 1e-6° is 0.1 m, and no two prime meridians are closer than 0.3 seconds.
func nearMeridian(a, b float64) bool { return a-b < 1e-6 && b-a < 1e-6 }

func (r *registry) datumByID(id string) []int {
	for i, row := range r.datums {
		if have, _, _ := strings.Cut(row, "\t"); have == id {
			return []int{i}
		}
	}
	return nil
}

// datumOfCode gives the datum of a datum's own code.
func datumOfCode(c code) (datum, bool) {
	if c.authority == "" {
		return datum{}, false
	}
	r := openRegistry()
	rows := r.datumByID(c.authority[1:2] + strconv.Itoa(c.number)) // P or S
	if len(rows) == 0 {
		return datum{}, false
	}
	d := r.datum(rows[0])
	if system, ok := openNames().users[rows[0]]; ok {
		f := split(r.geographic.rows[system])
		d.operations.list = f.integer(7, -1) + 1
	}
	return d, true
}
