package grid

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/sidecar"
)

// isENVI reports whether a header is one of ENVI.
func isENVI(text []byte) bool {
	line, _, _ := strings.Cut(strings.TrimPrefix(string(text[:min(len(text), 64)]), "\ufeff"), "\n")
	return strings.TrimSpace(line) == "ENVI"
}

// An enviHeader has the values of ENVI's header by their keys in small letters: "key = value" a line, where a value in
// braces may have more lines (NV5 Geospatial, "ENVI header files").
type enviHeader map[string]string

func parseENVI(text []byte) (enviHeader, error) {
	h := enviHeader{}
	_, rest, _ := strings.Cut(string(text), "\n")
	for rest != "" {
		var line string
		line, rest, _ = strings.Cut(rest, "\n")
		if trimmed := strings.TrimSpace(line); trimmed == "" || trimmed[0] == ';' {
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		if !ok {
			return nil, &FormatError{Name: "ENVI header", Value: strings.TrimSpace(line), Reason: "a line without ="}
		}
		key, value = strings.ToLower(strings.Join(strings.Fields(key), " ")), strings.TrimSpace(value)
		if strings.HasPrefix(value, "{") {
			if !strings.Contains(value, "}") {
				more, after, closed := strings.Cut(rest, "}")
				if !closed {
					return nil, &FormatError{Name: key, Reason: "its braces are not closed"}
				}
				_, rest, _ = strings.Cut(after, "\n")
				value += "\n" + more
			}
			value, _, _ = strings.Cut(value[1:], "}")
			value = strings.TrimSpace(value)
		}
		if before, twice := h[key]; twice && before != value {
			return nil, &FormatError{Name: key, Value: value, Reason: "it was " + shorten(before) + " before"}
		}
		h[key] = value
	}
	return h, nil
}

// list returns the values of a list in braces.
func (h enviHeader) list(key string) []string {
	if h[key] == "" {
		return nil
	}
	words := strings.Split(h[key], ",")
	for i := range words {
		words[i] = strings.Join(strings.Fields(words[i]), " ")
	}
	return words
}

func (h enviHeader) count(key string, fallback, most int64) (int64, error) {
	if h[key] == "" {
		return fallback, nil
	}
	return parseCount(key, h[key], most)
}

// enviTypes are the pixel types by ENVI's numbers.
var enviTypes = map[string]raster.PixelType{
	"1": raster.U8, "2": raster.S16, "3": raster.S32, "4": raster.F32, "5": raster.F64, "6": raster.C64, "9": raster.C128,
	"12": raster.U16, "13": raster.U32,
}

// enviUsed are the keys that are applied or refused; the others become metadata of the raster.
var enviUsed = []string{
	"samples", "lines", "bands", "header offset", "data type", "interleave", "byte order", "map info", "coordinate system string",
	"band names", "data ignore value", "class lookup", "class names", "classes", "data gain values", "data offset values",
	"wavelength", "wavelength units", "file compression", "major frame offsets", "minor frame offsets",
}

// readENVI reads what ENVI's header states.
func (in *input) readENVI(text *sidecar.Text) (*header, error) {
	e, err := parseENVI(text.Bytes)
	if err != nil {
		return nil, err
	}
	var n [3]int64
	for i, key := range [...]string{"samples", "lines", "bands"} {
		fallback := int64(0)
		if i == 2 {
			fallback = 1
		}
		if n[i], err = e.count(key, fallback, largestSide); err != nil {
			return nil, err
		}
	}
	if err := in.limits.checkSize(n[0], n[1], n[2]); err != nil {
		return nil, err
	}
	h := newHeader(n[0], n[1], n[2])
	if err := e.refuse(); err != nil {
		return nil, err
	}
	r, err := e.layout(h, in)
	if err != nil {
		return nil, err
	}
	if err := h.raw(r); err != nil {
		return nil, err
	}
	if err := e.describe(h); err != nil {
		return nil, err
	}
	return h, e.place(h)
}

// refuse returns an error for what makes samples lie elsewhere than the other entries say.
func (h enviHeader) refuse() error {
	if v := h["file compression"]; v != "" && v != "0" {
		return &UnsupportedError{Name: "file compression", Value: v}
	}
	for _, key := range [...]string{"major frame offsets", "minor frame offsets"} {
		if slices.ContainsFunc(h.list(key), func(v string) bool { return v != "0" }) {
			return &UnsupportedError{Name: key, Value: h[key]}
		}
	}
	return nil
}

func (h enviHeader) layout(to *header, in *input) (*raw, error) {
	t, ok := enviTypes[h["data type"]]
	switch kind := h["data type"]; {
	case kind == "14", kind == "15":
		return nil, &UnsupportedError{Name: "data type", Value: kind, Reason: "whole numbers of 64 bits"}
	case !ok:
		return nil, &FormatError{Name: "data type", Value: kind, Reason: "none of ENVI's types"}
	}
	enc := newEncoding(t, false)
	switch h["byte order"] {
	case "1":
		enc.bigEndian = true
	case "0":
	case "":
		if enc.bits > 8 {
			to.note("byte order is missing: the least significant byte counts as the first")
		}
	default:
		return nil, &FormatError{Name: "byte order", Value: h["byte order"], Reason: "neither 0 nor 1"}
	}
	skip, err := h.count("header offset", 0, in.src.Size())
	if err != nil {
		return nil, err
	}
	if err := in.holds(to, enc); err != nil {
		return nil, err
	}
	size, cols, bands := int64(enc.bits), int64(to.size.X), int64(to.bands)
	r := &raw{src: in.src, enc: enc, first: 8 * skip, sample: size}
	switch strings.ToLower(h["interleave"]) {
	case "bil":
		r.band, r.line = cols*size, cols*size*bands
	case "bip":
		r.band, r.sample, r.line = size, size*bands, cols*size*bands
	case "bsq":
		r.line, r.band = cols*size, step(cols*size, int64(to.size.Y))
	case "":
		if bands > 1 {
			return nil, &FormatError{Name: "interleave", Reason: "it is missing"}
		}
		r.line = cols * size
	default:
		return nil, &FormatError{Name: "interleave", Value: h["interleave"], Reason: "none of bil, bip and bsq"}
	}
	return r, nil
}

// describe applies what the header states about bands.
func (h enviHeader) describe(to *header) error {
	to.setNoData(h["data ignore value"])
	set := func(key string, apply func(b *sidecar.Band, v string)) {
		list := h.list(key)
		if len(list) > to.bands {
			to.note("%s: of %d values, those after the number of bands, %d, are left aside", key, len(list), to.bands)
		}
		for i := range min(len(list), to.bands) {
			apply(to.band(i), list[i])
		}
	}
	set("band names", func(b *sidecar.Band, v string) { b.Name = v })
	set("data gain values", func(b *sidecar.Band, v string) { b.Scale = v })
	set("data offset values", func(b *sidecar.Band, v string) { b.Offset = v })
	set("wavelength", func(b *sidecar.Band, v string) {
		b.Items = map[string]string{"wavelength": v}
		if unit := h["wavelength units"]; unit != "" {
			b.Items["wavelength_units"] = unit
		}
	})
	for key, value := range h {
		if !slices.Contains(enviUsed, key) && value != "" {
			if to.metadata.Items == nil {
				to.metadata.Items = map[string]string{}
			}
			to.metadata.Items[key] = value
		}
	}
	return h.classes(to)
}

// classes applies the names and colours of classes.
func (h enviHeader) classes(to *header) error {
	if names := h.list("class names"); names != nil {
		to.band(0).Categories = names
	}
	colors := h.list("class lookup")
	if colors == nil {
		return nil
	}
	if len(colors)%3 != 0 || len(colors) > 3*maxColors {
		return &FormatError{Name: "class lookup", Value: fmt.Sprint(len(colors)), Reason: "no list of up to 65536 colours"}
	}
	table := &sidecar.ColorTable{}
	for i := 0; i < len(colors); i += 3 {
		table.Entries = append(table.Entries, [4]string{colors[i], colors[i+1], colors[i+2]})
	}
	to.band(0).Colors = table
	return nil
}

// mapNumber parses one of the values of map info, counted from 0.
func mapNumber(info []string, i int) (float64, error) {
	if i >= len(info) {
		return 0, &FormatError{Name: "map info", Reason: fmt.Sprintf("%d values, want at least 7", len(info))}
	}
	v, err := strconv.ParseFloat(info[i], 64)
	if err != nil || v-v != 0 {
		return 0, &FormatError{Name: "map info", Value: info[i], Reason: "no finite number"}
	}
	return v, nil
}
