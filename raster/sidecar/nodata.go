package sidecar

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/raster"
)

// ParseNoData parses the text of a noData value for samples of type t in the given number of bands: a number, or any
// spelling of NaN or infinity that a C library prints, such as "-nan", "nan(0x8)" and "1.#QNAN". A decimal comma counts
// as a point. A list of equal values stands for one value, and a list of as many values as there are bands for one
// each. The result has one value, or one for each band, rounded to the type, so that a text of 17 digits equals the
// float32 that it was written from. ok is false if the text is anything else, or if the type cannot hold a value.
func ParseNoData(text string, t raster.PixelType, bands int) (values []float64, ok bool) {
	text = strings.Trim(text, "\x00 \t\r\n")
	if v, ok := parseSample(text, t); ok {
		return []float64{v}, true
	}
	for _, split := range []func(r rune) bool{isBlank, isSeparator, isComma} {
		words := strings.FieldsFunc(text, split)
		if len(words) < 2 || len(words) > maxNoDataWords {
			continue
		}
		values = values[:0]
		for _, w := range words {
			v, ok := parseSample(w, t)
			if !ok {
				break
			}
			values = append(values, v)
		}
		switch {
		case len(values) < len(words):
		case !slices.ContainsFunc(values, func(v float64) bool { return !equal(v, values[0]) }):
			return values[:1], true
		case len(values) == bands:
			return values, true
		}
	}
	return nil, false
}

// equal reports whether two values are the same; NaN is the same as NaN.
func equal(a, b float64) bool { return a == b || a != a && b != b }

// maxNoDataWords bounds the length of a list of noData values: the largest number of bands of a TIFF file.
const maxNoDataWords = math.MaxUint16

func isBlank(r rune) bool     { return strings.ContainsRune(" \t\r\n", r) }
func isSeparator(r rune) bool { return r == ';' || r == '|' || isBlank(r) }
func isComma(r rune) bool     { return r == ',' || isSeparator(r) }

// parseSample parses one number, and rounds it to the type t. The number is compared with complex samples as a real
// number.
func parseSample(s string, t raster.PixelType) (v float64, ok bool) {
	s = strings.TrimSuffix(s, ",")
	if v, ok = parseSpecial(s); !ok {
		if strings.ContainsAny(s, "xX_") {
			return 0, false
		}
		var err error
		if v, err = strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64); err != nil {
			return 0, false
		}
	}
	switch {
	case t == raster.F64, t == raster.C128:
		return v, true
	case t == raster.F32, t == raster.C64:
		f := float64(float32(v))
		return f, math.IsInf(f, 0) == math.IsInf(v, 0)
	}
	lo, hi := t.Range()
	return v, v == math.Trunc(v) && v >= lo && v <= hi
}

// parseSpecial parses NaN and infinity, in the spellings of C libraries: C11 7.21.6.1, and those of Microsoft's before
// 2015, "1.#QNAN", "-1.#IND" and "1.#INF".
func parseSpecial(s string) (v float64, ok bool) {
	word := strings.ToLower(s)
	sign := 1
	if rest, minus := strings.CutPrefix(word, "-"); minus {
		word, sign = rest, -1
	} else {
		word = strings.TrimPrefix(word, "+")
	}
	if rest, microsoft := strings.CutPrefix(word, "1.#"); microsoft {
		word = strings.TrimRight(rest, "0")
	} else if name, detail, found := strings.Cut(word, "("); found && strings.HasSuffix(detail, ")") {
		word = name
	}
	switch word {
	case "nan", "nanq", "nans", "qnan", "snan", "ind":
		return math.NaN(), true
	case "inf", "infinity":
		return math.Inf(sign), true
	}
	return 0, false
}
