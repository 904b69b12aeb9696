//go:build s3only

package main

import (
	"gocloud.dev/blob"

	"github.com/geoexport/geoexport/examples/bucket/s3"
)

// providersVersion returns the version of an object as its provider states it, or "".
func providersVersion(object *blob.Reader) string { return s3.Version(object) }
