package resample

import (
	"image"
	"math"

	"github.com/geoexport/geoexport/raster"
)

// A line is one row of destination pixels on its way through Warp: where the kernel stands for each of them, which runs of
// them can be treated alike, and how incomplete kernels are to be mixed. All bands share it, and all rows in turn.
type line struct {
	kernel
	dst, src image.Rectangle
	mask     *image.Alpha // the source's; nil if every pixel fully holds data
	valid    *image.Alpha // the destination's

	separable bool // columns and row hold, else pts
	columns   []place
	row       place
	aligned   bool // the columns are neighbours in the source, and all on centres if the kernel has more than one tap
	copying   bool // the row is a piece of a row of the source

	pts []point

	colWeights [][maxTaps]float64    // of columns; for Cubic only
	ptWeights  [][2][maxTaps]float64 // of pts, x before y; for Cubic only

	fits     []run // how kernels lie in the source's rectangle; of the columns alone if separable
	runs     []run // how they lie in the source's valid pixels
	mixtures []mixture
}

// A point is where a kernel stands: its first tap, counted from the corner of the source window, and how far the point
// lies past the centre of the pixel before it.
type point struct {
	x, y   int32
	tx, ty float64
}

// A run is pixels lo to hi of a line, which are alike.
type run struct {
	lo, hi int
	fit    fit
}

func newLine(dst, src *raster.Block, k kernel) *line {
	l := &line{kernel: k, dst: dst.Bounds(), src: src.Bounds(), valid: dst.Valid}
	if !src.Opaque() {
		l.mask = src.Valid
	}
	return l
}

// setColumns places the kernel along x, once for all rows.
func (l *line) setColumns(xs []float64) {
	l.separable = true
	l.columns = make([]place, len(xs))
	if l.taps == 4 {
		l.colWeights = make([][maxTaps]float64, len(xs))
	}
	l.aligned = true
	last := -1
	for i, x := range xs {
		p := l.locate(x, l.src.Min.X, l.src.Dx())
		l.columns[i] = p
		l.fits = appendRun(l.fits, i, p.fit)
		if p.fit == outside {
			continue
		}
		if l.colWeights != nil {
			l.colWeights[i] = l.weights(p.t)
		}
		if p.t != 0 || last >= 0 && int(p.first-l.columns[last].first) != i-last {
			l.aligned = false
		}
		last = i
	}
}

// setRow places the kernel along y.
func (l *line) setRow(y float64) {
	l.row = l.locate(y, l.src.Min.Y, l.src.Dy())
	l.copying = l.aligned && l.row.t == 0
}

// setPoints places the kernel for each pixel of a row by itself. It is locate, written out for both axes.
func (l *line) setPoints(xs, ys []float64) {
	if l.pts == nil {
		l.pts = make([]point, len(xs))
		if l.taps == 4 {
			l.ptWeights = make([][2][maxTaps]float64, len(xs))
		}
	}
	l.fits = l.fits[:0]
	var (
		x0, y0         = l.src.Min.X, l.src.Min.Y
		width, height  = uint(l.src.Dx()), uint(l.src.Dy())
		minX, maxX     = locatable(x0, l.src.Max.X)
		minY, maxY     = locatable(y0, l.src.Max.Y)
		before, taps   = l.before(), l.taps
		lastX, lastY   = l.src.Dx() - taps, l.src.Dy() - taps
		pts            = l.pts[:len(xs)]
		current, start = outside, 0
	)
	ys = ys[:len(xs)]
	for i, x := range xs {
		f, y := outside, ys[i]
		if x > minX && x < maxX && y > minY && y < maxY {
			nx, ny := snap(x), snap(y)
			if uint(int(nx>>snapBits)-x0) < width && uint(int(ny>>snapBits)-y0) < height {
				p := &pts[i]
				if taps > 1 {
					nx, ny = nx-snapOne/2, ny-snapOne/2
					p.tx, p.ty = float64(nx&(snapOne-1))/snapOne, float64(ny&(snapOne-1))/snapOne
				}
				firstX, firstY := int(nx>>snapBits)-x0-before, int(ny>>snapBits)-y0-before
				p.x, p.y = int32(firstX), int32(firstY)
				f = partial
				if firstX >= 0 && firstY >= 0 && firstX <= lastX && firstY <= lastY {
					f = inside
				}
			}
		}
		if f != current {
			if start < i {
				l.fits = append(l.fits, run{start, i, current})
			}
			current, start = f, i
		}
	}
	l.fits = append(l.fits, run{start, len(xs), current})
	if l.ptWeights == nil {
		return
	}
	for _, r := range l.fits {
		if r.fit == inside {
			for i := r.lo; i < r.hi; i++ {
				l.ptWeights[i] = [2][maxTaps]float64{l.weights(pts[i].tx), l.weights(pts[i].ty)}
			}
		}
	}
}

func (l *line) at(i int) point {
	if l.separable {
		return point{l.columns[i].first, l.row.first, l.columns[i].t, l.row.t}
	}
	return l.pts[i]
}

// sample makes row y of the destination.
func (l *line) sample(y int, samplers []sampler) {
	l.classify(y)
	for _, s := range samplers {
		s.begin(y)
		ms := l.mixtures
		for _, r := range l.runs {
			switch {
			case r.fit == outside:
				s.zero(r.lo, r.hi)
			case r.fit == partial:
				s.mixed(ms[:r.hi-r.lo], r.lo, r.hi)
				ms = ms[r.hi-r.lo:]
			case l.copying:
				p := l.at(r.lo)
				before := int32(l.before())
				s.copy(p.x+before, p.y+before, r.lo, r.hi)
			case l.separable:
				s.axes(l, r.lo, r.hi)
			default:
				s.points(l, r.lo, r.hi)
			}
		}
	}
}

// classify turns fits into runs and mixtures, and writes row y of the destination's validity.
func (l *line) classify(y int) {
	l.runs, l.mixtures = l.runs[:0], l.mixtures[:0]
	valid := alphaRow(l.valid, y, l.dst.Min.X, l.dst.Max.X)
	for _, r := range l.fits {
		if l.separable {
			r.fit = min(r.fit, l.row.fit)
		}
		if l.copying && r.fit == partial {
			r.fit = inside // the samples that are missing have no weight
		}
		switch {
		case r.fit == outside:
			clear(valid[r.lo:r.hi])
			l.runs = appendRuns(l.runs, r)
		case r.fit == inside && l.mask == nil:
			for i := r.lo; i < r.hi; i++ {
				valid[i] = math.MaxUint8
			}
			l.runs = appendRuns(l.runs, r)
		case l.taps == 1 || l.copying:
			for i := r.lo; i < r.hi; i++ {
				p := l.at(i)
				valid[i] = l.mask.Pix[l.maskOffset(p.x, p.y)+l.before()*(l.mask.Stride+1)]
				f := inside
				if valid[i] == 0 {
					f = outside
				}
				l.runs = appendRun(l.runs, i, f)
			}
		default:
			for i := r.lo; i < r.hi; i++ {
				p := l.at(i)
				if r.fit == inside && l.complete(p) {
					valid[i] = math.MaxUint8
					l.runs = appendRun(l.runs, i, inside)
					continue
				}
				m, a := l.mix(p)
				valid[i] = a
				if a == 0 {
					l.runs = appendRun(l.runs, i, outside)
					continue
				}
				l.mixtures = append(l.mixtures, m)
				l.runs = appendRun(l.runs, i, partial)
			}
		}
	}
}

// maskOffset is where the mask has the pixel at x, y of the source window.
func (l *line) maskOffset(x, y int32) int {
	return l.mask.PixOffset(l.src.Min.X, l.src.Min.Y) + int(y)*l.mask.Stride + int(x)
}

// complete says whether all taps, which must lie in the source, fully hold data.
func (l *line) complete(p point) bool {
	o := l.maskOffset(p.x, p.y)
	for range l.taps {
		for _, a := range l.mask.Pix[o : o+l.taps] {
			if a != math.MaxUint8 {
				return false
			}
		}
		o += l.mask.Stride
	}
	return true
}

// appendRun adds pixel i, the next one.
func appendRun(rs []run, i int, f fit) []run { return appendRuns(rs, run{i, i + 1, f}) }

// appendRuns adds a run, the next one.
func appendRuns(rs []run, r run) []run {
	if n := len(rs) - 1; n >= 0 && rs[n].fit == r.fit {
		rs[n].hi = r.hi
		return rs
	}
	return append(rs, r)
}
