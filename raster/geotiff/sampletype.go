package geotiff

import (
	"context"
	"fmt"

	"github.com/geoexport/geoexport/raster"
)

// A sampleKind is the BitsPerSample and SampleFormat of a sample.
type sampleKind struct{ format, bits uint64 }

// sampleTypes maps kinds of samples to the types that hold exactly these samples. Other kinds are held in larger types:
// see sampleType.
var sampleTypes = map[sampleKind]raster.PixelType{
	{formatUint, 1}: raster.U1, {formatUint, 2}: raster.U2, {formatUint, 4}: raster.U4, {formatUint, 8}: raster.U8,
	{formatUint, 16}: raster.U16, {formatUint, 32}: raster.U32,
	{formatInt, 8}: raster.S8, {formatInt, 16}: raster.S16, {formatInt, 32}: raster.S32,
	{formatFloat, 32}: raster.F32, {formatFloat, 64}: raster.F64,
	{formatComplexFloat, 64}: raster.C64, {formatComplexFloat, 128}: raster.C128,
}

// sampleType returns the smallest type that holds the samples of a kind, or Unknown for kinds that are not read. All
// samples keep their values except 64-bit integers.
//
// Signed integers of widths other than 8, 16, 32 and 64 bits are not read: GDAL reads them as if they had no sign, so
// their writers' intention is uncertain.
func sampleType(k sampleKind) raster.PixelType {
	if t, ok := sampleTypes[k]; ok {
		return t
	}
	switch k {
	case sampleKind{formatFloat, 16}, sampleKind{formatFloat, 24}:
		return raster.F32
	case sampleKind{formatUint, 64}, sampleKind{formatInt, 64}:
		return raster.F64
	case sampleKind{formatComplexInt, 32}: // a pair of 16 bits each
		return raster.C64
	case sampleKind{formatComplexInt, 64}:
		return raster.C128
	}
	if k.format != formatUint {
		return raster.Unknown
	}
	switch {
	case k.bits == 3:
		return raster.U4
	case k.bits >= 5 && k.bits <= 7:
		return raster.U8
	case k.bits >= 9 && k.bits <= 15:
		return raster.U16
	case k.bits >= 17 && k.bits <= 31:
		return raster.U32
	}
	return raster.Unknown
}

// readType reads the number of bits and the type of the samples.
func (l *layout) readType(ctx context.Context, d *directory) error {
	bits, err := d.same(ctx, tagBitsPerSample, 1, l.bands)
	if err != nil {
		return err
	}
	format, err := d.same(ctx, tagSampleFormat, formatUint, l.bands)
	if err != nil {
		return err
	}
	if format == formatVoid {
		format = formatUint // TIFF 6.0, page 80: a reader treats samples of no stated format as unsigned
	}
	if l.photometric == photometricPalette && format == formatInt && bits <= 16 {
		format, l.signedIndices = formatUint, true
	}
	l.typ = sampleType(sampleKind{format, bits})
	switch {
	case l.typ != raster.Unknown:
		l.bits, l.format = int(bits), int(format)
		l.swap = l.swapSize()
		return nil
	case bits == 0:
		return wrong(tagBitsPerSample, bits, "")
	case format < formatUint || format > formatComplexFloat:
		return wrong(tagSampleFormat, format, "want 1 to 6")
	}
	return unsupported(tagBitsPerSample, bits, fmt.Sprintf("with %v %d", tagSampleFormat, format))
}

// swapSize returns the size in bytes of the units that the file's byte order applies to: a sample of whole bytes, or a
// part of a complex one. Other samples are strings of bits, which have no byte order; for them it returns 1.
//
// Integers of 24 bits are both: libtiff swaps their bytes in big endian files, and GDAL takes the result for strings of
// bits with the most significant bit first. So their byte order is the reverse of all other samples'. In little endian
// files, other writers store strings of bits as well; in big endian ones, this is what GDAL writes and reads.
func (l *layout) swapSize() int {
	switch {
	case l.bits%8 != 0:
		return 1
	case l.typ.Complex():
		return l.bits / 16
	}
	return l.bits / 8
}

// rounded reports whether reading may change samples: 64-bit integers become floating-point numbers, which have 53
// bits.
func (l *layout) rounded() bool {
	return l.bits == 64 && (l.format == formatUint || l.format == formatInt)
}

// same reads a field that has either one value for each band or one for all. It returns an error if the bands' values
// differ.
func (d *directory) same(ctx context.Context, t tag, def uint64, bands int) (uint64, error) {
	if !d.has(t) {
		return def, nil
	}
	v, err := d.firstUints(ctx, t, uint64(bands))
	if err != nil {
		return 0, err
	}
	if len(v) < bands && len(v) != 1 {
		return 0, wrong(t, v, fmt.Sprintf("%d values for %d bands", len(v), bands))
	}
	for _, w := range v {
		if w != v[0] {
			return 0, unsupported(t, v, "bands that differ")
		}
	}
	return v[0], nil
}

func (l *layout) setPredictor(p uint64) error {
	l.predictor = predictorNone
	if !l.codec.Predictor {
		return nil // this compression has no predictor: libtiff ignores the tag then, too
	}
	switch p {
	case predictorNone:
		return nil
	case predictorHorizontal:
		switch l.bits {
		case 8, 16, 32, 64:
		default:
			return unsupported(tagPredictor, p, fmt.Sprintf("with samples of %d bits", l.bits))
		}
		// Differences are between whole samples, even complex ones: libtiff (tif_predict.c) treats the two parts as one
		// number, and swaps the bytes of that.
		l.swap = l.bits / 8
	case predictorFloat:
		if l.format != formatFloat {
			return wrong(tagPredictor, p, fmt.Sprintf("with samples of %v %d, want 3: floating point", tagSampleFormat, l.format))
		}
	default:
		return wrong(tagPredictor, p, "want 1 to 3")
	}
	l.predictor = int(p)
	return nil
}
