package encode

import (
	"image"
	"io"
	"math"

	"github.com/geoexport/geoexport/internal/spool"
	"github.com/geoexport/geoexport/raster"
)

// Both raw formats hold the samples of all bands and nothing else: rows from the top down, least significant byte first, samples of
// fewer than 8 bits in a byte each. In bip the bands of a pixel are side by side, in bsq there is one band after the other.
// Then comes the mask: a bit for each pixel, row after row without gaps, the first one most significant, which is 1 where the
// pixel holds data; the last byte is filled up with 0. Esri documents the mask, but not the order of its bits: this is that of
// the bits of LERC's.
//
// A pixel whose validity is soft holds data from 128 on. One without data is NoData in all bands, or 0.

// rawRows turns strips into the bytes of a raw format.
type rawRows struct {
	m     *raster.Image
	size  int    // of a sample
	blank []byte // a sample of a pixel without data
	mask  *bitSpool
}

func newRawRows(format string, m *raster.Image) (*rawRows, error) {
	if err := check(m, format, math.MaxInt32, allTypes()...); err != nil {
		return nil, err
	}
	r := &rawRows{m: m, size: m.Type.Size(), mask: new(bitSpool)}
	r.blank = make([]byte, r.size)
	if m.NoData == nil {
		return r, nil
	}
	real := m.Type // of a complex sample, NoData is the real part
	switch real {
	case raster.C64:
		real = raster.F32
	case raster.C128:
		real = raster.F64
	}
	one := raster.MakePlane[float64](image.Rect(0, 0, 1, 1))
	one.Pix[0] = *m.NoData
	b, err := raster.Convert(&raster.Block{Type: raster.F64, Bands: []raster.Plane{one}}, real)
	if err != nil {
		return nil, err
	}
	lo, hi := real.Range()
	if v := *m.NoData; real.Integer() && !(v == math.Trunc(v) && v >= lo && v <= hi) {
		return nil, &OptionError{Option: "noData", Value: v, Want: "a value of type " + m.Type.String()}
	}
	raster.PutRow(r.blank, real.Size(), b.Bands[0], 0, 0, 1)
	return r, nil
}

// put writes row y of one band, step bytes from one sample to the next.
func (r *rawRows) put(dst []byte, step int, b *raster.Block, band, y int) {
	bounds := b.Bounds()
	raster.PutRow(dst, step, b.Bands[band], y, bounds.Min.X, bounds.Max.X)
	for x, v := range validRow(b, y) {
		if v < 128 {
			copy(dst[x*step:], r.blank)
		}
	}
}

// putMask takes row y's part of the mask.
func (r *rawRows) putMask(b *raster.Block, y int) error {
	valid := validRow(b, y)
	for x := range r.m.Grid.Size.X {
		if err := r.mask.put(valid == nil || valid[x] >= 128); err != nil {
			return err
		}
	}
	return nil
}

func bipFormat() Format {
	return Format{Name: "bip", MediaType: "application/octet-stream", Ext: "bip", Types: allTypes(), Alpha: true,
		Encode: encodeBIP}
}

func bsqFormat() Format {
	return Format{Name: "bsq", MediaType: "application/octet-stream", Ext: "bsq", Types: allTypes(), Alpha: true,
		Encode: encodeBSQ}
}

func encodeBIP(w io.Writer, m *raster.Image, _ *Options) error {
	r, err := newRawRows("bip", m)
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
func encodeBSQ(w io.Writer, m *raster.Image, _ *Options) error {
	r, err := newRawRows("bsq", m)
	if err != nil {
		return err
	}
	defer r.mask.Close()
	var others spool.Spool // strip by strip, and in these band by band
	defer others.Close()
	var heights []int
	rowBytes := m.Grid.Size.X * r.size
	row := make([]byte, rowBytes)
	for b, err := range m.Checked() {
		if err != nil {
			return err
		}
		bounds := b.Bounds()
		for band := range m.Bands {
			to := w
			if band > 0 {
				to = &others
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
		heights = append(heights, bounds.Dy())
	}
	for band := range m.Bands - 1 {
		at := int64(0)
		for _, h := range heights {
			n := int64(h) * int64(rowBytes)
			if err := others.CopyTo(w, at+int64(band)*n, n); err != nil {
				return err
			}
			at += int64(m.Bands-1) * n
		}
	}
	return r.mask.writeTo(w)
}

// A bitSpool spools bits, the first one in the most significant place of a byte.
type bitSpool struct {
	spool.Spool
	buf  []byte
	last byte // bits that make no whole byte yet
	n    int  // how many these are
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
