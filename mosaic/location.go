package mosaic

import (
	"context"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/netip"
	"net/url"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/source"
)

// A LocationError reports a location that an index or a feature collection states and that must not be opened.
type LocationError struct {
	Item     string // its name
	Location string // as it is spelled
	Reason   string
}

func (e *LocationError) Error() string {
	return fmt.Sprintf("mosaic: item %q: location %q %s, and no entry of FeatureOptions.Allow allows it",
		e.Item, e.Location, e.Reason)
}

// checked returns a function that opens an item's raster if its location is allowed.
func (f *featureReader) checked(item, location string) func(context.Context) (raster.Dataset, error) {
	open, allow, folder := f.o.Open, f.o.Allow, f.o.Folder
	if f.o.FollowLinks {
		folder = nil
	}
	return func(ctx context.Context) (raster.Dataset, error) {
		reason := refused(location, allow)
		if reason == "" && folder != nil && !slices.ContainsFunc(allow, func(p string) bool { return allows(p, location) }) {
			reason = linked(folder, location)
		}
		if reason != "" {
			return nil, &LocationError{item, location, reason}
		}
		return open(ctx, location)
	}
}

// schemePattern matches the scheme of a URL, a drive of Windows, and what libraries take for a driver's name.
var schemePattern = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]*):`)

// refused returns why a location must not be opened; it is empty if it may be.
func refused(location string, allow []string) string {
	if !utf8.ValidString(location) || strings.ContainsFunc(location, unicode.IsControl) {
		return "has characters that no location has"
	}
	for _, prefix := range allow {
		if allows(prefix, location) {
			return ""
		}
	}
	scheme := schemePattern.FindStringSubmatch(location)
	switch {
	case scheme == nil:
		return outside(location)
	case len(scheme[1]) == 1:
		return "is on a drive"
	case strings.EqualFold(scheme[1], "http") || strings.EqualFold(scheme[1], "https"):
		return private(location)
	}
	return fmt.Sprintf("is of the kind %q", scheme[1])
}

// allows reports whether a location begins with the segments of prefix, and does not lead out of them again.
func allows(prefix, location string) bool {
	rest, ok := strings.CutPrefix(location, prefix)
	if !ok || prefix == "" {
		return false
	}
	if !strings.HasSuffix(prefix, "/") && !strings.HasSuffix(prefix, `\`) && rest != "" && !strings.HasPrefix(rest, "/") {
		return false // "https://example.com" does not allow "https://example.com.example.org"
	}
	return outside(strings.TrimLeft(rest, "/")) == ""
}

// outside returns why a path leads out of the folder that it is relative to, in any spelling that a program further on
// might take for such a path: with the separators of Windows or with backslashes in names, blanks around it, or
// percent-encoded.
func outside(location string) string {
	const depth = 4 // of encodings inside encodings
	for range depth {
		for _, p := range separated(location) {
			if reason := leaves(p); reason != "" {
				return reason
			}
		}
		decoded := unescape(location)
		if decoded == location || strings.TrimSpace(location) == "" { // of a prefix, there is no more
			return ""
		}
		location = decoded
	}
	return "is encoded again and again"
}

// separated returns a location as the systems read it: for some, a backslash is a separator, and for others a letter.
func separated(location string) [2]string {
	p := strings.TrimSpace(location)
	return [2]string{p, strings.ReplaceAll(p, `\`, "/")}
}

// leaves returns why a path with slashes leads out of its folder.
func leaves(p string) string {
	clean := path.Clean(p)
	switch {
	case p == "":
		return ""
	case path.IsAbs(p):
		return "is an absolute path"
	case clean == ".." || strings.HasPrefix(clean, "../"), !filepath.IsLocal(filepath.FromSlash(p)):
		return "leads out of its folder"
	case schemePattern.MatchString(p):
		return "is no relative path"
	case strings.ContainsFunc(p, unicode.IsControl):
		return "has characters that no location has"
	}
	return ""
}

// linked returns why a location that outside does not refuse leads out of its folder by links, in any spelling.
func linked(folder fs.FS, location string) string {
	for {
		for _, p := range separated(location) {
			if leadsOut(folder, path.Clean(p)) {
				return "passes a symbolic link that leads out of its folder"
			}
		}
		decoded := unescape(location)
		if decoded == location {
			return ""
		}
		location = decoded
	}
}

var escapePattern = regexp.MustCompile(`%[0-9A-Fa-f]{2}`)

// unescape decodes what is percent-encoded; a percent sign of another kind stays.
func unescape(s string) string {
	return escapePattern.ReplaceAllStringFunc(s, func(e string) string {
		b, _ := hex.DecodeString(e[1:]) // it is two digits
		return string(b)
	})
}

// private returns why a URL is not on the public internet, as far as its text shows. What a name resolves to is known
// only to who connects: see source.PublicOnly.
func private(location string) string {
	u, err := url.Parse(location)
	switch {
	case err != nil || u.Host == "" || u.Opaque != "":
		return "is a malformed URL"
	case u.User != nil:
		return "has a user's name"
	}
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	if addr, err := netip.ParseAddr(host); err == nil {
		if !source.PublicAddress(addr) {
			return "is on a private address"
		}
		return ""
	}
	last := host[strings.LastIndexByte(host, '.')+1:]
	switch {
	case last == host:
		return "is on a host of the local network" // "localhost", "db", and addresses as one number
	case strings.ContainsAny(last[:min(1, len(last))], "0123456789"):
		return "has an address in an unusual form" // "0x7f.1", "127.1"
	case last == "localhost" || last == "local" || last == "internal" || last == "lan" || last == "intranet" || last == "home":
		return "is on a host of the local network"
	}
	return ""
}
