package encode

import (
	"errors"
	"image"
	"sync"

	"github.com/geoexport/geoexport/internal/spool"
	"github.com/geoexport/geoexport/raster"
)

// heldBytes is how much of a picture that is gone through twice stays in memory; what is more waits in a temporary file.
const heldBytes = 8 << 20

// heldRows are the rows of a picture, as bytes.
type heldRows struct {
	spool.Spool
	stride int // bytes of a row
	buf    []byte
}

// rowPool lends out heldRows, for their memory.
var rowPool = sync.Pool{New: func() any { return &heldRows{Spool: spool.Spool{Memory: heldBytes}} }}

// gather holds all rows of the picture, size bytes a pixel, as fill writes them, after see has seen them. They must be
// released.
func gather(m *raster.Image, size int, fill rowFunc, see func(row []byte)) (*heldRows, error) {
	h := rowPool.Get().(*heldRows)
	h.stride = m.Grid.Size.X * size
	row := h.buffer(h.stride)
	err := eachRow(m, func(b *raster.Block, y int) error {
		fill(row, b, y)
		see(row)
		_, err := h.Write(row)
		return err
	})
	if err != nil {
		h.release()
		return nil, err
	}
	return h, nil
}

func (h *heldRows) buffer(n int) []byte {
	if cap(h.buf) < n {
		h.buf = make([]byte, n)
	}
	return h.buf[:n]
}

// each hands every row to do, from the top down.
func (h *heldRows) each(do func(row []byte) error) error {
	batch := max(1, (64<<10)/h.stride) * h.stride
	for at := int64(0); at < h.Len(); {
		rows := h.buffer(int(min(int64(batch), h.Len()-at)))
		if _, err := h.ReadAt(rows, at); err != nil {
			return err
		}
		at += int64(len(rows))
		for ; len(rows) > 0; rows = rows[h.stride:] {
			if err := do(rows[:h.stride]); err != nil {
				return err
			}
		}
	}
	return nil
}

// release drops the rows. Nothing depends on whether a temporary file could be removed.
func (h *heldRows) release() {
	_ = h.Close()
	rowPool.Put(h)
}

// Spool goes through the strips of a picture of type U8, and gives the same picture, whose Opaque says what it is, and whose
// Strips can be gone through again and again, one at a time. It keeps them until release is called: in memory up to 8 MiB,
// and beyond that in a temporary file. It is for those who have to know the whole picture before they can encode it, as
// Format.Choose does.
func Spool(m *raster.Image) (held *raster.Image, release func(), err error) {
	if err := check(m, "a held picture", maxPNGSide, raster.U8); err != nil {
		return nil, nil, err
	}
	opaque := true
	rows, err := gather(m, m.Bands+1, func(dst []byte, b *raster.Block, y int) {
		for band := range m.Bands {
			dst = dst[copy(dst, row8(b, band, y)):]
		}
		if valid := validRow(b, y); valid == nil {
			fillBytes(dst, 255)
		} else {
			copy(dst, valid)
		}
	}, func(row []byte) {
		for _, a := range row[m.Bands*m.Grid.Size.X:] {
			opaque = opaque && a == 255
		}
	})
	if err != nil {
		return nil, nil, err
	}
	again := *m
	again.Opaque = opaque
	again.Strips = func(yield func(*raster.Block, error) bool) {
		var b *raster.Block
		y := 0
		err := rows.each(func(row []byte) error {
			height := min(max(1, heldStrip/m.Grid.Size.X), m.Grid.Size.Y)
			if b == nil {
				b = raster.NewBlock(raster.U8, m.Bands, image.Rect(0, 0, m.Grid.Size.X, height))
			}
			at := y % height
			for band := range m.Bands {
				row = row[copy(row8(b, band, at), row):]
			}
			copy(b.Valid.Pix[at*b.Valid.Stride:], row)
			y++
			if at+1 < height && y < m.Grid.Size.Y {
				return nil
			}
			strip := b.Sub(image.Rect(0, 0, m.Grid.Size.X, at+1))
			if opaque {
				strip.Valid = nil
			}
			if !yield(strip, nil) {
				return errStop
			}
			return nil
		})
		if err != nil && !errors.Is(err, errStop) {
			yield(nil, err)
		}
	}
	return &again, sync.OnceFunc(rows.release), nil
}

var errStop = errors.New("no more strips are wanted")

// heldStrip is about how many pixels make a strip of a held picture.
const heldStrip = 1 << 16
