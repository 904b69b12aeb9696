package encode

import (
	"image"
	"io"
	"math"

	"github.com/geoexport/geoexport/internal/spool"
	"github.com/geoexport/geoexport/raster"
)

// Both raw formats hold the samples of all bands and nothing else: rows from the top down, least significant byte
// first, samples of fewer than 8 bits in a byte each. In bip the bands of a pixel are side by side, in bsq there is one
// band after the other. Then comes the mask: a bit for each pixel, row after row without gaps, the first one most
// significant, which is 1 where the pixel holds data; the last byte is filled up with 0. Esri documents the mask, but
// not the order of its bits: this is the order of the bits in a mask of LERC.
//
// A pixel whose validity is soft holds data from 128 on. One without data is NoData in all bands, or 0.

func bipFormat() Format {
	return Format{Name: "bip", MediaType: "application/octet-stream", Ext: "bip", Types: allTypes(), Alpha: true,
		Encode: encodeBIP}
}

func bsqFormat() Format {
	return Format{Name: "bsq", MediaType: "application/octet-stream", Ext: "bsq", Types: allTypes(), Alpha: true,
		Encode: encodeBSQ}
}

// rawRows turns strips into the bytes of a raw format.
type rawRows struct {
	m     *raster.Image
	size  int    // bytes of a sample
	blank []byte // a sample of a pixel without data
	mask  *bitSpool
}

func newRawRows(format string, m *raster.Image, o *Options) (*rawRows, error) {
	if err := check(m, format, math.MaxInt32, allTypes()...); err != nil {
		return nil, err
	}
	r := &rawRows{m: m, size: m.Type.Size(), mask: &bitSpool{Spool: o.spool()}}
	r.blank = make([]byte, r.size)
	if m.NoData == nil {
		return r, nil
	}
	part := m.Type // of a complex sample, NoData is the real part
	switch part {
	case raster.C64:
		part = raster.F32
	case raster.C128:
		part = raster.F64
	}
	one := raster.NewPlane[float64](image.Rect(0, 0, 1, 1))
	one.Pix[0] = *m.NoData
	b, err := raster.Convert(&raster.Block{Type: raster.F64, Bands: []raster.Plane{one}}, part)
	if err != nil {
		return nil, err
	}
	lo, hi := part.Range()
	if v := *m.NoData; part.Integer() && !(v == math.Trunc(v) && v >= lo && v <= hi) {
		return nil, &OptionError{Option: "noData", Value: v, Want: "a value of type " + m.Type.String()}
	}
	raster.PutRow(r.blank, part.Size(), b.Bands[0], 0, 0, 1)
	return r, nil
}

// put writes row y of one band, step bytes from one sample to the next.
func (r *rawRows) put(dst []byte, step int, b *raster.Block, band, y int) {
	bounds := b.Bounds()
	raster.PutRow(dst, step, b.Bands[band], y, bounds.Min.X, bounds.Max.X)
	for x, v := range b.ValidRow(y) {
		if v < halfValid {
			copy(dst[x*step:], r.blank)
		}
	}
}

// putMask appends row y to the mask.
func (r *rawRows) putMask(b *raster.Block, y int) error {
	valid := b.ValidRow(y)
	for x := range r.m.Grid.Size.X {
		if err := r.mask.put(valid == nil || valid[x] >= halfValid); err != nil {
			return err
		}
	}
	return nil
}

func encodeBIP(w io.Writer, m *raster.Image, o *Options) error {
	r, err := newRawRows("bip", m, o)
	if err != nil {
		return err
	}
	defer r.mask.Close()
	step := m.Bands * r.size
	row := make([]byte, m.Grid.Size.X*step)
	err = eachRow(m, func(b *raster.Block, y int) error {
		for band := range m.Bands {
			r.put(row[band*r.size:], step, b, band, y)
		}
		if _, err := w.Write(row); err != nil {
			return err
		}
		return r.putMask(b, y)
	})
	if err != nil {
		return err
	}
	return r.mask.writeTo(w)
}

// encodeBSQ writes the first band as it comes. The others have to wait for it, so they are spooled.
func encodeBSQ(w io.Writer, m *raster.Image, o *Options) error {
	r, err := newRawRows("bsq", m, o)
	if err != nil {
		return err
	}
	defer r.mask.Close()
	others := &laterBands{Spool: o.spool(), bands: m.Bands - 1}
	defer others.Close()
	row := make([]byte, m.Grid.Size.X*r.size)
	for b, err := range m.Checked() {
		if err != nil {
			return err
		}
		if err := r.putStrip(w, others, b, row); err != nil {
			return err
		}
	}
	if err := others.writeTo(w); err != nil {
		return err
	}
	return r.mask.writeTo(w)
}

// putStrip writes a strip of bsq: the first band to w, the others to a spool. row is memory for a row of one band.
func (r *rawRows) putStrip(w io.Writer, others *laterBands, b *raster.Block, row []byte) error {
	bounds := b.Bounds()
	for band := range b.Bands {
		to := w
		if band > 0 {
			to = others
		}
		for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
			r.put(row, r.size, b, band, y)
			if _, err := to.Write(row); err != nil {
				return err
			}
		}
	}
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		if err := r.putMask(b, y); err != nil {
			return err
		}
	}
	others.strips = append(others.strips, int64(bounds.Dy())*int64(len(row)))
	return nil
}

// laterBands spools bands that come strip by strip, and in each strip band by band.
type laterBands struct {
	spool.Spool
	bands  int
	strips []int64 // bytes of one band in each strip
}

// writeTo writes one band after the other.
func (s *laterBands) writeTo(w io.Writer) error {
	for band := range s.bands {
		at := int64(0)
		for _, n := range s.strips {
			if err := s.CopyTo(w, at+int64(band)*n, n); err != nil {
				return err
			}
			at += int64(s.bands) * n
		}
	}
	return nil
}

// A bitSpool spools bits, the first one in the most significant place of a byte.
type bitSpool struct {
	spool.Spool
	buf  []byte
	last byte // bits that make no whole byte yet
	n    int  // number of bits in last
}

func (s *bitSpool) put(bit bool) error {
	s.last <<= 1
	if bit {
		s.last |= 1
	}
	if s.n++; s.n < 8 {
		return nil
	}
	s.buf = append(s.buf, s.last)
	s.last, s.n = 0, 0
	if len(s.buf) < 4<<10 {
		return nil
	}
	return s.flush()
}

func (s *bitSpool) flush() error {
	_, err := s.Write(s.buf)
	s.buf = s.buf[:0]
	return err
}

// writeTo writes all bits, filled up with 0 to a whole byte.
func (s *bitSpool) writeTo(w io.Writer) error {
	if s.n > 0 {
		s.buf = append(s.buf, s.last<<(8-s.n))
	}
	if err := s.flush(); err != nil {
		return err
	}
	return s.CopyTo(w, 0, s.Len())
}
