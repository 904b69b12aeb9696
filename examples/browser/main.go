//go:build !js

// Command browser serves a page whose image service runs in the visitor's browser:
//
//	go run . [-addr HOST:PORT]
//
// It builds the service, the program in the folder worker, as WebAssembly, and serves it with a page and the rasters of
// package testdata as plain files. In the browser the program runs in a service worker, which answers the page's requests
// to …/arcgis/rest/services/ as an ArcGIS server would, and reads the raster by HTTP ranges: the server of this
// command, or any other of static files, computes nothing. See README.md.
package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/geoexport/geoexport/examples/internal/command"
	"github.com/geoexport/geoexport/testdata"
)

//go:embed page
var page embed.FS

func main() { command.Main("browser", run) }

// run serves until ctx is done.
func run(ctx context.Context, args []string, stdout, _ io.Writer) error {
	flags := command.NewFlags("browser")
	addr := flags.String("addr", "127.0.0.1:8090", "address to serve at")
	if err := command.Parse(flags, args); errors.Is(err, flag.ErrHelp) {
		return command.PrintUsage(stdout, "usage: browser [-addr HOST:PORT]", flags)
	} else if err != nil {
		return err
	}
	wasm, script, err := build(ctx)
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", *addr)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: newHandler(wasm, script), ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if _, err := fmt.Fprintf(stdout, "http://%s/\n", listener.Addr()); err != nil {
		return errors.Join(err, listener.Close())
	}
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// build returns the service as WebAssembly, packed by gzip, and the script of the Go distribution that starts it.
func build(ctx context.Context) (wasm, script []byte, err error) {
	dir, err := os.MkdirTemp("", "geoexport-browser-")
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	name := filepath.Join(dir, "worker.wasm")
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", name,
		"github.com/geoexport/geoexport/examples/browser/worker")
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, nil, fmt.Errorf("building the service: %w\n%s", err, out)
	}
	plain, err := os.ReadFile(name)
	if err != nil {
		return nil, nil, err
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(plain); err != nil {
		return nil, nil, err
	}
	if err := z.Close(); err != nil {
		return nil, nil, err
	}
	root, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return nil, nil, fmt.Errorf("looking for the Go distribution: %w", err)
	}
	script, err = os.ReadFile(filepath.Join(string(bytes.TrimSpace(root)), "lib", "wasm", "wasm_exec.js"))
	return packed.Bytes(), script, err
}

// newHandler returns a handler of static files, and of no more. wasm is packed by gzip.
func newHandler(wasm, script []byte) http.Handler {
	files, err := fs.Sub(page, "page")
	if err != nil {
		panic(err) // the folder is embedded
	}
	mux := http.NewServeMux()
	mux.Handle("GET /", http.FileServerFS(files))
	mux.Handle("GET /demo/", http.FileServerFS(testdata.Demo))
	mux.HandleFunc("GET /wasm_exec.js", func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "wasm_exec.js", time.Time{}, bytes.NewReader(script))
	})
	mux.HandleFunc("GET /worker.wasm", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip") // which every browser with WebAssembly takes
		http.ServeContent(w, r, "worker.wasm", time.Time{}, bytes.NewReader(wasm))
	})
	return mux
}
