package exportimage

// A yielded is the room of an image that nobody reads for the moment.
type yielded struct {
	drop func() // lets go of the image, and so of its room
}

// Yield offers the room that an image takes to exports that wait for some: the gate may call drop, once and from any
// goroutine, which must close the image. Until then the room counts as taken, and keep takes the offer back. It reports
// false if drop has been called, or is about to be.
//
// Yield reports false, and nothing is offered, if exports wait for room already: then the image is to be closed.
func (a *Spooled) Yield(drop func()) (keep func() bool, ok bool) {
	if a.ticket == nil {
		return func() bool { return true }, true
	}
	g := a.ticket.gate
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.memory.Len() > 0 {
		return nil, false
	}
	offer := &yielded{drop}
	place := g.yielded.PushBack(offer)
	return func() bool {
		g.mu.Lock()
		defer g.mu.Unlock()
		if offer.drop == nil {
			return false
		}
		g.yielded.Remove(place)
		return true
	}, true
}

// claim takes the oldest offer of room. It returns nil if there is none. The gate's lock is held, and must not be when the
// result is called.
func (g *Gate) claim() (drop func()) {
	oldest := g.yielded.Front()
	if oldest == nil {
		return nil
	}
	offer := g.yielded.Remove(oldest).(*yielded)
	drop, offer.drop = offer.drop, nil
	return drop
}
