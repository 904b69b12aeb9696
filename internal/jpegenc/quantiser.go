package jpegenc

// The quantisers of ITU-T T.81, tables K.1 (luminance) and K.2 (chrominance), in rows of horizontal frequencies. The
// recommendation gives them for a medium quality; those of other qualities are multiples of them.
var (
	lumaQuantisers = [64]uint8{
		16, 11, 10, 16, 24, 40, 51, 61,
		12, 12, 14, 19, 26, 58, 60, 55,
		14, 13, 16, 24, 40, 57, 69, 56,
		14, 17, 22, 29, 51, 87, 80, 62,
		18, 22, 37, 56, 68, 109, 103, 77,
		24, 35, 55, 64, 81, 104, 113, 92,
		49, 64, 78, 87, 103, 121, 120, 101,
		72, 92, 95, 98, 112, 100, 103, 99,
	}
	chromaQuantisers = [64]uint8{
		17, 18, 24, 47, 99, 99, 99, 99,
		18, 21, 26, 66, 99, 99, 99, 99,
		24, 26, 56, 99, 99, 99, 99, 99,
		47, 66, 99, 99, 99, 99, 99, 99,
		99, 99, 99, 99, 99, 99, 99, 99,
		99, 99, 99, 99, 99, 99, 99, 99,
		99, 99, 99, 99, 99, 99, 99, 99,
		99, 99, 99, 99, 99, 99, 99, 99,
	}
)

// zigzag has for each coefficient, in rows, its place in a file (T.81, figure A.6).
var zigzag = [64]uint8{
	0, 1, 5, 6, 14, 15, 27, 28,
	2, 4, 7, 13, 16, 26, 29, 42,
	3, 8, 12, 17, 25, 30, 41, 43,
	9, 11, 18, 24, 31, 40, 44, 53,
	10, 19, 23, 32, 39, 45, 52, 54,
	20, 22, 33, 38, 46, 51, 55, 60,
	21, 34, 37, 47, 50, 56, 59, 61,
	35, 36, 48, 49, 57, 58, 62, 63,
}

// scaled returns a table for a quality from 0 to 100, as libjpeg scales it, so that equal numbers mean equal quality.
func scaled(table *[64]uint8, quality int) (out [64]uint8) {
	percent := 200 - 2*quality
	if quality < 50 {
		percent = 5000 / max(quality, 1)
	}
	for i, v := range table {
		out[i] = uint8(min(max((int(v)*percent+50)/100, 1), 255))
	}
	return out
}

// A quantiser divides the coefficients of transform, to nearest, half away from zero. They come two at a time, in the
// lanes of a word (see transform): those of two rows, one below the other.
type quantiser struct {
	zero  [4][8]uint64 // in lanes: the largest magnitude that becomes 0
	half  [64]uint32   // half a step
	times [64]uint64   // 2³² over the quantiser, rounded up

	vectors vectors
}

func newQuantiser(table *[64]uint8) *quantiser {
	q := new(quantiser)
	for i, v := range table {
		half := uint32(v) << shifts[i%8] / 2
		q.half[i] = half
		// The product is exact up to 2²⁴, which coefficients do not reach.
		q.times[i] = (1<<32 + uint64(v) - 1) / uint64(v)
		q.zero[i/16][i%8] |= uint64(half-1) << (i / 8 % 2 * 32)
		q.vectors.set(i, v, half)
	}
	return q
}

// shifts are the numbers of bits by which transform scales up coefficients, by their column: 3 because cosines is not
// normalised, and the fractions that it keeps.
var shifts = [8]uint8{
	0: 3 + roughBits, 1: 3 + roughBits + fixBits, 2: 3 + roughBits + fixBits, 3: 3 + roughBits + fixBits,
	4: 3 + roughBits, 5: 3 + roughBits + fixBits, 6: 3 + roughBits + fixBits, 7: 3 + roughBits + fixBits,
}

// coefficients are a quantised block in zigzag order. Those whose bits in set are 0 are zero, whatever the array holds.
type coefficients struct {
	set   uint64
	value [64]int32
}

// row quantises the rows 2·pair and 2·pair+1.
func (q *quantiser) row(b *coefficients, pair int, r *[8]uint64) {
	const signs = 1<<63 | 1<<31
	zero := &q.zero[pair]
	for k, v := range r {
		z := zero[k]
		if up := v + z; (up|(2*z-up))&signs == 0 {
			continue // both lie within ±z
		}
		q.one(b, 16*pair+k, int32(v))
		q.one(b, 16*pair+8+k, int32((v+1<<31)>>32))
	}
}

// one quantises coefficient i.
func (q *quantiser) one(b *coefficients, i int, v int32) {
	i &= 63
	sign := v >> 31
	n := uint64(uint32((v^sign)-sign)+q.half[i]) >> shifts[i%8] * q.times[i] >> 32
	if n == 0 {
		return
	}
	z := zigzag[i] & 63
	b.value[z] = (int32(n) ^ sign) - sign
	b.set |= 1 << z
}
