//go:build linux

package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/geoexport/geoexport/examples/catalog/postgis"
)

const changedPaths = 60

// An edition of the catalogue is what a lone service answers between two changes.
type edition struct {
	from, to time.Time // while it may have been current; a zero to is the last
	want     map[string]sum
}

// bearChanges asks all replicas while the catalogue changes and one of them is killed and started again.
func bearChanges(ctx context.Context, d *deployment, stdout io.Writer) error {
	paths := paths(changedPaths)
	want, err := d.expected(ctx, paths)
	if err != nil {
		return err
	}
	h := &history{editions: []edition{{want: want}}}
	under, stop := context.WithCancel(ctx)
	defer stop()
	var answers []answer
	loaded := make(chan struct{})
	go func() {
		defer close(loaded)
		d.load(under, d.proxySocket(len(d.replicas)), 0, anyOf(paths), func(a answer) { answers = append(answers, a) })
	}()
	err = h.change(ctx, d, paths)
	stop()
	<-loaded
	if err != nil {
		return err
	}
	return h.judge(answers, stdout)
}

// A history is what happened during a load.
type history struct {
	editions                 []edition
	added, changed, withdrew int
	killed, gone, back       time.Time // before and after a replica was killed, and when it was there again
}

// fewestEditions are those that a run has at least, however slow the machine is.
const fewestEditions = 6

// change adds, replaces and withdraws scenes. A third of the time on, it kills a replica, and starts it again when two
// thirds have passed.
func (h *history) change(ctx context.Context, d *deployment, paths []string) error {
	began, victim := time.Now(), 1
	for n := 1; n < fewestEditions || h.back.IsZero() || time.Since(began) < d.options.lasts; n++ {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(200 * time.Millisecond):
		}
		switch passed := time.Since(began); {
		case h.killed.IsZero() && passed > d.options.lasts/3:
			h.killed = time.Now()
			d.replicas[victim].kill()
			h.gone = time.Now()
		case !h.killed.IsZero() && h.back.IsZero() && passed > d.options.lasts*2/3:
			if err := d.startReplica(ctx, victim); err != nil {
				return err
			}
			h.back = time.Now()
		}
		gone, rows, err := h.next(ctx, d, n)
		if err != nil {
			return err
		}
		from := time.Now()
		if err := postgis.Replace(ctx, d.db, gone, rows); err != nil {
			return err
		}
		h.editions[len(h.editions)-1].to = time.Now()
		want, err := d.expected(ctx, paths)
		if err != nil {
			return err
		}
		h.editions = append(h.editions, edition{from: from, want: want})
	}
	return nil
}

// next returns the nth change: of three, one replaces eight scenes, one lays eight others over some, and one withdraws
// those.
func (h *history) next(ctx context.Context, d *deployment, n int) (gone []int64, rows []postgis.Row, err error) {
	const together = 8
	all := d.scenes.rows
	for i := range together {
		at := (n*131 + i*17) % len(all)
		x, y := at%(360/d.options.degrees)*d.options.degrees-180, at/(360/d.options.degrees)*d.options.degrees-90
		over := int64(1_000_000 + i)
		switch n % 3 {
		case 0:
			gone = append(gone, over)
			h.withdrew++
			continue
		case 1:
			row, err := d.scenes.put(ctx, all[at].ID, x, y, n)
			if err != nil {
				return nil, nil, err
			}
			gone, rows = append(gone, row.ID), append(rows, row)
			h.changed++
		case 2:
			row, err := d.scenes.put(ctx, over, x, y, n)
			if err != nil {
				return nil, nil, err
			}
			row.Item.Attrs["ZOrder"] = int64(-1)
			gone, rows = append(gone, over), append(rows, row)
			h.added++
		}
	}
	return gone, rows, nil
}

// judge compares answers with what a lone service answered to the same request while the catalogue was the same, and
// prints what it found.
func (h *history) judge(answers []answer, stdout io.Writer) error {
	failed, wrong := 0, &wrong{}
	for _, a := range answers {
		switch {
		case a.code == http.StatusOK && a.failure == "":
			if !h.allows(a) {
				wrong.add("%s at %v: the picture of no catalogue that was current", a.path, a.began)
			}
		case !h.killed.IsZero() && a.began.Before(h.gone) && a.done.After(h.killed):
			failed++ // on its way when the replica was killed
		default:
			wrong.add("%s at %v: %d %s", a.path, a.began, a.code, a.failure)
		}
	}
	fmt.Fprintf(stdout, "%d answers while %d editions of the catalogue followed one another"+
		" (%d scenes replaced, %d added, %d withdrawn): %d wrong\n",
		len(answers), len(h.editions), h.changed, h.added, h.withdrew, wrong.count)
	fmt.Fprintf(stdout, "one replica was killed, and started again after %.1f s:"+
		" %d requests failed that were on their way\n", h.back.Sub(h.killed).Seconds(), failed)
	return wrong.err("while the catalogue changed")
}

// allows reports whether an answer is that of an edition that was current at some moment between request and answer.
func (h *history) allows(a answer) bool {
	for _, e := range h.editions {
		if e.want[a.path] == a.sum && !a.done.Before(e.from) && (e.to.IsZero() || !a.began.After(e.to)) {
			return true
		}
	}
	return false
}
