//go:build !s3only

package main

import (
	"strconv"

	"cloud.google.com/go/storage"
	azblob "github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/blob"
	"gocloud.dev/blob"

	"github.com/geoexport/geoexport/examples/bucket/s3"

	_ "gocloud.dev/blob/azureblob" // azblob://container/key
	_ "gocloud.dev/blob/gcsblob"   // gs://bucket/key
)

// providersVersion returns the version of an object as its provider states it, or "".
func providersVersion(object *blob.Reader) string {
	var google *storage.Reader
	var azure azblob.DownloadStreamResponse
	switch {
	case object.As(&google):
		return strconv.FormatInt(google.Attrs.Generation, 10)
	case object.As(&azure) && azure.ETag != nil:
		return string(*azure.ETag)
	}
	return s3.Version(object)
}
