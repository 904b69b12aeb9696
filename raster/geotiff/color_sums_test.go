package geotiff

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestColorSums compares every combination of luma and chroma with the sums of libjpeg and libwebp, computed one colour
// after the other.
func TestColorSums(t *testing.T) {
	luma, cb, cr := make([]byte, 256), make([]byte, 256), make([]byte, 256)
	for i := range luma {
		luma[i] = byte(i)
	}
	var got, want [3][]byte
	for i := range got {
		got[i], want[i] = make([]byte, 256), make([]byte, 256)
	}
	for name, c := range map[string]struct {
		sums *colorSums
		slow func(red, green, blue, luma, cb, cr []byte)
	}{"JPEG": {jpegColors, slowFromJPEG}, "WebP": {webpColors, slowFromWebP}} {
		for chroma := range 1 << 16 {
			for i := range luma {
				cb[i], cr[i] = byte(chroma), byte(chroma>>8)
			}
			c.sums.row(got[0], got[1], got[2], luma, cb, cr)
			c.slow(want[0], want[1], want[2], luma, cb, cr)
			for i := range got {
				if string(got[i]) != string(want[i]) {
					require.Equal(t, want[i], got[i], "%s, colour %d, Cb %d, Cr %d", name, i, cb[0], cr[0])
				}
			}
		}
	}
}

// slowFromJPEG converts with the constants of T.871, section 7, times 2^16, rounded.
func slowFromJPEG(red, green, blue, luma, cb, cr []byte) {
	for i := range red {
		y, b, r := int32(luma[i])<<16+1<<15, int32(cb[i])-128, int32(cr[i])-128
		red[i] = clampByte((y + 91881*r) >> 16)
		green[i] = clampByte((y - 22554*b - 46802*r) >> 16)
		blue[i] = clampByte((y + 116130*b) >> 16)
	}
}

// slowFromWebP converts as libwebp's dsp/yuv.h does.
func slowFromWebP(red, green, blue, luma, cb, cr []byte) {
	for i := range red {
		y, b, r := int32(luma[i])*19077>>8, int32(cb[i]), int32(cr[i])
		red[i] = clampByte((y + r*26149>>8 - 14234) >> 6)
		green[i] = clampByte((y - b*6419>>8 - r*13320>>8 + 8708) >> 6)
		blue[i] = clampByte((y + b*33050>>8 - 17685) >> 6)
	}
}
