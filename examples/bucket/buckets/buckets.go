// Package buckets reads rasters out of buckets of S3, Google Cloud Storage or Azure, and keeps pictures there, by
// gocloud.dev/blob. Which providers there are is decided by the imports of the program.
package buckets

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"gocloud.dev/blob"

	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/raster/source/httpsource"
)

// mostKeys is the number of objects of a prefix.
const mostKeys = 100_000

// A location is an object of a bucket, or with a key that ends in "/" all objects below it.
type location struct {
	bucket string // its URL without a key, as gocloud.dev/blob opens it, with the options in its query
	key    string
}

// parseLocation reads scheme://bucket/key?options.
func parseLocation(text string) (location, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return location{}, errors.New("not a URL") // the error of url.Parse holds all of it, and perhaps a secret
	case u.Scheme == "" || u.Host == "":
		return location{}, fmt.Errorf("%s: neither a scheme nor a bucket", source.Redacted(text))
	}
	key := strings.TrimPrefix(u.Path, "/")
	u.Path, u.RawPath, u.Fragment = "", "", ""
	return location{u.String(), key}, nil
}

// CheckURL reports what makes a text no URL of an object or a prefix.
func CheckURL(text string) error {
	_, err := parseLocation(text)
	return err
}

// at returns the URL of a key in the same bucket.
func (l location) at(key string) string {
	u, err := url.Parse(l.bucket)
	if err != nil {
		return ""
	}
	u.Path = "/" + key
	return u.String()
}

// A Set is of buckets that are opened once each, when they are first needed. It is safe for concurrent use. The zero value
// is ready.
type Set struct {
	// Version returns the version of an object as its provider states it, or "". Without it, and for "", the version is made
	// of the time and size.
	Version func(object *blob.Reader) string

	// Refresh is after which time a file that is asked for again is looked at again, see httpsource.Client. The default is
	// that of httpsource.
	Refresh time.Duration

	mu      sync.Mutex
	open    map[string]*blob.Bucket
	clients map[string]*httpsource.Client
}

// Add makes an opened bucket known by its URL without a key. Close closes it.
func (s *Set) Add(address string, bucket *blob.Bucket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.add(address, bucket)
}

func (s *Set) add(address string, bucket *blob.Bucket) {
	if s.open == nil {
		s.open = map[string]*blob.Bucket{}
	}
	s.open[address] = bucket
}

func (s *Set) get(ctx context.Context, address string) (*blob.Bucket, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if bucket, ok := s.open[address]; ok {
		return bucket, nil
	}
	bucket, err := blob.OpenBucket(ctx, address)
	if err != nil {
		return nil, err
	}
	s.add(address, bucket)
	return bucket, nil
}

// Close closes all buckets.
func (s *Set) Close() (err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, bucket := range s.open {
		err = errors.Join(err, bucket.Close())
	}
	s.open = nil
	return err
}

// Schemes returns how the URLs of all providers are opened, for an exportimage.Opener. This is all that a program needs
// for rasters in buckets.
func (s *Set) Schemes() source.Schemes {
	out := source.Schemes{}
	for _, name := range blob.DefaultURLMux().BucketSchemes() {
		out[name] = source.Scheme{Open: s.openSource, List: s.list}
	}
	return out
}

func (s *Set) openSource(ctx context.Context, text string) (source.Source, error) {
	at, err := parseLocation(text)
	if err != nil {
		return nil, err
	}
	bucket, err := s.get(ctx, at.bucket)
	if err != nil {
		return nil, err
	}
	client := s.client(at.bucket, bucket)
	host, _, _ := strings.Cut(strings.SplitN(at.bucket, "://", 2)[1], "?")
	file, err := client.Open(ctx, (&url.URL{Scheme: "https", Host: host, Path: "/" + at.key}).String())
	if err != nil {
		return nil, err
	}
	return file, nil
}

// client returns the client that reads from a bucket.
func (s *Set) client(address string, bucket *blob.Bucket) *httpsource.Client {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.clients[address]
	if !ok {
		c = &httpsource.Client{HTTP: &http.Client{Transport: transport{bucket, s.Version}}, Refresh: s.Refresh}
		if s.clients == nil {
			s.clients = map[string]*httpsource.Client{}
		}
		s.clients[address] = c
	}
	return c
}

// list returns the URLs of all objects below one.
func (s *Set) list(ctx context.Context, text string) (urls []string, err error) {
	at, err := parseLocation(text)
	if err != nil {
		return nil, err
	}
	bucket, err := s.get(ctx, at.bucket)
	if err != nil {
		return nil, err
	}
	list := bucket.List(&blob.ListOptions{Prefix: at.key})
	for {
		object, err := list.Next(ctx)
		if errors.Is(err, io.EOF) {
			return urls, nil
		}
		if err != nil {
			return nil, fmt.Errorf("listing the bucket: %w", err)
		}
		if urls = append(urls, at.at(object.Key)); len(urls) > mostKeys {
			return nil, fmt.Errorf("more than %d objects; serve a prefix of fewer", mostKeys)
		}
	}
}
