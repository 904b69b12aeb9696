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
	"slices"
	"sync"
)

// DefaultMemory is the default of Spool.Memory, in bytes.
const DefaultMemory = 8 << 20

// A File holds the bytes of one spool. It is written from the front, and then read. Close deletes it.
type File interface {
	io.Writer
	io.ReaderAt
	io.Closer
}

// An Error reports a temporary file that failed. The text of Public may be shown to anyone; Err may hold paths, and is for
// the log.
type Error struct {
	Verb string // what could not be done to the file: "make", "write", "read" or "remove"
	Err  error
}

// Public returns the message without its cause.
func (e *Error) Public() string { return "temporary file: cannot " + e.Verb + " it" }

func (e *Error) Error() string { return fmt.Sprintf("%s: %v", e.Public(), e.Err) }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// fileBuffer is the size of writes to the file and of reads from it.
const fileBuffer = 256 << 10

// A Spool is written first and read afterwards. The zero value is empty and ready. It serves one goroutine at a time
// until Finish is called, and must be closed.
type Spool struct {
	Memory int    // most bytes that are kept in memory; 0 means DefaultMemory
	Dir    string // folder of the temporary file; empty means os.TempDir
	// Make, if not nil, makes the temporary file instead, and Dir does not count.
	Make func() (File, error)
	// Scratch, if not nil, lends memory, as *[]byte, in which bytes are collected until Finish copies them to memory of their
	// own, which has their length.
	Scratch *sync.Pool

	mem  []byte
	lent *[]byte // what mem was lent in; nil if it is the spool's own
	file File
	buf  *bufio.Writer // of file
	copy []byte        // memory for reading from file
	n    int64         // bytes written
	done bool          // no more are
}

// Len returns the number of bytes written.
func (s *Spool) Len() int64 { return s.n }

// Write appends p.
func (s *Spool) Write(p []byte) (int, error) {
	if s.done {
		return 0, errors.New("spool: written after Finish")
	}
	if s.file == nil {
		limit := s.Memory
		if limit == 0 {
			limit = DefaultMemory
		}
		if len(s.mem)+len(p) <= limit {
			s.borrow()
			s.mem = append(s.mem, p...)
			s.n += int64(len(p))
			return len(p), nil
		}
		if err := s.open(); err != nil {
			return 0, err
		}
	}
	n, err := s.buf.Write(p)
	s.n += int64(n)
	if err != nil {
		err = &Error{"write", err}
	}
	return n, err
}

// borrow makes sure that bytes are collected in lent memory if there is any to lend.
func (s *Spool) borrow() {
	if s.Scratch == nil || s.mem != nil {
		return
	}
	lent, ok := s.Scratch.Get().(*[]byte)
	if !ok {
		lent = new([]byte)
	}
	s.lent, s.mem = lent, (*lent)[:0]
}

// giveBack gives lent memory back, with what it has grown to. Nothing may be read from it any more.
func (s *Spool) giveBack() {
	if s.lent != nil {
		*s.lent = s.mem[:0]
		s.Scratch.Put(s.lent)
	}
	s.lent, s.mem = nil, nil
}

// open moves the bytes in memory to a file.
func (s *Spool) open() error {
	newFile := s.Make
	if newFile == nil {
		newFile = func() (File, error) { return newDiskFile(s.Dir) }
	}
	f, err := newFile()
	if err == nil && f == nil {
		err = errNoFile
	}
	if err != nil {
		return &Error{"make", err}
	}
	s.file, s.buf = f, bufio.NewWriterSize(f, fileBuffer)
	_, err = s.buf.Write(s.mem)
	s.giveBack()
	if err != nil {
		return &Error{"write", err}
	}
	return nil
}

var errNoFile = errors.New("spool: Make returned no file")

// flush writes what waits in memory to the file.
func (s *Spool) flush() error {
	if s.buf == nil {
		return nil
	}
	if err := s.buf.Flush(); err != nil {
		return &Error{"write", err}
	}
	return nil
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
	if err := s.flush(); err != nil {
		return err
	}
	if s.copy == nil {
		s.copy = make([]byte, fileBuffer)
	}
	for n > 0 {
		part := s.copy[:min(n, fileBuffer)]
		if err := s.readFile(part, off); err != nil {
			return err
		}
		if _, err := w.Write(part); err != nil {
			return err
		}
		off, n = off+int64(len(part)), n-int64(len(part))
	}
	return nil
}

// readFile fills p from offset off of the file on.
func (s *Spool) readFile(p []byte, off int64) error {
	n, err := s.file.ReadAt(p, off)
	switch {
	case n == len(p):
		return nil // even with an error: io.EOF at the end of the file is none
	case err == nil, errors.Is(err, io.EOF):
		err = fmt.Errorf("it was cut off: %w", io.ErrUnexpectedEOF)
	}
	return &Error{"read", err}
}

// InFile reports whether the bytes are in a temporary file.
func (s *Spool) InFile() bool { return s.file != nil }

// Finish ends writing, and drops the memory for it.
func (s *Spool) Finish() error {
	err := s.flush()
	if s.lent != nil {
		own := slices.Clone(s.mem)
		s.giveBack()
		s.mem = own
	}
	s.buf, s.done = nil, true
	return err
}

// ReadAt implements io.ReaderAt, but for one goroutine at a time.
func (s *Spool) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 || off > s.n {
		return 0, fmt.Errorf("spool: byte %d of %d", off, s.n)
	}
	var end error
	if most := s.n - off; int64(len(p)) > most {
		p, end = p[:most], io.EOF
	}
	if s.file == nil {
		return copy(p, s.mem[off:]), end
	}
	if err := s.flush(); err != nil {
		return 0, err
	}
	if err := s.readFile(p, off); err != nil {
		return 0, err
	}
	return len(p), end
}

// Close drops the bytes, and removes the file. Then the spool is empty and ready to be written again. It keeps its
// memory.
func (s *Spool) Close() error {
	s.mem, s.n, s.done = s.mem[:0], 0, false
	if s.file == nil {
		return nil
	}
	f := s.file
	s.file, s.buf = nil, nil
	if err := f.Close(); err != nil {
		return &Error{"remove", err}
	}
	return nil
}

// A diskFile is a File on disk.
type diskFile struct {
	*os.File
	name string // empty if the file has lost it already
}

func newDiskFile(dir string) (File, error) {
	f, err := os.CreateTemp(dir, "geoexport-*.tmp")
	if err != nil {
		return nil, err
	}
	// Where the system allows it, the file loses its name while it is open, so that nothing stays behind even if the
	// process is killed.
	if os.Remove(f.Name()) == nil {
		return &diskFile{f, ""}, nil
	}
	return &diskFile{f, f.Name()}, nil
}

func (f *diskFile) Close() error {
	err := f.File.Close()
	if f.name == "" {
		return err
	}
	return errors.Join(err, os.Remove(f.name))
}
