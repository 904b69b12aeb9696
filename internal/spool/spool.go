// Package spool keeps bytes that have to wait until others are written: in memory up to a bound, and beyond it in a
// temporary file. Write to a Spool, then copy parts of it to their places with CopyTo or read them with ReadAt, and
// Close it in the end.
package spool

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
)

// DefaultMemory is the default of Spool.Memory, in bytes.
const DefaultMemory = 8 << 20

// fileBuffer is the size of writes to the file and of reads from it.
const fileBuffer = 256 << 10

// A Spool is written first and read afterwards. The zero value is empty and ready. It serves one goroutine at a time,
// and must be closed.
type Spool struct {
	Memory int    // most bytes that are kept in memory; 0 means DefaultMemory
	Dir    string // folder of the temporary file; empty means os.TempDir

	mem  []byte
	file *os.File
	name string        // of file; empty if the name is removed already
	buf  *bufio.Writer // of file
	copy []byte        // memory for reading from file
	n    int64         // bytes written
}

// Len returns the number of bytes written.
func (s *Spool) Len() int64 { return s.n }

// Write appends p.
func (s *Spool) Write(p []byte) (int, error) {
	if s.file == nil {
		limit := s.Memory
		if limit == 0 {
			limit = DefaultMemory
		}
		if len(s.mem)+len(p) <= limit {
			s.mem = append(s.mem, p...)
			s.n += int64(len(p))
			return len(p), nil
		}
		if err := s.open(); err != nil {
			return 0, fmt.Errorf("spool: %w", err)
		}
	}
	n, err := s.buf.Write(p)
	s.n += int64(n)
	if err != nil {
		err = fmt.Errorf("spool: %w", err)
	}
	return n, err
}

// open moves the bytes in memory to a file.
func (s *Spool) open() error {
	f, err := os.CreateTemp(s.Dir, "geoexport-*.tmp")
	if err != nil {
		return err
	}
	s.file, s.name, s.buf = f, f.Name(), bufio.NewWriterSize(f, fileBuffer)
	// Where the system allows it, the file loses its name while it is open, so that nothing stays behind even if the
	// process is killed.
	if os.Remove(s.name) == nil {
		s.name = ""
	}
	_, err = s.buf.Write(s.mem)
	s.mem = nil
	return err
}

// CopyTo writes n bytes, from offset off on, to w. Errors of w are returned as they are.
func (s *Spool) CopyTo(w io.Writer, off, n int64) error {
	if off < 0 || n < 0 || n > s.n-off {
		return fmt.Errorf("spool: bytes %d to %d of %d", off, off+n, s.n)
	}
	if s.file == nil {
		_, err := w.Write(s.mem[off : off+n])
		return err
	}
	if err := s.buf.Flush(); err != nil {
		return fmt.Errorf("spool: %w", err)
	}
	if s.copy == nil {
		s.copy = make([]byte, fileBuffer)
	}
	copied, err := io.CopyBuffer(onlyWriter{w}, io.NewSectionReader(s.file, off, n), s.copy)
	if err == nil && copied < n {
		err = fmt.Errorf("spool: the file was cut off: %w", io.ErrUnexpectedEOF)
	}
	return err
}

// ReadAt reads len(p) bytes from offset off on. Unlike an io.ReaderAt, it reads nothing if there are fewer.
func (s *Spool) ReadAt(p []byte, off int64) (int, error) {
	if n := int64(len(p)); off < 0 || n > s.n-off {
		return 0, fmt.Errorf("spool: bytes %d to %d of %d", off, off+n, s.n)
	}
	if s.file == nil {
		return copy(p, s.mem[off:]), nil
	}
	if err := s.buf.Flush(); err != nil {
		return 0, fmt.Errorf("spool: %w", err)
	}
	n, err := s.file.ReadAt(p, off)
	if n == len(p) {
		return n, nil
	}
	return n, fmt.Errorf("spool: %w", err)
}

// onlyWriter hides the ReadFrom of a writer, so that io.CopyBuffer copies through the buffer that it is given.
type onlyWriter struct{ io.Writer }

// Close drops the bytes, and removes the file. Then the spool is empty and ready to be written again. It keeps its
// memory.
func (s *Spool) Close() error {
	s.mem, s.n = s.mem[:0], 0
	if s.file == nil {
		return nil
	}
	f, name := s.file, s.name
	s.file, s.buf, s.name = nil, nil, ""
	if name == "" {
		return f.Close()
	}
	return errors.Join(f.Close(), os.Remove(name))
}
