package geotiff

import (
	"image"
	"math"

	"github.com/geoexport/geoexport/internal/littleendian"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/lerc"
)

// newLERCCompressor returns a compressor that codes each tile as a blob of LERC, as libtiff does: samples of a pixel
// side by side, NaN and hard alpha of bytes as a mask.
func (e *encoder) newLERCCompressor() (tileCompressor, error) {
	m, o := e.image, &e.options
	shape := BlockShape{Width: e.tile.X, Height: e.tile.Y, Samples: e.samples, Bits: e.bits, SampleFormat: e.format}
	typ, err := shape.lercType()
	switch {
	case err != nil:
		return nil, cannotEncode("EncodeOptions.Compression", LERC, "samples of type %v", m.Type)
	case !(o.MaxZError >= 0) || math.IsInf(o.MaxZError, 1):
		return nil, cannotEncode("EncodeOptions.MaxZError", o.MaxZError, "want 0 or more")
	case m.Palette != nil && o.MaxZError >= 1:
		return nil, cannotEncode("EncodeOptions.MaxZError", o.MaxZError, "with indices of a palette")
	}
	pack := func(dst, blob []byte) ([]byte, error) { return append(dst, blob...), nil }
	switch o.LERCCompression {
	case 0, None:
	case Deflate:
		pack = e.memory.appendDeflate
	case ZSTD:
		pack = e.memory.appendZSTD
	default:
		return nil, cannotEncode("EncodeOptions.LERCCompression", o.LERCCompression, "want none, Deflate or ZSTD")
	}
	l := &lercEncoder{encoder: e}
	blob := l.blobOf(typ)
	return func(dst, raw []byte, b *raster.Block, r image.Rectangle) ([]byte, error) {
		raw = raw[:e.tileBytes]
		e.gather(raw, b, r)
		packed, err := blob(raw)
		if err != nil {
			return nil, err
		}
		return pack(dst, packed)
	}, nil
}

// lercFields returns the fields that LERC has of its own.
func (e *encoder) lercFields() []encodeField {
	inner := map[Compression]int{Deflate: lercDeflate, ZSTD: lercZSTD}[e.options.LERCCompression]
	return []encodeField{longsField(tagLERCParameters, lercVersion, inner)}
}

// A lercEncoder turns the samples of tiles into blobs. It is safe for concurrent use.
type lercEncoder struct{ *encoder }

// blobOf returns the function that encodes tiles of a type.
func (l *lercEncoder) blobOf(t lerc.Type) func(raw []byte) ([]byte, error) {
	switch t {
	case lerc.Int8:
		return func(raw []byte) ([]byte, error) { return lercBlob[int8](l, raw) }
	case lerc.Uint8:
		return func(raw []byte) ([]byte, error) { return lercBlob[uint8](l, raw) }
	case lerc.Int16:
		return func(raw []byte) ([]byte, error) { return lercBlob[int16](l, raw) }
	case lerc.Uint16:
		return func(raw []byte) ([]byte, error) { return lercBlob[uint16](l, raw) }
	case lerc.Int32:
		return func(raw []byte) ([]byte, error) { return lercBlob[int32](l, raw) }
	case lerc.Uint32:
		return func(raw []byte) ([]byte, error) { return lercBlob[uint32](l, raw) }
	case lerc.Float32:
		return func(raw []byte) ([]byte, error) { return lercBlob[float32](l, raw) }
	}
	return func(raw []byte) ([]byte, error) { return lercBlob[float64](l, raw) }
}

// lercBlob encodes one tile. Its samples may differ by MaxZError, but none becomes NoData or ceases to be it, and alpha
// stays as it is.
func lercBlob[T lerc.Sample](l *lercEncoder, raw []byte) ([]byte, error) {
	pixels := l.tile.X * l.tile.Y
	m := &lerc.Image{Width: l.tile.X, Height: l.tile.Y, Depth: l.samples}
	o := &lerc.EncodeOptions{MaxZError: l.options.MaxZError, Version: lercVersion}
	pix := make([]T, pixels*l.samples)
	littleendian.Get(pix, raw)
	if l.alpha != nil {
		valid, rest := hardAlpha(pix, l.samples)
		if rest != nil {
			m.Valid, m.Depth, pix = valid, l.samples-1, rest
		} else {
			o.MaxZError = 0
		}
	}
	if l.image.NoData != nil && nearNoData(pix, *l.image.NoData, o.MaxZError) {
		o.MaxZError = 0
	}
	if m.Depth > 1 && someNaN(pix, m.Depth) {
		m.Bands, m.Depth, pix = m.Depth, 1, apart(pix, m.Depth)
	}
	m.Pix = pix
	return lerc.Append(nil, m, o)
}

// hardAlpha separates the last sample of each pixel, if it is one of bytes that all are 0 or 255; else rest is nil.
func hardAlpha[T lerc.Sample](pix []T, samples int) (valid []uint8, rest []T) {
	bytes, ok := any(pix).([]uint8)
	if !ok {
		return nil, nil
	}
	for i := samples - 1; i < len(bytes); i += samples {
		if v := bytes[i]; v != 0 && v != 255 {
			return nil, nil
		}
		valid = append(valid, bytes[i])
	}
	rest = make([]T, 0, len(valid)*(samples-1))
	for i := range valid {
		rest = append(rest, pix[i*samples:][:samples-1]...)
	}
	return valid, rest
}

// nearNoData reports whether a sample is so near to NoData that an error could confuse the two.
func nearNoData[T lerc.Sample](pix []T, noData, maxZError float64) bool {
	for _, v := range pix {
		if math.Abs(float64(v)-noData) <= maxZError {
			return true
		}
	}
	return false
}

// someNaN reports whether a pixel has samples that are NaN beside others, which a mask for all of them cannot state.
func someNaN[T lerc.Sample](pix []T, samples int) bool {
	for ; len(pix) > 0; pix = pix[samples:] {
		n := 0
		for _, v := range pix[:samples] {
			if v != v {
				n++
			}
		}
		if n > 0 && n < samples {
			return true
		}
	}
	return false
}

// apart returns the samples band by band.
func apart[T lerc.Sample](pix []T, samples int) []T {
	out := make([]T, 0, len(pix))
	for k := range samples {
		for i := k; i < len(pix); i += samples {
			out = append(out, pix[i])
		}
	}
	return out
}
