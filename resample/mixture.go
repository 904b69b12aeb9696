package resample

import (
	"math"

	"github.com/geoexport/geoexport/raster"
)

// A mixture is a kernel of which some samples are missing, or hold data only in part: the weights of the others, which sum
// to one unless the negative ones outweigh. Taps without weight are not looked at.
type mixture struct {
	x, y   int32 // the first tap
	nx, ny int   // which tap is the nearest sample: one that holds data
	w      [maxTaps][maxTaps]float64
}

// mix makes m the mixture of the kernel at p, and gives the validity of the pixel, from 1 to 255, or 0 if the nearest
// sample holds no data.
func (l *line) mix(m *mixture, p point) uint8 {
	nx, ny := l.nearest(p.fx), l.nearest(p.fy)
	centre := l.validity(p.x+int32(nx), p.y+int32(ny))
	if centre == 0 {
		return 0
	}
	m.x, m.y, m.nx, m.ny = p.x, p.y, nx, ny
	wx, wy := l.weigh(fraction(p.fx)), l.weigh(fraction(p.fy))
	var whole, wholeSize, offset float64 // for the validity: of weights, of their sizes, of validity less that of the centre
	var sum, size float64                // for the samples: of weights times validity, of their sizes
	for j := range l.taps {
		row := m.w[j][:l.taps]
		for i := range row {
			a := l.validity(p.x+int32(i), p.y+int32(j))
			if a == 0 {
				row[i] = 0
				continue
			}
			w := float64(wx[i] * wy[j])
			whole += w
			wholeSize += math.Abs(w)
			offset += float64(w * (float64(a) - float64(centre)))
			if a != math.MaxUint8 {
				w = float64(w * (float64(a) / math.MaxUint8))
			}
			sum += w
			size += math.Abs(w)
			row[i] = w
		}
	}
	sum = max(sum, size/2)
	for j := range l.taps {
		row := m.w[j][:l.taps]
		for i := range row {
			row[i] /= sum
		}
	}
	v := float64(centre) + offset/max(whole, wholeSize/2)
	return uint8(min(max(v, 1), math.MaxUint8) + 0.5)
}

// validity is how much the sample at x, y of the source window holds data.
func (l *line) validity(x, y int32) uint8 {
	if x < 0 || y < 0 || int(x) >= l.src.Dx() || int(y) >= l.src.Dy() {
		return 0
	}
	if l.mask == nil {
		return math.MaxUint8
	}
	return l.mask.Pix[l.maskOffset(x, y)]
}

// mixed is the value of m. Only differences to the nearest sample are weighted, so that a constant stays what it is.
func mixed[T raster.Real](p *raster.PlaneOf[T], taps int, m *mixture) float64 {
	o := int(m.y)*p.Stride + int(m.x)
	centre := float64(p.Pix[o+m.ny*p.Stride+m.nx])
	lo, hi := centre, centre
	var sum float64
	for j := range taps {
		for i, w := range m.w[j][:taps] {
			if w == 0 {
				continue
			}
			v := float64(p.Pix[o+i])
			if v < lo {
				lo = v
			}
			if v > hi {
				hi = v
			}
			sum += float64(w * (v - centre))
		}
		o += p.Stride
	}
	if v := centre + sum; !math.IsNaN(v) {
		return signed(min(max(v, lo), hi), centre)
	}
	return centre
}

// whole is the mixture of a complete kernel, for results that are not finite.
func (l *line) whole(p point) (m mixture) {
	m.x, m.y, m.nx, m.ny = p.x, p.y, l.nearest(p.fx), l.nearest(p.fy)
	wx, wy := l.weigh(fraction(p.fx)), l.weigh(fraction(p.fy))
	for j := range l.taps {
		for i := range l.taps {
			m.w[j][i] = float64(wx[i] * wy[j])
		}
	}
	return m
}
