package resample

import (
	"slices"

	"github.com/geoexport/geoexport/raster"
)

// majoritySampler is the sampler of Majority.
type majoritySampler[T raster.Real] struct {
	nearestSampler[T]
	values [maxVoters]T // of a pixel's voters
}

// vote replaces the nearest samples of pixels that have voters.
func (s *majoritySampler[T]) vote(v *votes, lo, hi int) {
	pix, stride, row := s.src.Pix, s.src.Stride, s.row
	for i := lo; i < hi; i++ {
		voters := v.of(i)
		if len(voters) == 0 {
			continue
		}
		values := s.values[:len(voters)]
		for n, v := range voters {
			values[n] = pix[int(v.y)*stride+int(v.x)]
		}
		row[i] = mostFrequent(values)
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
