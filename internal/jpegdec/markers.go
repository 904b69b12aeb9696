package jpegdec

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
)

// The markers of T.81, table B.1, that this package handles; each follows a byte 0xff.
const (
	markerSOF0 = 0xc0 // baseline; 0xc1 to 0xcf are the other processes, except DHT, JPG and DAC
	markerSOF1 = 0xc1 // extended sequential
	markerSOF2 = 0xc2 // progressive
	markerDHT  = 0xc4
	markerJPG  = 0xc8
	markerDAC  = 0xcc
	markerRST0 = 0xd0 // to 7
	markerSOI  = 0xd8
	markerEOI  = 0xd9
	markerSOS  = 0xda
	markerDQT  = 0xdb
	markerDNL  = 0xdc
	markerDRI  = 0xdd
	markerTEM  = 0x01
)

// processes names the processes that are not supported, by the low four bits of their frame's marker.
var processes = map[byte]string{
	3: "lossless", 5: "hierarchical", 6: "hierarchical progressive", 7: "hierarchical lossless", 9: "arithmetic-coded",
	10: "arithmetic-coded progressive", 11: "arithmetic-coded lossless", 13: "arithmetic-coded hierarchical",
	14: "arithmetic-coded hierarchical progressive", 15: "arithmetic-coded hierarchical lossless",
}

// isFrame reports whether a marker starts a frame header.
func isFrame(marker byte) bool {
	return marker&0xf0 == markerSOF0 && marker != markerDHT && marker != markerJPG && marker != markerDAC
}

// zigzag maps the index of a coefficient in coding order to its place in the block, row by row (T.81, figure A.6).
var zigzag = [64]uint8{
	0, 1, 8, 16, 9, 2, 3, 10,
	17, 24, 32, 25, 18, 11, 4, 5,
	12, 19, 26, 33, 40, 48, 41, 34,
	27, 20, 13, 6, 7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36,
	29, 22, 15, 23, 30, 37, 44, 51,
	58, 59, 52, 45, 38, 31, 39, 46,
	53, 60, 61, 54, 47, 55, 62, 63,
}

// A quantTable is a quantisation table, in zigzag order.
type quantTable struct {
	set bool
	v   [64]uint16
}

// start reads the SOI marker, with which a stream begins.
func (d *Decoder) start() error {
	d.frame.components = d.frame.components[:0]
	if len(d.src) < 2 || d.src[0] != 0xff || d.src[1] != markerSOI {
		return fmt.Errorf("%w: a stream starts with SOI", errMarker)
	}
	d.src = d.src[2:]
	return nil
}

// readTables reads a stream that holds tables only. Its restart interval is ignored: each image stream starts with
// none.
func (d *Decoder) readTables(tables []byte) error {
	d.src = tables
	if err := d.start(); err != nil {
		return err
	}
	for len(d.src) > 0 { // some streams lack EOI
		marker, body, err := d.segment()
		if err != nil {
			return err
		}
		switch {
		case marker == markerEOI:
			return nil
		case marker == markerSOS || isFrame(marker):
			return fmt.Errorf("jpeg: marker %#x among tables", marker)
		}
		if err := d.readMisc(marker, body); err != nil {
			return err
		}
	}
	return nil
}

// segment reads the next marker and the body of its segment.
func (d *Decoder) segment() (marker byte, body []byte, err error) {
	s := d.src
	if len(s) == 0 {
		return 0, nil, io.ErrUnexpectedEOF
	}
	if s[0] != 0xff {
		return 0, nil, errMarker
	}
	for len(s) > 0 && s[0] == 0xff { // any number of fill bytes may precede a marker
		s = s[1:]
	}
	if len(s) == 0 {
		return 0, nil, io.ErrUnexpectedEOF
	}
	marker, s = s[0], s[1:]
	switch {
	case marker == markerEOI:
		d.src = s
		return marker, nil, nil
	case marker == 0 || marker == markerTEM || marker&^7 == markerRST0 || marker == markerSOI:
		return 0, nil, fmt.Errorf("jpeg: marker %#x out of place", marker)
	case len(s) < 2:
		return 0, nil, io.ErrUnexpectedEOF
	}
	n := int(binary.BigEndian.Uint16(s))
	switch {
	case n < 2:
		return 0, nil, errSegment
	case n > len(s):
		return 0, nil, io.ErrUnexpectedEOF
	}
	d.src = s[n:]
	return marker, s[2:n], nil
}

// readMisc reads the segments that may stand between any others.
func (d *Decoder) readMisc(marker byte, body []byte) error {
	switch marker {
	case markerDQT:
		return d.readQuant(body)
	case markerDHT:
		return d.readHuffman(body)
	case markerDRI:
		if len(body) != 2 {
			return errSegment
		}
		d.restart = int(binary.BigEndian.Uint16(body))
	case markerDAC:
		return unsupported("arithmetic-coded JPEG")
	case markerDNL:
		return unsupported("the number of lines after the first scan (DNL)")
	}
	return nil // application segments and comments concern the enclosing file
}

// readQuant reads quantisation tables (T.81, B.2.4.1).
func (d *Decoder) readQuant(b []byte) error {
	for len(b) > 0 {
		wide, n := b[0]>>4, int(b[0]&15)
		size := 64 * (1 + int(wide))
		switch {
		case wide > 1 || n > 3:
			return fmt.Errorf("jpeg: quantisation table %#x", b[0])
		case len(b) < 1+size:
			return errSegment
		}
		q := &d.quant[n]
		q.set = true
		for i := range q.v {
			if wide == 1 {
				q.v[i] = binary.BigEndian.Uint16(b[1+2*i:])
			} else {
				q.v[i] = uint16(b[1+i])
			}
		}
		b = b[1+size:]
	}
	return nil
}

// readHuffman reads Huffman tables (T.81, B.2.4.2).
func (d *Decoder) readHuffman(b []byte) error {
	for len(b) > 0 {
		class, n := b[0]>>4, int(b[0]&15)
		if class > 1 || n > 3 || len(b) < 17 {
			return errTable
		}
		size := 17
		for _, v := range b[1:17] {
			size += int(v)
		}
		if size > 17+256 || len(b) < size {
			return errTable
		}
		h := &d.dc[n]
		if class == 1 {
			h = &d.ac[n]
		}
		if err := h.define(b[1:size], class == 1); err != nil {
			return err
		}
		b = b[size:]
	}
	return nil
}

// readFrame reads a frame header (T.81, B.2.2).
func (d *Decoder) readFrame(marker byte, b []byte) error {
	if process := processes[marker&15]; process != "" {
		return unsupported(process + " JPEG")
	}
	if len(b) < 6 || len(b) != 6+3*int(b[5]) {
		return errSegment
	}
	if b[0] != 8 {
		return unsupported(fmt.Sprintf("JPEG with samples of %d bits", b[0]))
	}
	f, n := &d.frame, int(b[5])
	f.progressive = marker == markerSOF2
	f.height, f.width = int(binary.BigEndian.Uint16(b[1:])), int(binary.BigEndian.Uint16(b[3:]))
	if n == 0 || n > 4 {
		return fmt.Errorf("jpeg: %d components", n)
	}
	// Reuse the memory of components: those beyond the length have planes too.
	f.components = grow(f.components, 4)[:n]
	f.h, f.v = 1, 1
	for i, b := 0, b[6:]; i < n; i, b = i+1, b[3:] {
		h, v := int(b[1]>>4), int(b[1]&15)
		if h < 1 || h > 4 || v < 1 || v > 4 || b[2] > 3 {
			return fmt.Errorf("jpeg: component %d: sampling %d × %d, quantisation table %d", i, h, v, b[2])
		}
		for _, other := range f.components[:i] {
			if other.id == b[0] {
				return fmt.Errorf("jpeg: two components %d", b[0])
			}
		}
		c := &f.components[i]
		*c = component{id: b[0], h: h, v: v, table: int(b[2]), pix: c.pix, coefs: c.coefs}
		f.h, f.v = max(f.h, h), max(f.v, v)
	}
	for i := range f.components {
		if c := &f.components[i]; f.h%c.h != 0 || f.v%c.v != 0 {
			return unsupported(fmt.Sprintf("JPEG with %d × %d samples of a component for %d × %d of another",
				c.h, c.v, f.h, f.v))
		}
	}
	return nil
}

// A scan holds the scan header: which components are coded and, in progressive frames, which of their coefficients and
// bits.
type scan struct {
	components  []*component
	first, last int // coefficients, in zigzag order
	// high and low are the bits of successive approximation: the lowest bit that earlier scans decoded, 0 in a first
	// scan, and the lowest bit of this scan.
	high, low uint
}

// readScanHeader reads a scan header (T.81, B.2.3 and G.1.1.1.1).
func (d *Decoder) readScanHeader(b []byte) error {
	f, s := &d.frame, &d.scan
	if len(f.components) == 0 {
		return fmt.Errorf("jpeg: a scan before the frame")
	}
	if len(b) < 1 || len(b) != 4+2*int(b[0]) {
		return errSegment
	}
	n := int(b[0])
	if n == 0 || n > len(f.components) {
		return fmt.Errorf("jpeg: a scan of %d components", n)
	}
	tail := b[1+2*n:]
	s.first, s.last, s.high, s.low = int(tail[0]), int(tail[1]), uint(tail[2]>>4), uint(tail[2]&15)
	if !f.progressive {
		s.first, s.last, s.high, s.low = 0, 63, 0, 0 // a sequential scan has all coefficients
	}
	switch {
	case s.first > s.last || s.last > 63 || s.low > 13 || s.high != 0 && s.high != s.low+1,
		f.progressive && s.first == 0 && s.last != 0,
		s.first > 0 && n > 1:
		return fmt.Errorf("jpeg: a scan of coefficients %d to %d, bits %d to %d", s.first, s.last, s.high, s.low)
	}
	s.components = s.components[:0]
	blocks := 0
	for i := range n {
		c, err := d.scanComponent(b[1+2*i], b[2+2*i])
		if err != nil {
			return err
		}
		s.components = append(s.components, c)
		blocks += c.h * c.v
	}
	if n > 1 && blocks > 10 {
		return fmt.Errorf("jpeg: %d blocks in an MCU, want 10 at most", blocks)
	}
	return nil
}

// scanComponent finds a component by its identifier, and assigns it the tables that the scan header names.
func (d *Decoder) scanComponent(id, tables byte) (*component, error) {
	f, s := &d.frame, &d.scan
	i := slices.IndexFunc(f.components, func(c component) bool { return c.id == id })
	if i < 0 {
		return nil, fmt.Errorf("jpeg: a scan of component %d, which there is not", id)
	}
	c := &f.components[i]
	if slices.Contains(s.components, c) {
		return nil, fmt.Errorf("jpeg: component %d twice in a scan", id)
	}
	if tables>>4 > 3 || tables&15 > 3 {
		return nil, errTable
	}
	c.dc, c.ac = &d.dc[tables>>4], &d.ac[tables&15]
	missing := func() bool { return s.first == 0 && s.high == 0 && !c.dc.set || s.last > 0 && !c.ac.set }
	if missing() {
		if err := d.standard(); err != nil {
			return nil, err
		}
	}
	if missing() {
		return nil, fmt.Errorf("jpeg: component %d: no Huffman table %#x", id, tables)
	}
	return c, d.latch(c)
}

// latch keeps the quantisation table that is current at a component's first scan, as libjpeg does.
func (d *Decoder) latch(c *component) error {
	switch {
	case c.seen && !d.frame.progressive:
		return fmt.Errorf("jpeg: a second scan of component %d", c.id)
	case c.seen:
		return nil
	case !d.quant[c.table].set:
		return fmt.Errorf("jpeg: component %d: no quantisation table %d", c.id, c.table)
	}
	for i, q := range d.quant[c.table].v {
		c.scales[i] = int32(q)
	}
	c.seen = true
	return nil
}

// interval copies the entropy-coded bytes up to the next marker to the bit reader's buffer, without stuffed zeros.
func (d *Decoder) interval() {
	buf, s := d.bits.buf[:0], d.src
	for {
		i := bytes.IndexByte(s, 0xff)
		if i < 0 {
			buf, s = append(buf, s...), nil
			break
		}
		buf, s = append(buf, s[:i]...), s[i:]
		j := 1
		for j < len(s) && s[j] == 0xff {
			j++
		}
		if j == len(s) || s[j] != 0 {
			break
		}
		buf, s = append(buf, 0xff), s[j+1:]
	}
	d.src = s
	d.bits.start(buf)
}

// nextInterval reads restart marker number n, counted modulo 8, and the entropy-coded bytes after it.
func (d *Decoder) nextInterval(n int) error {
	s := d.src
	for len(s) > 1 && s[0] == 0xff && s[1] == 0xff {
		s = s[1:]
	}
	if len(s) < 2 || s[0] != 0xff || s[1] != markerRST0+byte(n&7) {
		return fmt.Errorf("%w: want RST%d", errMarker, n&7)
	}
	d.src = s[2:]
	d.interval()
	return nil
}
