package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"text/template"
	"time"
)

// mapFile describes the layers as those who run MapServer do: datasets stay open between requests, and kernels are
// bilinear as ours are. Quality and compression are MapServer's defaults.
var mapFile = template.Must(template.New("map").Parse(`MAP
  NAME "bench"
  EXTENT -20037508 -20037508 20037508 20037508
  SIZE 400 400
  MAXSIZE 8192
  PROJECTION "init=epsg:3857" END
  WEB METADATA
    "wms_title" "bench"
    "wms_srs" "EPSG:3857"
    "wms_enable_request" "*"
    "wms_onlineresource" "http://localhost/map?"
  END END
  OUTPUTFORMAT NAME "png" DRIVER AGG/PNG MIMETYPE "image/png" IMAGEMODE RGB END
  OUTPUTFORMAT NAME "jpeg" DRIVER AGG/JPEG MIMETYPE "image/jpeg" IMAGEMODE RGB END
{{range .}}  LAYER
    NAME "{{.Name}}"
    TYPE RASTER
    STATUS ON
    DATA "{{.Path}}"
    PROJECTION "init=epsg:32633" END
    METADATA "wms_title" "{{.Name}}" END
    PROCESSING "RESAMPLE=BILINEAR"
    PROCESSING "CLOSE_CONNECTION=DEFER"
  END
{{end}}END
`))

// configFile lets the program open the map of its environment. Version 8 does nothing without such a file.
const configFile = `CONFIG
  ENV
    MS_MAP_PATTERN "."
  END
END
`

// nginxFile puts nginx in front of MapServer's processes, with connections that are kept on both sides.
const nginxFile = `daemon off;
user %[3]s;
worker_processes 1;
pid %[1]s/nginx.pid;
error_log %[1]s/nginx.log;
events { worker_connections 2048; }
http {
  access_log off;
  client_body_temp_path %[1]s/body;
  fastcgi_temp_path %[1]s/fastcgi;
  proxy_temp_path %[1]s/proxy;
  uwsgi_temp_path %[1]s/uwsgi;
  scgi_temp_path %[1]s/scgi;
  keepalive_requests 1000000;
  server {
    listen 127.0.0.1:%[2]d backlog=1024;
    location /map {
      fastcgi_pass unix:%[1]s/mapserv.sock;
      fastcgi_buffers 64 64k;
      fastcgi_param QUERY_STRING $query_string;
      fastcgi_param REQUEST_METHOD $request_method;
      fastcgi_param SCRIPT_NAME /map;
      fastcgi_param MS_MAPFILE %[1]s/bench.map;
      fastcgi_read_timeout 300;
    }
  }
}
`

// mapservProcesses is how many processes MapServer has.
const mapservProcesses = 4

// mapserv is the program of the package cgi-mapserver.
const mapserv = "/usr/lib/cgi-bin/mapserv"

// A mapServer is MapServer over FastCGI, behind nginx.
type mapServer struct {
	url   string
	pids  []int // of its processes
	nginx *exec.Cmd
}

// startMapServer serves files as layers. What it writes is in a folder of its own in that of the data.
func startMapServer(ctx context.Context, data string, files []string) (*mapServer, error) {
	folder := filepath.Join(data, "mapserver")
	type layer struct{ Name, Path string }
	var layers []layer
	for _, f := range files {
		layers = append(layers, layer{serviceName(f), f})
	}
	var text bytes.Buffer
	if err := mapFile.Execute(&text, layers); err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	confName := filepath.Join(folder, "nginx.conf")
	me, err := user.Current() // whose files nginx may read
	if err != nil {
		return nil, err
	}
	conf := fmt.Sprintf(nginxFile, folder, port, me.Username)
	err = errors.Join(write(filepath.Join(folder, "bench.map"), text.Bytes()),
		write(confName, []byte(conf)), write(configName(folder), []byte(configFile)))
	if err != nil {
		return nil, err
	}
	m := &mapServer{url: fmt.Sprintf("http://127.0.0.1:%d", port)}
	if m.pids, err = spawn(ctx, folder); err != nil {
		return nil, errors.Join(err, m.stop())
	}
	m.nginx = exec.CommandContext(ctx, "nginx", "-p", folder, "-c", confName)
	m.nginx.Stderr = os.Stderr
	if err := m.nginx.Start(); err != nil {
		m.nginx = nil
		return nil, errors.Join(err, m.stop())
	}
	return m, m.wait()
}

func configName(folder string) string { return filepath.Join(folder, "mapserver.conf") }

var spawnedPID = regexp.MustCompile(`PID: (\d+)`)

// spawn starts MapServer's processes, which share a socket.
func spawn(ctx context.Context, folder string) (pids []int, err error) {
	socket := filepath.Join(folder, "mapserv.sock")
	if err := os.Remove(socket); err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, "spawn-fcgi",
		"-s", socket, "-M", "0666", "-b", "1024", "-F", strconv.Itoa(mapservProcesses), "--", mapserv)
	cmd.Env = append(os.Environ(), "MAPSERVER_CONFIG_FILE="+configName(folder), "GDAL_CACHEMAX=256")
	out, err := cmd.CombinedOutput()
	for _, m := range spawnedPID.FindAllStringSubmatch(string(out), -1) {
		pid, _ := strconv.Atoi(m[1]) // digits
		pids = append(pids, pid)
	}
	if err != nil || len(pids) == 0 {
		return pids, fmt.Errorf("spawn-fcgi: %w: %s", err, out)
	}
	return pids, nil
}

// freePort returns a port that nothing listens on.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}

// wait returns once the server answers.
func (m *mapServer) wait() (err error) {
	for range 100 {
		var res *http.Response
		if res, err = http.Get(m.url + "/map?SERVICE=WMS&REQUEST=GetCapabilities"); err == nil {
			body, _ := io.ReadAll(res.Body)
			res.Body.Close()
			if strings.Contains(string(body), "WMT_MS_Capabilities") || strings.Contains(string(body), "WMS_Capabilities") {
				return nil
			}
			_, text, _ := strings.Cut(string(body), "<BODY") // of MapServer's messages
			err = fmt.Errorf("MapServer: %s: %.300s", res.Status, text)
		}
		time.Sleep(50 * time.Millisecond)
	}
	return errors.Join(err, m.stop())
}

// peak returns the most memory that its processes have held together, in bytes.
func (m *mapServer) peak() (sum int64) {
	for _, pid := range m.pids {
		sum += peakOf(pid)
	}
	return sum
}

// stop ends the processes that were started.
func (m *mapServer) stop() (err error) {
	if m.nginx != nil {
		_ = m.nginx.Process.Signal(os.Interrupt) // if it has ended, Wait says so
		_ = m.nginx.Wait()                       // it ends by a signal
	}
	for _, pid := range m.pids {
		p, e := os.FindProcess(pid)
		if e == nil {
			e = p.Kill()
		}
		err = errors.Join(err, e)
	}
	return err
}
