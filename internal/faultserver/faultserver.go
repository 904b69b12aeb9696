// Package faultserver serves files by ranges as servers do on bad days: it drops connections, cuts answers off, delays
// them, sends other parts or totals than it was asked for, is busy, answers with pages of text, and replaces files. What
// goes wrong is drawn by a seed.
package faultserver

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A Fault is something that goes wrong with an answer.
type Fault int

// The faults.
const (
	None        Fault = iota
	Drop              // the connection is closed instead of an answer
	Cut               // it is closed in the middle of the body
	Short             // the body ends early, and its length is stated so
	Late              // the answer takes longer
	Shifted           // another part, stated so in Content-Range
	WrongTotal        // another size of the file
	Long              // more bytes than were asked for
	Busy              // 503, with Retry-After: 0
	TooMany           // 429, without
	Page              // 200 with a page of text
	Unranged          // 200 with the whole file
	Encoded           // a content encoding
	faultsCount       // how many there are
)

// A Handler serves files. Fields must not change once it is in use; Replace is safe for concurrent use.
type Handler struct {
	Rate  float64       // the share of answers that go wrong
	Seed  uint64        // of what goes wrong
	Delay time.Duration // of each answer; those that are Late take 20 times as long, at least 50 ms
	NoTag bool          // whether files have no ETag
	Deaf  bool          // whether conditions are ignored

	requests, bytes atomic.Int64
	drawn           [faultsCount]atomic.Int64

	once  sync.Once
	mu    sync.Mutex
	rng   *rand.Rand
	files map[string]file
}

type file struct {
	data []byte
	tag  string
}

// Put serves data at a path, and replaces what was served there.
func (h *Handler) Put(path string, data []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.files == nil {
		h.files = map[string]file{}
	}
	version := len(h.files[path].tag)
	h.files[path] = file{data, `"` + strings.Repeat("v", max(0, version-1)) + `"`}
}

// Requests returns how many requests came.
func (h *Handler) Requests() int64 { return h.requests.Load() }

// Bytes returns how many bytes of bodies were sent, those on their way included.
func (h *Handler) Bytes() int64 { return h.bytes.Load() }

// Drawn returns how often a fault was drawn.
func (h *Handler) Drawn(f Fault) int64 { return h.drawn[f].Load() }

func (h *Handler) draw() Fault {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.once.Do(func() { h.rng = rand.New(rand.NewPCG(h.Seed, 1)) })
	if h.rng.Float64() >= h.Rate {
		return None
	}
	f := Fault(1 + h.rng.IntN(int(faultsCount)-1))
	h.drawn[f].Add(1)
	return f
}

// ServeHTTP answers a GET.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.requests.Add(1)
	time.Sleep(h.Delay)
	h.mu.Lock()
	f, ok := h.files[r.URL.Path]
	h.mu.Unlock()
	switch {
	case r.Method != http.MethodGet:
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	case !ok:
		w.WriteHeader(http.StatusNotFound)
		return
	}
	if !h.NoTag {
		w.Header().Set("ETag", f.tag)
	}
	if m := r.Header.Get("If-Match"); !h.Deaf && m != "" && m != f.tag {
		w.WriteHeader(http.StatusPreconditionFailed)
		return
	}
	var from, to int64
	if _, err := fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-%d", &from, &to); err != nil {
		_, _ = w.Write(f.data) // whoever asked finds out
		return
	}
	h.answer(w, f.data, from, min(to+1, int64(len(f.data))), h.draw())
}

// answer sends the bytes [from, to) with a fault.
func (h *Handler) answer(w http.ResponseWriter, data []byte, from, to int64, fault Fault) {
	total := int64(len(data))
	status := http.StatusPartialContent
	body := data[min(from, to):to]
	stated := int64(len(body))
	switch fault {
	case Drop:
		panic(http.ErrAbortHandler)
	case Cut:
		body = body[:len(body)/2]
	case Short:
		body = body[:len(body)/2]
		stated = int64(len(body))
	case Late:
		time.Sleep(max(50*time.Millisecond, 20*h.Delay))
	case Shifted:
		from, to = max(0, from-1), max(0, from-1)+stated
		body = data[from:to]
	case WrongTotal:
		total++
	case Long:
		body = append(body[:len(body):len(body)], 0)
		stated = -1
	case Busy:
		w.Header().Set("Retry-After", "0")
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	case TooMany:
		w.WriteHeader(http.StatusTooManyRequests)
		return
	case Page:
		_, _ = io.WriteString(w, "<html>please log in</html>")
		return
	case Unranged:
		status, body, stated = http.StatusOK, data, int64(len(data))
	case Encoded:
		w.Header().Set("Content-Encoding", "br")
	}
	if status == http.StatusPartialContent {
		w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, to-1, total))
	}
	if stated >= 0 {
		w.Header().Set("Content-Length", fmt.Sprint(stated))
	}
	w.WriteHeader(status)
	h.bytes.Add(int64(len(body))) // before they leave: a client may be done with them before Write returns
	_, _ = w.Write(body)
	if fault == Cut {
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}
