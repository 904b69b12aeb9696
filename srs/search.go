package srs

import (
	"iter"
	"slices"
	"strings"
)

// A Query chooses among the systems of the registry. The zero Query chooses all that are current.
type Query struct {
	// Name has words that must all occur in the authority's name or in Esri's, in any order and case, such as
	// "utm etrs89". Signs between words and numbers do not count. "" allows any name.
	Name string

	// Area, a box of longitudes and latitudes on WGS 84 in degrees, must have a point in common with the area of use. Its
	// XMax may exceed 180. nil allows any.
	Area *Envelope

	// Kind is Geographic or Projected. NotStated allows both.
	Kind Kind

	// Withdrawn includes systems that their authority has withdrawn.
	Withdrawn bool
}

// An Entry is a system of the registry as Search finds it.
type Entry struct {
	Authority string // "EPSG" or "ESRI"
	WKID      int    // the code, by which FromWKID returns the CRS
	Name      string // the authority's
	EsriName  string // Esri's, or ""
	Kind      Kind
	AreaOfUse Envelope // as CRS.AreaOfUse
	Withdrawn bool
}

// Search returns the systems that a Query chooses, geographic ones first, in the order of their codes. It reads some
// 9,000 names, which takes a few milliseconds. Systems with a projection that is not supported are among them.
func Search(q Query) iter.Seq[Entry] {
	return func(yield func(Entry) bool) {
		r := openRegistry()
		words := nameWords(q.Name)
		for _, part := range []struct {
			kind Kind
			rows []string
		}{{Geographic, r.geographic.rows}, {Projected, r.projected.rows}} {
			if q.Kind != NotStated && q.Kind != part.kind {
				continue
			}
			for _, row := range part.rows {
				if e, ok := q.match(r, row, words); ok {
					e.Kind = part.kind
					if !yield(e) {
						return
					}
				}
			}
		}
	}
}

// match returns the entry of a row; ok is false if the query does not choose it.
func (q *Query) match(r *registry, row string, words []string) (e Entry, ok bool) {
	f := split(row)
	if f[0] == "" || f[8] != "" && !q.Withdrawn {
		return e, false
	}
	if len(words) > 0 {
		name, other := strings.Join(nameWords(f[2]), " "), strings.Join(nameWords(f[3]), " ")
		lacks := func(word string) bool { return !strings.Contains(name, word) && !strings.Contains(other, word) }
		if slices.ContainsFunc(words, lacks) {
			return e, false
		}
	}
	d := head(&f)
	e = Entry{
		Authority: d.authority, WKID: d.wkid, Name: d.name, EsriName: d.esriName, Withdrawn: f[8] != "",
		AreaOfUse: Envelope{-180, -90, 180, 90},
	}
	if d.area > 0 {
		if e.AreaOfUse = r.areaOfUse(d.area - 1); e.AreaOfUse.XMax < e.AreaOfUse.XMin {
			e.AreaOfUse.XMax += 360
		}
	}
	return e, q.Area == nil || touches(e.AreaOfUse, *q.Area)
}

// touches reports whether two boxes of longitudes and latitudes share a point on the globe.
func touches(a, b Envelope) bool {
	if !(a.YMin <= b.YMax && b.YMin <= a.YMax) {
		return false
	}
	for _, turn := range [...]float64{-360, 0, 360} {
		if a.XMin+turn <= b.XMax && b.XMin <= a.XMax+turn {
			return true
		}
	}
	return false
}

// nameWords splits a name into words of letters and of digits in lower case.
func nameWords(name string) []string {
	return strings.FieldsFunc(strings.ToLower(name), func(c rune) bool { return strings.ContainsRune(" _-/()[]+,.:;'\"", c) })
}
