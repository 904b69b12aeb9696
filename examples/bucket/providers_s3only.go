//go:build s3only

package main

import "gocloud.dev/blob"

// providersVersion returns the version of an object as its provider states it, or "".
func providersVersion(object *blob.Reader) string { return s3Version(object) }
