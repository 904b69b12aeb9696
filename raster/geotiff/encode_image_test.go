package geotiff

import (
	"bytes"
	"context"
	"image"
	"iter"
	"math/rand/v2"

	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/srs"
)

// noiseBlock returns pixels of any type whose samples cover its range, in runs, so that they can be compressed.
// validity is 0 for a block that is valid throughout, 1 for one with holes, 2 for soft validity.
func noiseBlock(typ raster.PixelType, bands int, size image.Point, validity int, seed uint64) *raster.Block {
	random := rand.New(rand.NewPCG(seed, 1))
	r := image.Rectangle{Max: size}
	lo, hi := typ.Range()
	if !typ.Integer() {
		lo, hi = -1e6, 1e6
	}
	values := raster.NewBlock(raster.F64, bands, r)
	for _, p := range values.Bands {
		pix := p.(*raster.PlaneOf[float64]).Pix
		for i := range pix {
			pix[i] = lo + random.Float64()*(hi-lo)
			if i > 0 && random.IntN(3) > 0 {
				pix[i] = pix[i-1]
			}
		}
	}
	values.Valid = nil
	b := &raster.Block{Type: typ}
	if typ.Complex() {
		for _, p := range values.Bands {
			b.Bands = append(b.Bands, complexPlane(typ, p.(*raster.PlaneOf[float64])))
		}
	} else {
		var err error
		if b, err = raster.Convert(values, typ); err != nil {
			panic(err)
		}
	}
	if validity == 0 {
		return b
	}
	b.Valid = image.NewAlpha(r)
	for i := range b.Valid.Pix {
		switch v := random.IntN(6); {
		case v == 0:
		case v == 1 && validity == 2:
			b.Valid.Pix[i] = uint8(random.IntN(256))
		default:
			b.Valid.Pix[i] = 255
		}
	}
	return b
}

func complexPlane(typ raster.PixelType, p *raster.PlaneOf[float64]) raster.Plane {
	if typ == raster.C128 {
		q := raster.NewPlane[complex128](p.Rect)
		for i, v := range p.Pix {
			q.Pix[i] = complex(v, -v/3)
		}
		return q
	}
	q := raster.NewPlane[complex64](p.Rect)
	for i, v := range p.Pix {
		q.Pix[i] = complex(float32(v), float32(-v/3))
	}
	return q
}

// cut returns a block as strips with the given heights, over and over.
func cut(b *raster.Block, heights ...int) iter.Seq2[*raster.Block, error] {
	return func(yield func(*raster.Block, error) bool) {
		r := b.Bounds()
		for i, y := 0, r.Min.Y; y < r.Max.Y; i++ {
			h := min(heights[i%len(heights)], r.Max.Y-y)
			if !yield(b.Sub(image.Rect(r.Min.X, y, r.Max.X, y+h)), nil) {
				return
			}
			y += h
		}
	}
}

func imageOf(b *raster.Block, heights ...int) *raster.Image {
	if heights == nil {
		heights = []int{1 << 30}
	}
	crs, err := srs.FromWKID(32633)
	if err != nil {
		panic(err)
	}
	return &raster.Image{Grid: raster.Grid{CRS: crs, Affine: raster.Affine{A: 2, C: 100, E: -2, F: 900}, Size: b.Bounds().Size()},
		Type: b.Type, Bands: len(b.Bands), Strips: cut(b, heights...)}
}

func encodeAll(t require.TestingT, m *raster.Image, o *EncodeOptions) []byte {
	var buf bytes.Buffer
	require.NoError(t, Encode(&buf, m, o))
	return buf.Bytes()
}

// readBack reads a whole level, without an alpha band.
func readBack(t require.TestingT, file []byte, level int) (*raster.Block, raster.Info) {
	f, err := Open(context.Background(), source.FromReaderAt(bytes.NewReader(file), int64(len(file))), nil)
	require.NoError(t, err)
	info := f.Info()
	b, err := f.Read(context.Background(), nil, level, image.Rectangle{Max: info.Levels[level]}, info.DataBands())
	require.NoError(t, err)
	return b, info
}

// hard returns b with its validity rounded to 0 or 255: from 128 on it is 255.
func hard(b *raster.Block) *raster.Block {
	if b.Valid == nil {
		return b
	}
	v := image.NewAlpha(b.Valid.Rect)
	for i, a := range b.Valid.Pix {
		if a >= 128 {
			v.Pix[i] = 255
		}
	}
	return &raster.Block{Type: b.Type, Bands: b.Bands, Valid: v}
}

var allTypes = []raster.PixelType{
	raster.U1, raster.U2, raster.U4, raster.U8, raster.S8, raster.U16, raster.S16, raster.U32, raster.S32,
	raster.F32, raster.F64, raster.C64, raster.C128,
}

var lossless = []Compression{None, LZW, Deflate, ZSTD}
