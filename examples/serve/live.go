package main

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"sync"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
)

// A generation is the services as they were opened by one reading of the command line and the configuration.
type generation struct {
	services []*exportimage.Service
	rasters  *exportimage.Opener

	handler http.Handler
	health  *rest.Health

	users   int  // requests that run
	retired bool // there is a newer one
}

// live serves the newest generation. An older one is closed when the last of its requests is answered.
type live struct {
	mu       sync.Mutex
	now      *generation
	draining bool
}

func (l *live) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g := l.take()
	if g == nil {
		http.Error(w, "the server is ending", http.StatusServiceUnavailable)
		return
	}
	defer l.release(g)
	if r.URL.Path == "/healthz" || r.URL.Path == "/readyz" {
		g.health.ServeHTTP(w, r)
		return
	}
	g.handler.ServeHTTP(w, r)
}

func (l *live) take() *generation {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.now != nil {
		l.now.users++
	}
	return l.now
}

func (l *live) release(g *generation) {
	l.mu.Lock()
	g.users--
	over := g.retired && g.users == 0
	l.mu.Unlock()
	if over {
		g.rasters.Close() // they were only read
	}
}

// replace makes a generation the newest one, or none if it is nil.
func (l *live) replace(g *generation) {
	l.mu.Lock()
	old := l.now
	l.now = g
	over := false
	if old != nil {
		old.retired = true
		over = old.users == 0
	}
	if g != nil && l.draining {
		g.health.Drain()
	}
	l.mu.Unlock()
	if over {
		old.rasters.Close()
	}
}

// drain makes /readyz refuse, of this generation and of later ones.
func (l *live) drain() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.draining = true
	if l.now != nil {
		l.now.health.Drain()
	}
}

// reloadOnHangup opens everything anew at each SIGHUP until ctx is done. Where that fails, the services stay as they are. The
// result waits for the end.
func reloadOnHangup(ctx context.Context, l *live, open func(context.Context) (*generation, error), logger *slog.Logger) (wait func()) {
	hangups := make(chan os.Signal, 1) // those that come meanwhile are one
	notifyHangups(hangups)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer signal.Stop(hangups)
		for {
			select {
			case <-ctx.Done():
				return
			case <-hangups:
			}
			g, err := open(ctx)
			if err != nil {
				logger.Error("not reloaded: the services are those of before", "error", err)
				continue
			}
			l.replace(g)
			logger.Info("reloaded", "services", len(g.services))
		}
	}()
	return func() { <-ended }
}
