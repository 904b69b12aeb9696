// Package s3 makes buckets of S3 and of servers that speak its language known to gocloud.dev/blob, as s3://bucket/key.
package s3

import (
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"gocloud.dev/blob"

	_ "gocloud.dev/blob/s3blob" // s3://bucket/key
)

// Version returns the ETag of an object of S3, or "".
func Version(object *blob.Reader) string {
	var out s3.GetObjectOutput
	if object.As(&out) && out.ETag != nil {
		return *out.ETag
	}
	return ""
}
