package grid

import (
	"bytes"
	"context"
	"fmt"
	"path"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/sidecar"
)

// An esriHeader is a header of lines of a key and a value, as Esri describes it ("BIL, BIP, and BSQ raster files", and
// "Float to Raster" for .flt).
type esriHeader struct {
	name   string            // of the header's file
	values map[string]string // by keys in capital letters
}

// esriKeys are the keys that count. NODATA_VALUE is what .flt files have for NODATA.
var esriKeys = []string{
	"NROWS", "NCOLS", "NBANDS", "NBITS", "PIXELTYPE", "BYTEORDER", "LAYOUT", "SKIPBYTES", "ULXMAP", "ULYMAP", "XDIM", "YDIM",
	"BANDROWBYTES", "TOTALROWBYTES", "BANDGAPBYTES", "NODATA", "NODATA_VALUE", "XLLCORNER", "YLLCORNER", "XLLCENTER",
	"YLLCENTER", "CELLSIZE",
}

// parseEsri parses the lines of a header. It returns the keys that do not count.
func parseEsri(text *sidecar.Text) (h *esriHeader, others []string, err error) {
	h = &esriHeader{text.Name, map[string]string{}}
	known := map[string]bool{}
	for _, k := range esriKeys {
		known[k] = true
	}
	for line := range strings.Lines(string(bytes.TrimPrefix(text.Bytes, []byte("\ufeff")))) {
		words := strings.Fields(strings.Trim(line, "\x00\x1a\r\n"))
		if len(words) == 0 {
			continue
		}
		key := strings.ToUpper(words[0])
		switch {
		case !known[key]:
			others = append(others, shorten(words[0]))
			continue
		case len(words) < 2:
			return nil, nil, &FormatError{Name: key, Reason: "there is no value"}
		}
		if before, twice := h.values[key]; twice && before != words[1] {
			return nil, nil, &FormatError{Name: key, Value: words[1], Reason: "it was " + shorten(before) + " before"}
		}
		h.values[key] = words[1]
	}
	return h, others, nil
}

// count returns a whole number from 0 to most; fallback if it is not stated.
func (h *esriHeader) count(key string, fallback, most int64) (int64, error) {
	text, ok := h.values[key]
	if !ok {
		return fallback, nil
	}
	return parseCount(key, text, most)
}

func parseCount(key, text string, most int64) (int64, error) {
	v, err := strconv.ParseInt(text, 10, 64)
	if err != nil || v < 0 {
		return 0, &FormatError{Name: key, Value: text, Reason: "no whole number from 0 on"}
	}
	if v > most {
		return 0, &FormatError{Name: key, Value: text, Reason: fmt.Sprintf("more than %d", most)}
	}
	return v, nil
}

// number returns a finite number; ok is false if it is not stated.
func (h *esriHeader) number(key string) (v float64, ok bool, err error) {
	text, ok := h.values[key]
	if !ok {
		return 0, false, nil
	}
	v, err = parseFinite(key, text)
	return v, true, err
}

// parseFinite parses a finite number, which may have a decimal comma.
func parseFinite(key, text string) (float64, error) {
	v, ok := parseNumber([]byte(text))
	if !ok || v-v != 0 {
		return 0, &FormatError{Name: key, Value: text, Reason: "no finite number"}
	}
	return v, nil
}

// largestSide is the largest number of rows, columns or bands that a header can state, whatever the limits are.
const largestSide = 1<<31 - 1

// readEsri reads what Esri's header states, and the colours and statistics beside it.
func (in *input) readEsri(ctx context.Context, text *sidecar.Text) (*header, error) {
	e, others, err := parseEsri(text)
	if err != nil {
		return nil, err
	}
	var n [3]int64
	for i, key := range [...]string{"NCOLS", "NROWS", "NBANDS"} {
		fallback := int64(0)
		if i == 2 {
			fallback = 1
		}
		if n[i], err = e.count(key, fallback, largestSide); err != nil {
			return nil, err
		}
	}
	if _, ok := e.values["NCOLS"]; !ok {
		return nil, &FormatError{Name: text.Name, Reason: "neither Esri's header, which has NCOLS, nor ENVI's"}
	}
	if err := in.limits.checkSize(n[0], n[1], n[2]); err != nil {
		return nil, err
	}
	h := newHeader(n[0], n[1], n[2])
	for _, key := range others {
		h.note("%s: %s is not understood, and left aside", text.Name, key)
	}
	enc, err := e.encoding(h, in.name)
	if err != nil {
		return nil, err
	}
	r, err := e.layout(h, in, enc)
	if err != nil {
		return nil, err
	}
	if err := h.raw(r); err != nil {
		return nil, err
	}
	if h.affine, err = e.affine(h); err != nil {
		return nil, err
	}
	h.setNoData(e.noData())
	if err := in.readColors(ctx, h); err != nil {
		return nil, err
	}
	return h, in.readStatistics(ctx, h)
}

func (h *esriHeader) noData() string {
	if v := h.values["NODATA"]; v != "" {
		return v
	}
	return h.values["NODATA_VALUE"]
}

// setNoData states the noData value of all bands; an empty text states none.
func (h *header) setNoData(text string) {
	if text == "" {
		return
	}
	for i := range h.bands {
		h.band(i).NoData = text
	}
}

// encoding returns how samples are written.
func (h *esriHeader) encoding(to *header, name string) (e encoding, err error) {
	kind := strings.ToUpper(h.values["PIXELTYPE"])
	fallback := int64(8)
	if strings.EqualFold(path.Ext(name), ".flt") {
		fallback = 32
		if kind == "" {
			kind = "FLOAT"
		}
	}
	size, err := h.count("NBITS", fallback, 1<<10)
	if err != nil {
		return e, err
	}
	if kind == "" && (size == 16 || size == 32) && strings.HasPrefix(h.noData(), "-") {
		to.note("PIXELTYPE is missing: samples are signed, since NODATA is %s", shorten(h.noData()))
		kind = "SIGNEDINT"
	}
	t := raster.Unknown
	switch kind {
	case "", "UNSIGNEDINT", "UNSIGNED":
		t = map[int64]raster.PixelType{
			1: raster.U1, 2: raster.U2, 4: raster.U4, 8: raster.U8, 16: raster.U16, 32: raster.U32,
		}[size]
	case "SIGNEDINT", "SIGNED":
		t = map[int64]raster.PixelType{8: raster.S8, 16: raster.S16, 32: raster.S32}[size]
	case "FLOAT":
		t = map[int64]raster.PixelType{32: raster.F32, 64: raster.F64}[size]
	}
	if t == raster.Unknown {
		return e, &UnsupportedError{Name: "PIXELTYPE", Value: h.values["PIXELTYPE"], Reason: fmt.Sprintf("with NBITS %d", size)}
	}
	e = newEncoding(t, false)
	switch order := strings.ToUpper(h.values["BYTEORDER"]); order {
	case "M", "MSBFIRST", "MSB":
		e.bigEndian = true
	case "I", "LSBFIRST", "LSB", "L":
	case "":
		if size > 8 {
			to.note("BYTEORDER is missing: the least significant byte counts as the first")
		}
	default:
		return e, &FormatError{Name: "BYTEORDER", Value: order, Reason: "neither I nor M"}
	}
	return e, nil
}

// layout returns where samples are.
func (h *esriHeader) layout(to *header, in *input, enc encoding) (*raw, error) {
	layout := strings.ToUpper(h.values["LAYOUT"])
	ext := strings.ToUpper(strings.TrimPrefix(path.Ext(in.name), "."))
	if stated := ext == "BIL" || ext == "BIP" || ext == "BSQ"; stated && layout == "" {
		layout = ext
	} else if stated && layout != ext && to.bands > 1 {
		to.note("LAYOUT is %s, although the file's name ends in %s", shorten(layout), strings.ToLower(ext))
	}
	if layout == "" {
		layout = "BIL"
	}
	if err := in.holds(to, enc); err != nil {
		return nil, err
	}
	var v [4]int64
	for i, key := range [...]string{"SKIPBYTES", "BANDROWBYTES", "TOTALROWBYTES", "BANDGAPBYTES"} {
		var err error
		if v[i], err = h.count(key, 0, in.src.Size()); err != nil {
			return nil, err
		}
	}
	skip, bandRow, totalRow, gap := v[0], v[1], v[2], v[3]
	cols, bands, size := int64(to.size.X), int64(to.bands), int64(enc.bits)
	row, all := (cols*size+7)/8, (cols*bands*size+7)/8
	r := &raw{src: in.src, enc: enc, first: 8 * skip, sample: size}
	atLeast := func(key string, v *int64, least int64) error {
		if *v == 0 {
			*v = least
		}
		if *v < least {
			return &FormatError{Name: key, Value: show(*v), Reason: fmt.Sprintf("a row takes %d bytes", least)}
		}
		return nil
	}
	var err error
	switch layout {
	case "BIL":
		if err = atLeast("BANDROWBYTES", &bandRow, row); err == nil {
			err = atLeast("TOTALROWBYTES", &totalRow, step(bandRow, bands))
		}
		r.band, r.line = 8*bandRow, 8*totalRow
	case "BIP":
		err = atLeast("TOTALROWBYTES", &totalRow, all)
		r.band, r.sample, r.line = size, size*bands, 8*totalRow
	case "BSQ":
		err = atLeast("BANDROWBYTES", &bandRow, row)
		r.line, r.band = 8*bandRow, 8*(step(bandRow, int64(to.size.Y))+gap)
	default:
		return nil, &FormatError{Name: "LAYOUT", Value: layout, Reason: "none of BIL, BIP and BSQ"}
	}
	return r, err
}

// affine returns where the pixels lie; zero if the header does not say it. ULXMAP and ULYMAP are the centre of the
// first pixel.
func (h *esriHeader) affine(to *header) (a raster.Affine, err error) {
	v := map[string]float64{}
	for _, key := range [...]string{
		"ULXMAP", "ULYMAP", "XDIM", "YDIM", "XLLCORNER", "YLLCORNER", "XLLCENTER", "YLLCENTER", "CELLSIZE",
	} {
		n, ok, err := h.number(key)
		if err != nil {
			return a, err
		}
		if ok {
			v[key] = n
		}
	}
	if cell, ok := v["CELLSIZE"]; ok {
		for _, key := range [...]string{"XDIM", "YDIM"} {
			if _, ok := v[key]; !ok {
				v[key] = cell
			}
		}
	}
	_, dims := v["XDIM"]
	_, dimsY := v["YDIM"]
	_, ulx := v["ULXMAP"]
	_, uly := v["ULYMAP"]
	switch {
	case ulx && uly && dims && dimsY:
		return affineOf(v["XDIM"], v["YDIM"], v["ULXMAP"]-float64(v["XDIM"]/2), v["ULYMAP"]+float64(v["YDIM"]/2)), nil
	case ulx != uly, ulx && !(dims && dimsY):
		return a, &FormatError{Name: h.name, Reason: "of ULXMAP, ULYMAP, XDIM and YDIM some are missing"}
	}
	return lowerLeft(v, v["XDIM"], v["YDIM"], to.size.Y)
}

// lowerLeft returns the map of a grid that has its lower left corner, or the centre of its lower left pixel, among
// values by keys in capital letters; zero if it has neither.
func lowerLeft(v map[string]float64, width, height float64, rows int) (a raster.Affine, err error) {
	x, okX := v["XLLCORNER"]
	y, okY := v["YLLCORNER"]
	if cx, ok := v["XLLCENTER"]; ok && !okX {
		x, okX = cx-float64(width/2), true
	}
	if cy, ok := v["YLLCENTER"]; ok && !okY {
		y, okY = cy-float64(height/2), true
	}
	switch {
	case !okX && !okY:
		return a, nil
	case !okX, !okY:
		return a, &FormatError{Name: "georeference", Reason: "of the lower left corner only one coordinate is stated"}
	case !(width > 0 && height > 0):
		return a, &FormatError{Name: "cell size", Value: fmt.Sprintf("%v %v", width, height), Reason: "not positive, or missing"}
	}
	return affineOf(width, height, x, y+float64(height*float64(rows))), nil
}
