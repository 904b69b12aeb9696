package resample

import "github.com/geoexport/geoexport/raster"

// Warp fills dst from src: m gives the point of the source that the centre of each pixel of dst shows, and i says how
// the pixel is made from the samples around that point.
//
// The bounds of dst may lie anywhere in destination pixel space; src is a window of the source, in the source's own
// pixels, and must hold SourceWindow of dst. Both must have the same type and number of bands, and dst must have its
// validity plane, as blocks made by raster.NewBlock do. Everything in dst is written to; src is only read. Blocks that
// do not fit together are an *InvalidError.
//
// Default means Bilinear. Complex samples are weighted part by part; Majority, which needs an order among values, is an
// *UnsupportedError for them. For palette indices and class codes only Nearest and Majority make sense; Warp does not
// check that.
//
// # Validity
//
// A pixel is valid if the source pixel that holds the point is valid; samples that src does not have are invalid.
// Kernels take in valid samples only. Each weighs as its distance from the point says, times its validity, and the sum
// is divided by the sum of the weights. Where samples are missing or not fully valid, differences to the nearest sample
// are weighted, and the result is kept within the range of the samples that are there. In Cubic the sum of the weights
// is taken as no less than half the sum of their sizes: else negative weights could leave next to nothing to divide by.
//
// Validity itself is interpolated in the same way over the valid samples, and kept above zero: a hard mask stays hard,
// and soft alpha stays smooth. Samples of invalid pixels become zero.
//
// # Majority
//
// A pixel's footprint is the quadrilateral that the images of its four corners make in the source. The valid samples
// whose centres are in it vote, whatever their alpha, and the most frequent value wins; among equally frequent ones the
// smallest. A centre on the footprint's left or upper side is in it, one on its right or lower side is not, so that
// neighbouring footprints share none. No arithmetic is done on samples: codes of 32 bits and floats keep their exact
// values.
//
// If nobody votes, the nearest sample is taken. There are no votes where the image is finer than the source; where a
// corner has no image; where the footprint is over 1024 samples wide or high; and where the mapping is far from linear
// within the pixel, as at a seam: where the mean of the corners' images is further from the centre's image than a
// quarter of the footprint's width or height. At most 16 columns by 16 rows vote: where a footprint's box has more,
// every second, third, ... of them, counted from the source's first. The validity of the pixel is that of the nearest
// sample, for Majority too.
//
// # Numbers
//
// Integers are rounded half away from zero and limited to the range of their type. Floats are computed in double
// precision. A result that is not finite, next to infinite samples, is formed again from the samples whose weight is
// not zero; if that leaves no number, the nearest sample is the result. A zero has the sign of the nearest sample if
// that is zero too.
func Warp(dst, src *raster.Block, m Mapping, i Interpolation) error {
	return Options{Interpolation: i}.Warp(dst, src, m)
}

// Warp fills dst from src as the function Warp does, with these options.
func (o Options) Warp(dst, src *raster.Block, m Mapping) error {
	k, err := o.method()
	if err != nil {
		return err
	}
	return warp(dst, src, m, k)
}

// warp does what Warp does, by a method.
func warp(dst, src *raster.Block, m Mapping, k method) error {
	if err := check(dst, src); err != nil {
		return err
	}
	if dst.Bounds().Empty() {
		return nil
	}
	if src.Type.Complex() && !k.single() {
		return warpComplex(dst, src, m, k)
	}
	k.exact = src.Type.Size() <= 2 // only samples of 8 and 16 bits are that small
	samplers := make([]sampler, len(dst.Bands))
	for n := range samplers {
		s, err := newSampler(dst, src, n, &k)
		if err != nil {
			return err
		}
		samplers[n] = s
	}
	newLine(dst, src, &k, samplers).warp(m)
	return nil
}

// check reports whether the blocks fit together.
func check(dst, src *raster.Block) error {
	if dst.Type != src.Type {
		return invalid("destination is of type %v, source of type %v", dst.Type, src.Type)
	}
	if len(dst.Bands) != len(src.Bands) {
		return invalid("destination has %d bands, source %d", len(dst.Bands), len(src.Bands))
	}
	for n := range dst.Bands {
		for _, p := range [...]raster.Plane{dst.Bands[n], src.Bands[n]} {
			if !dst.Type.Fits(p) {
				return invalid("band %d: blocks of type %v have a %T", n, dst.Type, p)
			}
		}
		if b := dst.Bands[n].Bounds(); b != dst.Bounds() {
			return invalid("band %d of the destination is %v, band 0 %v", n, b, dst.Bounds())
		}
		if b := src.Bands[n].Bounds(); b != src.Bounds() {
			return invalid("band %d of the source is %v, band 0 %v", n, b, src.Bounds())
		}
	}
	if dst.Bounds().Empty() {
		return nil
	}
	if dst.Valid == nil {
		return invalid("destination has no validity plane")
	}
	if !dst.Bounds().In(dst.Valid.Rect) {
		return invalid("destination is %v, its validity plane %v", dst.Bounds(), dst.Valid.Rect)
	}
	if src.Valid != nil && !src.Bounds().In(src.Valid.Rect) {
		return invalid("source is %v, its validity plane %v", src.Bounds(), src.Valid.Rect)
	}
	return nil
}
