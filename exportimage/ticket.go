package exportimage

import (
	"container/list"
	"context"
	"sync"
	"time"

	"github.com/geoexport/geoexport/internal/caller"
)

// A ticket is an export's right to a place, and later to memory and disk. Its methods are called by one goroutine at a
// time; the gate's lock guards the fields from line on.
type ticket struct {
	gate    *Gate
	service *Service
	limits  Limits // of the service
	pixels  int64
	class   int
	until   time.Time // when waiting ends
	late    bool      // because of the deadline
	patient bool      // waits as long as its context lasts, and is never refused
	granted chan error

	line    *line
	place   *list.Element // in the line, or among those that wait for memory; nil if it does not wait
	came    time.Time     // or began to wait anew
	started time.Time     // when it came, and then when it got its place
	wanted  need
	held    need
	leaving sync.Once
}

// wait waits for a grant until the ticket's time is over. leave takes the ticket out of where it waits, under the
// gate's lock, and reports false if it was granted meanwhile.
func (t *ticket) wait(ctx context.Context, leave func(*ticket) bool) error {
	var over <-chan time.Time // never, of a patient ticket
	if !t.patient {
		timer := time.NewTimer(time.Until(t.until))
		defer timer.Stop()
		over = timer.C
	}
	var err error
	select {
	case err = <-t.granted:
		return err
	case <-over:
		if t.longer(ctx) > 0 {
			return t.wait(ctx, leave)
		}
		exports, waited := t.gate.limits.Exports, time.Since(t.came)
		if err = unavailable(overTime("Wait", waited, t.limits.Wait, "%d exports ran for %v (limits Exports, Wait)",
			exports, t.limits.Wait)); t.late {
			err = unavailable(overLimit("Exports", int64(exports)+1, int64(exports),
				"%d exports run, so that this one cannot be ready by its deadline (limits Exports, Time)", exports))
		}
	case <-ctx.Done():
		err = ctx.Err()
	}
	t.gate.mu.Lock()
	defer t.gate.mu.Unlock()
	if leave(t) {
		return err
	}
	return <-t.granted
}

// longer returns how much longer the ticket may wait, whose time was over because of a deadline: that of callers who
// share an export may be a later one by now.
func (t *ticket) longer(ctx context.Context) time.Duration {
	if !t.late {
		return 0
	}
	t.gate.mu.Lock()
	defer t.gate.mu.Unlock()
	t.gate.hurry(ctx, t)
	return time.Until(t.until)
}

// check returns an error for a need that the limits never allow.
func (t *ticket) check(n need) error {
	for _, l := range []Limits{t.limits, t.gate.limits} {
		switch {
		case n.memory > l.exportBytes():
			return &Error{Kind: TooLarge, Err: overLimit("Bytes", n.memory, l.exportBytes(),
				"the image needs %d bytes of memory, more than %d (seven tenths of limit Bytes): "+
					"ask for fewer pixels or bands", n.memory, l.exportBytes())}
		case n.spool > l.Spool:
			return &Error{Kind: TooLarge, Err: overLimit("Spool", n.spool, l.Spool,
				"the image needs %d bytes of temporary files, more than %d (limit Spool): "+
					"ask for fewer pixels or bands", n.spool, l.Spool)}
		}
	}
	return nil
}

// reserve takes what a plan needs. It returns an error without waiting if there is never enough, and else waits as long
// as the ticket may.
func (t *ticket) reserve(ctx context.Context, n need) error {
	if err := t.check(n); err != nil {
		return err
	}
	g := t.gate
	g.mu.Lock()
	t.wanted = n
	for !g.hasRoom(t) {
		drop := g.claim()
		if drop == nil {
			break
		}
		g.mu.Unlock()
		drop()
		g.mu.Lock()
	}
	if g.hasRoom(t) {
		g.hold(t, n)
		g.mu.Unlock()
		return nil
	}
	t.place = g.memory.PushBack(t)
	g.mu.Unlock()
	return t.wait(ctx, func(t *ticket) bool {
		if t.place == nil {
			return false
		}
		g.memory.Remove(t.place)
		t.place = nil
		return true
	})
}

// borrow takes memory for what is no export, until giveBack is called: for statistics, which an export finds before it takes
// what it needs itself. With wait it waits for room, as an export does; without it others wait, since they may hold room while
// they wait for the statistics.
func (s *Service) borrow(ctx context.Context, n need, wait bool) (giveBack func(), err error) {
	g := s.gate()
	g.init()
	now := time.Now()
	t := &ticket{gate: g, service: s, limits: s.limits(), granted: make(chan error, 1), came: now, started: now, patient: isPatient(ctx)}
	t.until = now.Add(t.limits.Wait)
	if wait {
		err = t.reserve(ctx, n)
	} else if err = t.check(n); err == nil {
		g.mu.Lock()
		g.hold(t, n)
		g.mu.Unlock()
	}
	if err != nil {
		return nil, err
	}
	return func() { t.keep(need{}) }, nil
}

// again is reserve for a ticket whose place was given back, which waits anew.
func (t *ticket) again(ctx context.Context, n need) error {
	t.came = time.Now()
	t.until = t.came.Add(t.limits.Wait)
	return t.reserve(ctx, n)
}

// keep gives back all that is held beyond n.
func (t *ticket) keep(n need) {
	g := t.gate
	g.mu.Lock()
	defer g.mu.Unlock()
	g.hold(t, n.minus(t.held))
	g.dispatch()
}

// leave gives the place back. What is held stays.
func (t *ticket) leave() {
	t.leaving.Do(func() {
		g := t.gate
		g.mu.Lock()
		defer g.mu.Unlock()
		g.took[t.class].add(time.Since(t.started))
		g.count(t, func(a *account) {
			a.running--
			if t.pixels > largePixels {
				a.large--
			}
		})
		g.dispatch()
		g.rest()
	})
}

// WithShedding returns a context for calls on behalf of clients who can come again: if there is no room, calls with it wait for
// at most Limits.Wait, in a queue of at most Limits.Queue, and are then refused, with an error of kind Unavailable. The
// handlers of package rest make their calls with it. Calls without it wait their turn for as long as their context lasts, and
// their own time, Limits.Time, begins when they get a place.
func WithShedding(ctx context.Context) context.Context {
	return context.WithValue(ctx, shedKey{}, true)
}

type shedKey struct{ caller.Neutral }

// patient returns a context for a ticket that is never refused, unless WithShedding made ctx.
func patient(ctx context.Context) context.Context {
	if ctx.Value(shedKey{}) != nil {
		return ctx
	}
	return context.WithValue(ctx, patientKey{}, true)
}

type patientKey struct{ caller.Neutral }

func isPatient(ctx context.Context) bool { return ctx.Value(patientKey{}) != nil }
