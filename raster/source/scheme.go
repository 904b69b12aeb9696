package source

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// A Scheme opens the files that URLs of one scheme lead to, such as https or s3.
type Scheme struct {
	// Open opens the file at a URL. A source that is an io.Closer is closed by the caller.
	Open func(ctx context.Context, location string) (Source, error)
	// List returns the URLs of all files below one that ends in a slash, in any order. Nil: such URLs are errors, as of
	// web servers, which have no way to list files.
	List func(ctx context.Context, location string) ([]string, error)
}

// Schemes are how URLs are opened, by their schemes in small letters. Nil opens none. The method Schemes of a Client of
// package httpsource returns those of web servers; programs add others, such as that of a bucket.
type Schemes map[string]Scheme

// Of returns how the URL of a location is opened. ok reports whether the location is a URL, and not a path. The error is
// a *SchemeError if the URL is of another scheme.
func (s Schemes) Of(location string) (scheme Scheme, ok bool, err error) {
	m := urlPattern.FindStringSubmatch(location)
	if m == nil {
		return Scheme{}, false, nil
	}
	name := strings.ToLower(m[1])
	if scheme = s[name]; scheme.Open == nil {
		return Scheme{}, true, &SchemeError{name}
	}
	return scheme, true, nil
}

// Open opens the file at a URL.
func (s Schemes) Open(ctx context.Context, location string) (Source, error) {
	scheme, ok, err := s.Of(location)
	if !ok {
		return nil, fmt.Errorf("source: %q is not a URL", location)
	}
	if err != nil {
		return nil, err
	}
	return scheme.Open(ctx, location)
}

// urlPattern matches the scheme of a URL with a host. Drives of Windows have one letter and no host.
var urlPattern = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]+)://`)

// Redacted returns a URL without its user, query and fragment, in which there may be secrets, for messages. Paths stay
// as they are.
func Redacted(location string) string {
	if !urlPattern.MatchString(location) {
		return location
	}
	u, err := url.Parse(location)
	if err != nil {
		return urlPattern.FindString(location) + "…"
	}
	u.User, u.RawQuery, u.ForceQuery, u.Fragment, u.RawFragment = nil, "", false, "", ""
	return u.String()
}

// A SchemeError reports a URL that nobody said how to open.
type SchemeError struct{ Scheme string }

func (e *SchemeError) Error() string { return fmt.Sprintf("no Scheme opens URLs of %q", e.Scheme) }
