package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/geoexport/geoexport/internal/guard"
)

// A Load is what a server did for some clients, each of which asks again as soon as it has its answer.
type Load struct {
	Rate        float64 // answers a second
	Median, P99 float64 // seconds
	Bytes       int64   // of the mean answer
	Answers     int
}

// A load asks a server for pictures of boxes.
type load struct {
	client *http.Client
	query  func(box [4]float64) string // the URL of a picture

	mu      sync.Mutex // guards the following
	places  *boxes
	seconds []float64
	bytes   int64
}

// loaded measures a server under a number of clients with connections that are kept. The first answer is not counted.
func loaded(clients int, lasts time.Duration, places *boxes, query func(box [4]float64) string) (Load, error) {
	transport := &http.Transport{MaxIdleConnsPerHost: clients, MaxConnsPerHost: clients, DisableCompression: true}
	defer transport.CloseIdleConnections()
	l := &load{client: &http.Client{Transport: transport}, query: query, places: places}
	if err := l.ask(); err != nil {
		return Load{}, err
	}
	l.seconds, l.bytes = nil, 0
	var group guard.Group
	begin := time.Now()
	for range clients {
		group.Go("asking", func() error {
			for time.Since(begin) < lasts {
				if err := l.ask(); err != nil {
					return err
				}
			}
			return nil
		})
	}
	err := group.Wait()
	n := len(l.seconds)
	return Load{
		Rate: float64(n) / time.Since(begin).Seconds(), Median: median(l.seconds), P99: quantile(l.seconds, .99),
		Bytes: l.bytes / int64(max(n, 1)), Answers: n,
	}, err
}

// ask asks for a picture and counts its answer.
func (l *load) ask() error {
	l.mu.Lock()
	box := l.places.next()
	l.mu.Unlock()
	start := time.Now()
	body, err := get(l.client, l.query(box))
	took := time.Since(start).Seconds()
	if err != nil {
		return err
	}
	l.mu.Lock()
	l.seconds = append(l.seconds, took)
	l.bytes += int64(len(body))
	l.mu.Unlock()
	return nil
}

// get returns the picture at a URL. An answer that is none is an error.
func get(client *http.Client, url string) ([]byte, error) {
	res, err := client.Get(url)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	if kind := res.Header.Get("Content-Type"); res.StatusCode != http.StatusOK || !strings.HasPrefix(kind, "image/") {
		return nil, fmt.Errorf("%s: %s: %.200s", res.Status, kind, body)
	}
	return body, nil
}

// corners formats a box as both servers take it.
func corners(b [4]float64) string { return fmt.Sprintf("%.4f,%.4f,%.4f,%.4f", b[0], b[1], b[2], b[3]) }

// exportURL returns the URL of a picture by our server.
func exportURL(base string, r HTTPRow) func([4]float64) string {
	return func(b [4]float64) string {
		return base + "/" + r.Layer + "/ImageServer/exportImage?" + url.Values{
			"bbox": {corners(b)}, "bboxSR": {"3857"}, "imageSR": {"3857"}, "adjustAspectRatio": {"false"},
			"size": {fmt.Sprintf("%d,%d", r.Side, r.Side)}, "format": {r.Format}, "f": {"image"},
		}.Encode()
	}
}

// mapURL returns the URL of the same picture by MapServer.
func mapURL(base string, r HTTPRow) func([4]float64) string {
	format := map[string]string{"png": "image/png", "jpg": "image/jpeg"}[r.Format]
	return func(b [4]float64) string {
		return base + "/map?" + url.Values{
			"SERVICE": {"WMS"}, "VERSION": {"1.1.1"}, "REQUEST": {"GetMap"}, "STYLES": {""}, "SRS": {"EPSG:3857"},
			"LAYERS": {r.Layer}, "BBOX": {corners(b)}, "FORMAT": {format},
			"WIDTH": {fmt.Sprint(r.Side)}, "HEIGHT": {fmt.Sprint(r.Side)},
		}.Encode()
	}
}
