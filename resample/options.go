package resample

// Options say how to resample. The zero value is Bilinear.
type Options struct {
	// Interpolation is how a pixel is made of samples. Default is Bilinear.
	Interpolation Interpolation
	// Antialias widens the kernels of Bilinear and Cubic where the picture is coarser than the source, so that every sample
	// has its weight: along x and along y by how many source pixels one pixel of the picture spans, up to 64. Where the
	// picture is as fine as the source, or finer, it changes nothing, and so for the other interpolations.
	//
	// The span is measured between the images of the pixel's corners. Where these cannot be had, as at the edge of a
	// projection's domain, the kernel is not widened.
	Antialias bool
}
