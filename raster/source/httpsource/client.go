package httpsource

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/geoexport/geoexport/raster/source"
)

// Defaults of a Client.
const (
	DefaultFirst    = 16 << 10
	DefaultGap      = 16 << 10
	DefaultLongest  = 4 << 20
	DefaultRequests = 16
	DefaultRetries  = 4
	DefaultPause    = 100 * time.Millisecond
	DefaultPatience = 10 * time.Second
	DefaultTimeout  = 30 * time.Second
	DefaultRefresh  = 30 * time.Second
)

// A Client opens files on HTTP servers. The zero value is ready, with the defaults stated at each field. Fields must not
// be changed once it is in use. It is safe for concurrent use.
type Client struct {
	// HTTP sends the requests. Nil is a client that connects to public addresses only, follows up to five redirects, and
	// knows no proxy. Its Timeout, if any, holds for each request.
	HTTP *http.Client
	// Header is sent with every request, such as an Authorization. See http.Client on what is kept in redirects.
	Header http.Header
	// First is the number of bytes that Open asks for; 0 is DefaultFirst.
	First int
	// Gap is the number of unwanted bytes up to which two ranges are fetched together; 0 is DefaultGap, and a negative
	// number is none.
	Gap int
	// Longest is the number of bytes above which a range is split; 0 is DefaultLongest.
	Longest int
	// Requests is the number of requests at the same time, of all files together; 0 is DefaultRequests.
	Requests int
	// Retries is how often a request is repeated that failed for a reason that may pass; 0 is DefaultRetries, and a
	// negative number is never.
	Retries int
	// Pause is the pause before the first repetition, give or take half of it. Each further one is twice as long, up to
	// Patience. 0 is DefaultPause.
	Pause time.Duration
	// Patience is the longest pause, also if a server asks for a longer one, which then makes the request fail; 0 is
	// DefaultPatience.
	Patience time.Duration
	// Timeout is the longest time for one request with its answer; 0 is DefaultTimeout.
	Timeout time.Duration
	// Whole is the size in bytes up to which a file is kept in memory whose server ignores ranges. Larger ones, and with
	// 0 all, are refused with ErrNoRanges.
	Whole int64
	// Refresh is for how long Latest returns what it found out before; 0 is DefaultRefresh, and a negative number asks
	// the server each time.
	Refresh time.Duration

	once  sync.Once
	plain *http.Client
	slots chan struct{}
}

func (c *Client) init() {
	c.once.Do(func() {
		c.plain = cmp.Or(c.HTTP, PublicClient())
		c.slots = make(chan struct{}, max(1, cmp.Or(c.Requests, DefaultRequests)))
	})
}

// check returns an error that names a field that is out of range.
func (c *Client) check() error {
	for _, f := range []struct {
		name  string
		value int64
	}{{"First", int64(c.First)}, {"Longest", int64(c.Longest)}, {"Requests", int64(c.Requests)}, {"Pause", int64(c.Pause)},
		{"Patience", int64(c.Patience)}, {"Timeout", int64(c.Timeout)}, {"Whole", c.Whole}} {
		if f.value < 0 {
			return fmt.Errorf("httpsource: Client.%s is %d", f.name, f.value)
		}
	}
	return nil
}

// maxRedirects is how many redirects PublicClient follows for one request.
const maxRedirects = 5

// ErrRedirect is why a redirect was not followed: there were more than five, or it led to something other than HTTP.
var ErrRedirect = errors.New("a redirect that is not followed")

// PublicClient returns an HTTP client that connects to addresses on the public internet only, see source.PublicOnly,
// follows up to five redirects, and sends no credentials of the environment: neither proxies nor cookies.
func PublicClient() *http.Client {
	dialer := &net.Dialer{Control: source.PublicOnly, Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Client{
		Transport: &http.Transport{
			DialContext:         dialer.DialContext,
			ForceAttemptHTTP2:   true,
			TLSHandshakeTimeout: 10 * time.Second,
			IdleConnTimeout:     90 * time.Second,
			MaxIdleConnsPerHost: DefaultRequests,
			DisableCompression:  true,
		},
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if len(via) > maxRedirects || !web(r.URL) {
				return ErrRedirect
			}
			return nil
		},
	}
}

func web(u *url.URL) bool { return (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" }
