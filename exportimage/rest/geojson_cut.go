package rest

import (
	"cmp"
	"math"
	"slices"
)

// cutAtAntimeridian returns a ring of longitudes and latitudes as rings that all lie between -180 and 180 degrees, as
// RFC 7946 wants them (section 3.1.9). A side of the ring leads the short way round, unless it is that of a box, along a
// parallel; a ring around a pole is closed over it. The ring is closed and does not cross itself, and the others run in its direction.
func cutAtAntimeridian(ring [][2]float64) [][][2]float64 {
	ring = aroundPole(unrolled(ring))
	west, east := math.Inf(1), math.Inf(-1)
	for _, p := range ring {
		west, east = min(west, p[0]), max(east, p[0])
	}
	if len(ring) < 4 || west-west != 0 || east-east != 0 || west >= -180 && east <= 180 {
		return [][][2]float64{ring}
	}
	var out [][][2]float64
	rest := [][][2]float64{ring}
	// Each turn takes what lies to the west of the next antimeridian.
	for turn := math.Ceil((west - 180) / 360); len(rest) > 0; turn++ {
		at := float64(360*turn) + 180
		var beyond [][][2]float64
		for _, r := range rest {
			left, right := cutAt(r, at)
			for _, l := range left {
				for i := range l {
					l[i][0] -= float64(360 * turn)
				}
				out = append(out, l)
			}
			beyond = append(beyond, right...)
		}
		rest = beyond
	}
	return out
}

// unrolled returns a copy of a ring whose sides, except along parallels, lead the short way round.
func unrolled(ring [][2]float64) [][2]float64 {
	out := slices.Clone(ring)
	for i := 1; i < len(out); i++ {
		turns := 0.0
		if step := ring[i][0] - ring[i-1][0]; math.Abs(step) > 180 && ring[i][1] != ring[i-1][1] {
			turns = math.Round(step / 360)
		}
		out[i][0] = ring[i][0] + (out[i-1][0] - ring[i-1][0]) - float64(360*turns)
	}
	return out
}

// aroundPole closes a ring that goes once around the Earth over the pole that it is nearer to.
func aroundPole(ring [][2]float64) [][2]float64 {
	if len(ring) == 0 {
		return ring
	}
	first, last := ring[0], ring[len(ring)-1]
	if math.Abs(first[0]-last[0]) < 180 {
		return ring
	}
	sum := 0.0
	for _, p := range ring {
		sum += p[1]
	}
	pole := math.Copysign(90, sum)
	return append(ring, [2]float64{last[0], pole}, [2]float64{first[0], pole}, first)
}

// A crossing is where a ring crosses a meridian.
type crossing struct {
	y     float64
	chain int  // the part of the ring on one side that begins or ends here
	ends  bool // it ends
}

// cutAt splits a ring along a meridian into rings to the west and to the east of it.
func cutAt(ring [][2]float64, x float64) (west, east [][][2]float64) {
	open := ring[:len(ring)-1]
	inWest := func(p [2]float64) bool { return p[0] <= x }
	// The chains begin at a corner behind a crossing, so that none is cut by the beginning of the ring.
	start := -1
	for i := range open {
		if inWest(open[i]) != inWest(open[(i+len(open)-1)%len(open)]) {
			start = i
			break
		}
	}
	if start < 0 {
		if inWest(open[0]) {
			return [][][2]float64{ring}, nil
		}
		return nil, [][][2]float64{ring}
	}
	chains := [2][][][2]float64{}
	crossings := [2][]crossing{}
	side := func(p [2]float64) int {
		if inWest(p) {
			return 0
		}
		return 1
	}
	for i := range open {
		p, before := open[(start+i)%len(open)], open[(start+i+len(open)-1)%len(open)]
		s := side(p)
		if side(before) != s {
			y := before[1] + float64((x-before[0])/(p[0]-before[0])*(p[1]-before[1]))
			at := [2]float64{x, y}
			if n := len(chains[1-s]); n > 0 {
				chains[1-s][n-1] = append(chains[1-s][n-1], at)
				crossings[1-s] = append(crossings[1-s], crossing{y, n - 1, true})
			}
			crossings[s] = append(crossings[s], crossing{y, len(chains[s]), false})
			chains[s] = append(chains[s], [][2]float64{at})
		}
		n := len(chains[s]) - 1
		chains[s][n] = append(chains[s][n], p)
	}
	// The last chain ends where the first one of the other side begins.
	last := side(open[(start+len(open)-1)%len(open)])
	at := chains[1-last][0][0]
	n := len(chains[last]) - 1
	chains[last][n] = append(chains[last][n], at)
	crossings[last] = append(crossings[last], crossing{at[1], n, true})
	return joined(chains[0], crossings[0]), joined(chains[1], crossings[1])
}

// joined joins chains along the meridian on which they begin and end: in the order of latitude, the inside of the ring lies
// between the first crossing and the second, the third and the fourth, and so on.
func joined(chains [][][2]float64, all []crossing) (out [][][2]float64) {
	slices.SortStableFunc(all, func(a, b crossing) int { return cmp.Compare(a.y, b.y) })
	next := make([]int, len(chains))
	for i := 0; i+1 < len(all); i += 2 {
		a, b := all[i], all[i+1]
		if a.ends {
			next[a.chain] = b.chain
		} else {
			next[b.chain] = a.chain
		}
	}
	used := make([]bool, len(chains))
	for i := range chains {
		if used[i] {
			continue
		}
		var ring [][2]float64
		for c := i; !used[c]; c = next[c] {
			used[c] = true
			ring = append(ring, chains[c]...)
		}
		if ring = append(slices.Compact(ring), ring[0]); len(ring) >= 4 {
			out = append(out, ring)
		}
	}
	return out
}
