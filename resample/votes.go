package resample

import (
	"slices"
)

const (
	// votersAcross bounds how many columns, and how many rows, of samples vote for a pixel. A footprint that is wider takes
	// every second, third, ... column, those whose number is a multiple of that.
	votersAcross = 16
	maxVoters    = votersAcross * votersAcross
	// votesPiece is how many pixels vote together, to keep the lists of voters in the processor's cache.
	votesPiece = 128
)

// votes list which samples vote for each of a run of pixels: the valid ones whose centres are in the pixel's footprint.
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
func (v *votes) collectPixel(i int, centre corner) {
	if v.footprints.nearestAlone(i, centre) {
		return // whether the nearest sample votes or not, it is taken
	}
	q, ok := v.footprints.at(i, centre)
	if !ok {
		return
	}
	xs, ys := q.bounds()
	stepX, stepY := step(xs), step(ys)
	for y := upTo(max(ys.lo, v.src.y.lo), stepY); y < min(ys.hi, v.src.y.end()); y += stepY {
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
	for x := upTo(max(xs.lo, src.x.lo), step); x < min(xs.hi, src.x.end()); x += step {
		s := voter{int32(x - src.x.start), int32(y - src.y.start)}
		if src.mask == nil || src.mask.Pix[src.offset(s.x, s.y)] != 0 {
			v.voters = append(v.voters, s)
		}
	}
}

// step returns the distance of the columns or rows that vote.
func step(p pixels) int64 { return max(1, (p.hi-p.lo+votersAcross-1)/votersAcross) }

// upTo returns the first multiple of step that is not below n.
func upTo(n, step int64) int64 {
	if step == 1 {
		return n
	}
	r := n % step
	if r > 0 {
		r -= step
	}
	return n - r
}
