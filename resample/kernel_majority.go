package resample

import (
	"slices"

	"github.com/geoexport/geoexport/raster"
)

const (
	// votersAcross bounds how many columns, and how many rows, of samples vote for a pixel. A footprint that is wider takes
	// every second, third, ... column, those whose number is a multiple of that.
	votersAcross = 16
	maxVoters    = votersAcross * votersAcross
	// pollPiece is how many pixels are polled at once, to keep the lists of voters in the processor's cache.
	pollPiece = 128
)

// ballots say which samples vote for each of a run of pixels.
type ballots struct {
	first  int     // the first pixel
	voters []voter // of all pixels in turn
	ends   []int   // where the voters of each pixel end
}

// A voter is a sample, counted from the corner of the source window.
type voter struct{ x, y int32 }

// of gives the voters for pixel i.
func (b *ballots) of(i int) []voter {
	start := 0
	if i > b.first {
		start = b.ends[i-b.first-1]
	}
	return b.voters[start:b.ends[i-b.first]]
}

// poll lists the voters for pixels lo to hi, which have a nearest sample.
func (l *line) poll(lo, hi int) {
	b := &l.ballots
	b.first, b.voters, b.ends = lo, b.voters[:0], b.ends[:0]
	for i := lo; i < hi; i++ {
		if l.validRow[i] != 0 {
			b.voters = l.voters(b.voters, i)
		}
		b.ends = append(b.ends, len(b.voters))
	}
}

// voters adds those for pixel i: the valid samples whose centres are in its footprint, row by row.
func (l *line) voters(vs []voter, i int) []voter {
	centre := l.centre(l.at(i))
	if l.footprints.nearestAlone(i, centre) {
		return vs // whether the nearest sample votes or not, it is taken
	}
	q, ok := l.footprints.at(i, centre)
	if !ok {
		return vs
	}
	xs, ys := q.bounds()
	stepX, stepY := step(xs), step(ys)
	for y := upTo(max(ys.lo, l.y.lo), stepY); y < min(ys.hi, l.y.end()); y += stepY {
		if l.footprints.separable {
			vs = l.votersIn(vs, xs, y, stepX)
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
			vs = l.votersIn(vs, pixels{ends[2], ends[3]}, y, stepX)
		}
		if n > 0 {
			vs = l.votersIn(vs, pixels{min(ends[0], ends[1]), max(ends[0], ends[1])}, y, stepX)
		}
	}
	return vs
}

// votersIn adds those of a row.
func (l *line) votersIn(vs []voter, xs pixels, y, step int64) []voter {
	for x := upTo(max(xs.lo, l.x.lo), step); x < min(xs.hi, l.x.end()); x += step {
		v := voter{int32(x - l.x.start), int32(y - l.y.start)}
		if l.mask == nil || l.mask.Pix[l.maskOffset(v.x, v.y)] != 0 {
			vs = append(vs, v)
		}
	}
	return vs
}

// step is the distance of the columns or rows that vote.
func step(p pixels) int64 { return max(1, (p.hi-p.lo+votersAcross-1)/votersAcross) }

// upTo is the first multiple of step that is not below n.
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

// majoritySampler is the sampler of Majority.
type majoritySampler[T raster.Real] struct {
	nearestSampler[T]
	votes [maxVoters]T
}

func (s *majoritySampler[T]) axes(l *line, lo, hi int) {
	s.nearestSampler.axes(l, lo, hi)
	s.count(l, lo, hi)
}

func (s *majoritySampler[T]) points(l *line, lo, hi int) {
	s.nearestSampler.points(l, lo, hi)
	s.count(l, lo, hi)
}

// count replaces the nearest samples of pixels that have voters.
func (s *majoritySampler[T]) count(l *line, lo, hi int) {
	pix, stride, row := s.src.Pix, s.src.Stride, s.row
	for i := lo; i < hi; i++ {
		voters := l.ballots.of(i)
		if len(voters) == 0 {
			continue
		}
		votes := s.votes[:len(voters)]
		for n, v := range voters {
			votes[n] = pix[int(v.y)*stride+int(v.x)]
		}
		row[i] = mostFrequent(votes)
	}
}

// mostFrequent is the value that is most frequent among at least one, or the smallest such value. Values are equal as ==
// says; what is not a number is no value, unless there is no other. A zero has the sign of the first one. The order of vs
// is lost.
func mostFrequent[T raster.Real](vs []T) T {
	first := vs[0]
	n := 1
	for n < len(vs) && vs[n] == first {
		n++
	}
	if n == len(vs) {
		return first
	}
	zero := T(0)
	for _, v := range vs {
		if v == 0 {
			zero = v
			break
		}
	}
	const few = 24 // up to which comparing each with each is faster than sorting
	var best T
	if len(vs) <= few {
		best = mostFrequentOfFew(vs)
	} else {
		best = mostFrequentSorted(vs)
	}
	if best == 0 {
		return zero
	}
	return best
}

func mostFrequentOfFew[T raster.Real](vs []T) T {
	best, most := vs[0], 0
	for i, v := range vs {
		n := 0
		for _, w := range vs[i:] {
			if w == v {
				n++
			}
		}
		// Of equal values the first counts all. A value that is not a number has none.
		if n > most || n == most && v < best {
			best, most = v, n
		}
	}
	return best
}

func mostFrequentSorted[T raster.Real](vs []T) T {
	slices.Sort(vs) // what is not a number comes first
	best, most := vs[0], 0
	for i := 0; i < len(vs); {
		end := i + 1
		for end < len(vs) && vs[end] == vs[i] {
			end++
		}
		if n := end - i; n > most && vs[i] == vs[i] {
			best, most = vs[i], n
		}
		i = end
	}
	return best
}
