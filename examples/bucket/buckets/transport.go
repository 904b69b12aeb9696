package buckets

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"
)

// A transport answers HTTP requests for ranges of a bucket's objects, so that package httpsource reads from buckets with
// all that it does for web servers: few requests, side by side, repeated when they fail, and never of two versions of a
// file. The path of a URL is the key; its host is not looked at.
type transport struct {
	bucket  *blob.Bucket
	version func(*blob.Reader) string
}

// statusOf maps what went wrong in a bucket to the status that a web server has for it. Any other error is one of the
// connection.
var statusOf = map[gcerrors.ErrorCode]int{
	gcerrors.NotFound:           http.StatusNotFound,
	gcerrors.PermissionDenied:   http.StatusForbidden,
	gcerrors.FailedPrecondition: http.StatusPreconditionFailed,
	gcerrors.ResourceExhausted:  http.StatusTooManyRequests,
	gcerrors.InvalidArgument:    http.StatusRequestedRangeNotSatisfiable,
}

// RoundTrip answers a GET with a Range of the form bytes=from-to, and no other.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	var from, to int64
	if _, err := fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-%d", &from, &to); err != nil || r.Method != http.MethodGet {
		return nil, fmt.Errorf("a %s of the range %q", r.Method, r.Header.Get("Range"))
	}
	object, err := t.bucket.NewRangeReader(r.Context(), strings.TrimPrefix(r.URL.Path, "/"), from, to+1-from, nil)
	if status, ok := statusOf[gcerrors.Code(err)]; ok {
		return answer(r, status, http.Header{}, http.NoBody), nil
	}
	if err != nil {
		return nil, err
	}
	h := http.Header{}
	h.Set("ETag", t.versionOf(object))
	if want := r.Header.Get("If-Match"); want != "" && want != h.Get("ETag") {
		return answer(r, http.StatusPreconditionFailed, h, http.NoBody), object.Close()
	}
	to = min(to, object.Size()-1)
	h.Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, to, object.Size()))
	h.Set("Content-Length", strconv.FormatInt(to+1-from, 10))
	a := answer(r, http.StatusPartialContent, h, object)
	a.ContentLength = to + 1 - from
	return a, nil
}

func answer(r *http.Request, status int, h http.Header, body io.ReadCloser) *http.Response {
	return &http.Response{
		Status: http.StatusText(status), StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: h, Body: body, Request: r,
	}
}

// versionOf returns a strong ETag for the version of an object that is being read.
func (t transport) versionOf(object *blob.Reader) string {
	if t.version != nil {
		if tag := t.version(object); tag != "" {
			return `"` + strings.Trim(tag, `"`) + `"`
		}
	}
	return fmt.Sprintf(`"%x-%x"`, object.ModTime().UnixNano(), object.Size())
}
