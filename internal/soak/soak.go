package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// mostOpen is how many requests wait for their answers at a time: beyond it the rate is not kept, which is reported.
const mostOpen = 64

// longest is how long an answer may take: the service's limits of time and wait, and some more. What takes longer
// hangs.
const longest = 80 * time.Second

// A soak sends requests to a world and judges the answers.
type soak struct {
	options
	world   *world
	temp    string // folder of temporary files
	context context.Context
	client  *http.Client
	fixed   []fixedService
	known   []string // paths of known requests
	images  []string // those of known that are answered with images, and not with errors
	hashes  map[string][sha256.Size]byte

	late     atomic.Int64 // requests that were not sent, since too many were open
	changing atomic.Int64 // answers that named a file that changed

	mu     sync.Mutex
	counts []counted // by kind
	faults []string  // the first few
	failed int

	before, after gauge
	samples       []gauge
	began         time.Time
}

// counted are the answers of one kind.
type counted struct {
	ok, shed, gone, wrong int
	bytes                 int64
	first, second         []time.Duration // of the first and the second half of the time
}

// run asks for everything known once, and then for anything as long as the options say.
func (s *soak) run(ctx context.Context) error {
	s.context = ctx
	transport := &http.Transport{MaxIdleConnsPerHost: mostOpen, DisableCompression: true}
	s.client = &http.Client{Transport: transport, Timeout: longest}
	s.counts = make([]counted, len(kinds))
	if err := s.learn(); err != nil {
		return err
	}
	s.quiet()
	s.before = measure()
	s.began = time.Now()

	ctx, cancel := context.WithTimeout(ctx, s.length)
	defer cancel()
	var beside sync.WaitGroup
	beside.Go(func() { s.watch(ctx) })
	beside.Go(func() { s.changeFolder(ctx) })
	s.send(ctx)
	beside.Wait()
	if err := s.context.Err(); err != nil {
		return err
	}
	s.quiet()
	s.after = measure()
	return nil
}

// learn finds the boxes of the services, and the answers to the known requests.
func (s *soak) learn() error {
	for _, name := range []string{"world", "olinda_landsat7", "olinda_elevation", "puertorico_landcover", "olinda_mosaic"} {
		a, err := s.ask(s.context, call{path: name + "/ImageServer?f=json"})
		if err != nil {
			return err
		}
		var j struct {
			Extent struct{ XMin, YMin, XMax, YMax float64 }
		}
		if err := json.Unmarshal(a.body, &j); err != nil || j.Extent.XMin >= j.Extent.XMax {
			return fmt.Errorf("service %s: %w: %.200s", name, err, a.body)
		}
		e := j.Extent
		s.fixed = append(s.fixed, fixedService{name, [4]float64{e.XMin, e.YMin, e.XMax, e.YMax}})
	}
	s.known, s.hashes = s.knownPaths(), map[string][sha256.Size]byte{}
	for _, path := range s.known {
		a, err := s.ask(s.context, call{path: path})
		if err != nil {
			return err
		}
		if a.status >= 500 && a.status != http.StatusNotImplemented {
			return fmt.Errorf("%s: status %d: %.200s", path, a.status, a.body)
		}
		s.hashes[path] = digest(a)
		if a.status == http.StatusOK {
			s.images = append(s.images, path)
		}
	}
	return nil
}

// send sends requests at the steady rate until the context ends, and waits for the answers.
func (s *soak) send(ctx context.Context) {
	var shares []int
	for i, k := range kinds {
		for range k.share {
			shares = append(shares, i)
		}
	}
	r := rand.New(rand.NewPCG(s.seed, 1))
	open := make(chan struct{}, mostOpen)
	var running sync.WaitGroup
	defer running.Wait()
	for n := 0; ; n++ {
		// What could not be sent in time, since the machine was busy, is sent as soon as it can be.
		due := time.Duration(float64(n) / s.rate * float64(time.Second))
		select {
		case <-time.After(time.Until(s.began.Add(due))):
		case <-ctx.Done():
			return
		}
		i := shares[r.IntN(len(shares))]
		c := kinds[i].call(s, r)
		select {
		case open <- struct{}{}:
		default:
			s.late.Add(1)
			continue
		}
		running.Go(func() {
			defer func() { <-open }()
			s.one(i, c)
		})
	}
}

// one sends a request and judges its answer.
func (s *soak) one(i int, c call) {
	ctx := s.context
	if c.hangUp > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.hangUp)
		defer cancel()
	}
	start := time.Now()
	a, err := s.ask(ctx, c)
	took := time.Since(start)
	gone := c.hangUp > 0 && errors.Is(err, context.DeadlineExceeded)
	shed := err == nil && !namesACell(a) &&
		(a.status == http.StatusServiceUnavailable || a.status == http.StatusGatewayTimeout)
	if err == nil && !shed {
		err = c.check(a)
	}

	s.mu.Lock()
	defer s.mu.Unlock()
	n := &s.counts[i]
	if err == nil {
		n.bytes += int64(len(a.body))
	}
	switch {
	case gone:
		n.gone++
		return
	case shed:
		n.shed++
		return
	case s.context.Err() != nil:
		return
	case err != nil:
		n.wrong++
		s.fault(fmt.Sprintf("%s: %s %.300s: %v", kinds[i].name, c.method, c.path, err))
	default:
		n.ok++
	}
	if start.Sub(s.began) < s.length/2 {
		n.first = append(n.first, took)
	} else {
		n.second = append(n.second, took)
	}
}

// fault keeps the text of a violation. The lock is held.
func (s *soak) fault(text string) {
	const kept = 20
	if s.failed++; s.failed <= kept {
		s.faults = append(s.faults, text)
	}
}

// ask sends a request and reads all of its answer.
func (s *soak) ask(ctx context.Context, c call) (*answer, error) {
	method := c.method
	if method == "" {
		method = http.MethodGet
	}
	req, err := http.NewRequestWithContext(ctx, method, s.world.base+root+"/"+c.path, strings.NewReader(c.form))
	if err != nil {
		return nil, err
	}
	if c.form != "" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	a := &answer{asked: time.Now()}
	res, err := s.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	var body io.Reader = res.Body
	if c.slowly {
		body = &slowReader{res.Body}
	}
	a.status, a.media = res.StatusCode, res.Header.Get("Content-Type")
	var buf bytes.Buffer
	_, err = buf.ReadFrom(body)
	a.body, a.answered = buf.Bytes(), time.Now()
	return a, err
}

// A slowReader is a client at the end of a slow line.
type slowReader struct{ r io.Reader }

func (s *slowReader) Read(p []byte) (int, error) {
	time.Sleep(30 * time.Millisecond)
	return s.r.Read(p[:min(len(p), 32<<10)])
}

// changeFolder changes the live folder until the context ends.
func (s *soak) changeFolder(ctx context.Context) {
	r := rand.New(rand.NewPCG(s.seed, 2))
	tick := time.NewTicker(s.every)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		if err := s.world.live.change(r); err != nil {
			s.mu.Lock()
			s.fault("changing the folder: " + err.Error())
			s.mu.Unlock()
		}
	}
}
