package jpegenc

import "encoding/binary"

// The factors of JPEG's colours: YCbCr of full range by ITU-T T.871 (JFIF), section 7, in fixed point of 16 bits.
const (
	yR, yG, yB = 19595, 38470, 7471 // 0.299, 0.587, 0.114
	bR, bG     = 11059, 21709       // 0.1687, 0.3313; 0.5 of blue
	rG, rB     = 27439, 5329        // 0.4187, 0.0813; 0.5 of red
	halfChroma = 32768
)

// lumaLanes is luma, eight pixels at a time, two of them in the lanes of a word (see transformLanes).
func lumaLanes(y, r, g, b []uint8) {
	n := len(y)
	r, g, b = r[:n], g[:n], b[:n]
	x := 0
	for ; x+8 <= n; x += 8 {
		r, g, b := binary.LittleEndian.Uint64(r[x:]), binary.LittleEndian.Uint64(g[x:]), binary.LittleEndian.Uint64(b[x:])
		binary.LittleEndian.PutUint64(y[x:],
			lumas(r, g, b)|lumas(r>>8, g>>8, b>>8)<<8|lumas(r>>16, g>>16, b>>16)<<16|lumas(r>>24, g>>24, b>>24)<<24)
	}
	for ; x < n; x++ {
		y[x] = lumaOf(r[x], g[x], b[x])
	}
}

// lumaOf returns the luma of a pixel.
func lumaOf(r, g, b uint8) uint8 {
	return uint8((uint32(r)*yR + uint32(g)*yG + uint32(b)*yB + 1<<15) >> 16)
}

// lumas returns the luma of the lowest bytes in both lanes.
func lumas(r, g, b uint64) uint64 {
	const low = 0xff * lanes
	return (r&low*yR + g&low*yG + b&low*yB + 1<<15*lanes) >> 16 & low
}

// chroma computes cb and cr from rows of equal length.
func chroma(cb, cr, r, g, b []uint8) {
	n := len(cb)
	cr, r, g, b = cr[:n], r[:n], g[:n], b[:n]
	for x := range cb {
		cb[x], cr[x] = chromaOf(int32(r[x]), int32(g[x]), int32(b[x]), 0)
	}
}

// chromaHalvedLanes is chromaHalved in the lanes of words.
func chromaHalvedLanes(cb, cr, r, g, b, r2, g2, b2 []uint8) {
	n := 2 * len(cb)
	cr = cr[:len(cb)]
	r, g, b, r2, g2, b2 = r[:n], g[:n], b[:n], r2[:n], g2[:n], b2[:n]
	x := 0
	for ; x+4 <= len(cb); x += 4 {
		r, g, b := sums(r[2*x:], r2[2*x:]), sums(g[2*x:], g2[2*x:]), sums(b[2*x:], b2[2*x:])
		blue, red := chromas(r, g, b)
		blue2, red2 := chromas(r>>16, g>>16, b>>16)
		blue, red = blue|blue2<<8, red|red2<<8
		binary.LittleEndian.PutUint32(cb[x:], uint32(blue)|uint32(blue>>16))
		binary.LittleEndian.PutUint32(cr[x:], uint32(red)|uint32(red>>16))
	}
	for ; x < len(cb); x++ {
		i := 2 * x
		cb[x], cr[x] = chromaOf(
			int32(r[i])+int32(r[i+1])+int32(r2[i])+int32(r2[i+1]),
			int32(g[i])+int32(g[i+1])+int32(g2[i])+int32(g2[i+1]),
			int32(b[i])+int32(b[i+1])+int32(b2[i])+int32(b2[i+1]), 2)
	}
}

// sums returns the sums of four squares of two by two samples, in 16 bits each.
func sums(row, row2 []uint8) uint64 {
	const even = 0x00ff00ff00ff00ff
	v, w := binary.LittleEndian.Uint64(row), binary.LittleEndian.Uint64(row2)
	return v&even + v>>8&even + w&even + w>>8&even
}

// chromas returns the chroma of sums of four pixels, the lowest 16 bits in both lanes. The offset keeps differences
// from getting negative.
func chromas(r, g, b uint64) (cb, cr uint64) {
	const low, offset = 0xffff * lanes, ((128<<16+1<<15)<<2 - 1) * lanes
	r, g, b = r&low, g&low, b&low
	return (b*halfChroma + offset - r*bR - g*bG) >> 18 & (0xff * lanes),
		(r*halfChroma + offset - g*rG - b*rB) >> 18 & (0xff * lanes)
}

// chromaOf returns the chroma of sums of 2^more pixels. Its largest value is 255.5, which rounds down.
func chromaOf(r, g, b int32, more uint) (cb, cr uint8) {
	offset := int32(128<<16+1<<15)<<more - 1
	return uint8((b*halfChroma - r*bR - g*bG + offset) >> (16 + more)),
		uint8((r*halfChroma - g*rG - b*rB + offset) >> (16 + more))
}
