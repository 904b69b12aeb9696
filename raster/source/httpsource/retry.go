package httpsource

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/geoexport/geoexport/raster/source"
)

// attempt calls try until it succeeds, fails for a reason that does not pass, or was repeated often enough. Each call
// has a place among the client's requests and its own time. The pause that try returns is what the server asked for, or
// negative.
func (s *Source) attempt(ctx context.Context, try func(ctx context.Context) (status int, pause time.Duration, err error)) error {
	c := s.client
	repeat := cmp.Or(c.Retries, DefaultRetries)
	for n := 0; ; n++ {
		status, pause, err := s.once(ctx, n, try)
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case errors.As(err, new(*source.ChangedError)):
			return err
		}
		failed := &source.FarError{Name: s.name, Status: status, Attempts: n + 1, Err: err}
		if n >= repeat || !passes(status, err) {
			return failed
		}
		wait := max(pause, c.pause(n))
		if wait > cmp.Or(c.Patience, DefaultPatience) {
			return failed
		}
		if end, ok := ctx.Deadline(); ok && time.Until(end) < wait {
			return failed // the reason is worth more than that the time was over
		}
		if err := sleep(ctx, wait); err != nil {
			return err
		}
	}
}

// once makes attempt number n.
func (s *Source) once(ctx context.Context, n int, try func(ctx context.Context) (int, time.Duration, error)) (int, time.Duration, error) {
	c := s.client
	select {
	case c.slots <- struct{}{}:
	case <-ctx.Done():
		return 0, -1, context.Cause(ctx)
	}
	defer func() { <-c.slots }()
	ctx, cancel := context.WithTimeoutCause(ctx, cmp.Or(c.Timeout, DefaultTimeout), ErrLate)
	defer cancel()
	repeated := int64(0)
	if n > 0 {
		repeated = 1
	}
	source.CounterOf(ctx).Add(1, 0, repeated)
	status, pause, err := try(ctx)
	if err != nil && errors.Is(context.Cause(ctx), ErrLate) {
		err = ErrLate
	}
	return status, pause, err
}

// pause returns the pause after attempt n, with a random part so that those who failed together do not return together.
func (c *Client) pause(n int) time.Duration {
	least, most := cmp.Or(c.Pause, DefaultPause), cmp.Or(c.Patience, DefaultPatience)
	wait := min(least<<min(n, 20), most)
	return wait/2 + rand.N(wait/2+1)
}

// passes reports whether the reason of a failure may pass by itself: the server is busy or broken for the moment, or the
// connection is. An answer that is not the part asked for counts as one that was garbled on the way.
func passes(status int, err error) bool {
	switch {
	case errors.As(err, new(*source.AddressError)), errors.Is(err, ErrRedirect), errors.Is(err, ErrNoRanges),
		errors.As(err, new(*tls.CertificateVerificationError)):
		return false
	case errors.As(err, new(StatusError)):
		switch status {
		case http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway,
			http.StatusServiceUnavailable, http.StatusGatewayTimeout:
			return true
		}
		return false
	}
	return true
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
