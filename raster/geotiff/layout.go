package geotiff

import (
	"context"
	"fmt"
	"image"

	"github.com/geoexport/geoexport/raster"
)

// A layout says how the samples of one directory lie in the file: their type and order, and the blocks (strips or tiles)
// that they are cut into.
type layout struct {
	size   image.Point
	bands  int // samples in a pixel
	bits   int // in a sample
	typ    raster.PixelType
	planar bool // bands are stored apart, each in blocks of its own

	tiled        bool
	block        image.Point // size of a block; strips are as wide as the image
	across, down int         // blocks
	rowBytes     int         // size of a decoded block's row, each of which starts on a whole byte
	// chopped says that the one strip of each plane is not compressed and so large that it is read in pieces, as if its
	// rows were in several strips.
	chopped bool

	compression Compression
	codec       Codec
	predictor   int
	photometric int
	offsets     tag // of the array of the blocks' offsets
	counts      tag // of the array of their sizes
}

const (
	planarChunky   = 1
	planarSeparate = 2

	photometricWhiteIsZero = 0
	photometricPalette     = 3
	photometricCMYK        = 5

	formatUint  = 1
	formatInt   = 2
	formatFloat = 3
	formatVoid  = 4

	predictorNone       = 1
	predictorHorizontal = 2
	predictorFloat      = 3
)

// chopBytes is the size of the pieces that large uncompressed strips are read in.
const chopBytes = 256 << 10

// samples is how many samples of one pixel are in one block.
func (l *layout) samples() int {
	if l.planar {
		return 1
	}
	return l.bands
}

// planes is how many blocks there are for one place.
func (l *layout) planes() int {
	if l.planar {
		return l.bands
	}
	return 1
}

// rect is the part of the image that the block at (col, row) covers: what sticks out of the image is cut off. No more rows
// than these are decoded: last strips have no others, nor have the last tiles of some writers.
func (l *layout) rect(col, row int) image.Rectangle {
	at := image.Pt(col*l.block.X, row*l.block.Y)
	// Sizes stay below 2^31, so on 32-bit machines the sum may wrap around: subtract instead.
	return image.Rect(at.X, at.Y, at.X+min(l.block.X, l.size.X-at.X), at.Y+min(l.block.Y, l.size.Y-at.Y))
}

// index is the number of a block in the arrays of offsets and sizes.
func (l *layout) index(plane, col, row int) uint64 {
	if l.chopped {
		return uint64(plane)
	}
	return (uint64(plane)*uint64(l.down)+uint64(row))*uint64(l.across) + uint64(col)
}

// readLayout reads the fields that say how samples lie in the file.
func readLayout(ctx context.Context, d *directory, codecs Codecs) (*layout, error) {
	r := fieldReader{ctx: ctx, d: d}
	width, height := r.need(tagImageWidth), r.need(tagImageLength)
	bands := r.uint(tagSamplesPerPixel, 1)
	compression := r.uint(tagCompression, uint64(None))
	planar := r.uint(tagPlanarConfiguration, planarChunky)
	predictor := r.uint(tagPredictor, predictorNone)
	photometric := r.uint(tagPhotometric, 1)
	fillOrder := r.uint(tagFillOrder, 1)
	if r.err != nil {
		return nil, r.err
	}

	l, limits := &layout{}, d.s.limits
	for _, side := range [...]struct {
		t tag
		v uint64
	}{{tagImageWidth, width}, {tagImageLength, height}} {
		switch {
		case side.v == 0:
			return nil, wrong(side.t, side.v, "an image without pixels")
		case exceeds(side.v, limits.Side):
			return nil, &LimitError{"Side", side.t.String(), side.v, int64(limits.Side)}
		}
	}
	if n := mul(width, height); exceeds(n, limits.Pixels) {
		return nil, &LimitError{"Pixels", "pixels", n, limits.Pixels}
	}
	l.size = image.Pt(int(width), int(height))
	switch {
	case bands == 0 || bands > 0xffff:
		return nil, wrong(tagSamplesPerPixel, bands, "want 1 to 65535")
	case exceeds(bands, limits.Bands):
		return nil, &LimitError{"Bands", tagSamplesPerPixel.String(), bands, int64(limits.Bands)}
	case planar != planarChunky && planar != planarSeparate:
		return nil, wrong(tagPlanarConfiguration, planar, "want 1 or 2")
	case fillOrder != 1:
		return nil, unsupported(tagFillOrder, fillOrder, "want 1: most significant bit first")
	case photometric == 6:
		return nil, unsupported(tagPhotometric, photometric, "YCbCr")
	case photometric > photometricCMYK:
		return nil, unsupported(tagPhotometric, photometric, "want 0 to 5")
	}
	l.bands, l.planar, l.photometric = int(bands), planar == planarSeparate && bands > 1, int(photometric)

	var err error
	if l.codec, err = codecs.lookup(compression); err != nil {
		return nil, err
	}
	l.compression = Compression(compression)
	if err := l.readType(ctx, d); err != nil {
		return nil, err
	}
	if err := l.setPredictor(predictor); err != nil {
		return nil, err
	}
	return l, l.readBlocks(ctx, d)
}

// readType reads what a sample is.
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
	type kind struct{ format, bits uint64 }
	l.typ = map[kind]raster.PixelType{
		{formatUint, 1}: raster.U1, {formatUint, 2}: raster.U2, {formatUint, 4}: raster.U4, {formatUint, 8}: raster.U8,
		{formatUint, 16}: raster.U16, {formatUint, 32}: raster.U32,
		{formatInt, 8}: raster.S8, {formatInt, 16}: raster.S16, {formatInt, 32}: raster.S32,
		{formatFloat, 32}: raster.F32, {formatFloat, 64}: raster.F64,
	}[kind{format, bits}]
	switch {
	case l.typ != raster.Unknown:
		l.bits = int(bits)
		return nil
	case bits == 0:
		return wrong(tagBitsPerSample, bits, "")
	case format < formatUint || format > 6:
		return wrong(tagSampleFormat, format, "want 1 to 6")
	case format > formatFloat:
		return unsupported(tagSampleFormat, format, "complex samples")
	}
	return unsupported(tagBitsPerSample, bits, fmt.Sprintf("with %v %d", tagSampleFormat, format))
}

// same reads a field that has a value for each band, or one for all. Bands whose values differ are not supported.
func (d *directory) same(ctx context.Context, t tag, def uint64, bands int) (uint64, error) {
	if !d.has(t) {
		return def, nil
	}
	v, err := d.uints(ctx, t)
	if err != nil {
		return 0, err
	}
	if len(v) < bands && len(v) != 1 {
		return 0, wrong(t, v, fmt.Sprintf("%d values for %d bands", len(v), bands))
	}
	for _, w := range v[:min(len(v), bands)] {
		if w != v[0] {
			return 0, unsupported(t, v, "bands that differ")
		}
	}
	return v[0], nil
}

func (l *layout) setPredictor(p uint64) error {
	l.predictor = predictorNone
	if !l.codec.Predictor {
		return nil // the tag belongs to the compression: with another one, libtiff does not look at it either
	}
	switch p {
	case predictorNone:
		return nil
	case predictorHorizontal:
		if l.bits < 8 {
			return unsupported(tagPredictor, p, fmt.Sprintf("with samples of %d bits", l.bits))
		}
	case predictorFloat:
		if l.typ != raster.F32 && l.typ != raster.F64 {
			return wrong(tagPredictor, p, fmt.Sprintf("with samples of type %v, want F32 or F64", l.typ))
		}
	default:
		return wrong(tagPredictor, p, "want 1 to 3")
	}
	l.predictor = int(p)
	return nil
}

// readBlocks reads how the image is cut into strips or tiles.
func (l *layout) readBlocks(ctx context.Context, d *directory) error {
	r := fieldReader{ctx: ctx, d: d}
	width, height := uint64(l.size.X), uint64(l.size.Y)
	l.tiled = d.has(tagTileWidth) || d.has(tagTileLength)
	var blockWidth, blockHeight uint64
	var heightTag tag
	if l.tiled {
		blockWidth, blockHeight, heightTag = r.need(tagTileWidth), r.need(tagTileLength), tagTileLength
		l.offsets, l.counts = tagTileOffsets, tagTileByteCounts
	} else {
		blockWidth, blockHeight, heightTag = width, r.uint(tagRowsPerStrip, height), tagRowsPerStrip
		l.offsets, l.counts = tagStripOffsets, tagStripByteCounts
		blockHeight = min(blockHeight, height) // 2^32-1 stands for all rows
	}
	switch {
	case r.err != nil:
		return r.err
	case blockWidth == 0:
		return wrong(tagTileWidth, blockWidth, "")
	case blockHeight == 0:
		return wrong(heightTag, blockHeight, "")
	}
	if !d.has(l.offsets) && l.tiled {
		l.offsets, l.counts = tagStripOffsets, tagStripByteCounts // libtiff takes these for the same thing
	}
	if !d.has(l.offsets) {
		return wrong(l.offsets, nil, "missing")
	}

	limits := d.s.limits
	blocks := mul(mul(ceilDiv(width, blockWidth), ceilDiv(height, blockHeight)), uint64(l.planes()))
	if exceeds(blocks, limits.Blocks) {
		return &LimitError{"Blocks", "strips or tiles", blocks, limits.Blocks}
	}
	rowBytes := ceilDiv(mul(blockWidth, uint64(l.samples()*l.bits)), 8)
	if !l.tiled && blocks == uint64(l.planes()) && l.compression == None && mul(rowBytes, blockHeight) > chopBytes {
		blockHeight = max(1, chopBytes/rowBytes)
		l.chopped = true
	}
	// Samples of less than a byte take one when they are unpacked.
	unpacked := mul(blockWidth, uint64(l.samples()*l.typ.Size()))
	if n := mul(max(rowBytes, unpacked), blockHeight); exceeds(n, limits.BlockBytes) {
		return &LimitError{"BlockBytes", "bytes in a strip or tile", n, limits.BlockBytes}
	}
	// Rows have at least a bit a pixel, so both sides are at most eight times a limit on memory: they fit in an int.
	l.block, l.rowBytes = image.Pt(int(blockWidth), int(blockHeight)), int(rowBytes)
	l.across, l.down = int(ceilDiv(width, blockWidth)), int(ceilDiv(height, blockHeight))
	return nil
}

// compatible says whether an overview with layout o can stand for the image with layout l.
func (l *layout) compatible(o *layout) error {
	switch {
	case o.typ != l.typ:
		return fmt.Errorf("samples of type %v, not %v", o.typ, l.typ)
	case o.bands != l.bands:
		return fmt.Errorf("%d bands, not %d", o.bands, l.bands)
	}
	return nil
}

// A fieldReader reads fields until one is wrong, and keeps that error.
type fieldReader struct {
	ctx context.Context
	d   *directory
	err error
}

func (r *fieldReader) uint(t tag, def uint64) uint64 {
	if r.err != nil {
		return 0
	}
	var v uint64
	v, r.err = r.d.uint(r.ctx, t, def)
	return v
}

func (r *fieldReader) need(t tag) uint64 {
	if r.err == nil && !r.d.has(t) {
		r.err = wrong(t, nil, "missing")
	}
	return r.uint(t, 0)
}
