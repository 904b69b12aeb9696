package exportimage

import "context"

// MemoryNeed returns the bytes that a streamed export reserves.
func (s *Service) MemoryNeed(ctx context.Context, req Request) (int64, error) {
	p, r, err := s.prepare(ctx, req, false)
	if err != nil {
		return 0, err
	}
	return p.need(r, s.limits(), streamed).memory, nil
}
