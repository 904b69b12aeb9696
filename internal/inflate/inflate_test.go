package inflate_test

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"hash/adler32"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/internal/inflate"
)

// deflate compresses with the standard library: levels 0 to 9, -1 and -2 (HuffmanOnly).
func deflate(t testing.TB, level int, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	out.Write([]byte{0x78, 0x9c})
	w, err := flate.NewWriter(&out, level)
	require.NoError(t, err)
	_, err = w.Write(b)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return binary.BigEndian.AppendUint32(out.Bytes(), adler32.Checksum(b))
}

// wrap returns deflate data as a zlib stream.
func wrap(raw, data []byte) []byte {
	return binary.BigEndian.AppendUint32(append([]byte{0x78, 0x9c}, raw...), adler32.Checksum(data))
}

// contents returns data that lead to blocks of all kinds.
func contents() map[string][]byte {
	rnd := rand.New(rand.NewPCG(1, 2))
	noise, nibbles, steps, far := make([]byte, 200_000), make([]byte, 200_000), make([]byte, 200_000), make([]byte, 70_000)
	for i := range noise {
		noise[i] = byte(rnd.Uint32())
		nibbles[i] = byte(rnd.NormFloat64() * 3)
		steps[i] = byte(i / 300 * 7)
	}
	// The same bytes once more, at the largest distance there is.
	copy(far, noise[:300])
	copy(far[32768:], noise[:300])
	short := []byte{}
	for d := 1; d < 40; d++ { // matches at each small distance, of each length
		for n := 3; n < 40; n++ {
			short = append(short, noise[d*100:][:d]...)
			for range n {
				short = append(short, short[len(short)-d])
			}
		}
	}
	return map[string][]byte{
		"nothing": {}, "a byte": {7}, "zeros": make([]byte, 100_000), "noise": noise, "nibbles": nibbles, "steps": steps,
		"far": far, "short distances": short, "text": bytes.Repeat([]byte("abracadabra, "), 5000),
		"skewed": skewed(rnd),
	}
}

// skewed returns symbols each half as frequent as the one before, for codes of all lengths.
func skewed(rnd *rand.Rand) []byte {
	b := make([]byte, 300_000)
	for i := range b {
		for b[i] < 40 && rnd.Uint32()&1 == 1 {
			b[i]++
		}
	}
	return b
}

func TestRoundTrips(t *testing.T) {
	for name, want := range contents() {
		for level := -2; level <= 9; level++ {
			src := deflate(t, level, want)
			got := make([]byte, len(want)+10)
			n, err := inflate.Zlib(got, src)
			require.NoError(t, err, "%s, level %d", name, level)
			require.True(t, bytes.Equal(want, got[:n]), "%s, level %d", name, level)
			for _, room := range []int{len(want), max(len(want)-1, 0), len(want) / 2, len(want) / 3} { // the rest is left aside
				got := make([]byte, room)
				n, err := inflate.Zlib(got, src)
				require.NoError(t, err, "%s, level %d, %d bytes", name, level, room)
				require.Equal(t, room, n)
				require.True(t, bytes.Equal(want[:room], got), "%s, level %d, %d bytes", name, level, room)
			}
			if len(want) > 1 {
				_, err = inflate.Zlib(make([]byte, len(want)), src[:len(src)/2])
				require.ErrorIs(t, err, io.ErrUnexpectedEOF, "%s, level %d: cut off", name, level)
			}
		}
	}
}

// TestEveryEnd: dst and src of every size near the whole, so that the fast loop stops everywhere.
func TestEveryEnd(t *testing.T) {
	all := contents()
	for _, name := range []string{"nibbles", "short distances", "text", "skewed"} {
		want := all[name][:1000]
		src := deflate(t, 6, want)
		for n := range len(want) {
			got := make([]byte, n)
			m, err := inflate.Zlib(got, src)
			require.NoError(t, err)
			require.Equal(t, n, m)
			require.True(t, bytes.Equal(want[:n], got), "%s, %d bytes", name, n)
		}
		for n := range len(src) {
			got := make([]byte, len(want))
			_, err := inflate.Zlib(got, src[:n])
			if err == nil { // only the block's end or the checksum is missing
				require.Greater(t, n, len(src)-12)
				require.True(t, bytes.Equal(want, got))
			} else {
				require.ErrorIs(t, err, io.ErrUnexpectedEOF, "%s, %d of %d bytes", name, n, len(src))
			}
		}
	}
}

// bitWriter writes deflate data bit by bit.
type bitWriter struct {
	b []byte
	n int
}

// low writes numbers, high writes codes, whose most significant bit comes first.
func (w *bitWriter) low(v, n int) *bitWriter {
	for i := range n {
		if w.n%8 == 0 {
			w.b = append(w.b, 0)
		}
		w.b[w.n/8] |= byte(v>>i&1) << (w.n % 8)
		w.n++
	}
	return w
}

func (w *bitWriter) high(v, n int) *bitWriter {
	for i := range n {
		w.low(v>>(n-1-i)&1, 1)
	}
	return w
}

// dynamic starts a dynamic block whose code lengths are written one by one, as codes of 5 bits that are their numbers.
func (w *bitWriter) dynamic(last int, lit, dist []int) *bitWriter {
	w.low(last, 1).low(2, 2).low(len(lit)-257, 5).low(len(dist)-1, 5).low(15, 4)
	for _, s := range []int{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15} {
		if s < 16 {
			w.low(4, 3)
		} else {
			w.low(0, 3)
		}
	}
	for _, n := range append(append([]int{}, lit...), dist...) {
		w.high(n, 4)
	}
	return w
}

// lens returns a list of n code lengths, which are 0 except for the given pairs of symbol and length.
func lens(n int, pairs ...int) []int {
	l := make([]int, n)
	for i := 0; i < len(pairs); i += 2 {
		l[pairs[i]] = pairs[i+1]
	}
	return l
}

func TestStreams(t *testing.T) {
	const ok, short = "", "unexpected EOF"
	w := func() *bitWriter { return &bitWriter{} }
	for name, row := range map[string]struct {
		raw  []byte
		want string
		err  string // part of it
	}{
		"empty stored blocks":            {append(bytes.Repeat([]byte{0, 0, 0, 0xff, 0xff}, 100), 1, 1, 0, 0xfe, 0xff, 'x'), "x", ok},
		"empty fixed blocks":             {w().low(2, 10).low(2, 10).low(3, 3).high(0x30+'x', 8).low(0, 7).b, "x", ok},
		"stored, length not repeated":    {[]byte{1, 1, 0, 0xfe, 0xfe, 'x'}, "", "not repeated"},
		"stored, cut off":                {[]byte{1, 2, 0, 0xfd, 0xff, 'x'}, "", short},
		"stored, no length":              {[]byte{1, 2, 0}, "", short},
		"type 3":                         {[]byte{7}, "", "type 3"},
		"nothing":                        {nil, "", short},
		"no last block":                  {[]byte{0, 0, 0, 0xff, 0xff}, "", short},
		"fixed, length 286":              {w().low(3, 3).high(0xc0+6, 8).low(0, 30).b, "", "no code for a literal"},
		"fixed, distance 30":             {w().low(3, 3).high(0x30+'x', 8).high(1, 7).high(30, 5).low(0, 30).b, "", "no code for a distance"},
		"distance before the start":      {w().low(3, 3).high(0x30+'x', 8).high(1, 7).high(1, 5).low(0, 30).b, "", "before the start"},
		"a run":                          {w().low(3, 3).high(0x30+'x', 8).high(1, 7).high(0, 5).low(0, 7).b, "xxxx", ok},
		"length 258, both ways to say":   {w().low(3, 3).high(0x30+'x', 8).high(0xc0+5, 8).high(0, 5).high(0xc0+4, 8).low(31, 5).high(0, 5).low(0, 7).b, string(bytes.Repeat([]byte{'x'}, 517)), ok},
		"too many literal codes":         {w().low(1, 1).low(2, 2).low(30, 5).low(0, 200).b, "", "too many"},
		"too many distance codes":        {w().low(1, 1).low(2, 2).low(0, 5).low(30, 5).low(0, 200).b, "", "too many"},
		"no codes for code lengths":      {w().low(1, 1).low(2, 2).low(0, 14).low(0, 200).b, "", "no code for a code length"},
		"code lengths over-subscribed":   {w().low(1, 1).low(2, 2).low(0, 10).low(15, 4).low(0111111, 18).low(0, 200).b, "", "code lengths are not complete"},
		"code lengths incomplete":        {w().low(1, 1).low(2, 2).low(0, 10).low(15, 4).low(0222, 9).low(0, 200).b, "", "code lengths are not complete"},
		"literals over-subscribed":       {w().dynamic(1, lens(257, 'x', 1, 'y', 1, 256, 1), lens(1)).low(0, 99).b, "", "codes are not complete"},
		"literals incomplete":            {w().dynamic(1, lens(257, 'x', 2, 'y', 2, 256, 2), lens(1)).low(0, 99).b, "", "codes are not complete"},
		"distances over-subscribed":      {w().dynamic(1, lens(257, 'x', 1, 256, 1), lens(3, 0, 1, 1, 1, 2, 1)).low(0, 99).b, "", "codes are not complete"},
		"distances incomplete":           {w().dynamic(1, lens(257, 'x', 1, 256, 1), lens(3, 0, 2)).low(0, 99).b, "", "codes are not complete"},
		"no distances":                   {w().dynamic(1, lens(257, 'x', 1, 256, 1), lens(1)).high(0, 1).high(1, 1).b, "x", ok},
		"no distances, but a match":      {w().dynamic(1, lens(258, 'x', 1, 256, 2, 257, 2), lens(1)).high(0, 1).high(3, 2).low(0, 99).b, "", "no code for a distance"},
		"one distance":                   {w().dynamic(1, lens(258, 'x', 1, 256, 2, 257, 2), lens(1, 0, 1)).high(0, 1).high(3, 2).low(0, 1).high(2, 2).b, "xxxx", ok},
		"one distance, its other bit":    {w().dynamic(1, lens(258, 'x', 1, 256, 2, 257, 2), lens(1, 0, 1)).high(0, 1).high(3, 2).low(1, 1).low(0, 99).b, "", "no code for a distance"},
		"only an end":                    {w().dynamic(1, lens(257, 256, 1), lens(1)).low(0, 1).b, "", ok},
		"only an end, its other bit":     {w().dynamic(1, lens(257, 256, 1), lens(1)).low(1, 1).low(0, 99).b, "", "no code for a literal"},
		"no literals at all":             {w().dynamic(1, lens(257), lens(1)).low(0, 99).b, "", "no code for a literal"},
		"no code length to repeat":       {w().low(1, 1).low(2, 2).low(0, 10).low(15, 4).low(0011, 6).low(0, 57-6).low(0, 99).b, "", "no code length to repeat"},
		"more code lengths than codes":   {w().low(1, 1).low(2, 2).low(0, 10).low(15, 4).low(0110, 9).low(0, 57-9).low(0, 1).low(0, 3).high(1, 1).low(127, 7).high(1, 1).low(127, 7).high(1, 1).low(127, 7).low(0, 99).b, "", "more code lengths than codes"},
		"dynamic, cut off in the header": {w().low(1, 1).low(2, 2).low(0, 6).b, "", short},
	} {
		for _, surplus := range []int{0, 1000} { // the second time the fast loop is at work
			data := []byte(row.want)
			src := wrap(row.raw, data)
			if row.err == short {
				src = append([]byte{0x78, 0x9c}, row.raw...)
			}
			if row.err != short {
				src = append(src, make([]byte, surplus)...)
			}
			got := make([]byte, len(data)+100+surplus)
			n, err := inflate.Zlib(got, src)
			if row.err == ok {
				if assert.NoError(t, err, name) {
					assert.Equal(t, row.want, string(got[:n]), name)
				}
			} else {
				assert.ErrorContains(t, err, row.err, name)
			}
			// And the standard library agrees.
			theirs, err := io.ReadAll(flate.NewReader(bytes.NewReader(src[2:])))
			if row.err == ok {
				assert.NoError(t, err, name)
				assert.Equal(t, row.want, string(theirs), name)
			} else {
				assert.Error(t, err, name)
			}
		}
	}
}

func TestZlib(t *testing.T) {
	data := []byte("forty-two bytes of something or other here")
	good := deflate(t, 9, data)
	change := func(i int, v byte) []byte {
		b := bytes.Clone(good)
		b[(i+len(b))%len(b)] ^= v
		return b
	}
	for name, row := range map[string]struct {
		src  []byte
		room int
		err  string // part of it; empty if all is well
	}{
		"good":                          {good, len(data), ""},
		"good, more room":               {good, len(data) + 1, ""},
		"wrong checksum":                {change(-1, 1), len(data), "checksum"},
		"wrong checksum, more room":     {change(-1, 1), len(data) + 1, "checksum"},
		"wrong checksum, surplus data":  {change(-1, 1), len(data) - 1, ""},
		"no checksum":                   {good[:len(good)-4], len(data), ""},
		"no checksum, more room":        {good[:len(good)-4], len(data) + 1, "unexpected EOF"},
		"half a checksum":               {good[:len(good)-2], len(data), ""},
		"something after it":            {append(bytes.Clone(good), "xyz"...), len(data), ""},
		"a window larger than 32 KiB":   {append([]byte{0x88, 0x1c}, good[2:]...), len(data), "no zlib stream"},
		"another method":                {append([]byte{0x79, 0x18}, good[2:]...), len(data), "no zlib stream"},
		"header's own check":            {change(1, 1), len(data), "no zlib stream"},
		"a smaller window":              {append([]byte{0x18, 0x19}, good[2:]...), len(data), ""},
		"a dictionary":                  {append([]byte{0x78, 0x20 + 31 - 0x7820%31}, good[2:]...), len(data), "dictionary"},
		"nothing":                       {nil, len(data), "unexpected EOF"},
		"one byte":                      {good[:1], len(data), "unexpected EOF"},
		"header only":                   {good[:2], len(data), "unexpected EOF"},
		"no room":                       {good, 0, ""},
		"no room, and a wrong checksum": {deflate(t, 9, nil), 0, ""},
	} {
		dst := make([]byte, row.room)
		n, err := inflate.Zlib(dst, row.src)
		if row.err != "" {
			assert.ErrorContains(t, err, row.err, name)
			continue
		}
		if assert.NoError(t, err, name) {
			assert.Equal(t, data[:min(len(data), row.room)], dst[:n], name)
		}
	}
}

// FuzzInflate compares with the standard library: the same bytes, and the same verdict as far as dst has room for what
// the stream holds.
func FuzzInflate(f *testing.F) {
	for _, b := range contents() {
		for _, level := range []int{-2, 0, 1, 6} {
			src := deflate(f, level, b[:min(len(b), 4000)])
			f.Add(src[2:len(src)-4], uint16(0))
		}
	}
	f.Add((&bitWriter{}).dynamic(1, lens(258, 'x', 1, 256, 2, 257, 2), lens(1, 0, 1)).high(0, 1).high(3, 2).low(0, 1).high(2, 2).b, uint16(1))
	f.Fuzz(func(t *testing.T, raw []byte, cut uint16) {
		if len(raw) > 1<<14 {
			t.Skip("large")
		}
		const room = 1 << 16
		z := flate.NewReader(bytes.NewReader(raw))
		want, errWant := io.ReadAll(io.LimitReader(z, room))
		if len(want) == room {
			errWant = nil // there may be more, and what is wrong with that does not matter
		}
		src := append([]byte{0x78, 0x9c}, raw...)
		got := make([]byte, room)
		n, err := inflate.Zlib(got, src)
		inflate.RequireTwins(t, room, src)
		switch {
		case errWant != nil:
			require.Error(t, err)
		case err != nil:
			// The stream is right, but no checksum, or another one, comes after it.
			require.True(t, bytes.Equal(want, got[:n]))
		default:
			require.Equal(t, len(want), n)
			require.True(t, bytes.Equal(want, got[:n]))
		}
		// With room for a part, that part comes out even if the rest is malformed.
		part := want[:min(int(cut), len(want))]
		got = got[:len(part)]
		clear(got)
		n, err = inflate.Zlib(got, src)
		if err == nil || len(part) < len(want) {
			require.NoError(t, err)
			require.Equal(t, len(part), n)
		}
		require.True(t, bytes.Equal(part, got[:n]))
	})
}
