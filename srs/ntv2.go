package srs

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/geoexport/geoexport/internal/portable"
)

// NTv2 is a grid file of datum shifts in the format of Canada's National Transformation version 2, in which most
// mapping agencies publish theirs: NAD27 to NAD83, OSGB36 to ETRS89 (OSTN15), DHDN to ETRS89 (BETA2007), AGD66 to
// GDA94. A [ShiftGrid] states the two systems between which a Transformer may use it.
//
// It keeps its nodes in memory, 8 bytes for each, which is half of the file. It is immutable and safe for concurrent
// use. The zero NTv2 holds no point.
//
// Source of the format: D. Junkins and G. Farley, NTv2 Developer's Guide, Geodetic Survey Division, Geomatics Canada
// (1995).
type NTv2 struct {
	from, to string
	accuracy float64 // metres, NaN if unknown
	tops     []*subGrid
}

// The limits of a file are several times the size of the largest that agencies publish.
const (
	maxSubGrids = 4096
	maxNodes    = 1 << 25
)

// An NTv2Error reports that a file is no NTv2 grid file, or what is wrong with it.
type NTv2Error struct {
	SubGrid string // the name of the sub-grid at fault, or "" for the file
	Reason  string
}

func (e *NTv2Error) Error() string {
	if e.SubGrid == "" {
		return "srs: NTv2: " + e.Reason
	}
	return fmt.Sprintf("srs: NTv2: grid %.8q %s", e.SubGrid, e.Reason)
}

const (
	ntv2Record  = 16            // bytes of a record in a header, and of a node
	ntv2Headers = 11            // records in the header of the file, and of each sub-grid
	ntv2Nodes   = 4096          // nodes in one read
	arcSecond   = degree / 3600 // in radians
	maxShift    = 10 * degree   // no two datums are so far apart
)

// ReadNTv2 reads a grid file of size bytes, of either byte order. It reads every byte at most once, in order, and does
// not keep r.
//
// The error is an *NTv2Error if the file is cut short, contradicts itself, or has more than 4096 sub-grids or
// 33,554,432 nodes (512 MB); otherwise it is the reader's. Memory is allocated for nodes that were read, not for those
// that a header announces.
func ReadNTv2(r io.ReaderAt, size int64) (*NTv2, error) {
	f := ntv2File{r: r, size: size, left: maxNodes}
	count, out, err := f.fileHeader()
	if err != nil {
		return nil, err
	}
	out.accuracy = math.NaN()
	grids, parents := map[string]*subGrid{}, map[string]string{}
	var order []string
	for range count {
		g, name, parent, err := f.grid()
		if err != nil {
			return nil, err
		}
		if grids[name] != nil {
			return nil, &NTv2Error{name, "comes twice"}
		}
		if a := g.accuracy; a > 0 && !(a <= out.accuracy) {
			out.accuracy = a
		}
		grids[name], parents[name] = g, parent
		order = append(order, name)
	}
	for _, name := range order {
		switch parent := grids[parents[name]]; {
		case parents[name] == "NONE":
			out.tops = append(out.tops, grids[name])
		case parent == nil:
			return nil, &NTv2Error{name, fmt.Sprintf("has a parent %.8q that is not there", parents[name])}
		default:
			parent.children = append(parent.children, grids[name])
		}
	}
	if n := reachable(out.tops); n != count {
		return nil, &NTv2Error{"", "grids are their own ancestors"}
	}
	return out, nil
}

// reachable counts sub-grids with all of their descendants.
func reachable(grids []*subGrid) (n int) {
	for _, g := range grids {
		n += 1 + reachable(g.children)
	}
	return n
}

// Systems returns the file's own names of the systems that it leads from and to, such as "NAD27" and "NAD83": free text
// of up to eight bytes.
func (g *NTv2) Systems() (from, to string) { return g.from, g.to }

// An ntv2File reads a file from front to back.
type ntv2File struct {
	r        io.ReaderAt
	at, size int64
	order    binary.ByteOrder
	scale    float64 // radians per unit of the limits in headers and of the shifts
	left     int     // number of nodes that may still follow
	buffer   []byte
}

// next returns the next n bytes, which are valid until the next call.
func (f *ntv2File) next(n int) ([]byte, error) {
	if int64(n) > f.size-f.at {
		return nil, &NTv2Error{"", "is cut short"}
	}
	if cap(f.buffer) < n {
		f.buffer = make([]byte, n)
	}
	b := f.buffer[:n]
	if got, err := f.r.ReadAt(b, f.at); got < n {
		if err == io.EOF {
			return nil, &NTv2Error{"", "is cut short"}
		}
		return nil, fmt.Errorf("srs: NTv2: %w", err)
	}
	f.at += int64(n)
	return b, nil
}

// ntv2Fields are the eleven records of a header, each a name and a value of eight bytes.
type ntv2Fields struct {
	bytes []byte
	order binary.ByteOrder
}

func (h ntv2Fields) key(i int) string { return ntv2Text(h.bytes[i*ntv2Record:][:8]) }
func (h ntv2Fields) value(i int) []byte {
	return h.bytes[i*ntv2Record+8:][:8]
}
func (h ntv2Fields) text(i int) string { return ntv2Text(h.value(i)) }
func (h ntv2Fields) integer(i int) int { return int(int32(h.order.Uint32(h.value(i)))) }
func (h ntv2Fields) float(i int) float64 {
	return math.Float64frombits(h.order.Uint64(h.value(i)))
}

// ntv2Text returns a text without its padding.
func ntv2Text(b []byte) string { return strings.Trim(string(b), " \x00") }

// fileHeader reads the header of the file, which sets byte order and unit, and returns the number of sub-grids and an
// NTv2 with the names of the systems.
func (f *ntv2File) fileHeader() (count int, out *NTv2, err error) {
	b, err := f.next(ntv2Headers * ntv2Record)
	if err != nil {
		return 0, nil, err
	}
	h := ntv2Fields{b, binary.LittleEndian}
	if h.key(0) != "NUM_OREC" {
		return 0, nil, &NTv2Error{"", "does not begin with NUM_OREC"}
	}
	if h.integer(0) != ntv2Headers {
		h.order = binary.BigEndian
	}
	if h.integer(0) != ntv2Headers || h.integer(1) != ntv2Headers {
		return 0, nil, &NTv2Error{"", "has headers of other than 11 records"}
	}
	f.order = h.order
	if count = h.integer(2); count < 1 || count > maxSubGrids {
		return 0, nil, &NTv2Error{"", fmt.Sprintf("has %d grids", count)}
	}
	switch unit := h.text(3); unit {
	case "SECONDS":
		f.scale = arcSecond
	case "MINUTES":
		f.scale = 60 * arcSecond
	case "DEGREES":
		f.scale = degree
	default:
		return 0, nil, &NTv2Error{"", fmt.Sprintf("has shifts in unit %.8q", unit)}
	}
	return count, &NTv2{from: h.text(5), to: h.text(6)}, nil
}

// grid reads the header of a sub-grid and its nodes.
func (f *ntv2File) grid() (g *subGrid, name, parent string, err error) {
	b, err := f.next(ntv2Headers * ntv2Record)
	if err != nil {
		return nil, "", "", err
	}
	h := ntv2Fields{b, f.order}
	name, parent = h.text(0), h.text(1)
	if h.key(0) != "SUB_NAME" {
		return nil, "", "", &NTv2Error{"", "has no SUB_NAME where a grid should begin"}
	}
	// Longitudes are positive to the west.
	g = &subGrid{
		south: float64(h.float(4) * f.scale), north: float64(h.float(5) * f.scale),
		east: float64(-h.float(6) * f.scale), west: float64(-h.float(7) * f.scale),
		dLat: float64(h.float(8) * f.scale), dLon: float64(h.float(9) * f.scale),
		scale: f.scale,
	}
	fail := func(reason string) (*subGrid, string, string, error) {
		return nil, "", "", &NTv2Error{name, reason}
	}
	if !(g.dLat > 0 && g.dLon > 0 && g.south < g.north && g.west < g.east &&
		math.Abs(g.south) <= maxLatitude && math.Abs(g.north) <= maxLatitude &&
		math.Abs(g.west) <= 4*math.Pi && g.east-g.west <= 2*math.Pi+g.dLon) {
		return fail("has limits or steps that make no sense")
	}
	rows, columns := math.Round((g.north-g.south)/g.dLat)+1, math.Round((g.east-g.west)/g.dLon)+1
	nodes := h.integer(10)
	switch {
	case !(rows >= 2 && columns >= 2):
		return fail("has fewer than two rows or columns")
	case rows*columns != float64(nodes):
		return fail(fmt.Sprintf("has %d nodes, and limits and steps for %g rows of %g", nodes, rows, columns))
	case nodes > f.left:
		return fail("brings the number of nodes beyond the limit")
	case int64(nodes) > (f.size-f.at)/ntv2Record:
		return fail("is cut short")
	}
	f.left -= nodes
	g.rows, g.columns = int(rows), int(columns)
	return g, name, parent, f.nodes(g, nodes)
}

// nodes reads the shifts and accuracies of a sub-grid, in latitude and in longitude, from the south-east; rows run
// west.
func (f *ntv2File) nodes(g *subGrid, count int) error {
	for len(g.shifts) < count {
		n := min(ntv2Nodes, count-len(g.shifts))
		b, err := f.next(n * ntv2Record)
		if err != nil {
			return err
		}
		for ; len(b) > 0; b = b[ntv2Record:] {
			var v [4]float32
			for i := range v {
				v[i] = math.Float32frombits(f.order.Uint32(b[4*i:]))
			}
			g.shifts = append(g.shifts, [2]float32{v[0], v[1]})
			if a := portable.Hypot(float64(v[2]),
				float64(v[3])); v[2] >= 0 && v[3] >= 0 && a > g.accuracy && !math.IsInf(a, 0) {
				g.accuracy = a
			}
		}
	}
	return nil
}
