package rest

import (
	"strconv"
	"sync"

	"github.com/geoexport/geoexport/exportimage"
)

// keptImages are the images that are kept for a while for clients that read them in parts. They are in the room that the
// services' gates count, and offer it to exports that need it (see Spooled.Yield).
type keptImages struct {
	mu     sync.Mutex
	ledger *ledger // by keptImage.name
	byKey  map[keptKey]*keptImage
	byName map[string]*keptImage
	count  int64
}

// A keptKey stands for a request to one service.
type keptKey struct {
	service *sharedExports
	request shareKey
}

// A keptImage is an image that several readers may share. The lock of keptImages guards its fields from readers on.
type keptImage struct {
	key    keptKey
	name   string
	answer *exportimage.Spooled
	leave  func() // closes the answer; may be called more than once

	readers int
	gone    bool        // no later reader may find it
	offer   func() bool // takes its room back; nil while there are readers
}

// keep keeps an image from now on, in the place of the caller, who gets it back with another leave. If one with the key is
// there already, the caller gets that: it has the same bytes unless the rasters changed meanwhile, and parts of one image
// must fit together.
func (k *keptImages) keep(
	key keptKey, a *exportimage.Spooled, leave func(),
) (*exportimage.Spooled, func()) {
	if there, leaveThere := k.find(key); there != nil {
		leave()
		return there, leaveThere
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.count++
	m := &keptImage{key: key, name: strconv.FormatInt(k.count, 10), answer: a, leave: sync.OnceFunc(leave), readers: 1}
	if k.byKey[key] != nil || k.ledger.add(newFile(m.name, a.Size()), k.drop) != nil {
		m.gone = true // another one came first, or it is larger than all that may be kept
	} else {
		if k.byKey == nil {
			k.byKey, k.byName = map[keptKey]*keptImage{}, map[string]*keptImage{}
		}
		k.byKey[key], k.byName[m.name] = m, m
	}
	return a, sync.OnceFunc(func() { k.release(m) })
}

// find returns a kept image, nil if there is none, and what its reader calls at the end.
func (k *keptImages) find(key keptKey) (*exportimage.Spooled, func()) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.ledger.expire(k.drop)
	m := k.byKey[key]
	if m == nil {
		return nil, nil
	}
	if m.offer != nil && !m.offer() {
		k.forget(m) // an export has just taken its room
		return nil, nil
	}
	m.offer = nil
	m.readers++
	return m.answer, sync.OnceFunc(func() { k.release(m) })
}

// release is the end of a reader. After the last one, the image waits for the next, or is closed if none can find it.
func (k *keptImages) release(m *keptImage) {
	k.mu.Lock()
	m.readers--
	last := m.readers == 0
	if last && !m.gone {
		var ok bool
		if m.offer, ok = m.answer.Yield(func() { k.yield(m) }); !ok {
			k.forget(m)
		}
	}
	closing := last && m.gone
	k.mu.Unlock()
	if closing {
		m.leave()
	}
}

// yield gives the room of an image that nobody reads to an export.
func (k *keptImages) yield(m *keptImage) {
	k.mu.Lock()
	k.forget(m)
	k.mu.Unlock()
	m.leave()
}

// forget takes an image out of those that can be found. The lock is held.
func (k *keptImages) forget(m *keptImage) {
	if !m.gone {
		k.ledger.forget(m.name)
		k.out(m)
	}
}

// drop is called by the ledger, for an image that is too old or has to make room.
func (k *keptImages) drop(name string) {
	m := k.byName[name]
	k.out(m)
	if m.readers == 0 && m.offer() {
		m.leave()
	}
}

func (k *keptImages) out(m *keptImage) {
	m.gone = true
	delete(k.byKey, m.key)
	delete(k.byName, m.name)
}
