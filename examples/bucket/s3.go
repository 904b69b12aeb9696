package main

import (
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"gocloud.dev/blob"

	_ "gocloud.dev/blob/s3blob" // s3://bucket/key
)

func s3Version(object *blob.Reader) string {
	var out s3.GetObjectOutput
	if object.As(&out) && out.ETag != nil {
		return *out.ETag
	}
	return ""
}
