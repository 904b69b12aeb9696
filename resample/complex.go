package resample

import (
	"github.com/geoexport/geoexport/raster"
)

// warpComplex warps the real and the imaginary parts of complex samples as bands of their own. Weights are real, so
// that this weights the complex samples.
func warpComplex(dst, src *raster.Block, m Mapping, k method) error {
	parts := raster.F32
	if src.Type == raster.C128 {
		parts = raster.F64
	}
	in := &raster.Block{Type: parts, Valid: src.Valid}
	for _, p := range src.Bands {
		re, im := split(p)
		in.Bands = append(in.Bands, re, im)
	}
	out := raster.NewBlock(parts, 2*len(dst.Bands), dst.Bounds())
	out.Valid = dst.Valid
	if err := warp(out, in, m, k); err != nil {
		return err
	}
	for n, p := range dst.Bands {
		join(p, out.Bands[2*n], out.Bands[2*n+1])
	}
	return nil
}

// split returns the real and the imaginary parts of a plane of complex samples.
func split(p raster.Plane) (re, im raster.Plane) {
	if p, ok := p.(*raster.PlaneOf[complex64]); ok {
		return splitInto[float32](p)
	}
	return splitInto[float64](p.(*raster.PlaneOf[complex128]))
}

// splitInto splits as split does, into parts of type R.
func splitInto[R float32 | float64, C complex64 | complex128](p *raster.PlaneOf[C]) (re, im raster.Plane) {
	x, y := raster.NewPlane[R](p.Rect), raster.NewPlane[R](p.Rect)
	for row := p.Rect.Min.Y; row < p.Rect.Max.Y; row++ {
		xs, ys := x.Row(row), y.Row(row)
		for i, v := range p.Row(row) {
			xs[i], ys[i] = R(real(complex128(v))), R(imag(complex128(v)))
		}
	}
	return x, y
}

// join writes a plane of complex samples from its parts.
func join(p, re, im raster.Plane) {
	if p, ok := p.(*raster.PlaneOf[complex64]); ok {
		joinOf(p, re.(*raster.PlaneOf[float32]), im.(*raster.PlaneOf[float32]))
		return
	}
	joinOf(p.(*raster.PlaneOf[complex128]), re.(*raster.PlaneOf[float64]), im.(*raster.PlaneOf[float64]))
}

// joinOf joins as join does, for one type of samples and of parts.
func joinOf[C complex64 | complex128, R float32 | float64](p *raster.PlaneOf[C], re, im *raster.PlaneOf[R]) {
	for row := p.Rect.Min.Y; row < p.Rect.Max.Y; row++ {
		xs, ys := re.Row(row), im.Row(row)
		for i, out := 0, p.Row(row); i < len(out); i++ {
			out[i] = C(complex(float64(xs[i]), float64(ys[i])))
		}
	}
}
