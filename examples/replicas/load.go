//go:build linux

package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"
)

// host stands in URLs where the client has chosen a socket already.
const host = "http://replica"

// paths returns n requests for pictures of random boxes, the same in each run.
func paths(n int) []string {
	rng := rand.New(rand.NewPCG(7, 7))
	out := make([]string, n)
	for i := range out {
		w := 4 + 20*rng.Float64()
		x, y := -180+(360-w)*rng.Float64(), -80+(160-w)*rng.Float64()
		format := "png"
		if i%2 == 1 {
			format = "jpg"
		}
		out[i] = mount + "/exportImage?" + url.Values{
			"bbox":   {fmt.Sprintf("%.6f,%.6f,%.6f,%.6f", x, y, x+w, y+w)},
			"bboxSR": {"4326"}, "imageSR": {"3857"}, "size": {"256,256"}, "format": {format}, "f": {"image"},
		}.Encode()
	}
	return out
}

// A sum is the hash of a picture.
type sum = [sha256.Size]byte

// expected returns the sums of what a lone service answers. Requests that it does not answer are errors.
func (d *deployment) expected(ctx context.Context, paths []string) (map[string]sum, error) {
	out := make(map[string]sum, len(paths))
	for _, p := range paths {
		w := httptest.NewRecorder()
		d.lone.handler.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, p, nil))
		if w.Code != http.StatusOK {
			return nil, fmt.Errorf("the lone service answers %s by %d: %s", p, w.Code, w.Body)
		}
		out[p] = sha256.Sum256(w.Body.Bytes())
	}
	return out, nil
}

// An answer is what came of one request.
type answer struct {
	path        string
	began, done time.Time
	code        int
	sum         sum
	kept        string // what a cache says of it
	failure     string
}

// load asks a socket for paths that choose returns, with as many clients as the options say and as fast as answers come,
// and calls see with each answer. It goes on for a time, or if that is 0 until ctx is done.
func (d *deployment) load(
	ctx context.Context, socket string, lasts time.Duration, choose func() string, see func(answer),
) vegeta.Metrics {
	attacker := vegeta.NewAttacker(vegeta.UnixSocket(socket), vegeta.Timeout(time.Minute), vegeta.KeepAlive(true),
		vegeta.Workers(uint64(d.options.clients)), vegeta.MaxWorkers(uint64(d.options.clients)),
		vegeta.Connections(d.options.clients))
	stop := context.AfterFunc(ctx, func() { attacker.Stop() })
	defer stop()
	targets := func(t *vegeta.Target) error {
		t.Method, t.URL = http.MethodGet, host+choose()
		return nil
	}
	var metrics vegeta.Metrics
	for res := range attacker.Attack(targets, vegeta.Rate{}, lasts, "") {
		a := answer{
			path: res.URL[len(host):], began: res.Timestamp, done: res.End(), code: int(res.Code), failure: res.Error,
			kept: res.Headers.Get("X-Kept"),
		}
		if a.code == http.StatusOK && a.failure == "" {
			a.sum = sha256.Sum256(res.Body)
		}
		see(a)
		metrics.Add(res)
	}
	metrics.Close()
	return metrics
}

// anyOf returns a function that draws one of paths, each as often.
func anyOf(paths []string) func() string {
	rng := rand.New(rand.NewPCG(1, 2))
	return func() string { return paths[rng.IntN(len(paths))] }
}

// popular returns a function that draws some paths much more often than others, as people do maps: by Zipf's law.
func popular(paths []string) func() string {
	zipf := rand.NewZipf(rand.New(rand.NewPCG(3, 4)), 1.1, 1, uint64(len(paths)-1))
	return func() string { return paths[zipf.Uint64()] }
}
