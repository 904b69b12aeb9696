package encode

// JPEG's colours: YCbCr of full range by ITU-T T.871 (JFIF), section 7, in fixed point of 16 bits.
const (
	yR, yG, yB = 19595, 38470, 7471 // 0.299, 0.587, 0.114
	bR, bG     = 11059, 21709       // 0.1687, 0.3313; 0.5 of blue
	rG, rB     = 27439, 5329        // 0.4187, 0.0813; 0.5 of red
	halfChroma = 32768
)

// luma makes y of rows of equal length.
func luma(y, r, g, b []uint8) {
	n := len(y)
	r, g, b = r[:n], g[:n], b[:n]
	for x := range y {
		y[x] = uint8((uint32(r[x])*yR + uint32(g[x])*yG + uint32(b[x])*yB + 1<<15) >> 16)
	}
}

// chroma makes cb and cr of rows of equal length.
func chroma(cb, cr, r, g, b []uint8) {
	n := len(cb)
	cr, r, g, b = cr[:n], r[:n], g[:n], b[:n]
	for x := range cb {
		cb[x], cr[x] = chromaOf(int32(r[x]), int32(g[x]), int32(b[x]), 0)
	}
}

// chromaHalved makes one sample of two rows of two pixels each: the chroma of their mean.
func chromaHalved(cb, cr, r, g, b, r2, g2, b2 []uint8) {
	n := 2 * len(cb)
	cr = cr[:len(cb)]
	r, g, b, r2, g2, b2 = r[:n], g[:n], b[:n], r2[:n], g2[:n], b2[:n]
	for x := range cb {
		i := 2 * x
		cb[x], cr[x] = chromaOf(
			int32(r[i])+int32(r[i+1])+int32(r2[i])+int32(r2[i+1]),
			int32(g[i])+int32(g[i+1])+int32(g2[i])+int32(g2[i+1]),
			int32(b[i])+int32(b[i+1])+int32(b2[i])+int32(b2[i+1]), 2)
	}
}

// chromaOf is the chroma of sums of 2^more pixels. Its largest value is 255.5, which rounds down.
func chromaOf(r, g, b int32, more uint) (cb, cr uint8) {
	offset := int32(128<<16+1<<15)<<more - 1
	return uint8((b*halfChroma - r*bR - g*bG + offset) >> (16 + more)),
		uint8((r*halfChroma - g*rG - b*rB + offset) >> (16 + more))
}
