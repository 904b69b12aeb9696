package jpegdec

import (
	"bytes"
	"errors"
	"image"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// segments splits a stream into its markers with their segments; entropy-coded bytes stay with the header of their
// scan.
func segments(src []byte) (segments [][]byte) {
	start := 0
	for i := 2; i+1 < len(src); i++ {
		if src[i] == 0xff && src[i+1] != 0 && src[i+1]&^7 != markerRST0 {
			segments, start = append(segments, src[start:i]), i
			if src[i+1] != markerEOI {
				i += 1 + int(src[i+2])<<8 + int(src[i+3])
			}
		}
	}
	return append(segments, src[start:])
}

func TestTables(t *testing.T) {
	src := stream(t, "ycbcr_420")
	tables, rest := []byte{0xff, markerSOI}, []byte{0xff, markerSOI}
	for _, s := range segments(src)[1:] {
		if s[1] == markerDQT || s[1] == markerDHT {
			tables = append(tables, s...)
		} else {
			rest = append(rest, s...)
		}
	}
	d, size := new(Decoder), image.Pt(37, 29)
	want, err := decode(d, src, size, 3, Options{})
	require.NoError(t, err)
	for name, tables := range map[string][]byte{
		"tables":      append(bytes.Clone(tables), 0xff, markerEOI),
		"without EOI": tables,
		"with a restart interval, which does not count": append(bytes.Clone(tables), 0xff, markerDRI, 0, 4, 0, 1, 0xff, markerEOI),
	} {
		got, err := decode(d, rest, size, 3, Options{Tables: tables})
		require.NoError(t, err, name)
		assert.Equal(t, want, got, name)
	}
	_, err = decode(d, rest, size, 3, Options{})
	assert.ErrorContains(t, err, "table", "tables of the stream before must be forgotten")
	// A stream's own tables come first.
	other := bytes.Clone(tables)
	other[7] ^= 0x55
	got, err := decode(d, src, size, 3, Options{Tables: other})
	require.NoError(t, err)
	assert.Equal(t, want, got)
	for name, tables := range map[string][]byte{
		"no SOI": {0, 0}, "a frame": src, "cut off": tables[:40], "not a marker": append(bytes.Clone(tables), 1, 2, 3),
	} {
		_, err := decode(d, rest, size, 3, Options{Tables: tables})
		_, ok := errors.AsType[*TablesError](err)
		assert.True(t, ok, "%s: %v", name, err)
	}
}

// patch returns a copy of src in which the bytes at offset at from the first occurrence of a marker are replaced by to.
func patch(src []byte, marker byte, at int, to ...byte) []byte {
	src = bytes.Clone(src)
	i := bytes.Index(src, []byte{0xff, marker})
	copy(src[i+at:], to)
	return src
}

func TestHostile(t *testing.T) {
	gray, color, progressive := stream(t, "gray"), stream(t, "ycbcr_420"), stream(t, "ycbcr_420_progressive")
	many := bytes.Clone(progressive[:len(progressive)-2])
	for _, s := range segments(progressive) {
		// Find the scan of the last bit of the DC coefficients, which needs no tables.
		if n := len(s); n > 9 && s[1] == markerSOS && bytes.Equal(s[11:14], []byte{0, 0, 0x10}) {
			many = append(append(many, bytes.Repeat(s, maxScans)...), 0xff, markerEOI)
		}
	}
	restarts := stream(t, "ycbcr_420_restarts")
	for _, c := range []struct {
		name        string
		src         []byte
		bands       int
		unsupported string // part of the message of an UnsupportedError
	}{
		{"empty", nil, 1, ""},
		{"no SOI", gray[2:], 1, ""},
		{"SOI and EOI", []byte{0xff, markerSOI, 0xff, markerEOI}, 1, ""},
		{"two SOI", append([]byte{0xff, markerSOI}, gray...), 1, ""},
		{"frame larger than the block", patch(gray, markerSOF0, 5, 0xff, 0xff, 0xff, 0xff), 1, ""},
		{"frame too high", patch(gray, markerSOF0, 5, 0, 65), 1, ""},
		{"frame too wide", patch(gray, markerSOF0, 7, 0, 65), 1, ""},
		{"frame narrower", patch(gray, markerSOF0, 7, 0, 36), 1, ""},
		{"frame lower", patch(gray, markerSOF0, 5, 0, 28), 1, ""},
		{"no rows", patch(gray, markerSOF0, 5, 0, 0), 1, ""},
		{"other bands", gray, 3, ""},
		{"other bands than three", color, 4, ""},
		{"sampling 0", patch(color, markerSOF0, 11, 0x02), 3, ""},
		{"sampling 5", patch(color, markerSOF0, 11, 0x51), 3, ""},
		{"sampling 3 by 2", patch(patch(color, markerSOF0, 11, 0x31), markerSOF0, 14, 0x21), 3, "2 × 1 samples"},
		{"MCU of 18 blocks", patch(color, markerSOF0, 11, 0x44), 3, ""},
		{"quantisation table 9", patch(color, markerSOF0, 12, 9), 3, ""},
		{"quantisation table 3, which there is not", patch(color, markerSOF0, 12, 3), 3, ""},
		{"component twice in the frame", patch(color, markerSOF0, 13, 1), 3, ""},
		{"component twice in the scan", patch(color, markerSOS, 7, 1), 3, ""},
		{"component that there is not", patch(color, markerSOS, 7, 9), 3, ""},
		{"Huffman table 9", patch(color, markerSOS, 6, 0x99), 3, ""},
		{"Huffman table 3, which there is not", patch(color, markerSOS, 6, 0x33), 3, ""},
		{"scan of no components", patch(color, markerSOS, 2, 0, 6, 0), 3, ""},
		{"segment of length 1", patch(color, markerDQT, 2, 0, 1), 3, ""},
		{"segment beyond the end", patch(color, markerDQT, 2, 0xff, 0xff), 3, ""},
		{"12 bits", patch(gray, markerSOF0, 4, 12), 1, "12 bits"},
		{"lossless", patch(gray, markerSOF0, 1, 0xc3), 1, "lossless"},
		{"arithmetic", patch(gray, markerSOF0, 1, 0xc9), 1, "arithmetic"},
		{"arithmetic conditioning", patch(gray, markerDQT, 1, markerDAC), 1, "arithmetic"},
		{"hierarchical", patch(gray, markerSOF0, 1, 0xc5), 1, "hierarchical"},
		{"lines later", patch(gray, markerDQT, 1, markerDNL), 1, "DNL"},
		{"scan before the frame", bytes.Replace(gray, []byte{0xff, markerSOF0}, []byte{0xff, 0xe9}, 1), 1, ""},
		{"a hundred scans and more", many, 3, "more than 100 scans"},
		{"progressive scan of DC and AC", patch(progressive, markerSOS, 11, 0, 5), 3, ""},
		{"progressive bits", patch(progressive, markerSOS, 13, 0x30), 3, ""},
		{"progressive, cut off between scans", progressive[:bytes.LastIndex(progressive, []byte{0xff, markerSOS})], 3, ""},
		{"restart markers out of order", patch(restarts, markerRST0, 1, markerRST0+1), 3, ""},
		{"restart marker missing", bytes.Replace(restarts, []byte{0xff, markerRST0}, nil, 1), 3, ""},
		{"two frames", append(bytes.Clone(progressive[:len(progressive)-2]), progressive[2:]...), 3, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := decode(new(Decoder), c.src, image.Pt(37, 29), c.bands, Options{MaxWidth: 64, MaxHeight: 64})
			require.Error(t, err)
			u, ok := errors.AsType[*UnsupportedError](err)
			if assert.Equal(t, c.unsupported != "", ok, "%v", err) && ok {
				assert.ErrorContains(t, u, c.unsupported)
			}
		})
	}
}

// TestCutOff checks that a stream that ends early is an error wherever it ends, not an image with a grey part.
func TestCutOff(t *testing.T) {
	d := new(Decoder)
	for _, name := range []string{"gray", "ycbcr_420_restarts", "ycbcr_420_progressive", "ycbcr_420_scans"} {
		src, n := stream(t, name), 3
		if name == "gray" {
			n = 1
		}
		for end := range len(src) - 3 { // the last byte may be filled with padding bits only
			_, err := decode(d, src[:end], image.Pt(37, 29), n, Options{})
			require.Error(t, err, "%s, %d bytes of %d", name, end, len(src))
		}
	}
	_, err := decode(d, bytes.TrimSuffix(stream(t, "gray"), []byte{0xff, markerEOI}), image.Pt(37, 29), 1, Options{})
	assert.NoError(t, err, "EOI alone is not missed")
}
