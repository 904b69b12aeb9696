package resample

import (
	"slices"
)

const (
	// votersAcross bounds how many columns, and how many rows, of samples vote for a pixel: 256 samples show which value
	// is frequent. In a larger footprint every second, third, ... column votes, those whose number is a multiple of two,
	// three, ...
	votersAcross = 16
	maxVoters    = votersAcross * votersAcross
	// votesPiece is how many pixels are voted on together: few enough that their voters, at most 16 each at the scales
	// that Majority is meant for, stay in a processor's first cache.
	votesPiece = 128
)

// votes holds lists of the samples that vote for each of a run of pixels: the valid ones whose centres are in the
// pixel's footprint.
type votes struct {
	*method
	src        *source
	footprints *footprints

	first  int     // the first pixel
	voters []voter // of all pixels in turn
	ends   []int   // where the voters of each pixel end
}

// A voter is a sample, counted from the corner of the source window.
type voter struct{ x, y int32 }

// of returns the voters for pixel i.
func (v *votes) of(i int) []voter {
	start := 0
	if i > v.first {
		start = v.ends[i-v.first-1]
	}
	return v.voters[start:v.ends[i-v.first]]
}

// collect lists the voters for pixels lo to hi, which have a nearest sample; it is valid if the pixel is.
func (v *votes) collect(lo, hi int, pos positions, valid []uint8) {
	v.first, v.voters, v.ends = lo, v.voters[:0], v.ends[:0]
	for i := lo; i < hi; i++ {
		if valid[i] != 0 {
			v.collectPixel(i, v.src.centre(v.method, pos.at(i)))
		}
		v.ends = append(v.ends, len(v.voters))
	}
}

// collectPixel adds the voters for pixel i, whose centre is given, row by row.
func (v *votes) collectPixel(i int, centre snapped) {
	if v.footprints.nearestAlone(i, centre) {
		return // the nearest sample is taken, whether it votes or not
	}
	q, ok := v.footprints.at(i, centre)
	if !ok {
		return
	}
	xs, ys := q.bounds()
	stepX, stepY := step(xs), step(ys)
	for y := multipleFrom(max(ys.lo, v.src.y.lo), stepY); y < min(ys.hi, v.src.y.end()); y += stepY {
		if v.footprints.separable {
			v.collectRow(xs, y, stepX)
			continue
		}
		var ends [4]int64 // where edges cross the row
		n := 0
		for k := range q {
			if x, ok := crossing(q[k], q[(k+1)%4], y<<snapBits+snapHalf); ok {
				ends[n] = x
				n++
			}
		}
		if n == 4 { // the footprint is folded or hollow: inside between the first two, and between the last two
			slices.Sort(ends[:])
			v.collectRow(pixels{ends[2], ends[3]}, y, stepX)
		}
		if n > 0 {
			v.collectRow(pixels{min(ends[0], ends[1]), max(ends[0], ends[1])}, y, stepX)
		}
	}
}

// collectRow adds the voters among the samples xs of row y.
func (v *votes) collectRow(xs pixels, y, step int64) {
	src := v.src
	for x := multipleFrom(max(xs.lo, src.x.lo), step); x < min(xs.hi, src.x.end()); x += step {
		s := voter{int32(x - src.x.start), int32(y - src.y.start)}
		if src.mask == nil || src.mask.Pix[src.offset(s.x, s.y)] != 0 {
			v.voters = append(v.voters, s)
		}
	}
}

// step returns the distance between the columns or rows that vote.
func step(p pixels) int64 { return max(1, (p.hi-p.lo+votersAcross-1)/votersAcross) }

// multipleFrom returns the first multiple of step that is not below n.
func multipleFrom(n, step int64) int64 {
	if step == 1 {
		return n
	}
	r := n % step
	if r > 0 {
		r -= step
	}
	return n - r
}
