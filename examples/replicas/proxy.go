//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

var errNoProxy = errors.New("nginx is not installed")

// proxySocket returns the socket at which nginx passes requests to the first n replicas, and keeps no answers.
func (d *deployment) proxySocket(n int) string {
	return filepath.Join(d.dir, fmt.Sprintf("front%d", n))
}

// cacheSocket returns the socket at which nginx keeps the answers of all replicas.
func (d *deployment) cacheSocket() string { return filepath.Join(d.dir, "cache") }

// proxyConfig returns the configuration of nginx. A GET whose replica fails before it has answered goes to the next one.
// Of equal requests that miss the cache, one is passed on.
func proxyConfig(d *deployment) string {
	var b strings.Builder
	user := ""
	if os.Geteuid() == 0 {
		user = "user root;" // whose sockets they are
	}
	fmt.Fprintf(&b, `%s
worker_processes 1;
daemon off;
pid %[2]s/nginx.pid;
error_log %[2]s/nginx.log;
events { worker_connections 1024; }
http {
	access_log off;
	client_body_temp_path %[2]s/body;
	proxy_temp_path %[2]s/temp;
	fastcgi_temp_path %[2]s/fastcgi;
	uwsgi_temp_path %[2]s/uwsgi;
	scgi_temp_path %[2]s/scgi;
	proxy_http_version 1.1;
	proxy_set_header Connection "";
	proxy_buffers 16 64k;
	proxy_cache_path %[2]s/kept keys_zone=kept:10m max_size=1g;
`, user, d.dir)
	server := func(name, socket, extra string) {
		fmt.Fprintf(&b, "\tserver { listen unix:%s; location / { proxy_pass http://%s; %s } }\n", socket, name, extra)
	}
	for n := 1; n <= len(d.replicas); n++ {
		name := fmt.Sprintf("first%d", n)
		fmt.Fprintf(&b, "\tupstream %s { least_conn; keepalive 32;\n", name)
		for i := range n {
			fmt.Fprintf(&b, "\t\tserver unix:%s max_fails=1 fail_timeout=1s;\n", d.replicaSocket(i))
		}
		b.WriteString("\t}\n")
		server(name, d.proxySocket(n), "")
	}
	server(fmt.Sprintf("first%d", len(d.replicas)), d.cacheSocket(),
		"proxy_cache kept; proxy_cache_key $request_uri; proxy_cache_lock on; add_header X-Kept $upstream_cache_status;")
	b.WriteString("}\n")
	return b.String()
}

// startProxy starts nginx and waits until it listens.
func startProxy(ctx context.Context, d *deployment) (*process, error) {
	path, err := exec.LookPath("nginx")
	if err != nil {
		if path, err = exec.LookPath("/usr/sbin/nginx"); err != nil {
			return nil, errNoProxy
		}
	}
	config := filepath.Join(d.dir, "nginx.conf")
	if err := os.WriteFile(config, []byte(proxyConfig(d)), 0o600); err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, path, "-p", d.dir, "-e", filepath.Join(d.dir, "nginx.log"), "-c", config)
	p, _, err := begin(cmd, d.log, false)
	if err != nil {
		return nil, err
	}
	limit, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		c, err := new(net.Dialer).DialContext(limit, "unix", d.cacheSocket())
		if err == nil {
			return p, c.Close()
		}
		select {
		case <-p.ended:
			text, _ := os.ReadFile(filepath.Join(d.dir, "nginx.log"))
			return nil, fmt.Errorf("nginx ended: %s", text)
		case <-limit.Done():
			p.stop()
			return nil, fmt.Errorf("nginx does not listen: %w", err)
		case <-time.After(10 * time.Millisecond):
		}
	}
}
