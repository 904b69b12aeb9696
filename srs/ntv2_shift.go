package srs

import "math"

// A subGrid is one grid of an NTv2 file, with those that refine parts of it. Angles are in radians, positive to the
// north and to the east.
type subGrid struct {
	south, north, west, east float64
	dLat, dLon               float64
	rows, columns            int

	// shifts are pairs of a shift of latitude, positive to the north, and of longitude, positive to the west, in units
	// of scale radians. The first node is in the south-east, the next one west of it.
	shifts   [][2]float32
	scale    float64
	accuracy float64 // the worst of all nodes in metres, 0 if unknown

	biquadratic bool // shifts between nodes are those of parabolas

	children []*subGrid
}

// edgeSlack is the part of a step by which a point may lie outside of a grid, so that neighbouring grids leave no gap.
// PROJ uses the same.
const edgeSlack = 1e-5

// holds reports whether a point lies in the grid, edges included, or within margin steps of it. It returns the
// longitude brought within 180° of the grid's middle.
func (g *subGrid) holds(lon, lat, margin float64) (float64, bool) {
	lon = near(lon, 0.5*(g.west+g.east), 2*math.Pi)
	inside := lat >= g.south-float64(margin*g.dLat) && lat <= g.north+float64(margin*g.dLat) &&
		lon >= g.west-float64(margin*g.dLon) && lon <= g.east+float64(margin*g.dLon)
	return lon, inside
}

// shift interpolates between the nodes around a point. Beyond an edge it returns the shift on the edge.
func (g *subGrid) shift(lon, lat float64) (dLon, dLat float64) {
	u := max(0, min(float64(g.columns-1), (g.east-lon)/g.dLon))
	v := max(0, min(float64(g.rows-1), (lat-g.south)/g.dLat))
	if g.biquadratic {
		return g.parabolic(u, v)
	}
	i, j := min(int(u), g.columns-2), min(int(v), g.rows-2)
	u -= float64(i)
	v -= float64(j)
	k := j*g.columns + i
	se, sw := &g.shifts[k], &g.shifts[k+1]
	ne, nw := &g.shifts[k+g.columns], &g.shifts[k+g.columns+1]
	var out [2]float64
	for c := range out {
		s := float64((1-u)*float64(se[c])) + float64(u*float64(sw[c]))
		n := float64((1-u)*float64(ne[c])) + float64(u*float64(nw[c]))
		out[c] = (float64((1-v)*s) + float64(v*n)) * g.scale
	}
	return -out[1], out[0]
}

// parabolic interpolates by parabolas through the three by three nodes that are nearest, at a place in steps from the first
// node. Source: NOAA Technical Memorandum NOS NGS 63 (NADCON5), by Newton's forward differences.
func (g *subGrid) parabolic(u, v float64) (dLon, dLat float64) {
	i := max(0, min(int(math.Ceil(u-1.5)), g.columns-3))
	j := max(0, min(int(math.Ceil(v-1.5)), g.rows-3))
	u, v = u-float64(i), v-float64(j)
	var out [2]float64
	for c := range out {
		var rows [3]float64
		for r := range rows {
			k := (j+r)*g.columns + i
			rows[r] = parabola(u, float64(g.shifts[k][c]), float64(g.shifts[k+1][c]), float64(g.shifts[k+2][c]))
		}
		out[c] = parabola(v, rows[0], rows[1], rows[2]) * g.scale
	}
	return -out[1], out[0]
}

// parabola returns the value at x of the parabola that is a, b and c at 0, 1 and 2.
func parabola(x, a, b, c float64) float64 {
	return a + float64(x*(b-a)) + float64(0.5*x*(x-1)*(c-b-(b-a)))
}

// find returns the finest grid that holds a point, nil if there is none, and the point's longitude as holds returns it.
func (g *NTv2) find(lon, lat, margin float64) (*subGrid, float64) {
	var out *subGrid
	for level := g.tops; ; level = out.children {
		var found *subGrid
		for _, next := range level {
			if l, ok := next.holds(lon, lat, margin); ok {
				found, lon = next, l
				break
			}
		}
		if found == nil {
			return out, lon
		}
		out = found
	}
}

// at returns the shift of a point in the system that the file leads from; ok is false outside of the grids.
func (g *NTv2) at(lon, lat float64) (dLon, dLat float64, ok bool) {
	grid, l := g.find(lon, lat, edgeSlack)
	if grid == nil {
		return 0, 0, false
	}
	dLon, dLat = grid.shift(l, lat)
	return dLon, dLat, math.Abs(dLon) <= maxShift && math.Abs(dLat) <= maxShift
}

// forward shifts a point, and reports whether a grid holds it. If none does, it returns the point itself.
func (g *NTv2) forward(lon, lat float64) (float64, float64, bool) {
	dLon, dLat, ok := g.at(lon, lat)
	if !ok {
		return lon, lat, false
	}
	return lon + dLon, lat + dLat, true
}

// unsettled is the longest last step, in radians, with which inverse accepts a point when it stops: 6 m, more than
// neighbouring grids in use disagree by.
const unsettled = 1e-6

// inverse returns the point p that forward takes to a point q, and reports whether there is one. It repeats p = q −
// shift(p) until p moves by less than 1e-13, which is 0.6 µm: as shifts change by less than 1e-3 of the distance, four
// steps suffice. On the common edge of two grids that disagree there p may not settle; the last p is then as good as
// any if it moved by less than unsettled, and otherwise there is none.
func (g *NTv2) inverse(lon, lat float64) (float64, float64, bool) {
	u, v := lon, lat
	var moved float64
	for range 20 {
		// p may lie outside for a step before it comes back.
		grid, l := g.find(u, v, edgeSlack)
		if grid == nil {
			if grid, l = g.find(u, v, 1); grid == nil {
				return lon, lat, false
			}
		}
		dLon, dLat := grid.shift(l, v)
		if !(math.Abs(dLon) <= maxShift && math.Abs(dLat) <= maxShift) {
			return lon, lat, false
		}
		du, dv := lon-dLon-u, lat-dLat-v
		u, v = lon-dLon, lat-dLat
		if moved = math.Abs(du) + math.Abs(dv); moved < 1e-13 {
			break
		}
	}
	if _, _, ok := g.at(u, v); !ok || moved > unsettled {
		return lon, lat, false
	}
	return u, v, true
}
