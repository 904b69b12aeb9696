package resample

import "image"

// SourceWindow is the part of bounds, the rectangle of the source level, that Warp needs for the pixels of dst: the
// smallest rectangle that holds the kernel's samples for every pixel whose centre falls into bounds. Warp of this window
// gives the same bits as Warp of the whole level. It is empty if no centre falls into bounds.
//
// The window is found by mapping every pixel (each column and row where the mapping is separable), never from corners
// alone. An interpolation that Warp does not support has an empty window.
func SourceWindow(m Mapping, dst, bounds image.Rectangle, i Interpolation) image.Rectangle {
	k, err := kernelOf(i)
	if err != nil || dst.Empty() || bounds.Empty() {
		return image.Rectangle{}
	}
	var w extent
	if xs, ys, ok := axesOf(m, dst); ok {
		var cols, rows extent
		for _, x := range xs {
			cols.add(k.locate(x, bounds.Min.X, bounds.Dx()), place{fit: inside})
		}
		for _, y := range ys {
			rows.add(place{fit: inside}, k.locate(y, bounds.Min.Y, bounds.Dy()))
		}
		w = extent{cols.minX, rows.minY, cols.maxX, rows.maxY, cols.any && rows.any}
	} else {
		lines := linerOf(m, dst)
		xs, ys := make([]float64, dst.Dx()), make([]float64, dst.Dx())
		for y := dst.Min.Y; y < dst.Max.Y; y++ {
			lines.line(y, xs, ys)
			for n, x := range xs {
				if p := k.locate(x, bounds.Min.X, bounds.Dx()); p.fit != outside {
					w.add(p, k.locate(ys[n], bounds.Min.Y, bounds.Dy()))
				}
			}
		}
	}
	if !w.any {
		return image.Rectangle{}
	}
	r := image.Rect(int(w.minX), int(w.minY), int(w.maxX)+k.taps, int(w.maxY)+k.taps)
	return r.Add(bounds.Min).Intersect(bounds)
}

// An extent is the range of first taps.
type extent struct {
	minX, minY, maxX, maxY int32
	any                    bool
}

func (e *extent) add(x, y place) {
	switch {
	case x.fit == outside || y.fit == outside:
	case !e.any:
		*e = extent{x.first, y.first, x.first, y.first, true}
	default:
		e.minX, e.maxX = min(e.minX, x.first), max(e.maxX, x.first)
		e.minY, e.maxY = min(e.minY, y.first), max(e.maxY, y.first)
	}
}
