package sqlitefile

import "encoding/binary"

// Merge returns a database with the committed changes of its write-ahead log, of which file format 4 speaks: what
// follows the last commit, and frames left from former uses of the log, do not count, as in SQLite. The result has at
// most the given number of bytes. It is data itself if the log changes nothing; otherwise a copy.
func Merge(data, log []byte, most int64) ([]byte, error) {
	const header, frameHeader = 32, 24
	if len(log) < header {
		return data, nil
	}
	var order binary.ByteOrder = binary.LittleEndian // of checksums: 4.2
	switch binary.BigEndian.Uint32(log) {
	case 0x377f0682:
	case 0x377f0683:
		order = binary.BigEndian
	default:
		return nil, malformed("its write-ahead log begins with %#x", log[:4])
	}
	if v := binary.BigEndian.Uint32(log[4:]); v != 3007000 {
		return nil, malformed("its write-ahead log is of version %d, which is not supported", v)
	}
	page := int(binary.BigEndian.Uint32(log[8:]))
	if page < 512 || page > 1<<16 || page&(page-1) != 0 {
		return nil, malformed("a write-ahead log with pages of %d bytes", page)
	}
	salt := string(log[16:24])
	sum := checksum{order: order}
	sum.add(log[:24])
	if !sum.equals(log[24:]) {
		return data, nil // the log was being started: SQLite ignores it
	}
	last, pages := 0, uint32(0) // the frames up to the last commit, and the pages of the database after it
	frames := log[header:]
	for n := 0; len(frames) >= (n+1)*(frameHeader+page); n++ {
		f := frames[n*(frameHeader+page):][:frameHeader+page]
		sum.add(f[:8])
		sum.add(f[frameHeader:])
		if string(f[8:16]) != salt || !sum.equals(f[16:]) {
			break
		}
		if size := binary.BigEndian.Uint32(f[4:]); size > 0 {
			last, pages = n+1, size
		}
	}
	if last == 0 {
		return data, nil
	}
	size := int64(pages) * int64(page)
	if size > most {
		return nil, malformed("with its write-ahead log it has %d bytes, more than %d", size, most)
	}
	merged := make([]byte, size)
	copy(merged, data)
	for n := range last {
		f := frames[n*(frameHeader+page):][:frameHeader+page]
		at := (int64(binary.BigEndian.Uint32(f)) - 1) * int64(page)
		if at < 0 {
			return nil, malformed("its write-ahead log changes page 0")
		}
		if at < size {
			copy(merged[at:], f[frameHeader:])
		}
	}
	return merged, nil
}

// A checksum is the running checksum of a log: 4.2 Checksum Algorithm.
type checksum struct {
	order binary.ByteOrder
	a, b  uint32
}

// add adds bytes, a multiple of eight.
func (c *checksum) add(p []byte) {
	for ; len(p) >= 8; p = p[8:] {
		c.a += c.order.Uint32(p) + c.b
		c.b += c.order.Uint32(p[4:]) + c.a
	}
}

func (c *checksum) equals(p []byte) bool {
	return binary.BigEndian.Uint32(p) == c.a && binary.BigEndian.Uint32(p[4:]) == c.b
}
