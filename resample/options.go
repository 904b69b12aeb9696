package resample

// Options control how pixels are resampled. The zero value is Bilinear without Antialias.
type Options struct {
	// Interpolation is how a pixel is made of samples. Default means Bilinear.
	Interpolation Interpolation
	// Antialias widens the kernels of Bilinear and Cubic where the image is coarser than the source, so that every sample
	// has its weight. The factor, along x and along y, is the number of source pixels that a pixel of the image spans, at
	// most 64. It changes nothing where the image is as fine as the source or finer, nor for the other interpolations.
	//
	// The span is measured between the images of the pixel's corners. Where a corner has no image, as at the edge of a
	// projection's domain, the kernel is not widened.
	Antialias bool
}
