package function

import (
	"math"
	"slices"

	"github.com/geoexport/geoexport/internal/portable"
)

// The following are what Local and Statistics make of several values, which they may put into another order.

func localMaximum(_ *Local, v []float64, _ bool) float64 { return slices.Max(v) }
func localMinimum(_ *Local, v []float64, _ bool) float64 { return slices.Min(v) }
func localRange(_ *Local, v []float64, _ bool) float64   { return slices.Max(v) - slices.Min(v) }

func localSum(_ *Local, v []float64, _ bool) float64 {
	var sum float64
	for _, n := range v {
		sum += n
	}
	return sum
}

func localMean(_ *Local, v []float64, _ bool) float64 {
	return localSum(nil, v, false) / float64(len(v))
}

// localDeviation returns the standard deviation of a population.
func localDeviation(_ *Local, v []float64, _ bool) float64 {
	mean := localMean(nil, v, false)
	var sum float64
	for _, n := range v {
		sum += float64((n - mean) * (n - mean))
	}
	return math.Sqrt(sum / float64(len(v)))
}

// localMedian returns the middle value, and the mean of the middle two of an even number.
func localMedian(_ *Local, v []float64, _ bool) float64 {
	slices.Sort(v)
	n := len(v)
	if n%2 == 1 {
		return v[n/2]
	}
	return (v[n/2-1] + v[n/2]) / 2
}

// localMajority returns the most frequent value, the least of several.
func localMajority(_ *Local, v []float64, _ bool) float64 {
	return frequent(v, func(n, best int) bool { return n > best })
}

// localMinority returns the least frequent value, the least of several.
func localMinority(_ *Local, v []float64, _ bool) float64 {
	return frequent(v, func(n, best int) bool { return n < best })
}

func frequent(v []float64, better func(n, best int) bool) float64 {
	slices.Sort(v)
	value, best := v[0], 0
	for from := 0; from < len(v); {
		to := from + 1
		for to < len(v) && v[to] == v[from] {
			to++
		}
		if best == 0 || better(to-from, best) {
			value, best = v[from], to-from
		}
		from = to
	}
	return value
}

// localVariety returns how many values differ.
func localVariety(_ *Local, v []float64, _ bool) float64 {
	slices.Sort(v)
	return float64(len(slices.Compact(v)))
}

// localPick returns the value that the first one counts, from 1, among those after it.
func localPick(_ *Local, v []float64, _ bool) float64 {
	n := v[0]
	if n != math.Trunc(n) || n < 1 || n >= float64(len(v)) {
		return math.NaN()
	}
	return v[int(n)]
}

// localPercentile returns the value at a share of the way from the least to the greatest, by their order.
func localPercentile(f *Local, v []float64, integers bool) float64 {
	slices.Sort(v)
	rank := float64(f.Percentile / 100 * float64(len(v)-1))
	below := math.Floor(rank)
	i := int(below)
	if f.Interpolation == PercentileNearest || f.Interpolation == PercentileAuto && integers {
		if rank-below > 0.5 {
			i++
		}
		return v[i]
	}
	if i+1 >= len(v) {
		return v[i]
	}
	return v[i] + float64((v[i+1]-v[i])*(rank-below))
}

// The following are not in package portable.

func acosh(v float64) float64 {
	if v < 1 {
		return math.NaN()
	}
	return portable.Asinh(math.Sqrt((v - 1) * (v + 1)))
}

func exp2(v float64) float64 { return portable.Pow(2, v) }

// log2 is exact for powers of 2.
func log2(v float64) float64 {
	fraction, exponent := math.Frexp(v)
	if fraction == 0.5 {
		return float64(exponent - 1)
	}
	return float64(exponent) + float64(portable.Log(fraction)*(1/math.Ln2))
}
