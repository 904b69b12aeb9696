package mosaic

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/srs"
)

// parsePolygon reads a POLYGON or MULTIPOLYGON in the WKT of OGC 06-103r4, clause 7, and returns its outer rings.
// Keywords may be in any case. Z and M are ignored.
func parsePolygon(s string) ([]Ring, error) {
	p := wktParser{rest: s}
	word := strings.ToUpper(p.word())
	if word != "POLYGON" && word != "MULTIPOLYGON" {
		return nil, fmt.Errorf("%q is no POLYGON or MULTIPOLYGON", word)
	}
	switch dims := strings.ToUpper(p.word()); dims {
	case "", "Z", "M", "ZM":
	default:
		return nil, fmt.Errorf("a %s %s is not supported", word, dims)
	}
	var outer []Ring
	polygon := func() { outer = append(outer, p.polygon()) }
	if word == "POLYGON" {
		polygon()
	} else {
		p.list(polygon)
	}
	if p.skip(); p.err == nil && p.rest != "" {
		p.fail("nothing more")
	}
	return outer, p.err
}

// A wktParser reads from the front of the rest of the text. After an error the rest is empty.
type wktParser struct {
	rest string
	err  error
}

func (p *wktParser) fail(want string) {
	if p.err == nil {
		at := "at the end"
		if p.rest != "" {
			at = fmt.Sprintf("at %.10q", p.rest)
		}
		p.err = fmt.Errorf("the polygon is malformed %s, where %s should be", at, want)
	}
	p.rest = ""
}

func (p *wktParser) skip() { p.rest = strings.TrimLeft(p.rest, " \t\r\n") }

// take consumes and returns everything up to the first byte in ends, or up to the end.
func (p *wktParser) take(ends string) string {
	p.skip()
	n := strings.IndexAny(p.rest, ends)
	if n < 0 {
		n = len(p.rest)
	}
	s := p.rest[:n]
	p.rest = p.rest[n:]
	return s
}

func (p *wktParser) word() string { return p.take(" \t\r\n(),") }

// next reports whether the next byte is c, and consumes it if so.
func (p *wktParser) next(c byte) bool {
	p.skip()
	if p.rest == "" || p.rest[0] != c {
		return false
	}
	p.rest = p.rest[1:]
	return true
}

// list reads parts in parentheses, separated by commas.
func (p *wktParser) list(part func()) {
	if !p.next('(') {
		p.fail("(")
		return
	}
	for {
		part()
		if !p.next(',') {
			break
		}
	}
	if !p.next(')') {
		p.fail(")")
	}
}

// polygon reads the rings of a polygon and returns the outer one, which is the first.
func (p *wktParser) polygon() (outer Ring) {
	p.list(func() {
		r := p.ring()
		if outer == nil {
			outer = r
		}
	})
	return outer
}

func (p *wktParser) ring() (r Ring) {
	p.list(func() {
		at := p.rest
		fields := strings.Fields(p.take("(),"))
		if len(fields) < 2 || len(fields) > 4 {
			p.rest = at
			p.fail("a point")
			return
		}
		x, errX := strconv.ParseFloat(fields[0], 64)
		y, errY := strconv.ParseFloat(fields[1], 64)
		if errX != nil || errY != nil {
			p.rest = at
			p.fail("a point")
			return
		}
		r = append(r, [2]float64{x, y})
	})
	return r
}

// footprint returns the footprint of a row's polygons in the CRS of the raster's grid. Its box holds that of the grid,
// too: polygons are often rounded, and pixels outside them are drawn all the same.
func (t *table) footprint(row *tableRow, grid raster.Grid) (Footprint, error) {
	outer := row.outer
	if from := t.outlineCRS; !from.IsZero() && from != grid.CRS {
		area := grid.Envelope()
		back, err := srs.Options{Area: &area}.NewTransformer(grid.CRS, from)
		if err != nil {
			return Footprint{}, err
		}
		tr := back.Inverse().Unwrapped()
		outer = nil
		for _, r := range row.outer {
			if r = bent(r.unwrapped(from.Period()), tr, pixelSize(grid)/2); r == nil {
				return Footprint{}, errors.New("its polygon has no area, goes around a pole, or has no image in the raster's system")
			}
			outer = append(outer, r)
		}
	}
	f, err := outline(grid.CRS, outer)
	if err != nil {
		return Footprint{}, err
	}
	f.Envelope = union(grid.Envelope(), f.Envelope, grid.CRS.Period())
	return f, nil
}

// bent returns the image of a ring. Its edges are divided until straight parts are within the given distance of the
// edges' images. It is nil if a point has no image.
func bent(r Ring, t *srs.Transformer, within float64) Ring {
	const halvings = 6 // at most, of one edge
	ok := true
	image := func(p [2]float64) [2]float64 {
		x, y := []float64{p[0]}, []float64{p[1]}
		ok = t.Transform(x, y) == 0 && ok
		return [2]float64{x[0], y[0]}
	}
	var out Ring
	var follow func(a, b, toA, toB [2]float64, left int)
	follow = func(a, b, toA, toB [2]float64, left int) {
		mid := [2]float64{(a[0] + b[0]) / 2, (a[1] + b[1]) / 2}
		to := image(mid)
		dx, dy := to[0]-(toA[0]+toB[0])/2, to[1]-(toA[1]+toB[1])/2
		if left > 0 && !(float64(dx*dx)+float64(dy*dy) <= float64(within*within)) {
			follow(a, mid, toA, to, left-1)
			follow(mid, b, to, toB, left-1)
			return
		}
		out = append(out, toB)
	}
	for i, b := range r {
		a := r[(i+len(r)-1)%len(r)]
		follow(a, b, image(a), image(b), halvings)
	}
	if !ok {
		return nil
	}
	return out
}
