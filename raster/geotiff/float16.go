package geotiff

import "math"

// float16 widens a half-precision number (IEEE 754-2008, binary16): 5 bits of exponent and 10 of fraction. Every one
// has a float32 that equals it; NaNs keep their bits.
func float16(v uint16) float32 {
	return widen(uint32(v>>15), uint32(v>>10&0x1f), uint32(v&0x3ff), 5, 10)
}

// float24 widens the numbers of 24 bits of Adobe Photoshop TIFF technical note 3: 7 bits of exponent and 16 of
// fraction, with the rest as in IEEE 754.
func float24(v uint32) float32 {
	return widen(v>>23&1, v>>16&0x7f, v&0xffff, 7, 16)
}

// widen makes a float32 of the parts of a number that has fewer bits for both its exponent and its fraction.
func widen(sign, exponent, fraction uint32, exponentBits, fractionBits uint) float32 {
	top := uint32(1)<<exponentBits - 1
	bias := top >> 1
	switch exponent {
	case 0:
		// The smallest exponent has no leading one. A product with a power of two, here 2^(1-bias-fractionBits), is
		// exact.
		f := float32(fraction) * math.Float32frombits((127+1-bias-uint32(fractionBits))<<23)
		return math.Float32frombits(math.Float32bits(f) | sign<<31)
	case top:
		exponent = 0xff
	default:
		exponent += 127 - bias
	}
	return math.Float32frombits(sign<<31 | exponent<<23 | fraction<<(23-fractionBits))
}
