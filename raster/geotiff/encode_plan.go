package geotiff

import (
	"image"
	"image/color"
	"io"
	"math"
	"strconv"

	"github.com/geoexport/geoexport/internal/spool"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/overview"
	"github.com/geoexport/geoexport/raster/sidecar"
)

const (
	tileSide     = 256     // largest width and height of tiles
	stripSide    = 4096    // largest width and height of images that are written in strips
	tileStep     = 16      // the sides of tiles are multiples of this: TIFF 6.0, section 15
	tileRowBytes = 4 << 20 // most bytes of samples in a row of tiles, unless 16 rows of pixels take more

	// maxTileRowBytes and maxTiles bound the memory that an image can make Encode allocate.
	maxTileRowBytes = 1 << 29
	maxTiles        = 1 << 24
)

// An encoder writes one file. It holds the plan of the file and the state of the writing.
type encoder struct {
	w       io.Writer
	image   *raster.Image
	options EncodeOptions
	memory  *Encoder

	bits, format int // of a sample, as the tags BitsPerSample and SampleFormat state them
	samples      int // samples in a pixel of the file: the bands, and alpha if there is one
	predictor    int
	reduction    overview.Reduction
	strips       bool // tiles are strips: as wide as the image, and the last one only as high as what is left
	tile         image.Point
	tileBytes    int            // size of one tile's samples
	alpha        []byte         // the alpha sample for each validity from 0 to 255; nil if there is no alpha band
	soft         bool           // the file keeps values of validity between 0 and 255
	compress     tileCompressor // compresses tiles of samples, not of masks
	jpegTables   []byte         // the tables that all tiles of JPEG share
	levels       []*encodeLevel // the finest first

	// direct states that samples are written as they come. big states that offsets have 64 bits; if direct is true,
	// begin sets it.
	direct, big bool
	spool       spool.Spool
	holes       bool // at least one pixel is without data
	rows        *rowMemory
}

// newEncoder checks the image and plans its file. It does not ask for a strip.
func newEncoder(memory *Encoder, w io.Writer, m *raster.Image, o *EncodeOptions) (*encoder, error) {
	e := &encoder{w: w, image: m, memory: memory, rows: memory.lendRows()}
	if o != nil {
		e.options = *o
	}
	e.spool = spool.Spool{Memory: e.options.SpoolBytes, Dir: e.options.SpoolDir, Make: e.options.TempFile}
	if e.options.Compression == 0 {
		e.options.Compression = None
	}
	for kind, t := range sampleTypes {
		if t == m.Type {
			e.format, e.bits = int(kind.format), int(kind.bits)
		}
	}
	if err := e.checkImage(); err != nil {
		return nil, err
	}
	if err := e.settleValidity(); err != nil {
		return nil, err
	}
	if err := e.settlePredictor(); err != nil {
		return nil, err
	}
	if err := e.settleTiles(); err != nil {
		return nil, err
	}
	switch e.reduction = e.options.Reduction; {
	case m.Palette != nil:
		e.reduction = overview.Mode
	case m.Type.Complex():
		e.reduction = overview.Nearest // for the validity, too
	}
	var err error
	if e.compress, err = e.newCompressor(); err != nil {
		return nil, err
	}
	georeference, err := georeferenceFields(m.Grid)
	if err != nil {
		return nil, err
	}
	e.makeLevels(georeference)
	e.direct = e.options.Compression == None && len(e.levels) == 1
	return e, nil
}

// checkImage returns an error if the file cannot hold the image.
func (e *encoder) checkImage() error {
	m := e.image
	if err := m.Check(); err != nil {
		return err
	}
	switch size := m.Grid.Size; {
	case size.X > math.MaxInt32 || size.Y > math.MaxInt32:
		return cannotEncode("Image.Grid.Size", size, "want 1 to 2^31-1 pixels a side")
	case m.Bands >= math.MaxUint16:
		return cannotEncode("Image.Bands", m.Bands, "want 1 to 65534")
	}
	if v := m.NoData; v != nil {
		held, ok := sidecar.ParseNoData(strconv.FormatFloat(*v, 'g', -1, 64), m.Type, 1)
		if !ok || held[0] != *v && !math.IsNaN(held[0]) && m.Type.Integer() {
			return cannotEncode("Image.NoData", *v, "no value of type %v", m.Type)
		}
	}
	return nil
}

// settleValidity chooses the way in which the file records which pixels hold data, and with it the number of samples in
// a pixel.
func (e *encoder) settleValidity() error {
	m, o := e.image, &e.options
	if o.Validity == ValidityDefault && m.NoData == nil {
		o.Validity = ValidityMask
	}
	if o.Validity > ValidityAlpha {
		return cannotEncode("EncodeOptions.Validity", o.Validity, "no such way")
	}
	e.samples = m.Bands
	if o.Validity != ValidityAlpha {
		return nil
	}
	top := 1.0
	switch m.Type {
	case raster.U8, raster.U16, raster.S16, raster.U32, raster.S32:
		_, top = m.Type.Range()
	case raster.F32, raster.F64:
	default:
		return cannotEncode("EncodeOptions.Validity", nil, "no alpha band of type %v", m.Type)
	}
	if m.Palette != nil {
		return cannotEncode("EncodeOptions.Validity", nil, "no alpha band beside indices of a palette")
	}
	e.soft, e.samples = true, m.Bands+1
	scale := raster.NewPlane[float64](image.Rect(0, 0, 256, 1))
	for v := range scale.Pix {
		scale.Pix[v] = float64(v) / 255 * top
	}
	b, err := raster.Convert(&raster.Block{Type: raster.F64, Bands: []raster.Plane{scale}}, m.Type)
	if err != nil {
		return err
	}
	e.alpha = make([]byte, 256*m.Type.Size())
	raster.PutRow(e.alpha, m.Type.Size(), b.Bands[0], 0, 0, 256)
	return nil
}

// settlePredictor takes the predictor from the options, or chooses one by the compression and the type.
func (e *encoder) settlePredictor() error {
	o, t := e.options, e.image.Type
	e.predictor = o.Predictor
	codes := o.Compression == LZW || o.Compression == Deflate || o.Compression == ZSTD
	switch {
	case o.Predictor == 0 && !codes:
		e.predictor = predictorNone
	case o.Predictor == 0:
		switch {
		case t.Integer() && (e.bits == 8 || e.bits == 16) && e.image.Palette == nil:
			e.predictor = predictorHorizontal
		default:
			e.predictor = predictorNone
		}
	case o.Predictor == predictorNone:
	case !codes:
		return cannotEncode("EncodeOptions.Predictor", o.Predictor, "with compression %v", o.Compression)
	case o.Predictor == predictorHorizontal && (e.bits < 8 || e.bits > 64),
		o.Predictor == predictorFloat && t != raster.F32 && t != raster.F64:
		return cannotEncode("EncodeOptions.Predictor", o.Predictor, "with samples of type %v", t)
	case o.Predictor != predictorHorizontal && o.Predictor != predictorFloat:
		return cannotEncode("EncodeOptions.Predictor", o.Predictor, "want 1 to 3")
	}
	return nil
}

// settleTiles chooses the size of tiles. It looks at nothing but the image, so that the file does not depend on the
// machine.
func (e *encoder) settleTiles() error {
	size := e.image.Grid.Size
	e.tile = image.Pt(e.tileAcross(size.X), e.tileAcross(size.Y))
	// Strips have no padding, which nothing removes from samples that are not compressed. Larger images are for programs
	// that read windows of them.
	e.strips = e.options.Compression == None && !e.options.Overviews && max(size.X, size.Y) <= stripSide
	if e.strips {
		e.tile = image.Pt(size.X, min(size.Y, tileSide))
	}
	row := uint64(size.X) * uint64(e.image.Bands*e.image.Type.Size()+1) // in memory, validity included
	for e.tile.Y > tileStep && row*uint64(e.tile.Y) > tileRowBytes {
		e.tile.Y = (e.tile.Y/2 + tileStep - 1) / tileStep * tileStep
	}
	if n := row * uint64(e.tile.Y); n > maxTileRowBytes {
		return cannotEncode("Image.Grid.Size", size, "%d bytes in a row of tiles, want %d at most", n, maxTileRowBytes)
	}
	if n := ceilDiv(uint64(size.X), uint64(e.tile.X)) * ceilDiv(uint64(size.Y), uint64(e.tile.Y)); n > maxTiles {
		return cannotEncode("Image.Grid.Size", size, "%d tiles, want %d at most", n, maxTiles)
	}
	e.tileBytes = e.rowBytes() * e.tile.Y
	if limit := (Limits{}).withDefaults().BlockBytes; int64(e.tileBytes) > limit {
		return cannotEncode("Image.Bands", e.image.Bands, "%d bytes in a tile, want %d at most", e.tileBytes, limit)
	}
	return nil
}

// tileAcross returns the width or height of the tiles of an image of n pixels: the largest, or a smaller one if as many
// tiles then have less padding. All levels of an image with overviews share one size, and it is the usual one.
func (e *encoder) tileAcross(n int) int {
	side := min(n, tileSide)
	if !e.options.Overviews {
		tiles := (n-1)/tileSide + 1
		side = (n-1)/tiles + 1
	}
	return (side + tileStep - 1) / tileStep * tileStep
}

// rowBytes returns the size of one row of a tile's samples.
func (e *encoder) rowBytes() int { return (e.tile.X*e.samples*e.bits + 7) / 8 }

// maskRowBytes returns the size of one row of a tile of a mask, before compression.
func (e *encoder) maskRowBytes() int { return (e.tile.X + 7) / 8 }

// tileRows returns the number of rows that a tile has which begins above the last n rows of the image.
func (e *encoder) tileRows(n int) int {
	if e.strips {
		return min(n, e.tile.Y)
	}
	return e.tile.Y
}

// tiles returns the number of tiles of an image.
func (e *encoder) tiles(size image.Point) int {
	return int(ceilDiv(uint64(size.X), uint64(e.tile.X)) * ceilDiv(uint64(size.Y), uint64(e.tile.Y)))
}

// maskTileBytes returns the size of a tile of a mask, before compression.
func (e *encoder) maskTileBytes() int { return e.maskRowBytes() * e.tile.Y }

// makeLevels sets e.levels, with the fields of their directories.
func (e *encoder) makeLevels(georeference []encodeField) {
	m, size := e.image, e.image.Grid.Size
	for {
		l := &encodeLevel{e: e, size: size}
		kind := 0
		if len(e.levels) > 0 {
			kind = subfileReduced
		}
		l.pixels = &encodeDirectory{strips: e.strips, fields: append(e.sizeFields(kind, size), e.sampleFields()...)}
		if len(e.levels) == 0 {
			l.pixels.fields = append(l.pixels.fields, georeference...)
		} else {
			e.levels[len(e.levels)-1].coarser = l
		}
		if e.options.Validity == ValidityMask && !m.Opaque {
			fields := append(e.sizeFields(kind|subfileMask, size), maskFields()...)
			l.mask = &encodeDirectory{strips: e.strips, fields: fields}
		}
		rows := image.Rect(0, 0, size.X, min(e.tile.Y, size.Y))
		blank := 0.0
		if m.NoData != nil && e.options.Validity == ValidityDefault {
			blank = *m.NoData
		}
		held := e.rows.level(len(e.levels), m.Type, m.Bands, rows)
		for _, p := range held.Bands {
			l.bands = append(l.bands, newBandRows(p, blank))
		}
		l.valid = held.Valid
		e.levels = append(e.levels, l)
		if !e.options.Overviews || size.X <= tileSide && size.Y <= tileSide {
			return
		}
		size = image.Pt((size.X+1)/2, (size.Y+1)/2)
	}
}

// sizeFields returns the fields that every directory has.
func (e *encoder) sizeFields(kind int, size image.Point) []encodeField {
	fields := []encodeField{
		longsField(tagNewSubfileType, kind), longsField(tagImageWidth, size.X), longsField(tagImageLength, size.Y),
		shortsField(tagPlanarConfiguration, planarChunky),
	}
	if e.strips {
		return append(fields, longsField(tagRowsPerStrip, e.tile.Y))
	}
	return append(fields, longsField(tagTileWidth, e.tile.X), longsField(tagTileLength, e.tile.Y))
}

// maskFields returns the fields of a transparency mask (TIFF 6.0, page 36).
func maskFields() []encodeField {
	return []encodeField{
		shortsField(tagBitsPerSample, 1), shortsField(tagCompression, Deflate), shortsField(tagPhotometric, photometricMask),
		shortsField(tagSamplesPerPixel, 1), shortsField(tagSampleFormat, formatUint),
	}
}

const (
	photometricBlackIsZero = 1
	photometricMask        = 4

	extraUnspecified  = 0
	extraAssociated   = 1
	extraUnassociated = 2
)

// sampleFields returns the fields that describe samples.
func (e *encoder) sampleFields() []encodeField {
	m, o := e.image, e.options
	colour, photometric := 1, photometricBlackIsZero
	switch {
	case m.Palette != nil:
		photometric = photometricPalette
	case o.Compression == JPEG && m.Bands == 3:
		colour, photometric = 3, photometricYCbCr
	case isRGB(m):
		colour, photometric = 3, photometricRGB
	}
	fields := []encodeField{
		shortsField(tagBitsPerSample, repeated(e.samples, e.bits)...), shortsField(tagCompression, o.Compression),
		shortsField(tagPhotometric, photometric), shortsField(tagSamplesPerPixel, e.samples),
		shortsField(tagSampleFormat, repeated(e.samples, e.format)...),
	}
	if e.predictor != predictorNone {
		fields = append(fields, shortsField(tagPredictor, e.predictor))
	}
	if extra := repeated(e.samples-colour, extraUnspecified); len(extra) > 0 {
		switch {
		case e.alpha != nil && m.Premultiplied:
			extra[len(extra)-1] = extraAssociated
		case e.alpha != nil:
			extra[len(extra)-1] = extraUnassociated
		}
		fields = append(fields, shortsField(tagExtraSamples, extra...))
	}
	if m.Palette != nil {
		fields = append(fields, colorMap(m.Palette, 1<<e.bits))
	}
	if o.Compression == LERC {
		fields = append(fields, e.lercFields()...)
	}
	if o.Compression == JPEG {
		fields = append(fields, encodeField{tagJPEGTables, typeUndefined, e.jpegTables})
		if m.Bands == 3 {
			fields = append(fields, shortsField(tagYCbCrSubSampling, 2, 2))
		}
	}
	if text := bandMetadata(m, photometric); text != "" {
		fields = append(fields, asciiField(tagGDALMetadata, text))
	}
	if m.NoData != nil {
		// As GDAL writes it: the fewest digits that are read back as the same value.
		fields = append(fields, asciiField(tagGDALNoData, formatNoData(*m.NoData)))
	}
	return fields
}

// formatNoData returns v in the notation of the GDAL_NODATA tag.
func formatNoData(v float64) string {
	if math.IsNaN(v) {
		return "nan"
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

// colorMap returns the ColorMap field of a palette: all reds, then all greens, then all blues, 16 bits each. The
// colours of indices past the end of the palette are black.
func colorMap(p color.Palette, n int) encodeField {
	v := make([]uint16, 3*n)
	for i, c := range p {
		// The map stores colours without the multiplication by alpha that RGBA applies.
		rgb := color.NRGBAModel.Convert(c).(color.NRGBA)
		v[i], v[n+i], v[2*n+i] = uint16(rgb.R)*257, uint16(rgb.G)*257, uint16(rgb.B)*257
	}
	return shortsField(tagColorMap, v...)
}
