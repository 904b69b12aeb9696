package grid

import (
	"bytes"
	"context"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/raster"
)

// asciiKeys are the keys of Esri's ASCII grids, in capital letters.
var asciiKeys = map[string]bool{
	"NCOLS": true, "NROWS": true, "XLLCORNER": true, "XLLCENTER": true, "YLLCORNER": true, "YLLCENTER": true, "CELLSIZE": true,
	"DX": true, "DY": true, "NODATA_VALUE": true, "NODATA": true,
}

// isASCII reports whether a file is one of Esri's ASCII grids: a text that begins with one of the keys.
func isASCII(head []byte) bool {
	words := bytes.Fields(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")))
	return len(words) > 1 && asciiKeys[strings.ToUpper(string(words[0]))]
}

// readASCII reads the keys and values of the header (Esri, "ASCII to Raster"), in any order and case, and then all
// numbers, once.
func (in *input) readASCII(ctx context.Context) (*header, error) {
	w := newWords(ctx, in.src)
	v, err := asciiHeader(w)
	if err != nil {
		return nil, err
	}
	var n [2]int64
	for i, key := range [...]string{"NCOLS", "NROWS"} {
		if n[i], err = parseCount(strings.ToLower(key), v[key], largestSide); err != nil {
			return nil, err
		}
	}
	if err := in.limits.checkSize(n[0], n[1], 1); err != nil {
		return nil, err
	}
	h := newHeader(n[0], n[1], 1)
	numbers := map[string]float64{}
	for key, text := range v {
		switch key {
		case "NCOLS", "NROWS", "NODATA_VALUE", "NODATA":
			continue
		}
		if numbers[key], err = parseFinite(strings.ToLower(key), text); err != nil {
			return nil, err
		}
	}
	width, height := numbers["CELLSIZE"], numbers["CELLSIZE"]
	if dx, ok := numbers["DX"]; ok {
		width = dx
	}
	if dy, ok := numbers["DY"]; ok {
		height = dy
	}
	if h.affine, err = lowerLeft(numbers, width, height, h.size.Y); err != nil {
		return nil, err
	}
	c := census{whole: true, digits: true}
	if text := v["NODATA_VALUE"] + v["NODATA"]; text != "" {
		none, ok := parseNumber([]byte(text))
		if !ok {
			return nil, &FormatError{Name: "NODATA_value", Value: text, Reason: "no number"}
		}
		c.add([]byte(text), none)
		h.setNoData(text)
	}
	t := &text{src: in.src, size: h.size}
	if err := t.scan(w, &c); err != nil {
		return nil, err
	}
	h.typ, h.samples = c.pixelType(), t
	return h, nil
}

// asciiHeader returns the values of the header by their keys in capital letters. The first word that does not begin
// with a letter in place of a key is the first number, as is a spelling of NaN or infinity.
func asciiHeader(w *words) (map[string]string, error) {
	v := map[string]string{}
	for {
		word := bytes.TrimPrefix(w.next(), []byte("\xef\xbb\xbf"))
		if len(word) == 0 {
			break
		}
		if _, number := parseNumber(word); number || word[0]|0x20 < 'a' || word[0]|0x20 > 'z' {
			w.unread()
			break
		}
		name := string(word)
		key := strings.ToUpper(name)
		if !asciiKeys[key] {
			return nil, &FormatError{Name: "header", Value: name, Reason: "no key that is known"}
		}
		value := string(w.next())
		if value == "" {
			return nil, &FormatError{Name: name, Reason: "there is no value"}
		}
		if key == "NODATA" {
			key = "NODATA_VALUE"
		}
		if before, twice := v[key]; twice && before != value {
			return nil, &FormatError{Name: name, Value: value, Reason: "it was " + shorten(before) + " before"}
		}
		v[key] = value
	}
	return v, w.err
}

// readSurferText reads an ASCII grid of Surfer: DSAA, columns and rows, the limits of x, y and z, and then all numbers,
// once.
func (in *input) readSurferText(ctx context.Context) (*header, error) {
	w := newWords(ctx, in.src)
	w.next()
	var n [2]int64
	for i, name := range [...]string{"columns", "rows"} {
		var err error
		if n[i], err = parseCount(name, string(w.next()), largestSide); err != nil {
			return nil, err
		}
	}
	var v [6]float64
	for i := range v {
		var err error
		if v[i], err = parseFinite("limit "+strconv.Itoa(i), string(w.next())); err != nil {
			return nil, err
		}
	}
	if w.err != nil {
		return nil, w.err
	}
	h, err := in.surferHeader(n[0], n[1], raster.F64, v[0], v[1], v[2], v[3])
	if err != nil {
		return nil, err
	}
	t := &text{src: in.src, size: h.size, upwards: true}
	h.samples = t
	return h, t.scan(w, &census{})
}
