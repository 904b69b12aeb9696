//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

const (
	bucketVerb = "bucket"
	scenesName = "scenes"   // the bucket of the rasters
	outputName = "pictures" // the bucket of the pictures that answers link to
)

// serveBucket serves S3 out of this process's memory until ctx is done. It prints its address.
func serveBucket(ctx context.Context, stdout io.Writer) error {
	backend := s3mem.New()
	for _, name := range []string{scenesName, outputName} {
		if err := backend.CreateBucket(name); err != nil {
			return err
		}
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Fprintln(stdout, "http://"+listener.Addr().String())
	server := &http.Server{Handler: gofakes3.New(backend).Server(), ReadHeaderTimeout: time.Minute}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// bucketQuery returns the options that make gocloud.dev/blob use the server at an address, and the environment with the
// keys that it wants.
func bucketQuery(address string) string {
	return "?" + url.Values{"region": {"eu-central-1"}, "endpoint": {address}, "use_path_style": {"true"}}.Encode()
}

var bucketKeys = []string{"AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test"}
