package httpsource

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
)

// Reasons for which an answer is not taken.
var (
	// ErrNoRanges is why a server is refused that sends whole files, if Client.Whole does not allow it.
	ErrNoRanges = errors.New("the server does not send parts of files")
	// ErrWrongPart is why an answer is not taken that is another part of the file than was asked for, or has another
	// length than it states.
	ErrWrongPart = errors.New("the server sent another part")
	// ErrEncoded is why an answer is not taken that has a content encoding, in which offsets mean nothing.
	ErrEncoded = errors.New("the server sent an encoded part")
	// ErrLate is why an answer is not taken that takes longer than Client.Timeout.
	ErrLate error = late{}
)

// late is an error of the kind that net.Error calls a timeout.
type late struct{}

func (late) Error() string { return "the answer came too late" }
func (late) Timeout() bool { return true }

// A StatusError is the status of an answer that is not what was asked for. It is fs.ErrNotExist if the status is 404 or
// 410, and fs.ErrPermission if it is 401 or 403.
type StatusError int

func (e StatusError) Error() string {
	if text := http.StatusText(int(e)); text != "" {
		return fmt.Sprintf("status %d, %s", int(e), text)
	}
	return fmt.Sprintf("status %d", int(e))
}

// Is makes a StatusError the error of package fs that it stands for.
func (e StatusError) Is(target error) bool {
	switch e {
	case http.StatusNotFound, http.StatusGone:
		return target == fs.ErrNotExist
	case http.StatusUnauthorized, http.StatusForbidden:
		return target == fs.ErrPermission
	}
	return false
}

// public returns a URL as it may be shown to anybody.
func public(u *url.URL) string {
	v := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}
	return v.String()
}

// bare returns an error of net/http without the URL, which may hold a signature.
func bare(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}
