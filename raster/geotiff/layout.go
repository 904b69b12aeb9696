package geotiff

import (
	"context"
	"fmt"
	"image"

	"github.com/geoexport/geoexport/raster"
)

// A layout describes the way in which the samples of one directory are stored: their type and order, and the blocks
// (strips or tiles) that they are cut into.
type layout struct {
	size   image.Point
	bands  int // samples in a pixel
	bits   int // in a sample
	format int // meaning of a sample's bits: the value of the SampleFormat tag
	typ    raster.PixelType
	swap   int  // size in bytes of the units whose bytes are in the file's order; 1 if there are none
	planar bool // bands are stored apart, each in blocks of its own

	tiled        bool
	block        image.Point // size of a block; strips are as wide as the image
	across, down int         // numbers of blocks
	rowBytes     int         // size of one row of a decoded block; each row starts on a whole byte
	stripRows    int         // RowsPerStrip, if it is more than the rows of the image; otherwise 0
	// pieces is the number of blocks that each strip is read in, as if its rows were in several strips, since it is
	// large; 1 if strips are read as a whole, and for tiles. The last strip may have fewer.
	pieces int

	compression Compression
	codec       Codec
	reversed    bool   // FillOrder is 2: the bits of each byte are in reverse order, which codec undoes
	t4Options   uint32 // options of CCITT Group 3
	lerc        uint32 // the compression of LERC blobs
	lercAlpha   bool   // the last sample of a pixel is alpha that LERC may code as a mask
	predictor   int
	photometric int
	// signedIndices states that SampleFormat makes indices of a palette signed, which they cannot be; otherInks that
	// samples are inks other than cyan, magenta, yellow and black.
	signedIndices, otherInks bool
	jpegTables               []byte       // becomes BlockShape.JPEGTables
	ycbcr                    *ycbcrLayout // coding of samples that are to be converted to RGB; nil if there are none
	offsets                  tag          // tag of the array of the blocks' offsets
	counts                   tag          // tag of the array of their sizes
	zeroCounts               bool         // all sizes of strips are 0, and mean nothing
}

const (
	planarChunky   = 1
	planarSeparate = 2

	photometricWhiteIsZero = 0
	photometricPalette     = 3
	photometricCMYK        = 5

	inkSetCMYK = 1

	formatUint         = 1
	formatInt          = 2
	formatFloat        = 3
	formatVoid         = 4
	formatComplexInt   = 5
	formatComplexFloat = 6

	fillOrderMSB = 1
	fillOrderLSB = 2

	predictorNone       = 1
	predictorHorizontal = 2
	predictorFloat      = 3
)

// Strips of more than a quarter of Limits.BlockBytes, and of more than largeStripBytes at most, are read in pieces of a
// size that is good for caches. A plane in one strip that is not compressed has pieces at any size.
const (
	largeStripBytes  = 3 << 20   // decoding takes up to four times as much, which Limits.Expansion allows any file
	pieceBytes       = 256 << 10 // of a strip that is not compressed
	pieceBytesPacked = 256 << 10
)

// samples returns the number of samples of one pixel in one block.
func (l *layout) samples() int {
	if l.planar {
		return 1
	}
	return l.bands
}

// planes returns the number of blocks at one place.
func (l *layout) planes() int {
	if l.planar {
		return l.bands
	}
	return 1
}

// rect returns the part of the image that the block at (col, row) covers, without the pixels beyond the image's edge.
// No more rows than these are decoded: last strips have no others, nor have the last tiles of some writers.
func (l *layout) rect(col, row int) image.Rectangle {
	at := image.Pt(col*l.block.X, row*l.block.Y)
	// Sizes stay below 2^31, so on 32-bit machines the sum may wrap around: subtract instead.
	return image.Rect(at.X, at.Y, at.X+min(l.block.X, l.size.X-at.X), at.Y+min(l.block.Y, l.size.Y-at.Y))
}

// at returns the column and row of the block that contains the pixel pt.
func (l *layout) at(pt image.Point) image.Point { return image.Pt(pt.X/l.block.X, pt.Y/l.block.Y) }

// index returns the index of a block in the arrays of offsets and sizes.
func (l *layout) index(plane, col, row int) uint64 {
	return (uint64(plane)*l.stripsDown()+uint64(row/l.pieces))*uint64(l.across) + uint64(col)
}

// stripsDown returns the number of strips or tiles in the file, one below the other.
func (l *layout) stripsDown() uint64 { return ceilDiv(uint64(l.down), uint64(l.pieces)) }

// stripRowsOf returns the number of the image's rows in a strip or tile. strip is its number, from above.
func (l *layout) stripRowsOf(strip int) int {
	rows := int64(l.pieces) * int64(l.block.Y) // the pieces of a single strip may have more rows than it has
	return int(min(rows, int64(l.size.Y)-int64(strip)*rows))
}

// streamed reports whether blocks are pieces of strips that have to be decoded from their first row on.
func (l *layout) streamed() bool { return l.pieces > 1 && (l.compression != None || l.reversed) }

// readLayout reads the fields that describe the way in which samples are stored.
func readLayout(ctx context.Context, d *directory, codecs Codecs) (*layout, error) {
	r := fieldReader{ctx: ctx, d: d}
	width, height := r.need(tagImageWidth), r.need(tagImageLength)
	bands := r.uint(tagSamplesPerPixel, 1)
	compression := r.uint(tagCompression, uint64(None))
	planar := r.uint(tagPlanarConfiguration, planarChunky)
	predictor := r.uint(tagPredictor, predictorNone)
	photometric := r.uint(tagPhotometric, 1)
	fillOrder := r.uint(tagFillOrder, 1)
	inkSet := r.uint(tagInkSet, inkSetCMYK)
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
	case fillOrder != fillOrderMSB && fillOrder != fillOrderLSB:
		return nil, wrong(tagFillOrder, fillOrder, "want 1 or 2")
	case photometric > photometricYCbCr:
		return nil, unsupported(tagPhotometric, photometric, "want 0 to 6")
	}
	l.bands, l.planar, l.photometric = int(bands), planar == planarSeparate && bands > 1, int(photometric)
	l.otherInks = inkSet != inkSetCMYK

	var err error
	if l.codec, err = codecs.lookup(compression); err != nil {
		return nil, err
	}
	l.compression = Compression(compression)
	if err := l.readType(ctx, d); err != nil {
		return nil, err
	}
	if err := l.readCodecFields(ctx, d, fillOrder); err != nil {
		return nil, err
	}
	if err := l.setPredictor(predictor); err != nil {
		return nil, err
	}
	if err := l.readColor(ctx, d); err != nil {
		return nil, err
	}
	return l, l.readBlocks(ctx, d)
}

// readCodecFields reads the fields that concern one compression only, or all compressions but a few.
func (l *layout) readCodecFields(ctx context.Context, d *directory, fillOrder uint64) error {
	if l.codec.bilevel && (l.bits != 1 || l.samples() != 1) {
		return unsupported(tagCompression, l.compression,
			fmt.Sprintf("with %d samples of %d bits in a pixel, want one of 1", l.samples(), l.bits))
	}
	if l.compression == CCITTGroup3 {
		r := fieldReader{ctx: ctx, d: d}
		l.t4Options = uint32(r.uint(tagT4Options, 0))
		if r.err != nil {
			return r.err
		}
	}
	if l.compression == LERC {
		if err := l.readLERC(ctx, d); err != nil {
			return err
		}
	}
	if fillOrder == fillOrderLSB && l.compression != JPEG {
		l.codec, l.reversed = l.codec.reversed(), true
	}
	return nil
}

// readLERC reads the fields that concern LERC: the compression of its blobs, and whether there is alpha that may be a
// mask.
func (l *layout) readLERC(ctx context.Context, d *directory) error {
	if d.has(tagLERCParameters) {
		v, err := d.firstUints(ctx, tagLERCParameters, 2)
		if err != nil {
			return err
		}
		if len(v) < 2 || v[1] > lercZSTD {
			return unsupported(tagLERCParameters, v, "want a version, and 0, 1 (Deflate) or 2 (ZSTD)")
		}
		l.lerc = uint32(v[1])
	}
	if !d.has(tagExtraSamples) || l.planar {
		return nil
	}
	extra, err := d.firstUints(ctx, tagExtraSamples, uint64(l.bands)+1)
	if err != nil {
		return err
	}
	l.lercAlpha = len(extra) > 0 && extra[len(extra)-1] == extraUnassociated
	return nil
}

// maxPacked returns the greatest number of bytes of the file that are read for a block whose samples take size bytes.
// No compression makes samples twice as large except CCITT, where two pixels of noise take up to 12 bits and rows have
// ends of their own.
func (l *layout) maxPacked(size uint64) uint64 {
	size = min(size, 1<<60)
	if l.codec.bilevel {
		return 8*size + 8*uint64(l.block.Y) + 1024
	}
	if l.codec.Planes != nil {
		return 2*size + 256<<10 // streams carry tables, colour profiles, thumbnails and more before their samples
	}
	return 2*size + 1024
}

// readBlocks reads the size and number of the strips or tiles.
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
		if blockHeight > height && blockHeight <= maxFrameRows {
			l.stripRows = int(blockHeight)
		}
		blockHeight = min(blockHeight, height) // 2^32-1 means all rows
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
		l.offsets, l.counts = tagStripOffsets, tagStripByteCounts // libtiff treats these tags as the same
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
	// Samples of less than a byte take one byte each when they are unpacked.
	row := max(rowBytes, mul(blockWidth, uint64(l.samples()*l.typ.Size())))
	stripHeight := blockHeight
	if !l.tiled && l.ycbcr == nil && l.codec.stream.open != nil {
		blockHeight = l.pieceRows(row, stripHeight, blocks == uint64(l.planes()), limits.BlockBytes)
	}
	l.pieces = int(ceilDiv(stripHeight, blockHeight))
	if n := mul(row, blockHeight); exceeds(n, limits.BlockBytes) {
		return &LimitError{"BlockBytes", "bytes in a strip or tile", n, limits.BlockBytes}
	}
	if n, most := mul(rowBytes, stripHeight), limits.streamedBytes(d.s.in.size); l.streamed() && exceeds(n, most) {
		return &LimitError{"Expansion", "bytes in a strip of a small file", n, most}
	}
	// A row has at least a bit a pixel, so each side is at most eight times a limit on memory: both fit in an int.
	l.block, l.rowBytes = image.Pt(int(blockWidth), int(blockHeight)), int(rowBytes)
	l.across, l.down = int(ceilDiv(width, blockWidth)), int(ceilDiv(height, blockHeight))
	return nil
}

// pieceRows returns how many rows of a strip are read together, of row bytes each. only states that the strip has all
// rows of its plane. limit is Limits.BlockBytes.
func (l *layout) pieceRows(row, rows uint64, only bool, limit int64) uint64 {
	limited := uint64(max(0, limit))
	large, piece := min(largeStripBytes, limited/4), min(pieceBytesPacked, limited/64)
	if l.compression == None && !l.reversed {
		piece = min(pieceBytes, limited/4)
		if only {
			large = piece
		}
	}
	if mul(row, rows) <= large {
		return rows
	}
	most := max(1, piece/row)
	if only {
		return most
	}
	// All pieces but the last one of the image are of one size, so it has to divide that of strips.
	for n := most; n > 0 && (n == most || n*row >= piece/32); n-- {
		if rows%n == 0 {
			return n
		}
	}
	return rows
}

// compatible returns an error unless an overview with layout o can stand in for the image with layout l.
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
