// Program esri reads every text of Esri's list of spatial references, and compares each with the code that it stands beside.
//
//	npm pack @esri/proj-codes@3.7.0 && tar xzf esri-proj-codes-3.7.0.tgz
//	go run ./srs/compare/esri package/pe_list_*.json
//
// It prints the codes whose text is not read, or lies more than a millimetre from the code at points in its area of use, and
// how many there are of each.
package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strings"

	"github.com/geoexport/geoexport/srs"
)

// limit is how far apart a text and its code may be, in metres: a millimetre, and what rounding makes of 500000.001016 feet.
const limit = 1.1e-3

// An entry is a system of Esri's list.
type entry struct {
	WKID   int    `json:"wkid"`
	Latest int    `json:"latestWkid"`
	WKT    string `json:"wkt"`
	WKT2   string `json:"wkt2"`
	Extent []struct {
		South float64 `json:"slat"`
		North float64 `json:"nlat"`
		West  float64 `json:"llon"`
		East  float64 `json:"rlon"`
	} `json:"extent"`
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// counts are how many texts there are of each kind.
type counts struct{ texts, differ, unread, unknown int }

func run(files []string) error {
	var n counts
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		var lists map[string][]entry
		if err := json.Unmarshal(data, &lists); err != nil {
			return err
		}
		for _, kind := range [...]string{"GeographicCoordinateSystems", "ProjectedCoordinateSystems"} {
			for i := range lists[kind] {
				e := &lists[kind][i]
				n.add(e, e.WKT)
				n.add(e, e.WKT2)
			}
		}
	}
	fmt.Printf("%d texts: %d not read, %d of codes that are not known, %d more than %g m from their code\n",
		n.texts, n.unread, n.unknown, n.differ, limit)
	return nil
}

// add compares a text with its code, and prints what is amiss.
func (n *counts) add(e *entry, text string) {
	n.texts++
	fromText, err := srs.FromWKT(text)
	if err != nil {
		n.unread++
		fmt.Printf("%d\tunread\t%v\t%.300s\n", e.WKID, err, text)
		return
	}
	byCode, err := srs.FromWKID(e.WKID)
	if err != nil {
		n.unknown++
		fmt.Printf("%d\tunknown\t%v\t%.200s\n", e.WKID, err, text)
		return
	}
	if d := e.distance(fromText, byCode); !(d <= limit) {
		n.differ++
		fmt.Printf("%d\t%.3g m\t%d\t%s\t%s\t%.500s\n", e.WKID, d, e.Latest, byCode, fromText.Note(), text)
	}
}

// distance returns how far apart two systems put points of the area of use at worst, in metres. Each counts from its own
// geographic system, so that only units, prime meridians and projections matter, and not which operations a datum has by its
// name in the one and by its code in the other.
func (e *entry) distance(a, b srs.CRS) float64 {
	area := srs.Envelope{XMin: -60, YMin: -40, XMax: 60, YMax: 40}
	if len(e.Extent) > 0 {
		area = srs.Envelope{XMin: e.Extent[0].West, YMin: e.Extent[0].South, XMax: e.Extent[0].East, YMax: e.Extent[0].North}
		if area.XMax < area.XMin {
			area.XMax += 360
		}
	}
	xs, ys, err := points(area, b, b)
	if err != nil {
		return math.Inf(1)
	}
	us, vs, err := points(area, a, b)
	if err != nil {
		return math.Inf(1)
	}
	size := b.Unit()
	if b.Geographic() {
		size *= 6378137
	}
	out := math.Abs(a.Unit()/b.Unit()-1) * 1e6
	for i := range xs {
		dx := us[i] - xs[i]
		if p := b.Period(); p > 0 {
			dx = math.Remainder(dx, p)
		}
		d := math.Hypot(dx, vs[i]-ys[i]) * size
		if math.IsNaN(d) && math.IsNaN(xs[i]) == math.IsNaN(us[i]) {
			continue // no image in either
		}
		if !(d <= out) {
			out = d
		}
	}
	return out
}

// points returns the coordinates of some points of an area in a system: given in the geographic system under another one, or
// in its own where the two have different datums.
func points(area srs.Envelope, c, other srs.CRS) (xs, ys []float64, err error) {
	geographic, err := base(other)
	if err != nil {
		return nil, nil, err
	}
	if t, err := srs.NewTransformer(geographic, c); err != nil || t.Accuracy() != 0 {
		if geographic, err = base(c); err != nil {
			return nil, nil, err
		}
	}
	for _, at := range [...][2]float64{{0.5, 0.5}, {0.1, 0.1}, {0.9, 0.2}, {0.2, 0.9}, {0.8, 0.8}} {
		xs = append(xs, (area.XMin+float64(at[0]*area.Width()))*degree/geographic.Unit())
		ys = append(ys, (area.YMin+float64(at[1]*area.Height()))*degree/geographic.Unit())
	}
	t, err := srs.NewTransformer(geographic, c)
	if err != nil {
		return nil, nil, err
	}
	t.Transform(xs, ys)
	return xs, ys, nil
}

const degree = math.Pi / 180

// base returns the geographic system under a system.
func base(c srs.CRS) (srs.CRS, error) {
	if c.Geographic() {
		return c, nil
	}
	text, err := c.WKT()
	if err != nil {
		return c, err
	}
	_, rest, _ := strings.Cut(text, "GEOGCS[")
	return srs.FromWKT(element("GEOGCS[" + rest))
}

// element returns the element at the start of a well-known text.
func element(text string) string {
	depth := 0
	for i, c := range text {
		switch c {
		case '[':
			depth++
		case ']':
			if depth--; depth == 0 {
				return text[:i+1]
			}
		}
	}
	return text
}
