package source_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster/source"
)

func TestSchemes(t *testing.T) {
	var asked []string
	schemes := source.Schemes{"s3": {Open: func(_ context.Context, location string) (source.Source, error) {
		asked = append(asked, location)
		return source.FromReaderAt(bytes.NewReader([]byte("abc")), 3), nil
	}}, "list": {}}
	src, err := schemes.Open(t.Context(), "S3://bucket/a.tif?region=x")
	require.NoError(t, err)
	assert.EqualValues(t, 3, src.Size())
	assert.Equal(t, []string{"S3://bucket/a.tif?region=x"}, asked)
	for _, location := range []string{"https://example.com/a.tif", "list://a"} {
		_, err = schemes.Open(t.Context(), location)
		require.ErrorAs(t, err, new(*source.SchemeError), location)
		_, ok, _ := schemes.Of(location)
		assert.True(t, ok, location)
	}
	for _, location := range []string{"", "a.tif", `C:\a.tif`, "C://a.tif", "/vsicurl/http://a", "a:b", "://a"} {
		_, ok, err := schemes.Of(location)
		require.NoError(t, err, location)
		assert.False(t, ok, location)
		_, err = schemes.Open(t.Context(), location)
		require.ErrorContains(t, err, "not a URL", location)
	}
	_, _, err = source.Schemes(nil).Of("https://example.com/a.tif")
	require.EqualError(t, err, `no Scheme opens URLs of "https"`)
}

func TestRedacted(t *testing.T) {
	for location, want := range map[string]string{
		"https://me:secret@example.com/a%20b.tif?token=secret#secret": "https://example.com/a%20b.tif",
		"https://example.com/a.tif":                                   "https://example.com/a.tif",
		"https://me:secret%zz@example.com":                            "https://…",
		"a?b#c.tif":                                                   "a?b#c.tif",
		"":                                                            "",
	} {
		assert.Equal(t, want, source.Redacted(location))
	}
}
