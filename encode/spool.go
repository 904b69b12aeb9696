package encode

import (
	"errors"
	"image"
	"iter"
	"sync"

	"github.com/geoexport/geoexport/internal/spool"
	"github.com/geoexport/geoexport/raster"
)

// spooledRows are the rows of an image, as bytes.
type spooledRows struct {
	spool.Spool
	stride int // bytes of a row
	buf    []byte
}

// rowPool lends out spooledRows, for their memory.
var rowPool = sync.Pool{New: func() any { return &spooledRows{} }}

// gather spools all rows of the image, size bytes a pixel, as fill writes them. It calls see with each row that fill
// has written. The rows must be released.
func gather(m *raster.Image, o *Options, size int, fill rowFunc, see func(row []byte)) (*spooledRows, error) {
	s := rowPool.Get().(*spooledRows)
	empty := o.spool()
	s.Memory, s.Make = empty.Memory, empty.Make
	s.stride = m.Grid.Size.X * size
	ok := false
	defer func() {
		if !ok { // also after a panic
			s.release()
		}
	}()
	row := s.buffer(s.stride)
	err := eachRow(m, func(b *raster.Block, y int) error {
		fill(row, b, y)
		see(row)
		_, err := s.Write(row)
		return err
	})
	if err != nil {
		return nil, err
	}
	ok = true
	return s, nil
}

func (s *spooledRows) buffer(n int) []byte {
	if cap(s.buf) < n {
		s.buf = make([]byte, n)
	}
	return s.buf[:n]
}

// each calls do with every row, from the top down.
func (s *spooledRows) each(do func(row []byte) error) error {
	batch := max(1, (64<<10)/s.stride) * s.stride
	for at := int64(0); at < s.Len(); {
		rows := s.buffer(int(min(int64(batch), s.Len()-at)))
		if _, err := s.ReadAt(rows, at); err != nil {
			return err
		}
		at += int64(len(rows))
		for ; len(rows) > 0; rows = rows[s.stride:] {
			if err := do(rows[:s.stride]); err != nil {
				return err
			}
		}
	}
	return nil
}

// release drops the rows. Nothing depends on whether a temporary file could be removed.
func (s *spooledRows) release() {
	_ = s.Close()
	s.Make = nil // which may hold on to much
	rowPool.Put(s)
}

// Spool goes through the strips of m, which is of type U8, and returns the same image with strips that can be gone
// through again and again, one iteration at a time. Its Opaque is true if every pixel fully holds data. This is for
// callers that have to know the whole image before they can encode it, as Format.Choose does.
//
// The pixels are kept until release is called, in memory or in a temporary file as the options' SpoolBytes and TempFile
// say. A nil o means the defaults.
func Spool(m *raster.Image, o *Options) (spooled *raster.Image, release func(), err error) {
	if err := check(m, "a spooled image", maxPNGSide, raster.U8); err != nil {
		return nil, nil, err
	}
	opaque := true
	rows, err := gather(m, o, m.Bands+1, bandsAndValidity, func(row []byte) {
		for _, a := range row[m.Bands*m.Grid.Size.X:] {
			opaque = opaque && a == 255
		}
	})
	if err != nil {
		return nil, nil, err
	}
	again := *m
	again.Opaque = opaque
	again.Strips = rows.strips(m.Grid.Size, m.Bands, opaque)
	return &again, sync.OnceFunc(rows.release), nil
}

// bandsAndValidity is a rowFunc that writes all bands of type U8 one after the other, and then the validity.
func bandsAndValidity(dst []byte, b *raster.Block, y int) {
	for band := range b.Bands {
		dst = dst[copy(dst, row8(b, band, y)):]
	}
	copyValidity(dst, b.ValidRow(y))
}

// copyValidity copies a row of validity to dst; a nil row is valid everywhere.
func copyValidity(dst, valid []uint8) {
	if valid == nil {
		fillBytes(dst, 255)
		return
	}
	copy(dst, valid)
}

// spoolStrip is the approximate number of pixels in a strip of a spooled image.
const spoolStrip = 1 << 16

// errStop ends an iteration whose caller wants no more strips.
var errStop = errors.New("no more strips are wanted")

// strips returns an iterator over rows that bandsAndValidity has written. All strips share their memory.
func (s *spooledRows) strips(size image.Point, bands int, opaque bool) iter.Seq2[*raster.Block, error] {
	height := min(max(1, spoolStrip/size.X), size.Y)
	return func(yield func(*raster.Block, error) bool) {
		b := raster.NewBlock(raster.U8, bands, image.Rect(0, 0, size.X, height))
		y := 0
		err := s.each(func(row []byte) error {
			at := y % height
			for band := range bands {
				row = row[copy(row8(b, band, at), row):]
			}
			copy(b.Valid.Pix[at*b.Valid.Stride:], row)
			if y++; at+1 < height && y < size.Y {
				return nil
			}
			strip := b.Sub(image.Rect(0, 0, size.X, at+1))
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
}
