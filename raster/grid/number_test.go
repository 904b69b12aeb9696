package grid

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

// TestParsePlain: the fast way agrees with the standard library bit by bit, where it applies.
func TestParsePlain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[-+]?[0-9]{0,12}(\.[0-9]{0,9})?`).Draw(t, "word")
		v, ok := parsePlain([]byte(word))
		want, err := strconv.ParseFloat(word, 64)
		if ok && (err != nil || math.Float64bits(v) != math.Float64bits(want)) {
			t.Fatalf("%q is %v, want %v (%v)", word, v, want, err)
		}
		if digits := strings.Trim(word, "-+."); !ok && err == nil && len(digits) > 0 && len(digits) < 14 {
			t.Fatalf("%q is not parsed, want %v", word, want)
		}
	})
}

func TestParseNumber(t *testing.T) {
	for word, want := range map[string]float64{
		"1": 1, "-0.5": -.5, "+7": 7, ".25": .25, "3.": 3, "1e3": 1000, "1,5": 1.5, "-1E-2": -.01, "inf": math.Inf(1), "-Infinity": math.Inf(-1),
		"123456789012345678": 123456789012345678, "0.000000000000000000001": 1e-21,
	} {
		v, ok := parseNumber([]byte(word))
		assert.True(t, ok, word)
		assert.InDelta(t, want, v, 0, word)
	}
	for _, word := range []string{"", "-", ".", "+.", "1,2,3", "1,1,1", "1,", "1.2.3", "1.2,3", "1,2.3", "x", "0x1", "1_0", "1;2", "--1", "1e", "1e999"} {
		v, ok := parseNumber([]byte(word))
		assert.False(t, ok, "%q is %v", word, v)
	}
	for _, word := range []string{"nan", "-NaN", "1.#QNAN", "-1.#IND", "nan(0x8)"} {
		v, ok := parseNumber([]byte(word))
		assert.True(t, ok && v != v, word)
	}
}

func BenchmarkParseNumber(b *testing.B) {
	word := []byte("-1234.567")
	b.Run("plain", func(b *testing.B) {
		for b.Loop() {
			parseNumber(word)
		}
	})
	b.Run("any", func(b *testing.B) {
		for b.Loop() {
			parseAny(word)
		}
	})
}
