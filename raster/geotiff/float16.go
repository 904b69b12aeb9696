package geotiff

import "math"

// float16 widens a half-precision number (IEEE 754-2008, binary16): 5 bits of exponent and 10 of fraction. The result
// is exact; NaNs keep their bits.
func float16(v uint16) float32 {
	return widen(uint32(v>>15), uint32(v>>10&0x1f), uint32(v&0x3ff), 5, 10)
}

// float24 widens a 24-bit number of Adobe Photoshop TIFF technical note 3: 7 bits of exponent and 16 of fraction,
// otherwise as in IEEE 754.
func float24(v uint32) float32 {
	return widen(v>>23&1, v>>16&0x7f, v&0xffff, 7, 16)
}

// widen returns the float32 with the given parts, of which exponent and fraction have fewer bits than a float32's.
func widen(sign, exponent, fraction uint32, exponentBits, fractionBits uint) float32 {
	top := uint32(1)<<exponentBits - 1
	bias := top >> 1
	switch exponent {
	case 0:
		// Numbers with the smallest exponent have no leading one. Multiplying by a power of two, here
		// 2^(1-bias-fractionBits), is exact.
		f := float32(fraction) * math.Float32frombits((127+1-bias-uint32(fractionBits))<<23)
		return math.Float32frombits(math.Float32bits(f) | sign<<31)
	case top:
		exponent = 0xff
	default:
		exponent += 127 - bias
	}
	return math.Float32frombits(sign<<31 | exponent<<23 | fraction<<(23-fractionBits))
}
