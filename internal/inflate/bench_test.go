package inflate_test

import (
	"bytes"
	"compress/zlib"
	"image"
	"io"
	"testing"

	kzlib "github.com/klauspost/compress/zlib"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/internal/inflate"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
)

// tiles are a tile of 256 x 256 pixels of the demo image, as it is and with predictor 2.
func tiles(b *testing.B) map[string][]byte {
	f, err := geotiff.OpenFile("../../testdata/demo/world.tif", nil)
	require.NoError(b, err)
	defer f.Close()
	blk, err := f.Read(b.Context(), nil, 0, image.Rect(768, 256, 1024, 512), nil)
	require.NoError(b, err)
	plain := make([]byte, 0, 3*256*256)
	for i := range 256 * 256 {
		for _, p := range blk.Bands {
			plain = append(plain, p.(*raster.PlaneOf[uint8]).Pix[i])
		}
	}
	differences := bytes.Clone(plain)
	for row := 0; row < len(plain); row += 3 * 256 {
		for i := row + 3*256 - 1; i >= row+3; i-- {
			differences[i] -= differences[i-3]
		}
	}
	return map[string][]byte{"plain": plain, "predictor 2": differences}
}

func BenchmarkInflate(b *testing.B) {
	for name, data := range tiles(b) {
		var packed bytes.Buffer
		w, err := zlib.NewWriterLevel(&packed, 6)
		require.NoError(b, err)
		_, err = w.Write(data)
		require.NoError(b, err)
		require.NoError(b, w.Close())
		src, dst := packed.Bytes(), make([]byte, len(data))
		b.Run(name+"/ours", func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := inflate.Zlib(dst, src); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(name+"/klauspost", func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			z, err := kzlib.NewReader(bytes.NewReader(src))
			require.NoError(b, err)
			for b.Loop() {
				require.NoError(b, z.(kzlib.Resetter).Reset(bytes.NewReader(src), nil))
				if _, err := io.ReadFull(z, dst); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
