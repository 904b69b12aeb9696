package function

import (
	"math"
	"sync"

	"github.com/geoexport/geoexport/internal/portable"
)

// A light is one of the directions from which a surface is lit.
type light struct {
	cosZenith, east, north float64 // east and north are those of the direction, times the sine of the zenith angle
	weight                 float64
}

func newLight(azimuth, altitude, weight float64) light {
	const degree = math.Pi / 180
	// Reduced first, so that equal directions have equal lights.
	angle := math.Mod(450-azimuth, 360) * degree
	zenith := (90 - altitude) * degree
	sin := portable.Sin(zenith)
	return light{portable.Cos(zenith), sin * portable.Cos(angle), sin * portable.Sin(angle), weight}
}

// scaled returns a light whose shades are multiplied by a factor.
func (l light) scaled(by float64) light {
	return light{l.cosZenith * by, l.east * by, l.north * by, 1}
}

// A shader computes shades from gradients: whole numbers from 0 to 255, cut and not rounded, as ArcGIS does.
type shader struct {
	lights []light // of one, or of six weighted directions
	sum    float64 // of the lights' weights
	// table has what shades are divided by. Shades are computed in parts of 1/65536, so that the fraction is cut off by a
	// shift.
	table *rootTable
	parts []light
}

// newShader returns a shader. The six lights and their weights are those of Esri's client.
func newShader(t HillshadeType, azimuth, altitude float64) *shader {
	s := shader{lights: []light{newLight(azimuth, altitude, 1)}, sum: 1, table: inverseRoots()}
	if t == Multidirectional {
		s.lights = []light{
			newLight(315, 60, 3), newLight(270, 60, 5), newLight(225, 60, 3),
			newLight(360, 60, 2), newLight(180, 60, 1), newLight(0, 90, 4),
		}
		s.sum = 18
	}
	for _, l := range s.lights {
		s.parts = append(s.parts, l.scaled(l.weight/s.sum*255*0x10000))
	}
	return &s
}

// factors returns what gradients are multiplied with to become rise over run. Light from many directions doubles heights.
func (s *shader) factors(scale slopeScale, c Cell) (fx, fy float64) {
	fx, fy = scale.factors(c)
	if len(s.lights) > 1 {
		fx, fy = fx+fx, fy+fy
	}
	return fx, fy
}

// exact returns the shade of a slope without cutting it: NaN if there is none. row agrees with it, but for shades that are
// less than 1/40000 below a whole number, which may be one higher.
func (s *shader) exact(east, south float64) float64 {
	root := math.Sqrt(1 + float64(east*east) + float64(south*south))
	sum := 0.0
	for _, l := range s.lights {
		v := 255 * (l.cosZenith + float64(l.north*south) - float64(l.east*east)) / root
		if v-v != 0 {
			return math.NaN()
		}
		sum += float64(l.weight * max(v, 0))
	}
	return sum / s.sum
}

// rare computes what row cannot.
func (s *shader) rare(east, south float64, valid uint8) (shade, validity uint8) {
	if v := s.exact(east, south); v == v {
		return uint8(v), valid
	}
	return 0, 0
}

// row computes shades, and marks pixels that have none.
func (s *shader) row(dst, valid []uint8, east, south []float64) {
	if len(s.lights) > 1 {
		s.rowOfMany(dst, valid, east, south)
		return
	}
	east, south, valid = east[:len(dst)], south[:len(dst)], valid[:len(dst)]
	l, table := s.parts[0], s.table
	beyond := uint64(0)
	for x := range dst {
		p, q := east[x], south[x]
		square := 1 + float64(p*p) + float64(q*q)
		i := table.index(square)
		beyond |= i
		v := int32((l.cosZenith + float64(l.north*q) - float64(l.east*p)) * table[i%uint64(len(table))].at(square))
		v &^= v >> 31 // not below 0
		dst[x] = uint8(v >> 16)
	}
	if beyond < uint64(len(table)) {
		return
	}
	for x := range dst {
		p, q := east[x], south[x]
		if table.index(1+float64(p*p)+float64(q*q)) >= uint64(len(table)) {
			dst[x], valid[x] = s.rare(p, q, valid[x])
		}
	}
}

// rowOfMany is row for six lights.
func (s *shader) rowOfMany(dst, valid []uint8, east, south []float64) {
	east, south, valid = east[:len(dst)], south[:len(dst)], valid[:len(dst)]
	table, l := s.table, (*[6]light)(s.parts)
	for x := range dst {
		p, q := east[x], south[x]
		square := 1 + float64(p*p) + float64(q*q)
		i := table.index(square)
		if i >= uint64(len(table)) {
			dst[x], valid[x] = s.rare(p, q, valid[x])
			continue
		}
		sum := l[0].on(p, q) + l[1].on(p, q) + l[2].on(p, q) + l[3].on(p, q) + l[4].on(p, q) + l[5].on(p, q)
		dst[x] = uint8(int32(sum*table[i].at(square)) >> 16)
	}
}

// on returns how much of a light a slope takes, not below 0, times the length of its normal.
func (l *light) on(east, south float64) float64 {
	b := math.Float64bits(l.cosZenith + float64(l.north*south) - float64(l.east*east))
	return math.Float64frombits(b &^ uint64(int64(b)>>63)) // faster than max, which looks for NaN
}

// A line is what stands for a function on a short piece.
type line struct{ at0, rise float64 }

func (l *line) at(x float64) float64 { return l.at0 + float64(l.rise*x) }

const (
	rootBits = 10               // of a number's fraction that its piece has
	rootFrom = 1023 << rootBits // the piece of 1
)

// A rootTable has chords of the inverse square root of numbers from 1 to 2^8, that is of slopes up to 86 degrees. A chord is
// never too small, and by less than 9e-8 of the value too large: 255 and other shades of flat land do not become one less.
type rootTable [8 << rootBits]line

var inverseRoots = sync.OnceValue(func() *rootTable {
	t := new(rootTable)
	at := func(i int) float64 { return math.Float64frombits(uint64(i+rootFrom) << (52 - rootBits)) }
	const more = 1 + 1e-12 // than what rounding takes away
	for i := range t {
		lo, hi := at(i), at(i+1)
		from, to := more/math.Sqrt(lo), more/math.Sqrt(hi)
		rise := (to - from) / (hi - lo)
		t[i] = line{from - float64(rise*lo), rise}
	}
	return t
})

// index returns the number of the piece for v; one that is too large if there is none.
func (t *rootTable) index(v float64) uint64 { return math.Float64bits(v)>>(52-rootBits) - rootFrom }
