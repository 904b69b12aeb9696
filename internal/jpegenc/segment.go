package jpegenc

// Markers (T.81, table B.1).
const (
	soi  = 0xd8
	eoi  = 0xd9
	rst0 = 0xd0
	app0 = 0xe0
	dqt  = 0xdb
	sof0 = 0xc0
	dht  = 0xc4
	dri  = 0xdd
	sos  = 0xda
)

// appendSegment appends a marker, the length of its segment, and the segment.
func appendSegment(dst []byte, marker byte, body ...byte) []byte {
	n := len(body) + 2
	return append(append(dst, 0xff, marker, byte(n>>8), byte(n)), body...)
}

// AppendStart appends the marker that begins a stream.
func AppendStart(dst []byte) []byte { return append(dst, 0xff, soi) }

// AppendEnd appends the marker that ends a stream.
func AppendEnd(dst []byte) []byte { return append(dst, 0xff, eoi) }

// AppendRestart appends the marker between strips n and n+1.
func AppendRestart(dst []byte, n int) []byte { return append(dst, 0xff, rst0+byte(n%8)) }

// AppendJFIF appends the segment that makes a stream a JFIF file (ITU-T T.871, 10.1): version 1.02, square pixels, no
// thumbnail.
func AppendJFIF(dst []byte) []byte {
	return appendSegment(dst, app0, 'J', 'F', 'I', 'F', 0, 1, 2, 0, 0, 1, 0, 1, 0, 0)
}

// AppendQuantisers appends the tables of quantisers.
func (f *Frame) AppendQuantisers(dst []byte) []byte {
	for i, table := range f.tables {
		var body [65]byte
		body[0] = byte(i)
		for j, v := range table {
			body[1+zigzag[j]] = v
		}
		dst = appendSegment(dst, dqt, body[:]...)
	}
	return dst
}

// AppendFrame appends the headers of the frame and of the scan, the code, and the interval of restart markers: all that
// comes between the quantisers and the first strip.
func (f *Frame) AppendFrame(dst []byte, c *Code) []byte {
	// A component: number, sampling across and down, tables.
	components := [][3]byte{{1, 0x11, 0}, {2, 0x11, 1}, {3, 0x11, 1}}[:f.Planes()]
	if f.Halved {
		components[0][1] = 0x22
	}
	frame := []byte{8, byte(f.Height >> 8), byte(f.Height), byte(f.Width >> 8), byte(f.Width), byte(len(components))}
	scan := []byte{byte(len(components))}
	for _, c := range components {
		frame = append(frame, c[:]...)
		scan = append(scan, c[0], c[2]<<4|c[2])
	}
	dst = appendSegment(dst, sof0, frame...)
	for i, t := range c.tables[:2*len(f.tables)] {
		body := append([]byte{byte(i%2<<4 | i/2)}, t.counts[:]...)
		dst = appendSegment(dst, dht, append(body, t.symbols...)...)
	}
	if f.StripRows() < f.Height {
		n := f.stripUnits() * f.across()
		dst = appendSegment(dst, dri, byte(n>>8), byte(n))
	}
	return appendSegment(dst, sos, append(scan, 0, 63, 0)...)
}
