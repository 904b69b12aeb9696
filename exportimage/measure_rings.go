package exportimage

import (
	"fmt"
	"math"
	"slices"

	"github.com/geoexport/geoexport/internal/relate"
)

// short moves vertices by turns of the world so that the sides of rings go the short way round, as geodesics do, and
// rings lie beside one another. A ring around a pole, which does not close then, stays as it is.
func (m *measured) short() error {
	turn := m.crs.Period()
	if turn == 0 || m.kind != PolygonGeometry {
		return nil
	}
	parts := make([][][2]float64, len(m.parts))
	for i, ring := range m.parts {
		for j := 1; j < len(ring); j++ {
			if across := math.Abs(ring[j][0] - ring[j-1][0]); across >= turn {
				return invalid(m.param, "a side goes around the world: it needs a corner between")
			}
		}
		short := unwrapped(ring, turn)
		if n := len(ring) - 1; len(short) != len(ring) || short[n] != short[0] {
			parts[i] = ring
			continue
		}
		if i > 0 {
			x, _ := boxOf(parts[:1]).Center()
			own, _ := boxOf([][][2]float64{short}).Center()
			for j, by := range short {
				short[j][0] = by[0] - float64(turn*math.Round((own-x)/turn))
			}
		}
		parts[i] = short
	}
	m.parts = parts
	return nil
}

// signs returns for each ring 1, or -1 for a hole: a ring inside an odd number of others. It returns an error for sides
// that cross, and for rings of the same corners: what they enclose depends on who counts.
func (m measured) signs() ([]float64, error) {
	out := make([]float64, len(m.parts))
	if m.fine {
		return append(out[:0], 1), nil
	}
	work := relate.Work{Left: maxRelating}
	at, crosses := relate.NewShape(relate.Area, m.parts).CrossesItself(&work)
	if crosses {
		return nil, invalid(m.param, "its sides cross at %v,%v, so that its area has no meaning: part it there", at[0], at[1])
	}
	rings := make([]*relate.Shape, len(m.parts))
	for i, ring := range m.parts {
		rings[i] = relate.NewShape(relate.Area, [][][2]float64{ring})
	}
	for i, ring := range m.parts {
		out[i] = 1
		for j, other := range rings {
			work.Left--
			if b := other.Box(); i == j || work.Done() || !b.Has(ring[0]) {
				continue
			}
			own := slices.IndexFunc(ring, func(p [2]float64) bool {
				work.Left -= len(m.parts[j])
				return work.Done() || !slices.Contains(m.parts[j], p)
			})
			if own < 0 {
				return nil, invalid(m.param, "two of its rings have the same corners")
			}
			if other.Holds(ring[own], &work) {
				out[i] = -out[i]
			}
		}
	}
	if work.Done() {
		return nil, &Error{Kind: TooLarge, Param: m.param, Err: fmt.Errorf("its rings and corners are too many")}
	}
	return out, nil
}
