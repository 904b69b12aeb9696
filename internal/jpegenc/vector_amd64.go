//go:build !purego

package jpegenc

import "math/bits"

// turned has for each coefficient, in columns, its place in a file.
var turned = func() (t [64]uint8) {
	for i, z := range zigzag {
		t[i%8*8+i/8] = z
	}
	return t
}()

// transform quantises the cosine transform of the 8 by 8 samples at the beginning of pix.
func transform(b *coefficients, q *quantiser, pix []uint8, stride int) {
	pix = pix[: 7*stride+8 : 7*stride+8]
	var value [64]int16
	set := transformSSE2(&value, (*[vectorWords]uint16)(&q.vectors), &pix[0], stride)
	b.set = 0
	for ; set != 0; set &= set - 1 {
		i := bits.TrailingZeros64(set) & 63
		z := turned[i] & 63
		b.value[z] = int32(value[i])
		b.set |= 1 << z
	}
}

// luma computes y from rows of equal length.
func luma(y, r, g, b []uint8) {
	n := len(y)
	r, g, b = r[:n], g[:n], b[:n]
	if n >= 8 {
		lumaSSE2(&y[0], &r[0], &g[0], &b[0], n&^7)
	}
	n &^= 7
	lumaLanes(y[n:], r[n:], g[n:], b[n:])
}

// chromaHalved computes one sample from two rows of two pixels each, the second stride after the first: the chroma of
// their mean.
func chromaHalved(cb, cr []uint8, rows [3][]uint8, stride int) {
	n := len(cb)
	cr = cr[:n]
	var r [3][2][]uint8
	for i, p := range rows {
		r[i] = [2][]uint8{p[:2*n], p[stride:][:2*n]}
	}
	if n >= 8 {
		chromaHalvedSSE2(&cb[0], &cr[0], &r[0][0][0], &r[1][0][0], &r[2][0][0], stride, n&^7)
	}
	n &^= 7
	chromaHalvedLanes(cb[n:], cr[n:],
		r[0][0][2*n:], r[1][0][2*n:], r[2][0][2*n:], r[0][1][2*n:], r[1][1][2*n:], r[2][1][2*n:])
}
