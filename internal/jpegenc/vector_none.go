//go:build !amd64 || purego

package jpegenc

// transform quantises the cosine transform of the 8 by 8 samples at the beginning of pix.
func transform(b *coefficients, q *quantiser, pix []uint8, stride int) {
	transformLanes(b, q, pix, stride)
}

// luma computes y from rows of equal length.
func luma(y, r, g, b []uint8) { lumaLanes(y, r, g, b) }

// chromaHalved computes one sample from two rows of two pixels each, the second stride after the first: the chroma of
// their mean.
func chromaHalved(cb, cr []uint8, rows [3][]uint8, stride int) {
	n := 2 * len(cb)
	r, g, b := rows[0], rows[1], rows[2]
	chromaHalvedLanes(cb, cr, r[:n], g[:n], b[:n], r[stride:][:n], g[stride:][:n], b[stride:][:n])
}
