package exportimage

import (
	"runtime"
	"time"

	"github.com/geoexport/geoexport/internal/guard"
)

const (
	// idleAfter is how long a gate must have been idle before memory is collected for it.
	idleAfter = 5 * time.Second
	// idleBytes is how much exports must have planned for until it is worth while: a collection takes about a millisecond
	// for each megabyte that is in use.
	idleBytes = 64 << 20
)

// rest makes the garbage collector run when the gate has been idle for a while. Without it, a program that has become idle
// keeps what the last exports left, and what pools of memory hold, for up to four minutes: the runtime collects every two
// minutes then, and pools need two collections. The lock is held.
func (g *Gate) rest() {
	switch {
	case g.all.running > 0 || g.all.waiting > 0 || g.planned < idleBytes:
	case g.idle == nil:
		// Nothing is lost if it fails, but some memory.
		g.idle = guard.After(idleAfter, "collecting memory", g.collect, func(error) {})
	default:
		g.idle.Reset(idleAfter)
	}
}

// collect runs the garbage collector, twice because of pools, unless the gate is in use again.
func (g *Gate) collect() {
	g.mu.Lock()
	busy := g.all.running > 0 || g.all.waiting > 0
	if !busy {
		g.planned = 0
	}
	g.mu.Unlock()
	if !busy { // or else rest comes again
		runtime.GC()
		runtime.GC()
	}
}
