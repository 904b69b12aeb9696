package jpegdec

// The inverse DCT is the algorithm of Loeffler, Ligtenberg and Moschytz (ICASSP 1989, figure 8, flow graph reversed) in
// integers, with the precision and rounding of libjpeg's "slow" transform: first columns, kept with two more bits, then
// rows. Its error is at most 1. Zero coefficients add nothing to the sums, so a block that ends early takes a shorter
// way to the same result.
const (
	dctBits = 13 // bits of the constants' fractions
	dctPass = 2  // additional bits between the passes
	// dctShift is the shift after the second pass: it includes the 3 bits by which the transform scales.
	dctShift = dctBits + dctPass + 3

	// The constants times 2^13, rounded.
	dct0298 = 2446
	dct0390 = 3196
	dct0541 = 4433
	dct0765 = 6270
	dct0899 = 7373
	dct1175 = 9633
	dct1501 = 12299
	dct1847 = 15137
	dct1961 = 16069
	dct2053 = 16819
	dct2562 = 20995
	dct3072 = 25172
)

// last4 is the last index in zigzag order up to which all coefficients are in the first four rows and columns.
const last4 = 9

// inverseDCT writes a block's samples to dst, with rows stride apart. Coefficients after last, in zigzag order, are 0.
func inverseDCT(dst []byte, stride int, coefs *[64]int32, last int) {
	dst = dst[: 7*stride+8 : 7*stride+8]
	switch {
	case last == 0:
		// With only the DC coefficient, both passes just round.
		v := clampSample((coefs[0]<<dctPass + 1<<(dctPass+2)) >> (dctPass + 3))
		for y := range 8 {
			row := (*[8]byte)(dst[y*stride:])
			*row = [8]byte{v, v, v, v, v, v, v, v}
		}
	case last <= last4:
		inverseDCT4(dst, stride, coefs)
	default:
		inverseDCT8(dst, stride, coefs)
	}
}

// inverseDCT8 transforms all coefficients. The odd part is written out in both passes, since a function would not be
// inlined.
func inverseDCT8(dst []byte, stride int, c *[64]int32) {
	for x := range 8 {
		c0, c1, c2, c3, c4, c5, c6, c7 := c[x], c[8+x], c[16+x], c[24+x], c[32+x], c[40+x], c[48+x], c[56+x]
		if c1|c2|c3|c4|c5|c6|c7 == 0 {
			v := c0 << dctPass
			c[x], c[8+x], c[16+x], c[24+x], c[32+x], c[40+x], c[48+x], c[56+x] = v, v, v, v, v, v, v, v
			continue
		}
		z := (c2 + c6) * dct0541
		t2, t3 := z-c6*dct1847, z+c2*dct0765
		t0, t1 := (c0+c4)<<dctBits, (c0-c4)<<dctBits
		e0, e3, e1, e2 := t0+t3, t0-t3, t1+t2, t1-t2
		z1, z2, z3, z4 := (c7+c1)*-dct0899, (c5+c3)*-dct2562, c7+c3, c5+c1
		z5 := (z3 + z4) * dct1175
		z3, z4 = z3*-dct1961+z5, z4*-dct0390+z5
		o0, o1, o2, o3 := c7*dct0298+z1+z3, c5*dct2053+z2+z4, c3*dct3072+z2+z3, c1*dct1501+z1+z4
		const round, shift = 1 << (dctBits - dctPass - 1), dctBits - dctPass
		c[x], c[56+x] = (e0+o3+round)>>shift, (e0-o3+round)>>shift
		c[8+x], c[48+x] = (e1+o2+round)>>shift, (e1-o2+round)>>shift
		c[16+x], c[40+x] = (e2+o1+round)>>shift, (e2-o1+round)>>shift
		c[24+x], c[32+x] = (e3+o0+round)>>shift, (e3-o0+round)>>shift
	}
	for y := range 8 {
		in, out := (*[8]int32)(c[8*y:]), (*[8]byte)(dst[y*stride:])
		c0, c1, c2, c3, c4, c5, c6, c7 := in[0], in[1], in[2], in[3], in[4], in[5], in[6], in[7]
		z := (c2 + c6) * dct0541
		t2, t3 := z-c6*dct1847, z+c2*dct0765
		const round = 1 << (dctShift - 1)
		t0, t1 := (c0+c4)<<dctBits+round, (c0-c4)<<dctBits+round
		z1, z2, z3, z4 := (c7+c1)*-dct0899, (c5+c3)*-dct2562, c7+c3, c5+c1
		z5 := (z3 + z4) * dct1175
		z3, z4 = z3*-dct1961+z5, z4*-dct0390+z5
		o0, o1, o2, o3 := c7*dct0298+z1+z3, c5*dct2053+z2+z4, c3*dct3072+z2+z3, c1*dct1501+z1+z4
		putDCT(out, 0, 7, t0+t3, o3)
		putDCT(out, 1, 6, t1+t2, o2)
		putDCT(out, 2, 5, t1-t2, o1)
		putDCT(out, 3, 4, t0-t3, o0)
	}
}

// inverseDCT4 transforms a block whose coefficients are 0 outside the first four rows and columns.
func inverseDCT4(dst []byte, stride int, c *[64]int32) {
	var work [32]int32 // eight rows by four columns
	for x := range 4 {
		c0, c1, c2, c3 := c[x], c[8+x], c[16+x], c[24+x]
		t0, t2, t3 := c0<<dctBits, c2*dct0541, c2*(dct0541+dct0765)
		o0, o1, o2, o3 := oddDCT4(c3, c1)
		e0, e1, e2, e3 := t0+t3, t0+t2, t0-t2, t0-t3
		const round, shift = 1 << (dctBits - dctPass - 1), dctBits - dctPass
		work[x], work[28+x] = (e0+o3+round)>>shift, (e0-o3+round)>>shift
		work[4+x], work[24+x] = (e1+o2+round)>>shift, (e1-o2+round)>>shift
		work[8+x], work[20+x] = (e2+o1+round)>>shift, (e2-o1+round)>>shift
		work[12+x], work[16+x] = (e3+o0+round)>>shift, (e3-o0+round)>>shift
	}
	for y := range 8 {
		in, out := (*[4]int32)(work[4*y:]), (*[8]byte)(dst[y*stride:])
		const round = 1 << (dctShift - 1)
		t0, t2, t3 := in[0]<<dctBits+round, in[2]*dct0541, in[2]*(dct0541+dct0765)
		o0, o1, o2, o3 := oddDCT4(in[3], in[1])
		putDCT(out, 0, 7, t0+t3, o3)
		putDCT(out, 1, 6, t0+t2, o2)
		putDCT(out, 2, 5, t0-t2, o1)
		putDCT(out, 3, 4, t0-t3, o0)
	}
}

// oddDCT4 returns the odd part if only coefficients 3 (t2) and 1 (t3) differ from 0.
func oddDCT4(t2, t3 int32) (o0, o1, o2, o3 int32) {
	z5 := (t2 + t3) * dct1175
	z1, z2, z3, z4 := t3*-dct0899, t2*-dct2562, t2*-dct1961+z5, t3*-dct0390+z5
	return z1 + z3, z2 + z4, t2*dct3072 + z2 + z3, t3*dct1501 + z1 + z4
}

// putDCT writes two samples of a row: the sum of an even and an odd part, and the difference.
func putDCT(out *[8]byte, i, j int, even, odd int32) {
	out[i], out[j] = clampSample((even+odd)>>dctShift), clampSample((even-odd)>>dctShift)
}

// clampSample converts a number centred on 0 to a sample.
func clampSample(v int32) byte {
	if v += 128; uint32(v) > 255 {
		return byte(^(v >> 31)) // 0 if negative, else 255
	}
	return byte(v)
}
