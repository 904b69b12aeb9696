package geotiff

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"hash/crc64"
	"io"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/ulikunitz/xz/lzma"
)

// xzStream compresses data as libtiff does: a stream of one block. A delta of 0 means no Delta filter; check is the
// kind of checksum, in the numbers of the format: 0, 1 or 4.
func xzStream(t testing.TB, data []byte, delta int, check byte, dictionary byte) []byte {
	t.Helper()
	with := func(b []byte) []byte { return binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(b)) }
	s := append([]byte("\xfd7zXZ\x00"), with([]byte{0, check})...)
	header := []byte{0, 0}
	if delta > 0 {
		header[1] = 1
		header = append(header, xzFilterDelta, 1, byte(delta-1))
	}
	header = append(header, xzFilterLZMA2, 1, dictionary)
	for len(header)%4 > 0 {
		header = append(header, 0)
	}
	header[0] = byte(len(header) / 4)
	s = append(s, with(header)...)

	filtered := bytes.Clone(data)
	if delta > 0 {
		for i := len(filtered) - 1; i >= delta; i-- {
			filtered[i] -= filtered[i-delta]
		}
	}
	var buf bytes.Buffer
	w, err := lzma.NewWriter2(&buf)
	require.NoError(t, err)
	_, err = w.Write(filtered)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	s = append(s, buf.Bytes()...)
	for len(s)%4 > 0 {
		s = append(s, 0)
	}
	switch check {
	case 1:
		s = binary.LittleEndian.AppendUint32(s, crc32.ChecksumIEEE(data))
	case 4:
		s = binary.LittleEndian.AppendUint64(s, crc64.Checksum(data, crc64.MakeTable(crc64.ECMA)))
	}
	return append(s, make([]byte, 20)...) // in place of an index and a footer, which the decoder does not read
}

func TestLZMA(t *testing.T) {
	for name, want := range samplesOfBytes() {
		want = want[:min(len(want), 20_000)]
		for i, delta := range []int{0, 1, 2, 8, 256} {
			src := xzStream(t, want, delta, []byte{0, 1, 4}[i%3], 22)
			for _, n := range []int{len(want), len(want) - 1, len(want) / 2} {
				got := make([]byte, n)
				require.NoError(t, decodeLZMA(got, src, BlockShape{}), "%s, %d", name, n)
				require.True(t, bytes.Equal(want[:n], got), name)
			}
			require.ErrorIs(t, decodeLZMA(make([]byte, len(want)+1), src, BlockShape{}), io.ErrUnexpectedEOF, name)
			for _, n := range []int{0, 5, 12, 13, 20, len(src) / 2} {
				if n < len(src)-60 {
					require.Error(t, decodeLZMA(make([]byte, len(want)), src[:n], BlockShape{}), "%s: cut off", name)
				}
			}
		}
	}
}

func TestLZMAHostile(t *testing.T) {
	data := samplesOfBytes()["words"][:2000]
	good := xzStream(t, data, 2, 1, 22)
	change := func(at int, v byte) []byte {
		b := bytes.Clone(good)
		b[at] ^= v
		return b
	}
	crc := func(b []byte) []byte { // corrects the checksum of the block's header
		n := (int(b[12]) + 1) * 4
		binary.LittleEndian.PutUint32(b[12+n-4:], crc32.ChecksumIEEE(b[12:12+n-4]))
		return b
	}
	for name, c := range map[string]struct {
		b    []byte
		want string
	}{
		"no magic":              {change(0, 1), errXZHeader.Error()},
		"flags":                 {change(7, 1), errXZHeader.Error()},
		"checksum of the block": {change(14, 1), errXZHeader.Error()},
		"a filter for programs": {crc(change(14, 3^4)), "LZMA filter 4"},
		"three filters":         {crc(change(13, 3)), "LZMA filter"},
		"reserved flags":        {crc(change(13, 4)), errXZHeader.Error()},
		"dictionary":            {crc(change(19, 0x40)), errXZHeader.Error()},
		"data":                  {change(30, 0x55), "lzma"},
		"checksum":              {change(len(good)-24, 1), errXZCheck.Error()},
	} {
		require.ErrorContains(t, decodeLZMA(make([]byte, len(data)), c.b, BlockShape{}), c.want, name)
	}
}

// T78: the dictionary is no larger than the block, even if the stream asks for more.
func TestLZMADictionary(t *testing.T) {
	data := make([]byte, 5000)
	for _, dictionary := range []byte{0, 22, 30, 40} {
		src := xzStream(t, data, 0, 1, dictionary)
		n := allocatedBy(func() { require.NoError(t, decodeLZMA(make([]byte, len(data)), src, BlockShape{})) })
		require.Less(t, n, uint64(1<<20), "dictionary %d", dictionary)
	}
}

// TestLZMAStreamDictionary checks that the dictionary of a strip that is read in pieces is no larger than the strip, and that
// more than lzmaMaxStreamDictionary is refused before it is allocated; and that a header cut off is refused.
func TestLZMAStreamDictionary(t *testing.T) {
	stream, data := streamLZMA(), make([]byte, 5000)
	for _, dictionary := range []byte{0, 22, 30, 40} {
		src := xzStream(t, data, 0, 1, dictionary)
		open := func(size int64) error {
			_, err := stream.open(bufio.NewReader(bytes.NewReader(src)), size)
			return err
		}
		require.Less(t, allocatedBy(func() { require.NoError(t, open(5000)) }), uint64(1<<20), "dictionary %d", dictionary)
		require.Less(t, stream.memory(src[:streamHead], 5000), int64(128<<10))
		if dictionary >= 30 {
			require.Less(t, allocatedBy(func() { require.ErrorIs(t, open(1<<30), errXZDictionary) }), uint64(1<<20))
		}
		for _, n := range []int{0, 5, 12, 13, 20} {
			_, err := stream.open(bufio.NewReader(bytes.NewReader(src[:n])), 5000)
			require.ErrorIs(t, err, io.ErrUnexpectedEOF, "%d bytes", n)
		}
	}
	require.Greater(t, stream.memory(nil, 1<<30), int64(lzmaMaxStreamDictionary))
}

// rightChecksums corrects the checksums of the headers, so that fuzzed streams get past them.
func rightChecksums(src []byte) []byte {
	b := bytes.Clone(src)
	if len(b) <= xzHeaderSize {
		return b
	}
	binary.LittleEndian.PutUint32(b[8:], crc32.ChecksumIEEE(b[6:8]))
	if block := b[xzHeaderSize:]; block[0] > 0 && len(block) >= (int(block[0])+1)*4 {
		n := int(block[0]) * 4
		binary.LittleEndian.PutUint32(block[n:], crc32.ChecksumIEEE(block[:n]))
	}
	return b
}

func FuzzLZMA(f *testing.F) {
	for _, b := range samplesOfBytes() {
		b = b[:min(len(b), 3000)]
		for _, delta := range []int{0, 2} {
			f.Add(xzStream(f, b, delta, 1, 22), uint16(len(b)))
		}
	}
	f.Fuzz(func(t *testing.T, src []byte, n uint16) {
		if len(src) > 1<<13 {
			t.Skip("large")
		}
		src = rightChecksums(src)
		got := make([]byte, n)
		if decodeLZMA(got, src, BlockShape{}) != nil {
			return
		}
		require.LessOrEqual(t, len(got), lzmaMaxExpansion*len(src))
		first := make([]byte, n/2)
		require.NoError(t, decodeLZMA(first, src, BlockShape{}))
		require.True(t, bytes.Equal(first, got[:len(first)]), "fewer bytes are others")
	})
}
