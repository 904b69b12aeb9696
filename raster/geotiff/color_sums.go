package geotiff

// JPEG and WebP code red, green and blue each as a sum of what luma, Cb and Cr say, with a fraction. A colorSums has
// that of all three colours in one word, so that a pixel takes two additions: red with 6 bits of fraction from bit 0
// on, blue likewise from bit 16 on, and green with 16 bits from bit 32 on. Parts that are negative borrow from the
// colour above, which the sum makes good, since luma's part has sumBias of each colour besides.
type colorSums struct{ luma, cb, cr [256]uint64 }

// sumBias makes every sum positive, and leaves it below 1024: WebP's blue is between -277 and 534 before it is clamped.
const sumBias = 320

// sumClamp makes a sample of a sum without its fraction.
var sumClamp = func() (c [1024]byte) {
	for i := range c {
		c[i] = clampByte(int32(i) - sumBias)
	}
	return c
}()

// colorSum returns one word of all three: red and blue in 64ths, green in 65536ths.
func colorSum(red, green, blue int64) uint64 { return uint64(red + blue<<16 + green<<32) }

// row makes a row of red, green and blue.
func (t *colorSums) row(red, green, blue, luma, cb, cr []byte) {
	n := len(red)
	green, blue, luma, cb, cr = green[:n], blue[:n], luma[:n], cb[:n], cr[:n]
	for i := range red {
		s := t.luma[luma[i]] + t.cb[cb[i]] + t.cr[cr[i]]
		red[i], green[i], blue[i] = sumClamp[s>>6&1023], sumClamp[s>>48&1023], sumClamp[s>>22&1023]
	}
}

// jpegColors is JFIF's YCbCr (ITU-R BT.601, all 256 levels) in the fixed-point arithmetic of libjpeg: the constants of
// T.871, section 7, times 2^16, rounded. Red and blue have but one product, which can be rounded here; green is rounded
// when all of it is there.
var jpegColors = func() *colorSums {
	t := &colorSums{}
	const half = 1 << 15
	for i := range int64(256) {
		y, c := i+sumBias, i-128
		t.luma[i] = colorSum(y<<6, y<<16+half, y<<6)
		t.cb[i] = colorSum(0, -22554*c, (116130*c+half)>>16<<6)
		t.cr[i] = colorSum((91881*c+half)>>16<<6, -46802*c, 0)
	}
	return t
}()

// webpColors is VP8's YCbCr (ITU-R BT.601, luma from 16 to 235) in the fixed-point arithmetic of libwebp (dsp/yuv.h):
// products keep 6 bits of fraction.
var webpColors = func() *colorSums {
	t := &colorSums{}
	for i := range int64(256) {
		y := i*19077>>8 + sumBias<<6
		t.luma[i] = colorSum(y-14234, (y+8708)<<10, y-17685)
		t.cb[i] = colorSum(0, -(i * 6419 >> 8 << 10), i*33050>>8)
		t.cr[i] = colorSum(i*26149>>8, -(i * 13320 >> 8 << 10), 0)
	}
	return t
}()
