package resample

import (
	"image"
	"slices"
	"sync"
)

// maxShared bounds the patches that wait to be used again. They have 72 bytes each: 1.2 MB a mapping.
const maxShared = 1 << 14

// shared keeps the bands of cells that SourceWindow found, until Warp of the same pixels takes them. Bands that nobody
// takes give way to later ones. It is safe for concurrent use.
type shared struct {
	mu    sync.Mutex
	bands []sharedBand // the oldest first
	size  int          // patches in them
}

// A sharedBand is the tree of one band of the cells of a rectangle.
type sharedBand struct {
	r    image.Rectangle
	band int
	tree []patch
}

// put offers a band's tree, which must not change any more.
func (s *shared) put(r image.Rectangle, band int, tree []patch) {
	if len(tree) > maxShared {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bands = append(s.bands, sharedBand{r, band, tree})
	s.size += len(tree)
	for s.size > maxShared {
		s.remove(0)
	}
}

// take returns a band's tree and forgets it, or nil if there is none.
func (s *shared) take(r image.Rectangle, band int) []patch {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, b := range s.bands {
		if b.band == band && b.r == r {
			s.remove(i)
			return b.tree
		}
	}
	return nil
}

// remove forgets the i-th band.
func (s *shared) remove(i int) {
	s.size -= len(s.bands[i].tree)
	s.bands = slices.Delete(s.bands, i, i+1)
}
