package httpsource

import (
	"slices"
	"sync"
)

const (
	aheadFirst = 64 << 10 // how far the first read after the head reads ahead
	aheadMost  = 1 << 20
	aheadBytes = 4 << 20 // kept of a file, its head aside
)

// ahead keeps what was read of a file's structure. Each read that it cannot serve reads further ahead, so that a large
// header takes few requests: 16 KiB, 64 KiB, 256 KiB, and 1 MiB from then on.
type ahead struct {
	mu    sync.Mutex
	spans []span // the head first, then from the oldest to the latest
	bytes int    // of all spans but the head
	grown int64  // how far to read next; 0 at first
}

// A span is bytes of a file that are never written to again.
type span struct {
	off  int64
	data []byte
}

// around returns what to read of a file of a size for a read of [from, to) that cannot be served. If the bytes before
// are not there either, a third lies before the read: the values of a directory often stand before it, up to the end of
// the file.
func (a *ahead) around(from, to, size int64) (int64, int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	n := max(a.grown, aheadFirst)
	a.grown = min(4*n, aheadMost)
	start := from
	if !slices.ContainsFunc(a.spans, func(s span) bool { return s.off < from && from <= s.off+int64(len(s.data)) }) {
		start = max(0, from-n/3)
		if size-start < n {
			start = max(0, min(start, size-n))
		}
	}
	return start, min(size, max(to, start+n))
}

// copy fills p with the bytes from off on, if they are all in one span.
func (a *ahead) copy(p []byte, off int64) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, s := range a.spans {
		if off >= s.off && off+int64(len(p)) <= s.off+int64(len(s.data)) {
			copy(p, s.data[off-s.off:])
			return true
		}
	}
	return false
}

// keep adds a span, and drops the oldest ones for it.
func (a *ahead) keep(off int64, data []byte) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.spans) == 0 {
		a.spans = []span{{off, data}}
		return
	}
	if len(data) > aheadBytes {
		return
	}
	for a.bytes+len(data) > aheadBytes {
		a.bytes -= len(a.spans[1].data)
		a.spans = append(a.spans[:1], a.spans[2:]...)
	}
	a.spans = append(a.spans, span{off, data})
	a.bytes += len(data)
}
