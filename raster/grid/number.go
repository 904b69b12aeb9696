package grid

import (
	"bytes"
	"math"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/sidecar"
)

// tens are the powers of ten that a float64 holds exactly.
var tens = [...]float64{
	1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
}

// parseNumber parses a number of a text: decimal, perhaps with an exponent and with a decimal comma, or a spelling of
// NaN or infinity. The result is the float64 nearest to it.
func parseNumber(word []byte) (v float64, ok bool) {
	if v, ok = parsePlain(word); ok {
		return v, true
	}
	return parseAny(word)
}

// parseAny parses any number.
func parseAny(word []byte) (float64, bool) {
	before, after, comma := bytes.Cut(word, []byte(","))
	if comma && (len(after) == 0 || bytes.ContainsAny(after, ",.") || bytes.IndexByte(before, '.') >= 0) {
		return 0, false // a list of numbers, or groups of digits
	}
	if bytes.ContainsAny(word, ";| \t") {
		return 0, false
	}
	v, ok := sidecar.ParseNoData(string(word), raster.F64, 1)
	if !ok {
		return 0, false
	}
	return v[0], true
}

// parsePlain parses digits with at most one point, of which the value without the point has at most 53 bits and is
// divided by a power of ten that is exact: so the quotient is rounded once, and is the nearest (W. D. Clinger, "How
// to read floating point numbers accurately", 1990). ok is false for all other words.
func parsePlain(word []byte) (v float64, ok bool) {
	negative := false
	if len(word) > 0 && (word[0] == '-' || word[0] == '+') {
		negative, word = word[0] == '-', word[1:]
	}
	if len(word) == 0 || len(word) > 18 { // so that digits fit 64 bits
		return 0, false
	}
	var digits uint64
	point := -1
	for i, c := range word {
		switch {
		case c-'0' <= 9:
			digits = 10*digits + uint64(c-'0')
		case c == '.' && point < 0:
			point = i
		default:
			return 0, false
		}
	}
	if digits > 1<<53 || point >= 0 && len(word) == 1 {
		return 0, false
	}
	v = float64(digits)
	if point >= 0 {
		v /= tens[len(word)-1-point]
	}
	if negative {
		v = -v
	}
	return v, true
}

// isWhole reports whether a word is written as a whole number that S32 holds.
func isWhole(word []byte, v float64) bool {
	return v >= math.MinInt32 && v <= math.MaxInt32 && isDigits(word)
}

// isDigits reports whether a number is written as a whole one: without a point, comma or exponent.
func isDigits(word []byte) bool {
	if word[0] == '-' || word[0] == '+' {
		word = word[1:]
	}
	for _, c := range word {
		if c-'0' > 9 {
			return false
		}
	}
	return len(word) > 0
}
