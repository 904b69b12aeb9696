package exportimage

import "github.com/geoexport/geoexport/raster"

// Workers draw strips in memory that goes from image to image, since fresh memory costs more than most of what is done in
// it: it is cleared, its pages are faulted in, and it is garbage soon. Strips are in it until the encoder has read them, and
// the answer never is.

// lend lends memory, with arbitrary contents.
func (s *Service) lend() *raster.Buffer {
	if b, ok := s.buffers.Get().(*raster.Buffer); ok {
		return b
	}
	return &raster.Buffer{}
}

// takeBack takes back what lend lent. Nobody may use blocks in it any more.
func (s *Service) takeBack(lent []*raster.Buffer) {
	for _, b := range lent {
		s.buffers.Put(b)
	}
}
