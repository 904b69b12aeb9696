package rest

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/guard"
)

// A Health answers load balancers and whoever restarts processes, as an http.Handler of two paths, in JSON:
//
//	…/healthz  200 as long as the process answers at all, with what its gates hold
//	…/readyz   200 if requests are welcome, and 503 if not: while it drains, or as long as no service can be described
//
// A service that cannot be described while others can is named, and does not make the process unready: all replicas have the
// same services, and none would be left. Texts are those that may be shown to anyone. The zero value has no services and is
// ready. Fields must not change once it is in use; it may be used concurrently.
type Health struct {
	Services []*exportimage.Service
	Timeout  time.Duration // of describing services; 0 is 2 s

	draining atomic.Bool
}

// Drain makes /readyz answer 503 from now on, so that a load balancer sends requests elsewhere. A program calls it when it is
// told to end, waits as long as the load balancer takes to ask again, and then shuts its http.Server down, which lets
// running requests end.
func (h *Health) Drain() { h.draining.Store(true) }

// A healthJSON is the answer. Status is "ok", "draining" or "unready".
type healthJSON struct {
	Status   string            `json:"status"`
	Services map[string]string `json:"services,omitempty"` // "ok", or why they cannot be described
	Gates    []gateJSON        `json:"gates,omitempty"`
}

type gateJSON struct {
	Running int   `json:"running"`
	Waiting int   `json:"waiting"`
	Bytes   int64 `json:"bytes"`
	Spool   int64 `json:"spool"`
}

// ServeHTTP answers GET and HEAD.
func (h *Health) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "GET or HEAD is wanted", http.StatusMethodNotAllowed)
		return
	}
	switch path := strings.ToLower(r.URL.Path); {
	case strings.HasSuffix(path, "/healthz"):
		sendHealth(w, http.StatusOK, healthJSON{Status: "ok", Gates: h.gates()})
	case strings.HasSuffix(path, "/readyz"):
		h.ready(w, r)
	default:
		http.NotFound(w, r)
	}
}

func (h *Health) ready(w http.ResponseWriter, r *http.Request) {
	if h.draining.Load() {
		sendHealth(w, http.StatusServiceUnavailable, healthJSON{Status: "draining"})
		return
	}
	timeout := h.Timeout
	if timeout <= 0 {
		timeout = 2 * time.Second
	}
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	defer cancel()
	why := make([]string, len(h.Services))
	var group guard.Group
	for i, s := range h.Services {
		group.Go("describing a service", func() error {
			why[i] = "ok"
			if _, err := s.Describe(ctx); err != nil {
				message, details := describe(exportimage.AsError(err))
				why[i] = strings.Join(append([]string{message}, details...), " ")
			}
			return nil
		})
	}
	_ = group.Wait() // Describe lets no panic pass
	out := healthJSON{Status: "ok", Services: map[string]string{}}
	some := len(h.Services) == 0
	for i, s := range h.Services {
		out.Services[s.Name] = why[i]
		some = some || why[i] == "ok"
	}
	status := http.StatusOK
	if !some {
		out.Status, status = "unready", http.StatusServiceUnavailable
	}
	sendHealth(w, status, out)
}

// gates returns what the services' gates hold, each once.
func (h *Health) gates() (out []gateJSON) {
	seen := map[*exportimage.Gate]bool{}
	for _, s := range h.Services {
		if g := s.Gate; g != nil && !seen[g] {
			seen[g] = true
			l := g.Load()
			out = append(out, gateJSON{l.Running, l.Waiting, l.Bytes, l.Spool})
		}
	}
	return out
}

func sendHealth(w http.ResponseWriter, status int, v healthJSON) {
	text, err := json.Marshal(v)
	if err != nil {
		http.Error(w, "the answer cannot be written", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(append(text, '\n')) // the client has gone
}
