package tiffmake

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"strings"

	"github.com/ulikunitz/xz/lzma"
)

// More values of the Compression tag, of blocks that Zeros makes.
const (
	CCITTRLE    = 2
	CCITTGroup3 = 3
	CCITTGroup4 = 4
	JPEG        = 7
	LZMA        = 34925
	ZSTD        = 50000
	WebP        = 50001
)

// Zeros returns the shortest stream that it can make of a block of black pixels, width by height, of the given number of
// samples of a byte, or with CCITT's compressions of a white one of bits. It is short work even for hundreds of megabytes, but
// for LZMA.
func Zeros(compression, width, height, samples int) []byte {
	n := width * height * samples
	switch compression {
	case CCITTRLE, CCITTGroup3:
		return ccittZeros(compression, width, height)
	case CCITTGroup4:
		return bytes.Repeat([]byte{0xff}, (height+7)/8) // a bit a row: as the row above
	case LZW:
		return lzwZeros(n)
	case JPEG:
		return JPEGOfSize(width, height, samples, false)
	case Deflate, OldFlate:
		return ZlibZeros(n)
	case PackBits:
		return bytes.Repeat([]byte{0x81, 0}, (n+127)/128)
	case LZMA:
		return xzZeros(n)
	case ZSTD:
		return zstdZeros(n)
	case WebP:
		return webpZeros(width, height)
	}
	panic(fmt.Sprintf("tiffmake: zeros in compression %d", compression))
}

// ccittZeros returns white rows in the code for one dimension of ITU-T T.4, tables 2 and 3: each one run, on whole bytes
// for CCITTRLE and behind an end of line for CCITTGroup3. The width is a multiple of 256.
func ccittZeros(compression, width, height int) []byte {
	runs := []struct {
		pixels int
		code   string
	}{{2560, "000000011111"}, {1536, "010011001"}, {1024, "011010101"}, {512, "01100101"}, {256, "0110111"}}
	var row strings.Builder
	if compression == CCITTGroup3 {
		row.WriteString("000000000001")
	}
	for _, r := range runs {
		for ; width >= r.pixels; width -= r.pixels {
			row.WriteString(r.code)
		}
	}
	row.WriteString("00110101") // no pixels more
	rows := row.String()
	if compression == CCITTRLE {
		rows += strings.Repeat("0", -len(rows)&7)
	}
	var out []byte
	all, held := 0, 0
	for range height {
		for _, bit := range []byte(rows) {
			all, held = all<<1|int(bit-'0'), held+1
			if held == 8 {
				out, all, held = append(out, byte(all)), 0, 0
			}
		}
	}
	return append(out, byte(all<<(8-held)))
}

// ZlibZeros returns a zlib stream of n zeros.
func ZlibZeros(n int) []byte {
	const piece = 1 << 20
	var buf bytes.Buffer
	w, err := flate.NewWriter(&buf, flate.BestCompression)
	if err != nil {
		panic(err)
	}
	write := func(n int) []byte {
		buf.Reset()
		w.Write(make([]byte, n)) // memory does not fail
		w.Flush()
		return bytes.Clone(buf.Bytes())
	}
	// Whatever comes after a flush starts on a whole byte, and refers to zeros before it.
	out := append([]byte{0x78, 0xda}, write(min(n, piece))...)
	if n > piece {
		again := write(piece)
		out = append(out, bytes.Repeat(again, n/piece-1)...)
		out = append(out, write(n%piece)...)
	}
	out = append(out, 3, 0) // an empty last block
	return binary.BigEndian.AppendUint32(out, uint32(n%65521)<<16|1)
}

// lzwZeros makes strings of zeros, each one longer than the one before, until the table is full.
func lzwZeros(n int) []byte {
	const clearCode, first, full = 256, 258, 4094
	var out []byte
	var acc uint32
	var held uint
	put := func(code int, width uint) {
		acc = acc<<width | uint32(code)
		for held += width; held >= 8; held -= 8 {
			out = append(out, byte(acc>>(held-8)))
		}
	}
	width := uint(9)
	for n > 0 {
		put(clearCode, width)
		width = 9
		put(0, width)
		n--
		for next := first; n > 0 && next < full; next++ {
			if next+1 >= 1<<width {
				width++
			}
			put(next, width) // next-256 zeros
			n -= next - 256
		}
	}
	return append(out, byte(acc<<(8-held)), 0)
}

func zstdZeros(n int) []byte {
	const most = 128 << 10
	// A header without a checksum and a size, a window of 1 MiB, then blocks of a repeated byte (RFC 8878, 3.1.1).
	out := []byte{0x28, 0xb5, 0x2f, 0xfd, 0, 10 << 3}
	for n > 0 {
		size := min(n, most)
		n -= size
		head := uint32(size)<<3 | 1<<1
		if n == 0 {
			head |= 1
		}
		out = append(out, byte(head), byte(head>>8), byte(head>>16), 0)
	}
	return out
}

func xzZeros(n int) []byte {
	sum := func(b []byte) []byte { return binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(b)) }
	out := append([]byte("\xfd7zXZ\x00"), sum([]byte{0, 0})...)
	out = append(out, sum([]byte{2, 0, 0x21, 1, 22, 0, 0, 0})...) // LZMA2 with a dictionary of 8 MiB
	var buf bytes.Buffer
	w, err := lzma.NewWriter2(&buf)
	if err != nil {
		panic(err)
	}
	zeros := make([]byte, 1<<20)
	for ; n > 0; n -= len(zeros) {
		w.Write(zeros[:min(n, len(zeros))]) // memory does not fail
	}
	w.Close()
	return append(append(out, buf.Bytes()...), make([]byte, 24)...)
}

// webpZeros returns a lossless WebP file whose codes have one symbol each, so that pixels take no bits.
func webpZeros(width, height int) []byte {
	var b bitString
	b.put(uint64(width-1), 14)
	b.put(uint64(height-1), 14)
	b.put(0, 1+3+1+1+1) // no alpha, version 0; no transform, no colour cache, one group of codes
	for range 5 {
		b.put(1, 1) // a simple code: one symbol, of one bit, 0
		b.put(0, 3)
	}
	b.put(0, 64)
	data := append([]byte{0x2f}, b.bytes...)
	if len(data)%2 == 1 {
		data = append(data, 0)
	}
	chunk := binary.LittleEndian.AppendUint32([]byte("WEBPVP8L"), uint32(len(data)))
	chunk = append(chunk, data...)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(chunk))), chunk...)
}

// A bitString grows by bits, the lowest one of each byte first.
type bitString struct {
	bytes []byte
	n     uint
}

func (b *bitString) put(v uint64, n uint) {
	for i := range n {
		if b.n%8 == 0 {
			b.bytes = append(b.bytes, 0)
		}
		b.bytes[len(b.bytes)-1] |= byte(v>>i&1) << (b.n % 8)
		b.n++
	}
}

// JPEGOfSize returns a grey JPEG stream of 1, 3 or 4 components of any size, whose blocks take one or two bits each.
func JPEGOfSize(width, height, components int, progressive bool) []byte {
	segment := func(marker byte, body ...byte) []byte {
		return append([]byte{0xff, marker, byte((len(body) + 2) >> 8), byte(len(body) + 2)}, body...)
	}
	out := []byte{0xff, 0xd8}
	out = append(out, segment(0xdb, append([]byte{0}, bytes.Repeat([]byte{1}, 64)...)...)...)
	frame := []byte{8, byte(height >> 8), byte(height), byte(width >> 8), byte(width), byte(components)}
	scan := []byte{byte(components)}
	for i := range components {
		frame = append(frame, byte(i+1), 0x11, 0)
		scan = append(scan, byte(i+1), 0)
	}
	marker, bits, last := byte(0xc0), 2, byte(63)
	if progressive {
		marker, bits, last = 0xc2, 1, 0
	}
	out = append(out, segment(marker, frame...)...)
	oneCode := append([]byte{0, 1}, make([]byte, 16)...) // one code of one bit, for the symbol 0
	out = append(out, segment(0xc4, oneCode...)...)
	oneCode[0] = 0x10
	out = append(out, segment(0xc4, oneCode...)...)
	out = append(out, segment(0xda, append(scan, 0, last, 0)...)...)
	blocks := (width + 7) / 8 * ((height + 7) / 8) * components
	out = append(out, make([]byte, (blocks*bits+7)/8)...)
	return append(out, 0xff, 0xd9)
}
