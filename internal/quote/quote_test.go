package quote_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/geoexport/geoexport/internal/quote"
)

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		"":                        `""`,
		"a\"b\n\x1b[31m":          `"a\"b\n\x1b[31m"`,
		"ü":                       `"\u00fc"`,
		strings.Repeat("x", 40):   `"` + strings.Repeat("x", 40) + `"`,
		strings.Repeat("x", 41):   `"` + strings.Repeat("x", 40) + `\u2026"`,
		strings.Repeat("ü", 1000): `"` + strings.Repeat(`\u00fc`, 20) + `\u2026"`,
	} {
		assert.Equal(t, want, quote.Text(in))
	}
	assert.Equal(t, strings.Repeat("x", 40)+"…", quote.Short(strings.Repeat("x", 50)))
}
