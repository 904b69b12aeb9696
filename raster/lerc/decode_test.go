package lerc_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster/lerc"
)

// A blob is an entry of testdata/blobs.json.gz: what Esri's library encodes, and what it decodes from it.
type blob struct {
	Name    string
	Type    string
	Shape   [4]int // bands, rows, columns, depth
	Blob    []byte
	Samples []byte // least significant byte first
	Masks   []byte
}

var blobs = sync.OnceValues(func() (all []blob, err error) {
	f, err := os.Open("testdata/blobs.json.gz")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	return all, json.NewDecoder(z).Decode(&all)
})

func eachBlob(t testing.TB, do func(b blob)) {
	all, err := blobs()
	require.NoError(t, err)
	require.NotEmpty(t, all)
	for _, b := range all {
		do(b)
	}
}

// samplesOf returns samples as bytes.
func samplesOf(t testing.TB, pix any) []byte {
	var b bytes.Buffer
	require.NoError(t, binary.Write(&b, binary.LittleEndian, pix))
	return b.Bytes()
}

func TestDecodesWhatEsriEncodes(t *testing.T) {
	versions := map[int]int{}
	eachBlob(t, func(b blob) {
		h, err := lerc.DecodeHeader(b.Blob)
		require.NoError(t, err, b.Name)
		versions[h.Version]++
		assert.Equal(t, b.Shape, [4]int{h.Bands, h.Height, h.Width, h.Depth}, b.Name)
		assert.Equal(t, b.Type, h.Type.String(), b.Name)
		m, err := lerc.Decode(b.Blob, nil)
		require.NoError(t, err, b.Name)
		assert.Equal(t, b.Samples, samplesOf(t, m.Pix), b.Name)
		assert.True(t, bytes.Equal(b.Masks, m.Valid), b.Name)
		assert.Len(t, m.Valid, h.Masks*h.Width*h.Height, b.Name)
	})
	for version := range 7 {
		assert.Equal(t, version != 1, versions[version] > 0, "version %d", version) // nothing here writes version 1
	}
}

// TestDecodesVersion1 reads blobs of version 2 as version 1, which differs where Huffman codes may be alone.
func TestDecodesVersion1(t *testing.T) {
	n := 0
	eachBlob(t, func(b blob) {
		h, err := lerc.DecodeHeader(b.Blob)
		require.NoError(t, err)
		if h.Version != 2 || h.Type.Size() == 1 || h.Bands > 1 {
			return
		}
		old := bytes.Clone(b.Blob)
		old[6] = 1
		m, err := lerc.Decode(old, nil)
		require.NoError(t, err, b.Name)
		assert.Equal(t, b.Samples, samplesOf(t, m.Pix), b.Name)
		n++
	})
	assert.NotZero(t, n)
}

func TestDecodeIntoEqualsDecode(t *testing.T) {
	eachBlob(t, func(b blob) {
		m, err := lerc.Decode(b.Blob, nil)
		require.NoError(t, err)
		switch pix := m.Pix.(type) {
		case []int8:
			decodeInto(t, b, m, pix)
		case []uint8:
			decodeInto(t, b, m, pix)
		case []int16:
			decodeInto(t, b, m, pix)
		case []uint16:
			decodeInto(t, b, m, pix)
		case []int32:
			decodeInto(t, b, m, pix)
		case []uint32:
			decodeInto(t, b, m, pix)
		case []float32:
			decodeInto(t, b, m, pix)
		case []float64:
			decodeInto(t, b, m, pix)
		}
	})
}

func decodeInto[T lerc.Sample](t *testing.T, b blob, m *lerc.Image, want []T) {
	pixels := m.Width * m.Height
	got := make([]T, len(want))
	for i := range got {
		got[i] = 77 // what was there before must not matter
	}
	valid := bytes.Repeat([]byte{5}, m.Bands*pixels)
	require.NoError(t, lerc.DecodeInto(got, valid, b.Blob, nil), b.Name)
	assert.Equal(t, samplesOf(t, want), samplesOf(t, got), b.Name)
	for i, v := range valid {
		switch {
		case len(m.Valid) == 0:
			assert.EqualValues(t, 255, v, b.Name)
		case len(m.Valid) == pixels:
			assert.Equal(t, m.Valid[i%pixels], v, b.Name)
		default:
			assert.Equal(t, m.Valid[i], v, b.Name)
		}
	}
	masks := len(m.Valid) / pixels
	if err := lerc.DecodeInto(got, nil, b.Blob, nil); masks > 0 {
		assert.ErrorContains(t, err, "masks", "%s: a mask must not be lost", b.Name)
	} else {
		assert.NoError(t, err, b.Name)
	}
	var shape *lerc.ShapeError
	assert.ErrorAs(t, lerc.DecodeInto(got[1:], valid, b.Blob, nil), &shape)
	assert.ErrorAs(t, lerc.DecodeInto(got, valid[1:], b.Blob, nil), &shape)
	if _, ok := any(got).([]int16); !ok {
		assert.ErrorAs(t, lerc.DecodeInto(make([]int16, len(got)), valid, b.Blob, nil), &shape)
	}
}

// TestDamage: no damage makes Decode panic or take much memory, and none stays unnoticed where there is a checksum.
func TestDamage(t *testing.T) {
	eachBlob(t, func(b blob) {
		for n := range b.Blob {
			if _, err := lerc.Decode(b.Blob[:n], nil); err == nil {
				// Up to version 5 nothing says how many bands there are, and padding follows Lerc1.
				h, err := lerc.DecodeHeader(b.Blob[:n])
				require.NoError(t, err)
				if !assert.True(t, h.Version <= 5 && h.Bands < b.Shape[0] || h.Size <= n, "%s: %d", b.Name, n) {
					break
				}
			}
		}
		for at := range b.Blob {
			damaged := bytes.Clone(b.Blob)
			damaged[at] ^= 1 << (at % 8)
			h, err := lerc.DecodeHeader(damaged)
			_, errAll := lerc.Decode(damaged, &lerc.Options{MaxBytes: 1 << 20})
			sealed := err == nil && h.Version >= 3 && h.Size == len(b.Blob)
			if sealed && !assert.Error(t, errAll, "%s: bit of byte %d", b.Name, at) {
				break
			}
		}
	})
}

// header6 is the header of version 6 of an image whose pixels all have the same sample.
func header6(width, height, depth int) []byte {
	b := append([]byte("Lerc2 "), make([]byte, 88)...)
	put := binary.LittleEndian.PutUint32
	put(b[6:], 6)
	for i, v := range []int{height, width, depth, width * height, 8, len(b), 1, 0} {
		put(b[14+4*i:], uint32(v))
	}
	binary.LittleEndian.PutUint64(b[50:], math.Float64bits(0.5))
	binary.LittleEndian.PutUint64(b[58:], math.Float64bits(7))
	binary.LittleEndian.PutUint64(b[66:], math.Float64bits(7))
	seal(b)
	return b
}

// seal sets the checksum.
func seal(b []byte) {
	sum, sums := uint32(0xffff), uint32(0xffff)
	for i, v := range b[14:] {
		add := uint32(v)
		if i%2 == 0 {
			add <<= 8
		}
		if sum += add; i%2 == 1 || i == len(b)-15 {
			sum = sum&0xffff + sum>>16
			sums += sum
			sums = sums&0xffff + sums>>16
		}
	}
	binary.LittleEndian.PutUint32(b[10:], sums<<16|sum)
}

// T78: 94 bytes that state a large image take no memory unless that is permitted.
func TestT78BombOfLERC(t *testing.T) {
	small := header6(100, 50, 1)
	require.Len(t, small, 94)
	m, err := lerc.Decode(small, nil)
	require.NoError(t, err)
	assert.Equal(t, bytes.Repeat([]byte{7}, 5000), m.Pix)

	bomb := header6(46340, 46340, 1)
	h, err := lerc.DecodeHeader(bomb)
	require.NoError(t, err)
	assert.Equal(t, 46340, h.Width)
	n := allocated(func() { _, err = lerc.Decode(bomb, nil) })
	var limit *lerc.LimitError
	require.ErrorAs(t, err, &limit)
	assert.EqualError(t, err,
		"lerc: the image takes 4294791200 bytes of memory, more than 268435456 (limit Options.MaxBytes)")
	assert.Less(t, n, uint64(64<<10))

	_, err = lerc.Decode(header6(1000, 1000, 1), &lerc.Options{MaxBytes: 999_999})
	require.ErrorAs(t, err, &limit)
	_, err = lerc.Decode(header6(1<<20, 1<<20, 1), nil)
	assert.ErrorContains(t, err, "more than a band can have")
	_, err = lerc.Decode(header6(2, 2, 1<<30), nil)
	assert.ErrorContains(t, err, "more than a band can have")
}

// TestHostileHeaders changes one number of a header at a time.
func TestHostileHeaders(t *testing.T) {
	for _, c := range []struct {
		at    int
		value uint32
		want  string
	}{
		{6, 0, "version 0 of Lerc2 is not supported"},
		{6, 7, "version 7 of Lerc2 is not supported, want 1 to 6"},
		{6, 1 << 31, "is not supported"},
		{14, 0, "there are 100 × 0 pixels"},
		{18, 1 << 31, "there are -2147483648 × 50 pixels"},
		{22, 0, "pixels of 0 samples"},
		{26, 5001, "5001 of 5000 pixels hold data"},
		{26, 1 << 31, "of 5000 pixels hold data"},
		{26, 4999, "4999 of 5000 pixels hold data, but there is no mask"},
		{30, 0, "micro-blocks have 0 pixels a side"},
		{30, 33, "micro-blocks have 33 pixels a side"},
		{34, 93, "the header states 93"},
		{34, 95, "the header states 95"},
		{34, 1 << 31, "the header states"},
		{38, 8, "there is no type 8"},
		{38, 1 << 31, "there is no type"},
		{42, 1, "band 1: the band is missing"},
		{54, 0x7ff80000, "the largest error is NaN"},
		{54, 0x7ff00000, "the largest error is +Inf"},
		{54, 0xbff00000, "the largest error is -1"},
		{90, 4, "the mask has 4 bytes of 0"},
		{90, 1 << 31, "the mask has"},
	} {
		b := header6(100, 50, 1)
		if c.at == 54 {
			clear(b[50:54])
		}
		binary.LittleEndian.PutUint32(b[c.at:], c.value)
		seal(b)
		_, err := lerc.Decode(b, nil)
		assert.ErrorContains(t, err, c.want, "%d at %d", c.value, c.at)
	}
	b := header6(100, 50, 1)
	b[10]++
	_, err := lerc.Decode(b, nil)
	assert.ErrorContains(t, err, "checksum")
	for _, text := range []string{"", "Lerc", "Lerc2", "Lerc2 ", "CntZImage", "CntZImage ", "\x89PNG\r\n\x1a\n"} {
		_, err := lerc.Decode([]byte(text), nil)
		var format *lerc.FormatError
		assert.ErrorAs(t, err, &format, "%q", text)
	}
}

// TestHostileMemory: whatever sizes a header states, and whatever follows, decoding takes no more memory than is
// permitted, and less than that if it fails before.
func TestHostileMemory(t *testing.T) {
	const most, more = 1 << 20, 96 << 10 // more for the decoder itself
	sizes := []uint32{0, 1, 1 << 9, 1 << 10, 1 << 15, 1 << 20, 1<<31 - 1, 1<<32 - 1}
	eachBlob(t, func(b blob) {
		h, err := lerc.DecodeHeader(b.Blob)
		require.NoError(t, err)
		at := 14 // the height, which the width and, from version 4 on, the depth follow
		switch {
		case h.Version == 0:
			at = 18
		case h.Version < 3:
			at = 10
		}
		for i, size := range sizes {
			for field := range 3 {
				hostile := bytes.Clone(b.Blob)
				binary.LittleEndian.PutUint32(hostile[at+4*field:], size)
				if field == 0 { // as many pixels as are said to hold data
					binary.LittleEndian.PutUint32(hostile[at+4:], sizes[(i+3)%len(sizes)])
				}
				if n, err := lerc.DecodeHeader(hostile); err == nil && n.Version >= 3 && n.Bands == 1 {
					seal(hostile[:n.Size])
				}
				used := allocated(func() { _, err = lerc.Decode(hostile, &lerc.Options{MaxBytes: most}) })
				if used > most+more {
					t.Fatalf("%s: %d bytes for size %d of field %d: %v", b.Name, used, size, field, err)
				}
			}
		}
	})

	// A tile of Lerc1 that states as many numbers as there are pixels, of no bits: 67 bytes for 4 MiB.
	b := append([]byte("CntZImage "), make([]byte, 24+32+7)...)
	put := func(at int, v uint32) { binary.LittleEndian.PutUint32(b[at:], v) }
	for i, v := range []uint32{11, 8, 1024, 1024} {
		put(10+4*i, v)
	}
	put(46, 0x3f800000) // all are valid
	put(50, 1)
	put(54, 1)
	put(58, 7)
	put(62, 0x40a00000)      // 5, the largest sample
	b[66], b[67] = 2<<6|1, 5 // low
	b[68] = 0                // a count of four bytes, numbers of no bits
	put(69, 1024*1024)
	_, err := lerc.Decode(b, &lerc.Options{MaxBytes: 8 << 20})
	var limit *lerc.LimitError
	require.ErrorAs(t, err, &limit)
	var m *lerc.Image
	used := allocated(func() { m, err = lerc.Decode(b, &lerc.Options{MaxBytes: 9 << 20}) })
	require.NoError(t, err)
	assert.EqualValues(t, float32(5), m.Pix.([]float32)[77])
	assert.LessOrEqual(t, used, uint64(9<<20+more))
}
