package srs

import (
	"bytes"
	_ "embed"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"

	"github.com/geoexport/geoexport/srs/internal/projection"
)

// registryData is the table of coordinate reference systems. registry/README.md describes its content, its sources and
// how it is made.
//
//go:embed registry/registry.txt.gz
var registryData []byte

// A registry is the unpacked table. Its rows are parsed on each use.
type registry struct {
	ellipsoids, units, meridians, areas, axes, shifts, lists, datums []string
	direct, others, retired                                          []string
	geographic, projected                                            section
}

// A section holds the rows of one kind of CRS in the order of their codes, and after them the rows without a code.
type section struct {
	rows  []string
	codes []int // of the rows that have one
}

// unpack returns the text of an embedded table.
func unpack(data []byte) string {
	var text strings.Builder
	text.Grow(int(binary.LittleEndian.Uint32(data[len(data)-4:]))) // the size, with which a gzip file ends
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err == nil {
		_, err = io.Copy(&text, z)
	}
	if err != nil {
		panic("srs: embedded table: " + err.Error())
	}
	return text.String()
}

// openRegistry unpacks the table on its first call, which takes some 6 ms and 2 MB.
var openRegistry = sync.OnceValue(func() *registry {
	r := &registry{}
	sections := map[string]*[]string{
		"ellipsoids": &r.ellipsoids, "units": &r.units, "meridians": &r.meridians, "areas": &r.areas, "axes": &r.axes,
		"shifts": &r.shifts, "lists": &r.lists, "datums": &r.datums, "direct": &r.direct, "others": &r.others, "retired": &r.retired,
		"geographic": &r.geographic.rows, "projected": &r.projected.rows,
	}
	var current *[]string
	for line := range strings.Lines(unpack(registryData)) {
		line = line[:len(line)-1]
		header, ok := strings.CutPrefix(line, "%")
		if !ok {
			*current = append(*current, line)
			continue
		}
		name, count, _ := strings.Cut(header, "\t")
		if current = sections[name]; current != nil {
			n, _ := strconv.Atoi(count)
			*current = make([]string, 0, n)
		}
	}
	r.geographic.index()
	r.projected.index()
	return r
})

// index sets codes from rows.
func (s *section) index() {
	s.codes = make([]int, 0, len(s.rows))
	for _, row := range s.rows {
		_, code, _ := strings.Cut(row, "\t")
		code, _, _ = strings.Cut(code, "\t")
		n, err := strconv.Atoi(code)
		if err != nil {
			break
		}
		s.codes = append(s.codes, n)
	}
}

// find returns the row of a code, and that of the preferred authority if both have the code: 'P' is EPSG, 'S' is Esri.
func (s *section) find(authority byte, code int) (row string, ok bool) {
	i, _ := slices.BinarySearch(s.codes, code)
	for ; i < len(s.codes) && s.codes[i] == code; i++ {
		if !ok || s.rows[i][0] == authority {
			row, ok = s.rows[i], true
		}
	}
	return row, ok
}

const (
	epsg = "EPSG"
	esri = "ESRI"
)

// lookup returns the definition of a code. If both authorities have the code, the definition is that of the one named,
// and EPSG's if authority is empty. A code without an authority that Esri has retired means what ArcGIS makes of it.
// Errors are those of lookupOwn.
func lookup(authority string, wkid int) (definition, error) {
	d, err := lookupOwn(authority, wkid)
	if authority != "" || d.latest == 3857 {
		return d, err
	}
	if other, ok := corrected[wkid]; ok && err == nil {
		if right, err := lookupOwn(epsg, other); err == nil {
			d.system, d.base, d.area, d.axisRow = right.system, right.base, right.area, right.axisRow
		}
		return d, nil
	}
	if latest := openRegistry().retiredTo(wkid); latest != 0 {
		return d.retired(err, wkid, latest)
	}
	return d, err
}

// corrected are codes that EPSG withdrew as they count from Greenwich on a datum with another prime meridian, while Esri
// kept and corrected them, and the codes of what they mean in ArcGIS.
var corrected = map[int]int{26591: 3003, 26592: 3004, 30800: 3027}

// retired returns the definition of a code that Esri has retired for another, given its own one or the error that there is
// none. Where the two differ by more than rounding, as after corrections, or by their datums, so that other operations lead
// to them, it is that of the other.
func (d definition) retired(err error, wkid, latest int) (definition, error) {
	next, errNext := lookupOwn("", latest)
	switch {
	case errNext != nil:
		return d, err
	case err != nil:
		next.wkid, next.authority = wkid, ""
		return next, nil
	case d.geographic() != next.geographic(): // EPSG gave the number to another system
		next.wkid, next.authority, next.latest = wkid, "", latest
		return next, nil
	}
	d.latest = latest
	if d.system.differs(next.system, next.area) != "" || d.datum != next.datum {
		d.system, d.base, d.area, d.axisRow = next.system, next.base, next.area, next.axisRow
	}
	return d, nil
}

// retiredTo returns the code by which Esri has replaced another, 0 if there is none.
func (r *registry) retiredTo(wkid int) int {
	i, ok := slices.BinarySearchFunc(r.retired, wkid, func(row string, wkid int) int {
		code, _, _ := strings.Cut(row, "\t")
		n, _ := strconv.Atoi(code)
		return n - wkid
	})
	if !ok {
		return 0
	}
	_, latest, _ := strings.Cut(r.retired[i], "\t")
	n, _ := strconv.Atoi(latest)
	return n
}

// lookupOwn returns the definition of a code as its authority has it. The error is an *UnknownError, or an *UnsupportedError that states the kind of
// system.
func lookupOwn(authority string, wkid int) (definition, error) {
	r := openRegistry()
	prefer := byte('P')
	if authority == esri {
		prefer = 'S'
	}
	g, isGeographic := r.geographic.find(prefer, wkid)
	p, isProjected := r.projected.find(prefer, wkid)
	switch {
	case isGeographic && (!isProjected || g[0] == prefer):
		return r.geographicCRS(g)
	case isProjected:
		return r.projectedCRS(p)
	}
	if kind := r.kindOf(wkid); kind != "" {
		return definition{}, &UnsupportedError{"kind of spatial reference", fmt.Sprintf("%s %d", kind, wkid)}
	}
	return definition{}, &UnknownError{wkid}
}

// kindOf returns the kind of a system that is not supported, such as "vertical", and "" if the code is not known.
func (r *registry) kindOf(wkid int) string {
	want := strconv.Itoa(wkid)
	for _, row := range r.others {
		kind, codes, _ := strings.Cut(row, "\t")
		for code := range strings.SplitSeq(codes, " ") {
			if code == want {
				return kind
			}
		}
	}
	return ""
}

// fields are the columns of a row. A column beyond its end is empty.
type fields [13]string

// split parses a row.
func split(row string) (f fields) {
	for i := range f {
		f[i], row, _ = strings.Cut(row, "\t")
	}
	return f
}

// integer returns a column that holds a code or the number of a row, and otherwise if the column is empty.
func (f *fields) integer(i, otherwise int) int {
	if f[i] == "" {
		return otherwise
	}
	n, _ := strconv.Atoi(f[i])
	return n
}

// float returns a column that holds a number.
func (f *fields) float(i int) float64 {
	v, _ := strconv.ParseFloat(f[i], 64)
	return v
}

// head reads the columns that both kinds of CRS share.
func head(f *fields) definition {
	d := definition{wkid: f.integer(1, 0), name: f[2], esriName: f[3], area: f.integer(6, -2) + 1}
	switch f[0] {
	case "P":
		d.authority = epsg
	case "S":
		d.authority, d.esriName = esri, f[2]
	}
	d.latest = f.integer(9, d.wkid)
	return d
}

// geographicCRS reads a row of a geographic system.
func (r *registry) geographicCRS(row string) (definition, error) {
	f := split(row)
	d := head(&f)
	d.datum = r.datum(f.integer(4, 0))
	d.datum.operations.list = f.integer(7, -1) + 1
	d.unit = r.unit(f.integer(5, 0))
	d.axisRow = f.integer(10, 1) + 1 // latitude and longitude if it is empty
	return d, nil
}

// projectedCRS reads a row of a projected system.
func (r *registry) projectedCRS(row string) (definition, error) {
	f := split(row)
	d := head(&f)
	base, err := r.geographicCRS(r.geographic.rows[f.integer(4, 0)])
	if err != nil {
		return d, err
	}
	d.datum = base.datum
	d.base = f.integer(4, 0) + 1
	d.axisRow = f.integer(12, 0) + 1 // easting and northing if it is empty
	if list := f.integer(7, -1) + 1; list > 0 {
		d.datum.operations.list = list
	}
	d.unit = r.unit(f.integer(5, 0))

	switch d.wkid {
	case 3785, 900913, 102100, 102113:
		// Web Mercator. The older codes are formally on a sphere's datum, to which every client takes latitudes and
		// longitudes of WGS 84 unchanged, and so do we. The newest equivalent of all is 3857.
		web, err := lookupOwn(epsg, 3857)
		d.system, d.latest, d.base = web.system, 3857, web.base
		return d, err
	}
	d.projection, err = registryProjection(f[11], f[10], d.datum.ellipsoid, d.unit)
	return d, err
}

// registryProjection reads a projection in PROJ's spelling without plus signs, and the directions of its axes. unit is
// in metres.
func registryProjection(text, axes string, e ellipsoid, unit float64) (projection.Projection, error) {
	if name, ok := strings.CutPrefix(text, "?"); ok {
		return projection.Projection{}, &UnsupportedError{"projection", name}
	}
	name, rest, _ := strings.Cut(text, " ")
	args := projection.Arguments{"proj": {Word: name}}
	for word := range strings.FieldsSeq(rest) {
		key, value, _ := strings.Cut(word, "=")
		args[key] = projection.Value{Word: value}
	}
	if axes != "" {
		args["axis"] = projection.Value{Word: axes + "u"}
	}
	p, err := parseProjection(name, e, args)
	p.FalseEasting, p.FalseNorthing = inUnits(p.FalseEasting, unit), inUnits(p.FalseNorthing, unit)
	return p, err
}

// datum returns the i-th datum, without its operations.
func (r *registry) datum(i int) datum {
	f := split(r.datums[i])
	e := split(r.ellipsoids[f.integer(3, 0)])
	m := split(r.meridians[f.integer(4, 0)])
	return datum{
		id: f[0], name: f[1],
		ellipsoid: ellipsoid{A: e.float(0), RF: e.float(1)},
		meridian:  m.float(1),
		body:      e[4],
	}
}

// unit returns the size of the i-th unit, in metres or radians.
func (r *registry) unit(i int) float64 {
	f := split(r.units[i])
	switch f[1] {
	case "deg":
		return degree
	case "grad":
		return grad
	}
	return f.float(1)
}

// areaOfUse returns the i-th area, a box of longitudes and latitudes in degrees. XMax is less than XMin if it crosses
// the antimeridian.
func (r *registry) areaOfUse(i int) Envelope {
	f := split(r.areas[i])
	return Envelope{f.float(0), f.float(1), f.float(2), f.float(3)}
}
