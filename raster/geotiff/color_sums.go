package geotiff

// JPEG and WebP compute red, green and blue each as a sum of three terms, one for each of luma, Cb and Cr, with a
// fraction. colorSums packs a term for all three colours in one word, so that a pixel takes two additions: red from bit
// 0 on and blue from bit 16 on, each with 6 bits of fraction, and green from bit 32 on with 16 bits. A negative part
// borrows from the colour above it; the sum makes that good, since luma's term also contains sumBias for each colour.
type colorSums struct{ luma, cb, cr [256]uint64 }

// sumBias makes every sum positive and keeps it below 1024: WebP's blue lies between -277 and 534 before it is clamped.
const sumBias = 320

// sumClamp maps a sum, without its fraction but with sumBias, to the sample clamped to 0..255.
var sumClamp = func() (c [1024]byte) {
	for i := range c {
		c[i] = clampByte(int32(i) - sumBias)
	}
	return c
}()

// colorSum packs the three colours in one word: red and blue in 64ths, green in 65536ths.
func colorSum(red, green, blue int64) uint64 { return uint64(red + blue<<16 + green<<32) }

// row converts a row of luma, Cb and Cr to red, green and blue.
func (t *colorSums) row(red, green, blue, luma, cb, cr []byte) {
	n := len(red)
	green, blue, luma, cb, cr = green[:n], blue[:n], luma[:n], cb[:n], cr[:n]
	for i := range red {
		s := t.luma[luma[i]] + t.cb[cb[i]] + t.cr[cr[i]]
		red[i], green[i], blue[i] = sumClamp[s>>6&1023], sumClamp[s>>48&1023], sumClamp[s>>22&1023]
	}
}

// jpegColors converts JFIF's YCbCr (ITU-R BT.601, all 256 levels) in the fixed-point arithmetic of libjpeg: the
// constants of T.871, section 7, times 2^16, rounded. Red and blue have only one product each, which can be rounded
// here; green is rounded after its two products are added.
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

// webpColors converts VP8's YCbCr (ITU-R BT.601, luma from 16 to 235) in the fixed-point arithmetic of libwebp
// (dsp/yuv.h): products keep 6 bits of fraction.
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
