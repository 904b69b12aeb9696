package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

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

// at returns the URL of a key in the same bucket.
func (l location) at(key string) string {
	u, err := url.Parse(l.bucket)
	if err != nil {
		return ""
	}
	u.Path = "/" + key
	return u.String()
}

// schemes returns how the URLs of all providers are opened, for an exportimage.Opener. This is all that a program needs
// for rasters in buckets.
func (b *buckets) schemes() source.Schemes {
	out := source.Schemes{}
	for _, name := range blob.DefaultURLMux().BucketSchemes() {
		out[name] = source.Scheme{Open: b.openSource, List: b.list}
	}
	return out
}

func (b *buckets) openSource(ctx context.Context, text string) (source.Source, error) {
	at, err := parseLocation(text)
	if err != nil {
		return nil, err
	}
	bucket, err := b.get(ctx, at.bucket)
	if err != nil {
		return nil, err
	}
	client := b.client(at.bucket, bucket)
	host, _, _ := strings.Cut(strings.SplitN(at.bucket, "://", 2)[1], "?")
	file, err := client.Open(ctx, (&url.URL{Scheme: "https", Host: host, Path: "/" + at.key}).String())
	if err != nil {
		return nil, err
	}
	return file, nil
}

// client returns the client that reads from a bucket.
func (b *buckets) client(address string, bucket *blob.Bucket) *httpsource.Client {
	b.mu.Lock()
	defer b.mu.Unlock()
	c, ok := b.clients[address]
	if !ok {
		c = &httpsource.Client{HTTP: &http.Client{Transport: transport{bucket}}}
		b.clients[address] = c
	}
	return c
}

// list returns the URLs of all objects below one.
func (b *buckets) list(ctx context.Context, text string) (urls []string, err error) {
	at, err := parseLocation(text)
	if err != nil {
		return nil, err
	}
	bucket, err := b.get(ctx, at.bucket)
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
