package geotiff

import (
	"image"

	"github.com/geoexport/geoexport/internal/jpegenc"
	"github.com/geoexport/geoexport/raster"
)

// newJPEGCompressor returns a compressor that codes each tile as a stream of its own. Only the quantisers, which all
// tiles share, are in the JPEGTables field (TIFF technical note 2); each tile has its own Huffman code.
func (e *encoder) newJPEGCompressor() (tileCompressor, error) {
	m, o := e.image, &e.options
	switch {
	case m.Type != raster.U8 || m.Bands != 1 && m.Bands != 3:
		return nil, cannotEncode("EncodeOptions.Compression", JPEG, "%d bands of type %v, want 1 or 3 of U8", m.Bands, m.Type)
	case m.Palette != nil:
		return nil, cannotEncode("EncodeOptions.Compression", JPEG, "indices of a palette")
	case m.NoData != nil:
		return nil, cannotEncode("EncodeOptions.Compression", JPEG, "NoData would not keep its value")
	case e.alpha != nil:
		return nil, cannotEncode("EncodeOptions.Validity", nil, "no alpha band with JPEG")
	}
	quality := DefaultQuality
	if o.Quality != nil {
		quality = *o.Quality
	}
	if quality < 0 || quality > 100 {
		return nil, cannotEncode("EncodeOptions.Quality", quality, "want 0 to 100")
	}
	coded := jpegenc.Image{
		Width: e.tile.X, Height: e.tile.Y, Grey: m.Bands == 1, Halved: true, Quality: quality, Whole: true,
	}
	frame := jpegenc.NewFrame(coded)
	coded.Holes = true
	holed := jpegenc.NewFrame(coded)
	e.jpegTables = jpegenc.AppendEnd(frame.AppendQuantisers(jpegenc.AppendStart(nil)))
	return func(dst, _ []byte, b *raster.Block, r image.Rectangle) ([]byte, error) {
		f := frame
		if b.Valid != nil {
			f = holed
		}
		tile := e.memory.jpegTile()
		defer e.memory.jpeg.Put(tile)
		return tile.code(dst, f, b, r), nil
	}, nil
}

// A jpegTile is the memory for coding a tile.
type jpegTile struct {
	strip  jpegenc.Strip
	counts jpegenc.Counts
}

// code appends the coded tile at r. Beyond the edge of the image it repeats the last pixels: a step there would cause
// ripples in pixels that hold data.
func (t *jpegTile) code(dst []byte, f *jpegenc.Frame, b *raster.Block, r image.Rectangle) []byte {
	defer t.strip.Release()
	t.strip.Reset(f)
	in := r.Intersect(b.Bounds())
	for y := range r.Dy() {
		planes, alpha := t.strip.AddRow()
		y = min(r.Min.Y+y, in.Max.Y-1)
		for i, p := range b.Bands {
			p := p.(*raster.PlaneOf[uint8])
			stretchRow(planes[i], p.Row(y)[in.Min.X-p.Rect.Min.X:][:in.Dx()])
		}
		if alpha != nil {
			stretchRow(alpha, raster.AlphaRow(b.Valid, y, in))
		}
	}
	symbols := t.strip.Transform()
	t.counts = jpegenc.Counts{}
	t.counts.Add(symbols)
	c := t.counts.Code(false)
	dst = f.AppendFrame(jpegenc.AppendStart(dst), c)
	return jpegenc.AppendEnd(c.Append(dst, symbols))
}

// stretchRow copies a row and repeats its last sample.
func stretchRow(dst, row []uint8) {
	n := copy(dst, row)
	for x := n; x < len(dst); x++ {
		dst[x] = row[n-1]
	}
}
