package tiffmake

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"iter"
	"strings"

	"github.com/geoexport/geoexport/raster"
)

// Bombs yields files that are small for what they say, or for the work that they ask for, by name. Those called ".tif"
// are TIFF files; the others are pictures, which need a world file.
func Bombs() iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		for _, bombs := range []iter.Seq2[string, []byte]{blockBombs, layoutBombs, metadataBombs, pictureBombs, paddedBombs} {
			for name, b := range bombs {
				if !yield(name, b) {
					return
				}
			}
		}
	}
}

// bomb is a file whose blocks are all the same zeros.
func bomb(compression int, size, tile image.Point, change func(f *File)) []byte {
	f := &File{Size: size, Tile: tile, Compression: compression, ShareTiles: 1, Bands: 1, EPSG: 3857}
	switch compression {
	case CCITTRLE, CCITTGroup3, CCITTGroup4:
		f.Type = raster.U1
	case WebP:
		f.Bands = 3
	}
	if change != nil {
		change(f)
	}
	f.Block = func(_, _ int, r image.Rectangle) []byte {
		return Zeros(compression, r.Dx(), r.Dy(), f.samples()*max(1, f.typ().Size()))
	}
	return f.NorthUp(0, 0, 1).Bytes()
}

// compressions are those that make much of little.
var compressions = map[string]int{"ccitt rle": CCITTRLE, "ccitt3": CCITTGroup3, "ccitt4": CCITTGroup4, "old deflate": OldFlate, "lzw": LZW, "jpeg": JPEG, "deflate": Deflate, "packbits": PackBits,
	"lzma": LZMA, "zstd": ZSTD, "webp": WebP}

// blockBombs have one large block, or many that are just small enough for any file.
func blockBombs(yield func(string, []byte) bool) {
	for name, c := range compressions {
		large := image.Pt(8192, 8192)
		if c == WebP {
			large = image.Pt(4096, 4096)
		}
		if c == LZMA {
			large = image.Pt(4096, 4096) // it takes long to write
		}
		if !yield(name+" one tile.tif", bomb(c, large, large, nil)) ||
			!yield(name+" one strip.tif", bomb(c, large, image.Point{}, nil)) ||
			!yield(name+" tiles.tif", bomb(c, image.Pt(4096, 4096), image.Pt(1024, 1024), nil)) ||
			!yield(name+" tiles of half the allowance.tif", bomb(c, image.Pt(4096, 4096), image.Pt(2048, 1024), nil)) ||
			!yield(name+" small tiles.tif", bomb(c, image.Pt(8192, 8192), image.Pt(256, 256), nil)) {
			return
		}
	}
}

// layoutBombs have samples that take more than one step to become pixels.
func layoutBombs(yield func(string, []byte) bool) {
	for _, side := range []int{1024, 4096} {
		size := image.Pt(side, side)
		for name, change := range map[string]func(f *File){
			"predictor 2":     func(f *File) { f.Predictor, f.Type = 2, raster.U16 },
			"predictor 3":     func(f *File) { f.Predictor, f.Type = 3, raster.F32 },
			"doubles, noData": func(f *File) { f.Type, f.NoData = raster.F64, "0" },
			"YCbCr": func(f *File) {
				f.Bands, f.Photometric, f.Tags = 3, 6, []Tag{{Number: 530, Value: []uint16{2, 2}}}
			},
			"bands apart":  func(f *File) { f.Bands, f.Planar, f.NoData = 16, true, "0" },
			"200 bands":    func(f *File) { f.Bands = 200 },
			"alpha":        func(f *File) { f.Bands, f.ExtraSamples = 4, []int{2} },
			"mask":         func(f *File) { f.Type = raster.U8; f.Tags = []Tag{{Number: 42113, Value: "nan\x00"}} },
			"other bits":   func(f *File) { f.Tags = []Tag{{Number: 266, Value: []uint16{2}}} },
			"many levels":  func(f *File) { f.Levels = []image.Point{size.Div(2), size.Div(4), size.Div(8)} },
			"sparse":       func(f *File) { f.Sparse = func(int, int, int, int) bool { return true } },
			"sparse apart": func(f *File) { f.Bands, f.Planar, f.Sparse = 50, true, func(int, int, int, int) bool { return true } },
		} {
			if !yield(fmt.Sprintf("%s of %d.tif", name, side), bomb(ZSTD, size, size, change)) {
				return
			}
		}
	}
}

// metadataBombs have much to say before the first pixel.
func metadataBombs(yield func(string, []byte) bool) {
	small := func(tags ...Tag) []byte {
		f := &File{Size: image.Pt(64, 64), EPSG: 3857, Tags: tags, Sample: func(_, _, x, _ int) float64 { return float64(x) }}
		return f.NorthUp(0, 0, 1).Bytes()
	}
	gdal := func(xml string) []byte { return small(Tag{Number: 42112, Value: xml + "\x00"}) }
	var entities strings.Builder
	entities.WriteString("<!DOCTYPE a [<!ENTITY a0 \"aaaaaaaaaa\">")
	for i := range 20 {
		entities.WriteString(fmt.Sprintf("<!ENTITY a%d \"%s\">", i+1, strings.Repeat(fmt.Sprintf("&a%d;", i), 10)))
	}
	keys := []uint16{1, 1, 0, 16000}
	for i := range uint16(16000) {
		keys = append(keys, 1024+i, 34737, 60000, 0)
	}
	loop := func(next uint64) []byte {
		f := &File{Size: image.Pt(64, 64), EPSG: 3857, NextIFD: next, Sample: func(_, _, _, _ int) float64 { return 1 }}
		return f.NorthUp(0, 0, 1).Bytes()
	}
	offsets := make([]uint32, 1_000_000)
	for i := range offsets {
		offsets[i] = 8
	}
	for name, b := range map[string][]byte{
		"entities.tif":            gdal(entities.String() + "]><GDALMetadata><Item name=\"a\">&a20;</Item></GDALMetadata>"),
		"deep XML.tif":            gdal("<GDALMetadata>" + strings.Repeat("<a>", 500_000)),
		"XML of attributes.tif":   gdal("<GDALMetadata><Item " + strings.Repeat("a=\"\" ", 700_000) + "/></GDALMetadata>"),
		"items.tif":               gdal("<GDALMetadata>" + strings.Repeat("<Item name=\"A\" sample=\"0\">1</Item>", 100_000) + "</GDALMetadata>"),
		"GeoKeys.tif":             small(Tag{Number: 34735, Value: keys}, Tag{Number: 34737, Value: strings.Repeat("a|", 60_000)}),
		"deep WKT in a key.tif":   small(Tag{Number: 34735, Value: []uint16{1, 1, 0, 1, 1026, 34737, 60000, 0}}, Tag{Number: 34737, Value: strings.Repeat("PROJCS[", 9_000)}),
		"noData.tif":              small(Tag{Number: 42113, Value: strings.Repeat("9", 1_000_000) + "\x00"}),
		"tie points.tif":          small(Tag{Number: 33922, Value: make([]float64, 600_000)}),
		"palette.tif":             small(Tag{Number: 320, Value: make([]uint16, 3<<16)}, Tag{Number: 262, Value: []uint16{3}}, Tag{Number: 258, Value: []uint16{16}}),
		"bits of a million.tif":   small(Tag{Number: 258, Value: make([]uint16, 1_000_000)}),
		"a million SubIFDs.tif":   small(Tag{Number: 330, Value: offsets}),
		"IFD that is its own.tif": loop(uint64(binary.LittleEndian.Uint32(loop(0)[4:]))),
		"million directories.tif": chainOfDirectories(1_000_000),
		"million entries.tif":     manyEntries(1_000_000),
	} {
		if !yield(name, b) {
			return
		}
	}
}

// chainOfDirectories is a small image, followed by many directories of one entry.
func chainOfDirectories(n int) []byte {
	f := &File{Size: image.Pt(64, 64), EPSG: 3857, Sample: func(_, _, _, _ int) float64 { return 1 }}
	plain := f.NorthUp(0, 0, 1).Bytes()
	f.NextIFD = uint64(len(plain))
	out := f.Bytes()
	for range n {
		out = append(out, 1, 0, 254, 0, 4, 0, 1, 0, 0, 0, 1, 0, 0, 0)
		out = binary.LittleEndian.AppendUint32(out, uint32(len(out)+4))
	}
	return out
}

// manyEntries is a BigTIFF directory of n entries.
func manyEntries(n int) []byte {
	out := binary.LittleEndian.AppendUint64([]byte("II\x2b\x00\x08\x00\x00\x00"), 16)
	out = binary.LittleEndian.AppendUint64(out, uint64(n))
	return append(out, bytes.Repeat([]byte{0, 1, 4, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0}, n)...)
}

// paddedBombs are long enough for what they say, but not by their pixels.
func paddedBombs(yield func(string, []byte) bool) {
	padding := make([]byte, 4<<20)
	side := image.Pt(8192, 8192)
	for name, b := range map[string][]byte{
		"padded deflate.tif": bomb(Deflate, side, side, nil), "padded zstd.tif": bomb(ZSTD, side, side, nil),
		"padded lzw.tif": bomb(LZW, side, side, nil), "padded jpeg.tif": bomb(JPEG, side, side, nil),
		"padded.png": PNGOfSize(side.X, side.Y, 8, 0), "padded wide.png": PNGOfSize(side.X, side.Y, 16, 6),
		"padded.gif": GIFOfSize(side.X, side.Y, 1), "padded.bmp": BMPHeader(side.X, side.Y),
	} {
		if !yield(name, append(b, padding...)) {
			return
		}
	}
	yield("24 frames.gif", GIFOfSize(side.X, side.Y, 24))
}

func pictureBombs(yield func(string, []byte) bool) {
	for _, side := range []int{8192, 1000} {
		for name, b := range map[string][]byte{
			"grey.png": PNGOfSize(side, side, 8, 0), "bilevel.png": PNGOfSize(side, side, 1, 0), "palette.png": PNGOfSize(side, side, 8, 3),
			"wide.png": PNGOfSize(side, side, 16, 6), "wide grey.png": PNGOfSize(side, side, 16, 4), "rgb.png": PNGOfSize(side, side, 8, 2),
			"grey.jpg": JPEGOfSize(side, side, 1, false), "progressive.jpg": JPEGOfSize(side, side, 3, true),
			"progressive grey.jpg": JPEGOfSize(side, side, 1, true), "frames.gif": GIFOfSize(side, side, 1+9000/side), "header.bmp": BMPHeader(side, side),
		} {
			if !yield(fmt.Sprintf("%d %s", side, name), b) {
				return
			}
		}
	}
}
