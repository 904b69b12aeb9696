package encode_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"io"
	"iter"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/raster"
)

// oneStrip yields b.
func oneStrip(b *raster.Block) iter.Seq2[*raster.Block, error] {
	return func(yield func(*raster.Block, error) bool) { yield(b, nil) }
}

// Quality has an effect exactly where a format states it, and each compression that a format lists is served.
func TestFormatsDoWhatTheyState(t *testing.T) {
	b := raster.NewBlock(raster.U8, 3, image.Rect(0, 0, 64, 64))
	b.Valid = nil
	for band, p := range b.Bands {
		pix := p.(*raster.PlaneOf[uint8]).Pix
		for i := range pix {
			pix[i] = uint8(128 + 90*math.Sin(float64(i%64*(band+2))/9)*math.Cos(float64(i/64)/7))
		}
	}
	m := &raster.Image{Grid: raster.Grid{Size: image.Pt(64, 64)}, Type: raster.U8, Bands: 3, Opaque: true, Strips: oneStrip(b)}
	for name, f := range encode.Default() {
		for _, compression := range append([]string{""}, f.Compressions...) {
			file := func(quality int, compression string) []byte {
				var buf bytes.Buffer
				require.NoError(t, f.Encode(&buf, m, &encode.Options{Compression: compression, Quality: &quality}), "%s %s", name, compression)
				return buf.Bytes()
			}
			differ := !bytes.Equal(file(10, compression), file(90, compression))
			assert.Equal(t, differ, f.HasQuality(compression), "%s, compression %q", name, compression)
			assert.Equal(t, f.HasQuality(compression), f.HasQuality(strings.ToLower(compression)))
			assert.Equal(t, file(90, compression), file(90, strings.ToLower(compression)))
		}
		if len(f.Compressions) > 0 {
			var none, first bytes.Buffer
			require.NoError(t, f.Encode(&none, m, nil))
			require.NoError(t, f.Encode(&first, m, &encode.Options{Compression: f.Compressions[0]}))
			assert.True(t, bytes.Equal(none.Bytes(), first.Bytes()), "%s: the default comes first", name)
			assert.Error(t, f.Encode(io.Discard, m, &encode.Options{Compression: "LERC"}), name)
		}
		assert.Subset(t, f.Compressions, f.LossyCompressions, name)
		assert.Equal(t, strings.ToLower(f.Name), f.Name)
		assert.Equal(t, name == "lerc", f.Tolerance, name)
	}
}

func TestFormatsListWhatTheyHave(t *testing.T) {
	names := encode.Default().Names()
	assert.IsIncreasing(t, names)
	assert.Len(t, names, len(encode.Default()))
	assert.Subset(t, names, []string{"bip", "bmp", "bsq", "gif", "jpg", "jpgpng", "lerc", "png", "png24", "png32", "png8", "tiff"})
	compressions := encode.Default().Compressions()
	assert.IsIncreasing(t, compressions)
	assert.Subset(t, compressions, []string{"Deflate", "JPEG", "LZ77", "LZW", "None", "ZSTD"})
	assert.Empty(t, encode.Formats(nil).Names())
	assert.Empty(t, encode.Formats(nil).Compressions())
}

// pgmFormat is a format of one's own: Netpbm's portable graymap, with samples as digits or as bytes. A file like this
// one and a line of registration add a format.
func pgmFormat() encode.Format {
	return encode.Format{Name: "pgm", MediaType: "image/x-portable-graymap", Ext: "pgm", Types: []raster.PixelType{raster.U8},
		Bands: 1, Compressions: []string{"Digits", "Bytes"}, Encode: encodePGM}
}

func encodePGM(w io.Writer, m *raster.Image, o *encode.Options) error {
	if err := m.Check(); err != nil {
		return err
	}
	if !pgmFormat().Holds(m.Type) {
		return &encode.UnsupportedError{Format: "pgm", What: fmt.Sprintf("samples of type %v", m.Type)}
	}
	magic := "P2"
	if o != nil && o.Compression == "Bytes" {
		magic = "P5"
	}
	if _, err := fmt.Fprintf(w, "%s\n%d %d\n255\n", magic, m.Grid.Size.X, m.Grid.Size.Y); err != nil {
		return err
	}
	for b, err := range m.Checked() {
		if err != nil {
			return err
		}
		for y := b.Bounds().Min.Y; y < b.Bounds().Max.Y; y++ {
			row := b.Bands[0].(*raster.PlaneOf[uint8]).Row(y)
			if magic == "P2" {
				row = fmt.Appendln(nil, strings.Trim(fmt.Sprint(row), "[]"))
			}
			if _, err := w.Write(row); err != nil {
				return err
			}
		}
	}
	return nil
}

// A format of one's own is listed among the others, and used as they are.
func TestAFormatOfOnesOwn(t *testing.T) {
	formats := encode.Default()
	formats["pgm"] = pgmFormat() // the line of registration

	assert.Contains(t, formats.Names(), "pgm")
	assert.Contains(t, formats.Compressions(), "Digits")
	assert.NotContains(t, encode.Default(), "pgm", "Default returns a fresh map")

	b := raster.NewBlock(raster.U8, 1, image.Rect(0, 0, 3, 2))
	copy(b.Bands[0].(*raster.PlaneOf[uint8]).Pix, []uint8{1, 20, 255, 0, 65, 66})
	m := &raster.Image{Grid: raster.Grid{Size: image.Pt(3, 2)}, Type: raster.U8, Bands: 1, Strips: oneStrip(b)}
	var digits, bytesOf bytes.Buffer
	require.NoError(t, formats["pgm"].Encode(&digits, m, nil))
	assert.Equal(t, "P2\n3 2\n255\n1 20 255\n0 65 66\n", digits.String())
	require.NoError(t, formats["pgm"].Encode(&bytesOf, m, &encode.Options{Compression: "Bytes"}))
	assert.Equal(t, "P5\n3 2\n255\n\x01\x14\xff\x00AB", bytesOf.String())

	m.Palette = color.Palette{nil}
	assert.EqualError(t, formats["pgm"].Encode(io.Discard, m, nil), "raster: image: Palette: a nil colour")
}
