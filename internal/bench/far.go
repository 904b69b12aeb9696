package main

import (
	"net"
	"net/http"
	"time"

	"github.com/geoexport/geoexport/internal/guard"
)

// latency is what every request to a rangeServer waits for its answer.
const latency = 20 * time.Millisecond

// A rangeServer serves the files of a folder, by ranges too, as a server that is far away does.
type rangeServer struct {
	url    string
	server *http.Server
}

func startRangeServer(folder string) (*rangeServer, error) {
	files := http.FileServer(http.Dir(folder))
	return startServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(latency)
		files.ServeHTTP(w, r)
	}))
}

// startServer serves on a free port of this machine.
func startServer(h http.Handler) (*rangeServer, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}
	guard.Go(nil, "serving", func() error { return s.Serve(listener) }, func(error) {}) // requests report that it ended
	return &rangeServer{"http://" + listener.Addr().String(), s}, nil
}

func (s *rangeServer) stop() error { return s.server.Close() }
