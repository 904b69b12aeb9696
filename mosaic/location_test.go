package mosaic

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
)

// hostileLocations are what a stranger may write into an index to get at something else.
var hostileLocations = []string{
	"/etc/passwd", "//server/share/a.tif", "///a.tif", " /etc/passwd", "\u00a0/etc/passwd", "..", "../a.tif", "a/../../b.tif",
	"a/b/../../../c.tif", "./../a.tif", "a/./../../b.tif", "..\\a.tif", "a\\..\\..\\b.tif", "\\\\server\\share\\a.tif",
	"\\windows\\a.tif", "C:\\a.tif", "C:/a.tif", "c:a.tif", "\\\\?\\C:\\a.tif", "//?/C:/a.tif",
	"%2e%2e/a.tif", "..%2fa.tif", "..%2Fa.tif", "%2e%2e%2fa.tif", "%252e%252e%252fa.tif", "%25252e%25252e/a.tif", "%2fetc/passwd",
	"..%5ca.tif", "..%2f%zz.tif", "%zz/..%2f..%2fa.tif", "%5c%5cserver/a.tif", "a%00.tif", "a.tif\x00", "a\x00/../../b.tif", "a\n.tif", "a\xff.tif", "\x7f.tif",
	"%43%3a/a.tif", "file%3a///etc/passwd", "a\\b/../../c.tif", "a\\b\\c/../../etc/passwd", "%z\\z/..%2f..", "a%5cb/../../c.tif",
	"file:///etc/passwd", "FILE:///etc/passwd", "file:/etc/passwd", "file:a.tif", "file://localhost/etc/passwd",
	"ftp://example.com/a.tif", "s3://bucket/a.tif", "gs://bucket/a.tif", "az://a", "jar:file:///a", "data:image/tiff;base64,AAAA",
	"gopher://127.0.0.1:6379/_x", "unix:/var/run/docker.sock", "ldap://example.com", "vrt://a.tif", "NETCDF:a.nc:b", "a.tif:stream",
	"/vsicurl/http://example.com/a.tif", "/vsizip/a.zip/b.tif",
	"http://localhost/a.tif", "http://LOCALHOST:80/a.tif", "http://localhost./a.tif", "http://a.localhost/b", "http://db/a.tif",
	"http://127.0.0.1/a.tif", "https://127.1/a.tif", "http://2130706433/a.tif", "http://0x7f000001/", "http://0x7f.1/", "http://0177.0.0.1/",
	"http://[::1]/a.tif", "http://[::ffff:127.0.0.1]/a.tif", "http://[::ffff:7f00:1]/", "http://[fe80::1%25eth0]/", "http://[fd00::1]/",
	"http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://[::]/", "http://0.0.0.0/", "http://0/",
	"http://10.0.0.1/a.tif", "http://172.16.0.1/", "http://172.31.255.255/", "http://192.168.1.1/", "http://169.254.169.254/latest/meta-data/",
	"http://100.100.100.200/", "http://224.0.0.1/", "http://255.255.255.255/", "http://240.0.0.1/", "http://198.18.0.1/",
	"http://metadata.google.internal/", "http://printer.local/", "http://nas.lan/", "http://user:secret@example.com/a.tif",
	"http://example.com@127.0.0.1/", "http://127.0.0.1#@example.com/", "http:///a.tif", "http:a.tif", "http:/a.tif", "http://", "https://[bad/",
	"http://127。0。0。1/", "http://①②⑦.0.0.1/", "http://exa mple.com/", "http://%31%32%37.0.0.1/",
}

var harmlessLocations = []string{
	"a.tif", "./a.tif", "sub/a.tif", "sub/../a.tif", "sub\\a.tif", "a b.tif", "100%.tif", "a%20b.tif", "..a.tif", "a..tif", "...", "ä/ß.tif",
	"2014-10-20T10:00:00.tif", "~/a.tif", "-a.tif",
	"https://example.com/a.tif", "http://example.com:8080/a/../b.tif?x=y#z", "HTTPS://EXAMPLE.COM/a.tif", "https://8.8.8.8/a.tif",
	"https://[2606:4700::1111]/a.tif",
}

// opened returns what o's Open is asked to open for a location in a feature collection, and the item's error.
func opened(t *testing.T, location string, allow ...string) (asked []string, err error) {
	text, err := json.Marshal(location)
	require.NoError(t, err)
	items, err := Features(strings.NewReader(stac(`"id":"the item","properties":{},"assets":{"a":{"href":`+string(text)+`}}`)), &FeatureOptions{
		Allow: allow,
		Open: func(_ context.Context, location string) (raster.Dataset, error) {
			asked = append(asked, location)
			return nil, errOpened
		}})
	require.NoError(t, err)
	_, err = items[0].Open(t.Context())
	return asked, err
}

func TestHostileLocations(t *testing.T) {
	for _, l := range hostileLocations {
		if l == "a\xff.tif" {
			continue // JSON has no such text
		}
		asked, err := opened(t, l)
		assert.Empty(t, asked, "%q", l)
		wrong, ok := errors.AsType[*LocationError](err)
		if assert.True(t, ok, "%q: %v", l, err) {
			assert.Equal(t, "the item", wrong.Item)
			assert.ErrorContains(t, err, "the item")
		}
		assert.NotEmpty(t, refused(l, nil), "%q", l)
	}
	for _, l := range harmlessLocations {
		asked, err := opened(t, l)
		assert.Equal(t, []string{l}, asked, "%v", err)
		assert.ErrorIs(t, err, errOpened)
	}
}

// TestAllow: what is allowed is opened, and what only looks like it is not.
func TestAllow(t *testing.T) {
	allow := []string{"/srv/rasters/", "s3://bucket", "http://tiles:8080/", "file:///data", "C:\\data\\", "http://10.0.0.7"}
	for _, l := range []string{"/srv/rasters/a.tif", "/srv/rasters/b/../a.tif", "s3://bucket/a.tif", "s3://bucket", "http://tiles:8080/a",
		"file:///data/a.tif", "C:\\data\\a.tif", "http://10.0.0.7/a", "a.tif"} {
		asked, err := opened(t, l, allow...)
		assert.Equal(t, []string{l}, asked, "%v", err)
	}
	for _, l := range []string{"/srv/rasters", "/srv/rasters2/a.tif", "/srv/rasters/../a.tif", "/srv/rasters/%2e%2e/a.tif", "/srv/rasters/a/..\\..\\..\\b",
		"s3://bucket2/a.tif", "s3://bucket/../other/a.tif", "S3://bucket/a", "http://tiles:8080@example.com/", "http://tiles:80801/", "http://10.0.0.70/",
		`/srv/rasters/a\b/../../c.tif`, "file:///database", "file:///data/../etc/passwd", "C:\\data\\..\\a.tif", "/srv/rasters/\x00", "/etc/passwd"} {
		asked, _ := opened(t, l, allow...)
		assert.Empty(t, asked, "%q", l)
	}
	asked, _ := opened(t, "/etc/passwd", "")
	assert.Empty(t, asked, "an empty entry allows nothing")
}

// FuzzLocation: a location that is opened without being allowed, and is no URL, lies in its folder however it is decoded.
func FuzzLocation(f *testing.F) {
	for _, l := range append(hostileLocations, harmlessLocations...) {
		f.Add(l)
	}
	f.Fuzz(func(t *testing.T, location string) {
		if refused(location, nil) != "" || schemePattern.MatchString(location) {
			return
		}
		for _, l := range spellings(location) {
			if !local(l) {
				t.Fatalf("%q, decoded as %q", location, l)
			}
		}
	})
}

// spellings are a location with its percent signs decoded any number of times, and with the separators of both systems.
func spellings(location string) (out []string) {
	for range 8 {
		out = append(out, location, strings.ReplaceAll(location, `\`, "/"))
		decoded := unescape(location)
		if decoded == location {
			return out
		}
		location = decoded
	}
	return out
}

// local reports whether a path stays in its folder, segment by segment.
func local(p string) bool {
	depth := 0
	for segment := range strings.SplitSeq(p, "/") {
		switch segment {
		case "..":
			if depth--; depth < 0 {
				return false
			}
		case "", ".":
		default:
			depth++
		}
	}
	return !strings.HasPrefix(p, "/") && !strings.Contains(p, "\x00")
}
