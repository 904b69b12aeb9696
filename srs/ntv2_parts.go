package srs

import (
	"fmt"
	"math"
)

// A GridPart is one grid of a file of datum shifts in another format than NTv2, such as GeoTIFF: NewNTv2 makes an NTv2 of
// them. Its nodes are West + i·Step, North − j·Step.
type GridPart struct {
	Name   string // "" if it has none
	Parent string // the name of the part that it refines; "" if there is none

	North, West      float64 // of the node in the north-west, in degrees; longitudes count from Greenwich
	StepLat, StepLon float64 // degrees, positive
	Rows, Columns    int

	// Latitude and Longitude are shifts in seconds, positive to the north and to the east, row by row from the
	// north-west; NaN where there is none.
	Latitude, Longitude []float32

	// Accuracy is the largest error of a node, in metres, 0 if it is unknown.
	Accuracy float64

	// Biquadratic takes shifts between nodes from parabolas through the nearest three by three nodes, as NADCON5 does, and
	// not bilinearly from the nearest two by two.
	Biquadratic bool
}

// NewNTv2 returns the grids of a file as an NTv2. A part without a parent that lies inside another one refines it. from
// and to are the file's own names of its systems, and may be empty. The error is an *NTv2Error that names the part.
// NewNTv2 does not keep the parts.
func NewNTv2(from, to string, parts []GridPart) (*NTv2, error) {
	if len(parts) == 0 || len(parts) > maxSubGrids {
		return nil, &NTv2Error{"", fmt.Sprintf("has %d grids", len(parts))}
	}
	out := &NTv2{from: from, to: to, accuracy: math.NaN()}
	left := maxNodes
	grids := make([]*subGrid, len(parts))
	byName := map[string]int{}
	for i := range parts {
		p := &parts[i]
		g, err := p.subGrid(left)
		if err != nil {
			return nil, err
		}
		left -= len(g.shifts)
		if _, twice := byName[p.Name]; twice && p.Name != "" {
			return nil, &NTv2Error{p.Name, "comes twice"}
		}
		byName[p.Name] = i
		if a := p.Accuracy; a > 0 && !(a <= out.accuracy) {
			out.accuracy = a
		}
		grids[i] = g
	}
	for i := range parts {
		parent := -1
		if name := parts[i].Parent; name != "" {
			k, ok := byName[name]
			if !ok || k == i {
				return nil, &NTv2Error{parts[i].Name, fmt.Sprintf("has a parent %.40q that is not there", name)}
			}
			parent = k
		} else {
			parent = smallestAround(grids, i)
		}
		if parent < 0 {
			out.tops = append(out.tops, grids[i])
		} else {
			grids[parent].children = append(grids[parent].children, grids[i])
		}
	}
	if n := reachable(out.tops); n != len(parts) {
		return nil, &NTv2Error{"", "grids are their own ancestors"}
	}
	return out, nil
}

// smallestAround returns the index of the smallest grid that holds all of the i-th and is coarser, -1 if there is none.
func smallestAround(grids []*subGrid, i int) int {
	best := -1
	g := grids[i]
	for k, h := range grids {
		slack := float64(edgeSlack * h.dLat)
		within := g.south >= h.south-slack && g.north <= h.north+slack && g.west >= h.west-slack && g.east <= h.east+slack
		if k == i || h.dLat <= g.dLat || !within {
			continue
		}
		if best < 0 || h.dLat < grids[best].dLat {
			best = k
		}
	}
	return best
}

// subGrid returns the part as a grid of an NTv2, which may have so many nodes as left at most.
func (p *GridPart) subGrid(left int) (*subGrid, error) {
	fail := func(reason string) (*subGrid, error) { return nil, &NTv2Error{p.Name, reason} }
	switch {
	case p.Rows < 2 || p.Columns < 2:
		return fail("has fewer than two rows or columns")
	case p.Rows > left/p.Columns:
		return fail("brings the number of nodes beyond the limit")
	case len(p.Latitude) != p.Rows*p.Columns || len(p.Longitude) != len(p.Latitude):
		return fail("does not have a shift of latitude and of longitude for each node")
	}
	height, width := float64(float64(p.Rows-1)*p.StepLat), float64(float64(p.Columns-1)*p.StepLon)
	if !(p.StepLat > 0 && p.StepLon > 0 && math.Abs(p.North) <= 90+1e-9 && p.North-height >= -90-1e-9 &&
		math.Abs(p.West) <= 720 && width <= 360+p.StepLon) {
		return fail("has limits or steps that make no sense")
	}
	g := &subGrid{
		north: float64(p.North * degree), south: float64((p.North - height) * degree),
		west: float64(p.West * degree), east: float64((p.West + width) * degree),
		dLat: float64(p.StepLat * degree), dLon: float64(p.StepLon * degree),
		rows: p.Rows, columns: p.Columns, scale: arcSecond, accuracy: p.Accuracy,
		biquadratic: p.Biquadratic && p.Rows > 2 && p.Columns > 2,
		shifts:      make([][2]float32, 0, p.Rows*p.Columns),
	}
	for j := p.Rows - 1; j >= 0; j-- { // an NTv2 begins in the south-east, and counts longitudes to the west
		for i := p.Columns - 1; i >= 0; i-- {
			k := j*p.Columns + i
			g.shifts = append(g.shifts, [2]float32{p.Latitude[k], -p.Longitude[k]})
		}
	}
	return g, nil
}
