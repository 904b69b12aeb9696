package geotiff

import (
	"context"
	"fmt"
	"image"
	"math"

	"github.com/geoexport/geoexport/raster"
)

// YCbCr samples that are not compressed as JPEG follow section 21 of TIFF 6.0. Where chroma is subsampled, samples come
// in units: the luma samples of a few pixels, row by row, then the one Cb and the one Cr that these pixels share.
//
// The conversion uses the arithmetic of libtiff (tif_color.c: tables of integers, computed in single precision) and
// repeats chroma rather than interpolating it, so that results equal GDAL's.

// A ycbcrLayout describes how the YCbCr samples of a directory are coded.
type ycbcrLayout struct {
	h, v                      int // size of the group of pixels that share one chroma sample, across and down
	luma                      [256]int32
	crRed, cbBlue, cbGr, crGr [256]int32 // the latter two with 16 bits of fraction
}

// readYCbCr reads the fields that describe YCbCr samples.
func (l *layout) readYCbCr(ctx context.Context, d *directory) error {
	y := &ycbcrLayout{h: 2, v: 2}
	if d.has(tagYCbCrSubSampling) {
		s, err := d.firstUints(ctx, tagYCbCrSubSampling, 2)
		if err != nil {
			return err
		}
		ok := func(n uint64) bool { return n == 1 || n == 2 || n == 4 }
		if len(s) < 2 || !ok(s[0]) || !ok(s[1]) {
			return wrong(tagYCbCrSubSampling, s, "want two of 1, 2 and 4")
		}
		y.h, y.v = int(s[0]), int(s[1])
	}
	switch {
	case l.codec.Planes != nil:
		return unsupported(tagPhotometric, l.photometric, fmt.Sprintf("YCbCr with %v", l.compression))
	case l.predictor != predictorNone && (y.h > 1 || y.v > 1):
		return unsupported(tagPredictor, l.predictor, "with subsampled YCbCr")
	}
	coefs, err := d.rationals(ctx, tagYCbCrCoefficients, []float32{0.299, 0.587, 0.114}) // BT.601, the tag's default
	if err != nil {
		return err
	}
	reference, err := d.rationals(ctx, tagReferenceBlackWhite, []float32{0, 255, 128, 255, 128, 255})
	if err != nil {
		return err
	}
	if coefs[1] == 0 {
		return wrong(tagYCbCrCoefficients, coefs, "green does not count")
	}
	y.makeTables([3]float32(coefs), [6]float32(reference))
	l.ycbcr = y
	return nil
}

// rationals reads the first len(def) numbers of a field, or returns def if there is no such field.
func (d *directory) rationals(ctx context.Context, t tag, def []float32) ([]float32, error) {
	if !d.has(t) {
		return def, nil
	}
	f, b, err := d.firstData(ctx, t, uint64(len(def)))
	if err != nil {
		return nil, err
	}
	if f.count < uint64(len(def)) {
		return nil, wrong(t, nil, fmt.Sprintf("%d values, want %d", f.count, len(def)))
	}
	v := make([]float32, len(def))
	for i := range v {
		switch f.typ {
		case typeRational:
			if den := d.s.order.Uint32(b[8*i+4:]); den != 0 {
				v[i] = float32(float64(d.s.order.Uint32(b[8*i:])) / float64(den))
			}
		case typeFloat:
			v[i] = math.Float32frombits(d.s.order.Uint32(b[4*i:]))
		case typeShort:
			v[i] = float32(d.s.order.Uint16(b[2*i:]))
		case typeLong: // the type that TIFF 6.0 prescribes for ReferenceBlackWhite
			v[i] = float32(d.s.order.Uint32(b[4*i:]))
		default:
			return nil, wrong(t, nil, fmt.Sprintf("values of type %d, want RATIONAL", f.typ))
		}
		if !(math.Abs(float64(v[i])) < 1<<24) {
			return nil, wrong(t, v[i], "out of range")
		}
	}
	return v, nil
}

// makeTables computes the tables of the conversion. Page 91 of TIFF 6.0 scales codes by their reference levels, and
// page 92 has
//
//	R = Cr·(2-2·red) + Y
//	B = Cb·(2-2·blue) + Y
//	G = (Y - blue·B - red·R) / green
func (y *ycbcrLayout) makeTables(coefs [3]float32, reference [6]float32) {
	red, green, blue := coefs[0], coefs[1], coefs[2]
	const half = 1 << 15
	fix := func(v float32) int32 { return int32(float64(min(max(v, 0), 2)*(1<<16)) + 0.5) }
	fr, fb := 2-float32(2*red), 2-float32(2*blue)
	toRed, toBlue := fix(fr), fix(fb)
	redToGreen, blueToGreen := fix(red*fr/green), fix(blue*fb/green)
	// scale maps a code to a level: black to 0 and white to most.
	scale := func(code int32, black, white, most float32) int32 {
		span := white - black
		if span == 0 {
			span = 1
		}
		return int32(min(max(float32(float32(code-int32(black))*most)/span, -128*32), 128*32))
	}
	for i := range int32(256) {
		y.luma[i] = scale(i, reference[0], reference[1], 255)
		cb := scale(i-128, reference[2]-128, reference[3]-128, 127)
		cr := scale(i-128, reference[4]-128, reference[5]-128, 127)
		y.crRed[i], y.cbBlue[i] = (toRed*cr+half)>>16, (toBlue*cb+half)>>16
		y.crGr[i], y.cbGr[i] = -redToGreen*cr, -blueToGreen*cb+half
	}
}

// size returns the number of bytes that the rows of a block take, if the block is width pixels wide.
func (y *ycbcrLayout) size(width, rows int) int {
	return (width + y.h - 1) / y.h * ((rows + y.v - 1) / y.v) * (y.h*y.v + 2)
}

// planes converts the decoded samples of a block, width pixels wide, to planes of red, green and blue of the rectangle
// r, which starts at the block's first pixel.
func (y *ycbcrLayout) planes(raw []byte, width int, r image.Rectangle) []raster.Plane {
	red, green, blue := raster.NewPlane[uint8](r), raster.NewPlane[uint8](r), raster.NewPlane[uint8](r)
	unit := y.h*y.v + 2
	rowOfUnits := (width + y.h - 1) / y.h * unit
	for j := range r.Dy() {
		units := raw[j/y.v*rowOfUnits:][:rowOfUnits]
		inUnit := j % y.v * y.h
		at := r.Min.Y + j
		rr, gg, bb := red.Row(at), green.Row(at), blue.Row(at)
		for i := range rr {
			u := units[i/y.h*unit:][:unit]
			l, cb, cr := y.luma[u[inUnit+i%y.h]], u[unit-2], u[unit-1]
			rr[i] = clampByte(l + y.crRed[cr])
			gg[i] = clampByte(l + (y.cbGr[cb]+y.crGr[cr])>>16)
			bb[i] = clampByte(l + y.cbBlue[cb])
		}
	}
	return []raster.Plane{red, green, blue}
}

func clampByte(v int32) uint8 { return uint8(min(max(v, 0), 255)) }
