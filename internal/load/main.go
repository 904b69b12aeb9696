// The command load shows how a server bears more requests than it can serve:
//
//	go run ./internal/load -for 10s
//
// It starts a server in a process of its own, with one service and then with fourteen, finds how long answers take
// without load and how many the server can give in a second, and then asks for 2, 8 and 32 times as many: small images
// alone, and small and large ones that take equal parts of the machine. It prints, for each size, how many were
// served and refused, and within which times 50 and 99 of 100 of either were answered. It fails if answers to the 99th
// of 100 served requests took more than three times as long as without load plus Limits.Wait, if a refusal took longer
// than Limits.Wait and a second, or had no Retry-After, or if anything was answered that is neither.
//
// Requests come at a steady rate, whether or not others were answered, as long as fewer than 4096 are on their way: a
// request beyond these is not made, since client and server share the machine and its limit of open files. Asked/s
// counts the requests that were made. No two are equal.
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/guard"
)

func main() {
	serving := flag.Int("serve", 0, "be the server, with this number of services")
	lasts := flag.Duration("for", 10*time.Second, "how long each load lasts")
	flag.Parse()
	var err error
	if *serving > 0 {
		err = serve(*serving)
	} else {
		err = measure(*lasts)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// wait is Limits.Wait of the services, its default.
var wait = (&exportimage.Service{}).Settings().Limits.Wait

// A size is a kind of image that is asked for.
type size struct {
	name string
	side int
}

var small, large = size{"256²", 256}, size{"2048²", 2048}

func measure(lasts time.Duration) error {
	fmt.Println("services  load  size   asked/s   served  p50 ms  p99 ms  at most   refused  p50 ms  p99 ms")
	ok := true
	for _, services := range []int{1, 14} {
		base, stop, err := start(services)
		if err != nil {
			return err
		}
		m := &meter{base: base, services: services, clients: make(chan struct{}, clients)}
		held, err := m.all(lasts)
		if err = errors.Join(err, m.close(), stop()); err != nil {
			return err
		}
		ok = ok && held
	}
	if !ok {
		return errors.New("answers were too late, or not what they should be")
	}
	return nil
}

// start starts a server in a process of its own.
func start(services int) (base string, stop func() error, err error) {
	cmd := exec.Command(os.Args[0], "-serve", strconv.Itoa(services))
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return "", nil, err
	}
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return "", nil, err
	}
	base, err = bufio.NewReader(out).ReadString('\n')
	return strings.TrimSpace(base), func() error { return errors.Join(in.Close(), cmd.Wait()) }, err
}

// clients is how many requests are on their way at most.
const clients = 4096

// A meter asks one server.
type meter struct {
	base     string
	services int
	clients  chan struct{} // holds a value for each request on its way

	mu    sync.Mutex
	count map[size]*tally
	idle  []*conn
}

// A tally is how long answers took.
type tally struct {
	served, refused []time.Duration
	faults          int
	fault           error // one of them
}

// ask asks for one image and records the answer.
func (m *meter) ask(s size) {
	x, y := -180+rand.Float64()*270, -90+rand.Float64()*90
	query := url.Values{
		"f": {"image"}, "format": {"png"}, "bboxSR": {"4326"}, "imageSR": {"3857"},
		"bbox": {fmt.Sprintf("%.6f,%.6f,%.6f,%.6f", x, y*.8, x+60, y*.8+60)}, "size": {fmt.Sprintf("%d,%d", s.side, s.side)},
	}
	path := fmt.Sprintf("/s%d/ImageServer/exportImage?%s", rand.IntN(m.services), query.Encode())
	begin := time.Now()
	status, err := m.get(path)
	took := time.Since(begin)
	m.mu.Lock()
	defer m.mu.Unlock()
	t := m.count[s]
	switch {
	case err == nil && status == http.StatusOK:
		t.served = append(t.served, took)
	case err == nil && status == http.StatusServiceUnavailable:
		t.refused = append(t.refused, took)
	default:
		t.faults++
		t.fault = errors.Join(err, fmt.Errorf("status %d", status))
	}
}

// A conn is a connection to the server. It is used by hand because an http.Client takes more of the machine than a server
// that refuses.
type conn struct {
	net.Conn
	in *bufio.Reader
}

func (m *meter) get(path string) (status int, err error) {
	c, err := m.connect()
	if err != nil {
		return 0, err
	}
	status, err = c.get(path)
	if err != nil {
		return 0, errors.Join(err, c.Close())
	}
	m.mu.Lock()
	m.idle = append(m.idle, c)
	m.mu.Unlock()
	return status, nil
}

// connect returns a connection that nobody uses.
func (m *meter) connect() (*conn, error) {
	m.mu.Lock()
	if n := len(m.idle); n > 0 {
		c := m.idle[n-1]
		m.idle = m.idle[:n-1]
		m.mu.Unlock()
		return c, nil
	}
	m.mu.Unlock()
	c, err := net.Dial("tcp", strings.TrimPrefix(m.base, "http://"))
	if err != nil {
		return nil, err
	}
	return &conn{c, bufio.NewReader(c)}, nil
}

// close closes the connections that nobody uses.
func (m *meter) close() (err error) {
	for _, c := range m.idle {
		err = errors.Join(err, c.Close())
	}
	return err
}

func (c *conn) get(path string) (status int, err error) {
	if _, err := io.WriteString(c, "GET "+path+" HTTP/1.1\r\nHost: load\r\n\r\n"); err != nil {
		return 0, err
	}
	res, err := http.ReadResponse(c.in, nil)
	if err != nil {
		return 0, err
	}
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return 0, err
	}
	if res.StatusCode == http.StatusServiceUnavailable && res.Header.Get("Retry-After") == "" {
		return 0, errors.New("no Retry-After")
	}
	return res.StatusCode, res.Body.Close()
}

// all measures every load.
func (m *meter) all(lasts time.Duration) (held bool, err error) {
	alone, rate := map[size]time.Duration{}, map[size]float64{}
	for _, s := range []size{small, large} {
		m.reset()
		m.closed(1, s, lasts/2)
		alone[s] = quantile(m.count[s].served, .99)
		m.report("alone", s, alone, lasts/2)
		m.reset()
		m.closed(4, s, lasts/2)
		rate[s] = float64(len(m.count[s].served)) / (lasts / 2).Seconds()
	}
	held = true
	for _, mix := range [][]size{{small}, {small, large}} {
		for _, factor := range []float64{2, 8, 32} {
			m.reset()
			m.open(mix, rate, factor, lasts)
			for _, s := range mix {
				held = m.report(fmt.Sprintf("%.0f×", factor), s, alone, lasts) && held
			}
		}
	}
	return held, nil
}

func (m *meter) reset() { m.count = map[size]*tally{small: {}, large: {}} }

// closed asks again as soon as there is an answer, by some clients side by side.
func (m *meter) closed(clients int, s size, lasts time.Duration) {
	var group guard.Group
	end := time.Now().Add(lasts)
	for range clients {
		group.Go("asking", func() error {
			for time.Now().Before(end) {
				m.ask(s)
			}
			return nil
		})
	}
	_ = group.Wait() // what went wrong is in the tally
}

// open asks at a rate: factor times what the server can do, in equal parts of its time for each size.
func (m *meter) open(mix []size, rate map[size]float64, factor float64, lasts time.Duration) {
	var group guard.Group
	begin := time.Now()
	asked := map[size]int{}
	for since := time.Duration(0); since < lasts; since = time.Since(begin) {
		for _, s := range mix {
			due := int(since.Seconds() * rate[s] * factor / float64(len(mix)))
			for ; asked[s] < due; asked[s]++ {
				select {
				case m.clients <- struct{}{}:
				default:
					continue
				}
				group.Go("asking", func() error {
					defer func() { <-m.clients }()
					m.ask(s)
					return nil
				})
			}
		}
		time.Sleep(2 * time.Millisecond)
	}
	_ = group.Wait() // what went wrong is in the tally
}

// report prints a line, and reports whether all is as it should be.
func (m *meter) report(load string, s size, alone map[size]time.Duration, lasts time.Duration) bool {
	t := m.count[s]
	ms := func(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
	most := 3*alone[s] + wait
	served, refused := quantile(t.served, .99), quantile(t.refused, .99)
	fmt.Printf("%8d %5s %5s %9.0f %8d %7.0f %7.0f %8.0f %9d %7.0f %7.0f\n", m.services, load, s.name,
		float64(len(t.served)+len(t.refused)+t.faults)/lasts.Seconds(),
		len(t.served), ms(quantile(t.served, .5)), ms(served), ms(most), len(t.refused), ms(quantile(t.refused, .5)), ms(refused))
	if t.faults > 0 {
		fmt.Printf("%d faults, such as %v\n", t.faults, t.fault)
	}
	return t.faults == 0 && len(t.served) > 0 && served <= most && refused <= wait+time.Second
}

// quantile returns the duration below which a part of all are; 0 of none.
func quantile(all []time.Duration, part float64) time.Duration {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[min(len(all)-1, int(part*float64(len(all))))]
}
