package grid

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/srs"
)

// The records of DTED (MIL-PRF-89020B, 3.13): labels of 80 bytes of a tape, which files on disks seldom have; the
// user header label, UHL, of 80 bytes; the data set identification, DSI, of 648; the accuracy description, ACC, of
// 2700; and one data record for each column from west to east, of a head of 8 bytes, heights from south to north, and
// a checksum of 4 bytes.
const (
	labelBytes      = 80
	dsiBytes        = 648
	accBytes        = 2700
	columnHeadBytes = 8
	columnSumBytes  = 4
	maxLabels       = 16
)

// isDTED reports whether a file is DTED by its first bytes.
func isDTED(head []byte) bool {
	return bytes.HasPrefix(head, []byte("UHL1")) ||
		(bytes.HasPrefix(head, []byte("VOL1")) || bytes.HasPrefix(head, []byte("HDR1"))) && bytes.Contains(head, []byte("UHL1"))
}

// readDTED reads the records in front of the data.
func (in *input) readDTED(ctx context.Context, head []byte) (*header, error) {
	at := int64(0)
	for !bytes.HasPrefix(head[min(at, int64(len(head))):], []byte("UHL1")) {
		if at += labelBytes; at > maxLabels*labelBytes || at > int64(len(head)) {
			return nil, &FormatError{Name: "UHL", Reason: "it is missing"}
		}
	}
	b := make([]byte, labelBytes+dsiBytes)
	if err := source.ReadFull(ctx, in.src, b, at); err != nil {
		return nil, &FormatError{Name: "UHL and DSI", Reason: "728 bytes", Err: err}
	}
	uhl, dsi := b[:labelBytes], b[labelBytes:]
	var v [4]int64
	for i, field := range [...]struct {
		name     string
		from, to int
	}{{"longitude interval", 20, 24}, {"latitude interval", 24, 28}, {"number of longitude lines", 47, 51},
		{"number of latitude points", 51, 55}} {
		text := strings.TrimSpace(string(uhl[field.from:field.to]))
		n, err := strconv.ParseUint(text, 10, 16)
		if err != nil || n == 0 {
			return nil, &FormatError{Name: "UHL: " + field.name, Value: text, Reason: "no number from 1 on"}
		}
		v[i] = int64(n)
	}
	lon, err := dtedAngle("longitude of the origin", string(uhl[4:12]), "E", "W")
	if err != nil {
		return nil, err
	}
	lat, err := dtedAngle("latitude of the origin", string(uhl[12:20]), "N", "S")
	if err != nil {
		return nil, err
	}
	cols, rows := v[2], v[3]
	if err := in.limits.checkSize(cols, rows, 1); err != nil {
		return nil, err
	}
	h := newHeader(cols, rows, 1)
	h.setNoData("-32767")
	h.band(0).Unit = "m"
	width, height := float64(v[0])/36000, float64(v[1])/36000 // of tenths of a second
	h.affine = affineOf(width, height, lon-float64(width/2), lat+float64(height*float64(rows-1))+float64(height/2))
	h.crs, h.crsErr = dtedReference(h, string(dsi[144:149]))
	if vertical := strings.TrimSpace(string(dsi[141:144])); vertical != "" {
		h.metadata.Items = map[string]string{"vertical_datum": vertical}
	}
	column := columnHeadBytes + 2*rows + columnSumBytes
	first := at + labelBytes + dsiBytes + accBytes
	enc := newEncoding(raster.S16, true)
	enc.magnitude = true
	r := &raw{
		src: in.src, enc: enc, first: 8 * (first + columnHeadBytes), sample: 16, line: 8 * column, columns: true, upwards: true,
	}
	if err := h.raw(r); err != nil {
		return nil, err
	}
	return h, h.checkColumns(ctx, in, r, first, column)
}

// dtedAngle parses degrees, minutes and seconds with a letter, such as 0110000E.
func dtedAngle(name, text, positive, negative string) (float64, error) {
	wrong := &FormatError{Name: "UHL: " + name, Value: text, Reason: "not of the form DDDMMSSH"}
	digits, err := strconv.ParseUint(strings.TrimSpace(text[:7]), 10, 32)
	if err != nil {
		return 0, wrong
	}
	degrees, minutes, seconds := digits/10000, digits/100%100, digits%100
	if degrees > 180 || minutes > 59 || seconds > 59 {
		return 0, wrong
	}
	v := float64(degrees) + float64(minutes*60+seconds)/3600
	switch text[7:] {
	case positive:
		return v, nil
	case negative:
		return -v, nil
	}
	return 0, wrong
}

// dtedReference returns the spatial reference of a horizontal datum.
func dtedReference(h *header, datum string) (srs.CRS, error) {
	switch datum = strings.TrimSpace(strings.Trim(datum, "\x00")); datum {
	case "WGS84":
		return srs.FromWKID(4326)
	case "WGS72":
		return srs.FromWKID(4322)
	case "":
		h.note("DSI: the horizontal datum is not stated, and counts as WGS84")
		return srs.FromWKID(4326)
	}
	return srs.CRS{}, &UnsupportedError{Name: "DSI: horizontal datum", Value: datum}
}

// columnSums check the data records of a DTED file.
type columnSums struct {
	first, bytes int64 // of the first record, and of each
}

// checkColumns makes reads verify checksums if those of the first, the middle and the last column are right. Writers
// that do not compute them leave them wrong everywhere, which is noted.
func (h *header) checkColumns(ctx context.Context, in *input, r *raw, first, size int64) error {
	if end := add(uint64(first), mul(uint64(size), uint64(h.size.X))); end > uint64(in.src.Size()) {
		return &FormatError{Name: "size of the file", Value: show(in.src.Size()), Reason: fmt.Sprintf(
			"%d columns of %d heights end at byte %d", h.size.X, h.size.Y, end)}
	}
	b := make([]byte, size)
	for _, col := range [...]int{0, h.size.X / 2, h.size.X - 1} {
		if err := source.ReadFull(ctx, in.src, b, first+int64(col)*size); err != nil {
			return err
		}
		if b[0] != 0xaa {
			return &FormatError{Name: fmt.Sprintf("column %d", col), Value: fmt.Sprintf("%#02x", b[0]),
				Reason: "a data record begins with 0xaa"}
		}
		if n := int(b[4])<<8 | int(b[5]); n != col {
			return &UnsupportedError{Name: fmt.Sprintf("column %d", col), Value: show(n),
				Reason: "columns that are missing or not in their order, by the longitude count"}
		}
		if !rightSum(b) {
			h.note("the checksum of column %d is wrong: checksums are not verified", col)
			return nil
		}
	}
	r.sums = &columnSums{first, size}
	return nil
}

// rightSum reports whether the last four bytes of a data record are the sum of all before.
func rightSum(b []byte) bool {
	var sum uint32
	n := len(b) - columnSumBytes
	for _, v := range b[:n] {
		sum += uint32(v)
	}
	return sum == uint32(b[n])<<24|uint32(b[n+1])<<16|uint32(b[n+2])<<8|uint32(b[n+3])
}

// records returns the whole records of pieces of columns.
func (s *columnSums) records(pieces []piece) []piece {
	whole := make([]piece, len(pieces))
	for i, p := range pieces {
		p.bit, p.bytes = 8*(s.first+int64(p.line)*s.bytes), s.bytes
		whole[i] = p
	}
	return whole
}

// verify returns an error if a column's record in b, whose first byte is at an offset of the file, is damaged.
func (s *columnSums) verify(b []byte, offset int64, col int) error {
	at := s.first + int64(col)*s.bytes - offset
	if !rightSum(b[at : at+s.bytes]) {
		return &FormatError{Name: fmt.Sprintf("column %d", col), Reason: "its checksum is wrong"}
	}
	return nil
}
