package exportimage

import (
	"container/list"
	"context"
	"math/bits"
	"sync"
	"time"

	"github.com/geoexport/geoexport/internal/caller"
	"github.com/geoexport/geoexport/raster"
)

// A Gate decides which exports run, which wait and which are refused, so that under any load those that run take about
// as long as ever, and no more memory is taken than there is. Services that share one, as all of a directory do, share
// its places, its queue, its memory and its space for temporary files.
//
// An export gets a place among Limits.Exports, and then the memory that its plan says it needs. Exports that have to
// wait stand in lines: one for each service and each class of size, which spans a factor of four in pixels. The next
// place goes to the line that has been served the fewest pixels, so that all lines get equal shares of the machine: a
// small picture waits for few others, however many large ones are asked for, and one busy service does not hold up the
// rest. Exports of more than a megapixel get at most half of the places. If the queue is full, the newest export of the
// line with the most pixels behind its first makes room, or is the one refused.
//
// Calls without WithShedding stand in lines of their own, from which nobody is refused: they wait as long as their contexts
// last, and do not count for the queue.
//
// Nobody waits in vain: a caller who goes away leaves the line, an export ends its wait after Limits.Wait, or as soon
// as it could not be ready by its deadline any more, judged by how long exports of its size have taken lately.
//
// After exports that planned for 64 MiB or more, a gate that nobody asks for five seconds runs the garbage collector, so that
// what a burst took goes back to the system within a minute, and not when the runtime collects next.
//
// The zero value is a gate with the defaults of Limits. A Gate is safe for concurrent use.
type Gate struct {
	limits Limits
	once   sync.Once

	decoding *raster.Budget // of datasets, for what they decode

	mu       sync.Mutex
	all      account
	accounts map[*Service]*account
	lines    map[lineKey]*line
	clock    int64         // what the line that was served last had been given before
	memory   list.List     // of *ticket: those with a place that wait for memory or disk
	yielded  list.List     // of *yielded: room that is held and may be claimed, the oldest offer in front
	took     [classes]mean // how long exports of each class have run

	planned int64       // bytes of memory that exports were given since the last collection for idleness
	idle    *time.Timer // until the next one; nil if there was none yet
}

// NewGate returns a gate with the Exports, Queue, Bytes and Spool of l. Each service's own limits hold besides, and its
// Wait.
func NewGate(l Limits) *Gate { return &Gate{limits: l} }

// A Load is what a Gate holds at a moment.
type Load struct {
	Running, Waiting int   // exports
	Bytes            int64 // of memory: what exports have planned for, and answers that wait to be sent
	Spool            int64 // bytes of temporary files, likewise
}

// Load returns what the gate holds, for pages about a server's health.
func (g *Gate) Load() Load {
	g.init()
	g.mu.Lock()
	defer g.mu.Unlock()
	return Load{Running: g.all.running, Waiting: g.all.waiting + g.all.patient, Bytes: g.all.held.memory, Spool: g.all.held.spool}
}

func (g *Gate) init() {
	g.once.Do(func() {
		g.limits = g.limits.withDefaults(memoryLimit(rootFS))
		g.decoding = raster.NewBudget("Bytes", g.limits.decodeBytes())
		g.accounts, g.lines = map[*Service]*account{}, map[lineKey]*line{}
	})
}

// An account is what all exports, or those of one service, have taken.
type account struct {
	running, large, waiting int
	patient                 int // of those that wait, those that are never refused, which waiting leaves out
	held                    need
}

// A need is what an export takes besides its place, in bytes.
type need struct{ memory, spool int64 }

func (n need) plus(m need) need { return need{n.memory + m.memory, n.spool + m.spool} }

func (n need) minus(m need) need { return need{n.memory - m.memory, n.spool - m.spool} }

func (n need) least(m need) need { return need{min(n.memory, m.memory), min(n.spool, m.spool)} }

func (n need) fits(l Limits) bool { return n.memory <= l.exportBytes() && n.spool <= l.Spool }

// exportBytes is the part of Limits.Bytes for what exports plan. decodeBytes is the rest.
func (l Limits) exportBytes() int64 { return l.Bytes - l.decodeBytes() }

// decodeBytes is the part of Limits.Bytes for what datasets decode.
func (l Limits) decodeBytes() int64 { return l.Bytes * 3 / 10 }

// classes is the number of classes of size: a class spans a factor of four in pixels.
const classes = 32

func classOf(pixels int64) int { return bits.Len64(uint64(max(pixels, 0))) / 2 % classes }

// largePixels is the size of an image from which on exports get no more than half of the places.
const largePixels = 1 << 20

type lineKey struct {
	service *Service
	class   int
	patient bool
}

// A line is the exports of one service and class of size that wait.
type line struct {
	tickets list.List // of *ticket, the first to come in front
	pixels  int64     // of them together
	served  int64     // the pixels that the line was given, or would have been had it never been empty
}

// behind returns the pixels of those that stand behind the first one.
func (l *line) behind() int64 {
	if l.tickets.Len() == 0 {
		return 0
	}
	return l.pixels - l.tickets.Front().Value.(*ticket).pixels
}

// A mean is a mean of durations in which the latest count most.
type mean time.Duration

func (m *mean) add(d time.Duration) {
	if *m == 0 {
		*m = mean(d)
		return
	}
	*m += (mean(d) - *m) / 8
}

// enter waits for a place for an export of a number of pixels.
func (g *Gate) enter(ctx context.Context, s *Service, pixels int64) (*ticket, error) {
	g.init()
	t := &ticket{
		gate: g, service: s, limits: s.limits(), pixels: max(1, pixels), class: classOf(pixels),
		granted: make(chan error, 1), started: time.Now(), patient: isPatient(ctx),
	}
	t.came, t.until = t.started, t.started.Add(t.limits.Wait)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if !g.queue(ctx, t) {
		return t, nil
	}
	if err := t.wait(ctx, g.leaveLine); err != nil {
		return nil, err
	}
	return t, nil
}

// queue gives t a place if there is one, or puts it into its line. It reports whether the ticket has to wait for its
// grant.
func (g *Gate) queue(ctx context.Context, t *ticket) (waits bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	key := lineKey{t.service, t.class, t.patient}
	l := g.lines[key]
	if l == nil {
		l = &line{}
		g.lines[key] = l
	}
	if l.tickets.Len() == 0 {
		l.served = max(l.served, g.clock) // an idle line saves nothing up
	}
	t.line = l
	if l.tickets.Len() == 0 && g.hasPlace(t) {
		g.start(t)
		return false
	}
	if !t.patient {
		g.hurry(ctx, t)
	}
	t.place = l.tickets.PushBack(t)
	l.pixels += t.pixels
	g.count(t, func(a *account) { *t.waitingIn(a)++ })
	if !t.patient {
		g.shed(t)
	}
	return true
}

// hurry ends a ticket's wait when its export could not be ready by the deadline any more. The lock is held.
func (g *Gate) hurry(ctx context.Context, t *ticket) {
	t.until, t.late = t.came.Add(t.limits.Wait), false
	if deadline, ok := caller.Deadline(ctx); ok {
		if last := deadline.Add(-time.Duration(g.took[t.class])); last.Before(t.until) {
			t.until, t.late = last, true
		}
	}
}

// Refused returns the error of an export of a number of pixels if it would be refused now without waiting, and nil if it
// would get a place, wait for one, or make another export give way. It takes about a microsecond, for servers that refuse
// before they read a request.
func (s *Service) Refused(pixels int64) error {
	g := s.gate()
	g.init()
	if l := s.limits(); g.refuses(s, l, max(1, pixels)) {
		g.mu.Lock()
		defer g.mu.Unlock()
		return g.full()
	}
	return nil
}

// refuses reports whether queue would shed an export of s at once.
func (g *Gate) refuses(s *Service, limits Limits, pixels int64) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	var own account
	if a := g.accounts[s]; a != nil {
		own = *a
	}
	of := s
	switch {
	case own.waiting >= limits.Queue:
	case g.all.waiting >= g.limits.Queue:
		of = nil
	default:
		return false
	}
	t := &ticket{service: s, limits: limits, pixels: pixels}
	key := lineKey{s, classOf(pixels), false}
	behind := int64(0) // it, in its line
	if l := g.lines[key]; l != nil && l.tickets.Len() > 0 {
		behind = l.behind() + pixels
	} else if g.hasPlace(t) {
		return false
	}
	for k, l := range g.lines {
		if k != key && !k.patient && l.behind() > behind && (of == nil || k.service == of) {
			return false // the last one there gives way
		}
	}
	return true
}

func (g *Gate) full() error {
	return unavailable(overLimit("Queue", int64(g.all.waiting)+1, int64(g.limits.Queue),
		"%d exports run and %d wait (limits Exports, Queue)", g.all.running, g.all.waiting))
}

// waitingIn returns the number of those that wait as the ticket does.
func (t *ticket) waitingIn(a *account) *int {
	if t.patient {
		return &a.patient
	}
	return &a.waiting
}

// count changes the accounts that a ticket counts in.
func (g *Gate) count(t *ticket, change func(*account)) {
	a := g.accounts[t.service]
	if a == nil {
		a = &account{}
		g.accounts[t.service] = a
	}
	change(&g.all)
	change(a)
	if *a == (account{}) {
		delete(g.accounts, t.service)
	}
}

// shed refuses one export if there are too many, of all services or of t's.
func (g *Gate) shed(t *ticket) {
	of := t.service
	switch {
	case g.accounts[t.service].waiting > t.limits.Queue:
	case g.all.waiting > g.limits.Queue:
		of = nil
	default:
		return
	}
	longest := t.line
	for key, l := range g.lines {
		if !key.patient && l.behind() > longest.behind() && (of == nil || key.service == of) {
			longest = l
		}
	}
	last := longest.tickets.Back().Value.(*ticket)
	g.unqueue(last)
	last.granted <- g.full()
}

// unqueue takes a ticket out of its line.
func (g *Gate) unqueue(t *ticket) {
	t.line.tickets.Remove(t.place)
	t.line.pixels -= t.pixels
	t.place = nil
	g.count(t, func(a *account) { *t.waitingIn(a)-- })
}

// leaveLine takes a ticket that gave up out of its line, if it is still there.
func (g *Gate) leaveLine(t *ticket) (left bool) {
	if t.place == nil {
		return false
	}
	g.unqueue(t)
	g.tidy()
	return true
}

// hasPlace reports whether an export may start.
func (g *Gate) hasPlace(t *ticket) bool {
	var own account
	if a := g.accounts[t.service]; a != nil {
		own = *a
	}
	return free(g.all, g.limits, t) && free(own, t.limits, t)
}

func free(a account, l Limits, t *ticket) bool {
	return a.running < l.Exports && (t.pixels <= largePixels || a.large < max(1, l.Exports/2))
}

// start gives an export its place.
func (g *Gate) start(t *ticket) {
	g.clock = max(g.clock, t.line.served)
	t.line.served += t.pixels
	t.started = time.Now()
	g.count(t, func(a *account) {
		a.running++
		if t.pixels > largePixels {
			a.large++
		}
	})
}

// dispatch grants what is free: places, and memory to those who have one.
func (g *Gate) dispatch() {
	for l := g.next(); l != nil; l = g.next() {
		t := l.tickets.Front().Value.(*ticket)
		g.unqueue(t)
		g.start(t)
		t.granted <- nil
	}
	for e := g.memory.Front(); e != nil; {
		t := e.Value.(*ticket)
		if e = e.Next(); g.hasRoom(t) {
			g.memory.Remove(t.place)
			t.place = nil
			g.hold(t, t.wanted)
			t.granted <- nil
		}
	}
	g.tidy()
}

// next returns the line whose first export gets the next place: of those where one may start, the one that was served
// the least. It returns nil if there is none.
func (g *Gate) next() *line {
	var first *line
	for _, l := range g.lines {
		if l.tickets.Len() > 0 && (first == nil || l.served < first.served || l.served == first.served && earlier(l, first)) &&
			g.hasPlace(l.tickets.Front().Value.(*ticket)) {
			first = l
		}
	}
	return first
}

// earlier reports whether the first ticket of one line came before that of another.
func earlier(a, b *line) bool {
	return a.tickets.Front().Value.(*ticket).started.Before(b.tickets.Front().Value.(*ticket).started)
}

// tidy forgets the lines that nobody stands in and that are owed nothing.
func (g *Gate) tidy() {
	for key, l := range g.lines {
		if l.tickets.Len() == 0 && (l.served <= g.clock || g.all.running == 0) {
			delete(g.lines, key)
		}
	}
}

// hasRoom reports whether there are memory and disk for what a ticket wants.
func (g *Gate) hasRoom(t *ticket) bool {
	var own account
	if a := g.accounts[t.service]; a != nil {
		own = *a
	}
	return g.all.held.plus(t.wanted).fits(g.limits) && own.held.plus(t.wanted).fits(t.limits)
}

func (g *Gate) hold(t *ticket, n need) {
	g.planned += max(0, n.memory)
	t.held = t.held.plus(n)
	g.count(t, func(a *account) { a.held = a.held.plus(n) })
}

func unavailable(err error) error { return &Error{Kind: Unavailable, Err: err} }
