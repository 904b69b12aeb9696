package resample

import (
	"image"

	"github.com/geoexport/geoexport/raster"
)

// A line is one row of destination pixels on its way through Warp: all rows take it in turn, and all bands share it.
type line struct {
	*method
	dst image.Rectangle
	src *source
	positions
	coverage   *coverage
	footprints *footprints  // nil if the method depends on none
	wide       *wideKernels // nil if no kernel can be wide
	votes      *votes       // nil if nothing is voted on

	// The samplers of all bands, by what they can do; nil if they cannot.
	samplers  []sampler
	stencils  []stencilSampler
	weighting []weightingSampler
	spanning  []spanSampler
	voting    []votingSampler
}

// newLine prepares for the rows of dst. Mapping and method must be sound.
func newLine(dst, src *raster.Block, m *method, samplers []sampler) *line {
	l := &line{method: m, dst: dst.Bounds(), src: newSource(src, m), samplers: samplers}
	l.coverage = newCoverage(m, l.src, l.dst, dst.Valid)
	l.stencils = all[stencilSampler](samplers)
	l.weighting = all[weightingSampler](samplers)
	l.spanning = all[spanSampler](samplers)
	l.voting = all[votingSampler](samplers)
	return l
}

// all returns the samplers as S, or nil if any of them is none.
func all[S any](samplers []sampler) (out []S) {
	for _, s := range samplers {
		o, ok := s.(S)
		if !ok {
			return nil
		}
		out = append(out, o)
	}
	return out
}

// commonStride returns the stride of all bands of the source and of its mask, or 0 if they differ.
func (l *line) commonStride() int {
	stride := l.samplers[0].stride()
	for _, s := range l.samplers {
		if s.stride() != stride || l.src.mask != nil && l.src.mask.Stride != stride {
			return 0
		}
	}
	return stride
}

// warp makes all rows.
func (l *line) warp(m Mapping) {
	if l.method.footprints() {
		l.footprints = newFootprints(m, l.dst)
	}
	if l.method.wide() {
		l.wide = newWideKernels(l.method, l.src, l.footprints, l.dst.Dx())
	}
	if l.majority {
		l.votes = &votes{method: l.method, src: l.src, footprints: l.footprints}
	}
	if xs, ys, ok := axesOf(m, l.dst, centred); ok {
		l.axes = newAxes(l.method, l.src, xs)
		for n, y := range ys {
			l.axes.setRow(y)
			l.sample(l.dst.Min.Y + n)
		}
		return
	}
	direct := l.spanning != nil && l.footprints == nil
	l.points = newPoints(l.method, l.src, l.dst.Dx(), l.commonStride(), direct)
	lines := rowMapperOf(m, l.dst, centred)
	xs, ys := make([]float64, l.dst.Dx()), make([]float64, l.dst.Dx())
	for y := l.dst.Min.Y; y < l.dst.Max.Y; y++ {
		l.points.setRow(xs, ys, lines.mapRow(y, xs, ys))
		l.sample(y)
	}
}

// sample makes row y of the destination, whose positions are set.
func (l *line) sample(y int) {
	if l.footprints != nil {
		l.footprints.setRow(y, y-l.dst.Min.Y)
	}
	covers := l.covers()
	if l.wide != nil {
		covers = l.wide.setRow(l.positions)
	}
	l.coverage.classify(y, covers, l.positions)
	for _, s := range l.samplers {
		s.begin(y)
	}
	direct := l.points != nil && l.points.direct
	if direct && len(l.points.spans) > 0 {
		for _, s := range l.spanning {
			s.spans(l.points.spans)
		}
	}
	mixtures := l.coverage.mixtures
	for _, r := range l.coverage.runs {
		switch {
		case r.cover == full && direct:
		case r.cover == partial:
			for _, s := range l.weighting {
				s.mixed(mixtures[:r.hi-r.lo], r.lo, r.hi)
			}
			mixtures = mixtures[r.hi-r.lo:]
		case r.cover == wide:
			l.sampleWide(r.lo, r.hi)
		default:
			l.sampleRun(r)
		}
	}
	for _, r := range l.coverage.holes {
		for _, s := range l.samplers {
			s.zero(r.lo, r.hi)
		}
	}
}

// sampleWide makes a run of pixels with wide kernels, piece by piece.
func (l *line) sampleWide(lo, hi int) {
	for lo < hi {
		end := l.wide.placePiece(lo, hi, l.positions, l.coverage.valid)
		for _, s := range l.weighting {
			s.wide(l.wide, lo, end)
		}
		lo = end
	}
}

// sampleRun makes a run of pixels without samples, or with all.
func (l *line) sampleRun(r run) {
	switch {
	case r.cover == outside:
		for _, s := range l.samplers {
			s.zero(r.lo, r.hi)
		}
		return
	case l.copying():
		x, y := l.axes.copyFrom(r.lo)
		for _, s := range l.samplers {
			s.copyRow(x, y, r.lo, r.hi)
		}
		return
	}
	for _, s := range l.stencils {
		if l.axes != nil {
			s.axes(l.axes, r.lo, r.hi)
		} else {
			s.points(l.points, r.lo, r.hi)
		}
	}
	if l.votes == nil {
		return
	}
	for lo := r.lo; lo < r.hi; lo += votesPiece {
		hi := min(lo+votesPiece, r.hi)
		l.votes.collect(lo, hi, l.positions, l.coverage.valid)
		for _, s := range l.voting {
			s.vote(l.votes, lo, hi)
		}
	}
}
