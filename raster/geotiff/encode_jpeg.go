package geotiff

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/jpeg"

	"github.com/geoexport/geoexport/raster"
)

// newJPEGCompressor codes tiles by the standard library, whose streams begin with tables that are the same in all of them.
// These go to the JPEGTables field.
func (e *encoder) newJPEGCompressor() (tileCompressor, error) {
	m, o := e.image, &e.options
	switch {
	case m.Type != raster.U8 || m.Bands != 1 && m.Bands != 3:
		return nil, cannotEncode("EncodeOptions.Compression", JPEG, "%d bands of type %v, want 1 or 3 of U8", m.Bands, m.Type)
	case m.Palette != nil:
		return nil, cannotEncode("EncodeOptions.Compression", JPEG, "indices of a palette")
	case m.NoData != nil:
		return nil, cannotEncode("EncodeOptions.Compression", JPEG, "NoData would not keep its value")
	case e.alpha != nil:
		return nil, cannotEncode("EncodeOptions.Validity", nil, "no alpha band with JPEG")
	}
	quality := DefaultQuality
	if o.Quality != nil {
		quality = *o.Quality
	}
	if quality < 0 || quality > 100 {
		return nil, cannotEncode("EncodeOptions.Quality", quality, "want 0 to 100")
	}
	quality = max(quality, 1) // where the standard library begins to count
	o.Quality = &quality
	channels := 1
	if m.Bands == 3 {
		channels = 4
	}
	return func(dst, _ []byte, b *raster.Block, r image.Rectangle) ([]byte, error) {
		pix := make([]byte, r.Dx()*r.Dy()*channels)
		for i, p := range b.Bands {
			gatherJPEG(pix[i:], channels, p.(*raster.PlaneOf[uint8]), b.Valid, r)
		}
		stream, err := encodeJPEGTile(pix, channels, r.Size(), quality)
		if err != nil {
			return nil, err
		}
		_, rest, err := splitJPEG(stream)
		return append(dst, rest...), err
	}, nil
}

func encodeJPEGTile(pix []byte, channels int, size image.Point, quality int) ([]byte, error) {
	var buf bytes.Buffer
	var m image.Image = &image.Gray{Pix: pix, Stride: size.X, Rect: image.Rectangle{Max: size}}
	if channels == 4 {
		m = &image.RGBA{Pix: pix, Stride: 4 * size.X, Rect: image.Rectangle{Max: size}}
	}
	err := jpeg.Encode(&buf, m, &jpeg.Options{Quality: quality})
	return buf.Bytes(), err
}

// gatherJPEG writes one band of a tile, channels bytes from one pixel to the next. What sticks out of the image repeats its
// edge, and pixels without data are the mean of the others in their 16 by 16 pixels, which are coded together: an edge that is
// not there would ring in pixels that hold data.
func gatherJPEG(dst []byte, channels int, p *raster.PlaneOf[uint8], valid *image.Alpha, r image.Rectangle) {
	in := r.Intersect(p.Rect)
	stride := r.Dx() * channels
	for y := range r.Dy() {
		row := p.Row(min(r.Min.Y+y, in.Max.Y-1))[in.Min.X-p.Rect.Min.X:][:in.Dx()]
		to := dst[y*stride:]
		for x, v := range row {
			to[x*channels] = v
		}
		for x := len(row); x < r.Dx(); x++ {
			to[x*channels] = row[len(row)-1]
		}
	}
	if valid == nil {
		return
	}
	const unit = 16
	for y := in.Min.Y; y < in.Max.Y; y += unit {
		for x := in.Min.X; x < in.Max.X; x += unit {
			cell := image.Rect(x, y, x+unit, y+unit).Intersect(in)
			fillHoles(dst, channels, r, cell, valid)
		}
	}
}

// fillHoles gives the pixels of cell that are without data the mean of those that are not.
func fillHoles(dst []byte, channels int, tile, cell image.Rectangle, valid *image.Alpha) {
	sum, n := 0, 0
	each := func(do func(at *byte, valid bool)) {
		for y := cell.Min.Y; y < cell.Max.Y; y++ {
			for x := cell.Min.X; x < cell.Max.X; x++ {
				at := &dst[((y-tile.Min.Y)*tile.Dx()+x-tile.Min.X)*channels]
				do(at, valid.Pix[valid.PixOffset(x, y)] != 0)
			}
		}
	}
	each(func(at *byte, valid bool) {
		if valid {
			sum, n = sum+int(*at), n+1
		}
	})
	if n == 0 || n == cell.Dx()*cell.Dy() {
		return
	}
	mean := byte((sum + n/2) / n)
	each(func(at *byte, valid bool) {
		if !valid {
			*at = mean
		}
	})
}

// jpegTables is the value of JPEGTables for streams of a quality.
func jpegTables(bands, quality int) []byte {
	channels := 1
	if bands == 3 {
		channels = 4
	}
	stream, err := encodeJPEGTile(make([]byte, 16*16*channels), channels, image.Pt(16, 16), quality)
	if err == nil {
		var tables []byte
		if tables, _, err = splitJPEG(stream); err == nil {
			return tables
		}
	}
	panic(err) // the picture is right, and the stream the standard library's
}

// splitJPEG takes the tables out of a stream: both parts are then streams of their own (TIFF technical note 2).
func splitJPEG(stream []byte) (tables, rest []byte, err error) {
	soi, eoi := []byte{0xff, 0xd8}, []byte{0xff, 0xd9}
	tables, rest = append(tables, soi...), append(rest, soi...)
	at := len(soi)
	for at+4 <= len(stream) && stream[at] == 0xff {
		end := at + 2 + int(binary.BigEndian.Uint16(stream[at+2:]))
		switch {
		case stream[at+1] == markerSOS:
			return append(tables, eoi...), append(rest, stream[at:]...), nil
		case end > len(stream):
			return nil, nil, errJPEGSegment
		case stream[at+1] == markerDQT || stream[at+1] == markerDHT:
			tables = append(tables, stream[at:end]...)
		default:
			rest = append(rest, stream[at:end]...)
		}
		at = end
	}
	return nil, nil, errJPEGMarker
}
