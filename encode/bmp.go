package encode

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"

	"github.com/geoexport/geoexport/raster"
)

// bmpHeader is the size of the file header and of the BITMAPINFOHEADER after it.
const bmpHeader = 14 + 40

func bmpFormat() Format {
	return Format{Name: "bmp", MediaType: "image/bmp", Ext: "bmp", Types: u8(), Bands: drawnBands, Encode: encodeBMP}
}

// encodeBMP writes RGB over the background, 24 bits a pixel. Rows are written from the top down, as they come, which
// the format states by a negative height.
func encodeBMP(w io.Writer, m *raster.Image, o *Options) error {
	if err := check(m, "bmp", math.MaxInt32, raster.U8); err != nil {
		return err
	}
	// The file states its own size in 32 bits; rows are padded to 4 bytes.
	stride := (3*uint64(m.Grid.Size.X) + 3) / 4 * 4
	size := bmpHeader + stride*uint64(m.Grid.Size.Y)
	if size > math.MaxUint32 {
		return &UnsupportedError{Format: "bmp", What: fmt.Sprintf("%d by %d pixels, a file of %d bytes (%d at most)",
			m.Grid.Size.X, m.Grid.Size.Y, size, uint32(math.MaxUint32))}
	}
	le := binary.LittleEndian
	h := le.AppendUint32([]byte("BM"), uint32(size))
	h = le.AppendUint32(h, 0)
	h = le.AppendUint32(h, bmpHeader) // where the pixels begin
	h = le.AppendUint32(h, 40)
	h = le.AppendUint32(h, uint32(m.Grid.Size.X))
	h = le.AppendUint32(h, uint32(-m.Grid.Size.Y))
	h = le.AppendUint16(h, 1)  // plane
	h = le.AppendUint16(h, 24) // bits a pixel
	h = append(h, make([]byte, bmpHeader-len(h))...)
	if _, err := w.Write(h); err != nil {
		return err
	}

	fill := rgbRows(m, o.background())
	rows := make([]byte, 0, max(stride, bmpBuffer))
	flush := func() error {
		_, err := w.Write(rows)
		rows = rows[:0]
		return err
	}
	if err := eachRow(m, func(b *raster.Block, y int) error {
		if uint64(cap(rows)-len(rows)) < stride {
			if err := flush(); err != nil {
				return err
			}
		}
		n := len(rows)
		rows = rows[:n+int(stride)]
		row := rows[n:]
		clear(row[3*m.Grid.Size.X:])
		fill(row[:3*m.Grid.Size.X], b, y)
		for i := 0; i < 3*m.Grid.Size.X; i += 3 {
			row[i], row[i+2] = row[i+2], row[i] // blue first
		}
		return nil
	}); err != nil {
		return err
	}
	return flush()
}

// bmpBuffer is the approximate number of bytes of a write.
const bmpBuffer = 64 << 10
