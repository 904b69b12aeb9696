package rest

import (
	"bytes"
	"context"
	"io"
	"sync"
)

// A MemoryStore keeps files in memory, for servers that stand alone. Old files keep their memory until the next call.
type MemoryStore struct {
	mu     sync.Mutex
	ledger *ledger
	files  map[string][]byte
}

var _ Store = (*MemoryStore)(nil)

// NewMemoryStore returns an empty store.
func NewMemoryStore(l StoreLimits) *MemoryStore {
	return &MemoryStore{ledger: newLedger(l), files: map[string][]byte{}}
}

// Put keeps data itself, not a copy.
func (s *MemoryStore) Put(_ context.Context, name string, data []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.ledger.add(newFile(name, int64(len(data))), s.drop); err != nil {
		return err
	}
	s.files[name] = data
	return nil
}

// Open returns a reader of the bytes that were put.
func (s *MemoryStore) Open(_ context.Context, name string) (io.ReadSeekCloser, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.ledger.check(name, s.drop); err != nil {
		return nil, err
	}
	return memoryFile{bytes.NewReader(s.files[name])}, nil
}

func (s *MemoryStore) drop(name string) { delete(s.files, name) }

type memoryFile struct{ *bytes.Reader }

func (memoryFile) Close() error { return nil }
