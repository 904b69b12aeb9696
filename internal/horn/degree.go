package horn

import (
	"math"
	"sync"

	"github.com/geoexport/geoexport/internal/portable"
)

// DegreesOf computes slopes as angles in degrees, from gradients. Pixels of which none can be computed become 0, also in
// valid.
func DegreesOf[T float32 | float64](dst []T, valid []uint8, east, south []float64) {
	east, south, valid = east[:len(dst)], south[:len(dst)], valid[:len(dst)]
	table := steepnesses()
	for x := range dst {
		p, q := east[x], south[x]
		s := float64(p*p) + float64(q*q)
		if i := table.index(s); i < uint64(len(table)) {
			dst[x] = T(table[i].at(s))
			continue
		}
		v := 0.0
		if s != 0 {
			v = steepness(s)
		}
		if v != v {
			v, valid[x] = 0, 0
		}
		dst[x] = T(v)
	}
}

// steepness returns the angle in degrees of a slope whose square is s.
func steepness(s float64) float64 { return portable.Atan(math.Sqrt(s)) * (180 / math.Pi) }

const (
	steepnessBits  = 5                            // of a number's fraction that its piece has
	steepnessFirst = (1023 - 60) << steepnessBits // squares below 2^-60 have no piece
	steepnessCount = (60 + 20) << steepnessBits   // nor have those from 2^20
)

// A steepnessTable has pieces of steepness that are wrong by less than 5e-10 of the value.
type steepnessTable [steepnessCount]cubic

var steepnesses = sync.OnceValue(func() *steepnessTable {
	t := new(steepnessTable)
	at := func(i int) float64 { return math.Float64frombits(uint64(i+steepnessFirst) << (52 - steepnessBits)) }
	for i := range t {
		t[i] = newCubic(steepness, at(i), at(i+1))
	}
	return t
})

// index returns the number of the piece for s; one that is too large if there is none.
func (t *steepnessTable) index(s float64) uint64 {
	return math.Float64bits(s)>>(52-steepnessBits) - steepnessFirst
}
