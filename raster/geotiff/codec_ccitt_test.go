package geotiff

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/image/ccitt"
	"pgregory.net/rapid"
)

// A faxWriter codes rows by the letter of T.4 and T.6, one pixel at a time.
type faxWriter struct {
	bits    []byte // one byte for each bit, '0' or '1'
	run     [2][]string
	long    []string
	aligned bool // end-of-line codes end on a whole byte
}

func newFaxWriter() *faxWriter {
	return &faxWriter{run: [2][]string{strings.Fields(ccittWhite), strings.Fields(ccittBlack)}, long: strings.Fields(ccittLong)}
}

func (w *faxWriter) put(code string) { w.bits = append(w.bits, code...) }

func (w *faxWriter) align() {
	for len(w.bits)%8 > 0 {
		w.put("0")
	}
}

func (w *faxWriter) endOfLine() {
	for w.aligned && len(w.bits)%8 != 4 {
		w.put("0")
	}
	w.put("000000000001")
}

func (w *faxWriter) putRun(color, n int) {
	for n >= 2560 {
		w.put(w.long[12])
		n -= 2560
	}
	switch {
	case n >= 1792:
		w.put(w.long[(n-1792)/64])
	case n >= 64:
		w.put(w.run[color][63+n/64])
	}
	w.put(w.run[color][n%64])
}

// change returns the first pixel from x on that is not of the color, or the row's length.
func change(row []byte, x, color int) int {
	for x < len(row) && int(row[x]) == color {
		x++
	}
	return x
}

func (w *faxWriter) row1D(row []byte) {
	for x, color := 0, 0; x < len(row); color ^= 1 {
		to := change(row, x, color)
		w.putRun(color, to-x)
		x = to
	}
}

// at returns the pixel at x; left of the row there is an imaginary white one.
func at(row []byte, x int) int {
	if x < 0 {
		return 0
	}
	return int(row[x])
}

// row2D codes a row by figure 7 of T.6. The row above the first one is all white.
func (w *faxWriter) row2D(row, above []byte) {
	for a0, color := -1, 0; a0 < len(row); {
		b1 := a0 + 1
		for b1 < len(row) && !(at(above, b1) != color && at(above, b1-1) == color) {
			b1++
		}
		b2 := change(above, b1, color^1)
		a1 := change(row, max(a0, 0), color)
		switch d := a1 - b1; {
		case b2 < a1:
			w.put("0001")
			a0 = b2
		case d >= -3 && d <= 3:
			w.put([]string{"0000010", "000010", "010", "1", "011", "000011", "0000011"}[d+3])
			a0, color = a1, color^1
		default:
			a2 := change(row, a1, color^1)
			w.put("001")
			w.putRun(color, a1-max(a0, 0))
			w.putRun(color^1, a2-a1)
			a0 = a2
		}
	}
}

func (w *faxWriter) bytes() []byte {
	w.align()
	return packPixels(w.bits, func(b byte) byte { return b - '0' })
}

func packPixels(pix []byte, bit func(byte) byte) []byte {
	b := make([]byte, (len(pix)+7)/8)
	for i, p := range pix {
		b[i/8] |= bit(p) << (7 - i%8)
	}
	return b
}

// A faxMode is one way to code rows.
type faxMode struct {
	compression Compression
	options     uint32
}

var faxCodecs = DefaultCodecs()

var faxModes = []faxMode{
	{CCITTRLE, 0}, {CCITTGroup3, 0}, {CCITTGroup3, 4}, {CCITTGroup3, 1}, {CCITTGroup3, 5}, {CCITTGroup4, 0},
}

func (m faxMode) decode(dst, src []byte, width int) error {
	return faxCodecs[m.compression].Decode(dst, src, BlockShape{Width: width, Samples: 1, Bits: 1, T4Options: m.options})
}

// encode codes rows. want is the result of decoding them.
func (m faxMode) encode(rows [][]byte) (src, want []byte) {
	w := newFaxWriter()
	w.aligned = m.options&4 != 0
	above := make([]byte, len(rows[0]))
	for i, row := range rows {
		switch {
		case m.compression == CCITTRLE:
			w.row1D(row)
			w.align()
		case m.compression == CCITTGroup4:
			w.row2D(row, above)
		case m.options&t4TwoDimensional == 0:
			w.endOfLine()
			w.row1D(row)
		case i%4 == 0: // in a two-dimensional Group 3 stream, some rows are coded in one dimension
			w.endOfLine()
			w.put("1")
			w.row1D(row)
		default:
			w.endOfLine()
			w.put("0")
			w.row2D(row, above)
		}
		above = row
		want = append(want, packPixels(row, func(b byte) byte { return b })...)
	}
	if m.compression == CCITTGroup4 {
		w.put("000000000001000000000001")
	}
	return w.bytes(), want
}

// faxRows returns rows with runs of all kinds of lengths. Some rows are like the row above.
func faxRows(rnd *rand.Rand, width, height int) [][]byte {
	rows := make([][]byte, height)
	for y := range rows {
		rows[y] = make([]byte, width)
		if y > 0 && rnd.IntN(2) == 0 {
			shift := rnd.IntN(9) - 4
			for x := range width {
				if from := x + shift; from >= 0 && from < width {
					rows[y][x] = rows[y-1][from]
				}
			}
			for range rnd.IntN(4) {
				rows[y][rnd.IntN(width)] ^= 1
			}
			continue
		}
		longest := []int{1, 3, 80, 3000}[rnd.IntN(4)]
		for x, color := 0, byte(rnd.IntN(2)); x < width; color ^= 1 {
			for n := 1 + rnd.IntN(longest); n > 0 && x < width; n-- {
				rows[y][x] = color
				x++
			}
		}
	}
	return rows
}

// TestCCITTThereAndBack checks in all modes that decoding returns the rows that were coded, or the first of them if
// fewer are asked for.
func TestCCITTThereAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rnd := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		width := rapid.SampledFrom([]int{1, 2, 7, 8, 9, 63, 64, 65, 300, 1791, 1792, 2560, 6000}).Draw(t, "width")
		rows := faxRows(rnd, width, rapid.IntRange(1, 12).Draw(t, "height"))
		for _, m := range faxModes {
			src, want := m.encode(rows)
			for _, n := range []int{len(want), len(want) / 2} {
				got := bytes.Repeat([]byte{0xaa}, n)
				require.NoError(t, m.decode(got, src, width), "%v", m)
				require.True(t, bytes.Equal(want[:n], got), "%v", m)
			}
			// A stream that is cut off in the last row, or a row more than there is, is an error.
			require.Error(t, m.decode(make([]byte, len(want)+1), src, width), "%v", m)
			if m.compression != CCITTGroup4 {
				require.Error(t, m.decode(make([]byte, len(want)), src[:len(src)-1], width), "%v", m)
			}
		}
	})
}

// theirs decodes a stream with golang.org/x/image/ccitt.
func (m faxMode) theirs(src []byte, width, height int) ([]byte, error) {
	format := ccitt.Group4
	if m.compression == CCITTGroup3 {
		format = ccitt.Group3
	}
	return io.ReadAll(ccitt.NewReader(bytes.NewReader(src), ccitt.MSB, format, width, height, &ccitt.Options{Invert: true}))
}

// TestCCITTLikeXImage checks that another decoder reads the same from the streams of faxWriter, in the modes that it
// supports.
func TestCCITTLikeXImage(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for _, m := range []faxMode{{CCITTGroup3, 0}, {CCITTGroup4, 0}} {
		for _, width := range []int{1, 8, 100, 3001} {
			rows := faxRows(rnd, width, 20)
			src, want := m.encode(rows)
			if m.compression == CCITTGroup3 {
				src = append(src, 0, 0x10, 0x01, 0, 0x10, 0x01, 0, 0x10, 0x01) // the end of a page
			}
			got, err := m.theirs(src, width, len(rows))
			require.NoError(t, err, "%v, width %d", m, width)
			require.True(t, bytes.Equal(want, got), "%v, width %d", m, width)
		}
	}
}

// TestCCITTHostile decodes streams with errors.
func TestCCITTHostile(t *testing.T) {
	for name, c := range map[string]struct {
		mode  faxMode
		width int
		bits  string
		want  error
	}{
		"nothing":                          {faxMode{CCITTGroup4, 0}, 9, "", io.ErrUnexpectedEOF},
		"end of block":                     {faxMode{CCITTGroup4, 0}, 9, "000000000001000000000001", io.ErrUnexpectedEOF},
		"extension":                        {faxMode{CCITTGroup4, 0}, 9, "0000001111", errCCITTExtension},
		"no code":                          {faxMode{CCITTGroup4, 0}, 9, "0000000011111111", errCCITTCode},
		"left of the row":                  {faxMode{CCITTGroup4, 0}, 1, "000001000000", errCCITTLength},
		"right of the row":                 {faxMode{CCITTGroup4, 0}, 9, "00000110000", errCCITTLength},
		"two runs longer than the row":     {faxMode{CCITTGroup4, 0}, 9, "001" + "1011" + "000101" + "0000", errCCITTLength}, // 4 and 8
		"a run longer than the row":        {faxMode{CCITTRLE, 0}, 9, "11011" + "00110101", errCCITTLength},                  // 64
		"no white run":                     {faxMode{CCITTRLE, 0}, 9, "000000000000001", errCCITTCode},
		"no black run":                     {faxMode{CCITTRLE, 0}, 9, "1011" + "000000000000001", errCCITTCode},
		"two dimensions without end codes": {faxMode{CCITTGroup3, 1}, 9, "1111111", errCCITTEnd},
		"zeros to the end":                 {faxMode{CCITTGroup3, 0}, 9, strings.Repeat("0", 8000), io.ErrUnexpectedEOF},
		"no width":                         {faxMode{CCITTGroup4, 0}, 0, "1", errCCITTLength},
	} {
		src := packPixels([]byte(c.bits), func(b byte) byte { return b - '0' })
		require.ErrorIs(t, c.mode.decode(make([]byte, 4), src, c.width), c.want, name)
	}
	// The end-of-line code between rows of one dimension may be missing.
	src := packPixels([]byte("10100"+"10100"), func(b byte) byte { return b - '0' }) // 9 white, twice
	require.NoError(t, faxMode{CCITTGroup3, 0}.decode(make([]byte, 4), src, 9))
	// Very wide rows are decoded, and take memory only for the colour changes that the stream has.
	require.Error(t, faxMode{CCITTGroup4, 0}.decode(make([]byte, 4), []byte{0x26, 0xa1}, 1<<31-1))
}

func FuzzCCITT(f *testing.F) {
	rnd := rand.New(rand.NewPCG(3, 4))
	for i, m := range faxModes {
		for _, width := range []int{1, 30, 300, 3001} {
			src, _ := m.encode(faxRows(rnd, width, 6))
			f.Add(src, uint8(i), uint16(width))
		}
	}
	f.Fuzz(func(t *testing.T, src []byte, mode uint8, width uint16) {
		if len(src) > 1<<12 || width == 0 || width > 1<<13 {
			t.Skip("large")
		}
		m := faxModes[int(mode)%len(faxModes)]
		const height = 6
		rowBytes := (int(width) + 7) / 8
		got := bytes.Repeat([]byte{0x55}, rowBytes*height)
		if err := m.decode(got, src, int(width)); err != nil {
			return
		}
		if pad := 8*rowBytes - int(width); pad > 0 {
			for y := range height {
				require.Zero(t, got[(y+1)*rowBytes-1]&(1<<pad-1), "bits behind row %d", y)
			}
		}
		first := make([]byte, rowBytes+rowBytes/2)
		require.NoError(t, m.decode(first, src, int(width)))
		require.True(t, bytes.Equal(first, got[:len(first)]), "fewer rows are others")
		if m == (faxMode{CCITTGroup4, 0}) {
			if want, err := m.theirs(src, int(width), height); err == nil && len(want) == len(got) {
				require.True(t, bytes.Equal(want, got), "x/image reads others")
			}
		}
	})
}

func BenchmarkCCITT(b *testing.B) {
	rows := faxRows(rand.New(rand.NewPCG(5, 6)), 2000, 500)
	for _, m := range faxModes {
		src, want := m.encode(rows)
		b.Run(fmt.Sprintf("%v, options %d", m.compression, m.options), func(b *testing.B) {
			dst := make([]byte, len(want))
			b.SetBytes(int64(len(want)))
			b.ReportAllocs()
			for b.Loop() {
				if err := m.decode(dst, src, 2000); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("Group 4 of x/image", func(b *testing.B) {
		m := faxMode{CCITTGroup4, 0}
		src, want := m.encode(rows)
		b.SetBytes(int64(len(want)))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := m.theirs(src, 2000, len(rows)); err != nil {
				b.Fatal(err)
			}
		}
	})
}
