// Package faultdisk injects the faults of disks into temporary files and folders of files: no space, no more open
// files, input and output errors, and files that are written or read in part.
package faultdisk

import (
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"sync/atomic"
	"syscall"

	"github.com/geoexport/geoexport/internal/spool"
	"github.com/geoexport/geoexport/raster/rastertest"
)

// A Disk makes files that fail as Faults say. It is safe for concurrent use; set its fields before.
type Disk struct {
	Dir    string // of temporary files
	Faults *rastertest.Faults

	open atomic.Int64
}

// Open returns the number of files that are open.
func (d *Disk) Open() int { return int(d.open.Load()) }

// fail returns an error of the system, if the next call of any of the given kinds is to fail.
func (d *Disk) fail(op string, errs ...error) error {
	if _, r, ok := d.Faults.Next(rastertest.Fail); ok {
		return &fs.PathError{Op: op, Path: d.Dir + "/secret", Err: errs[r.IntN(len(errs))]}
	}
	return nil
}

// TempFile makes a temporary file, as spool.Spool wants it.
func (d *Disk) TempFile() (spool.File, error) {
	if err := d.fail("create", syscall.EMFILE, syscall.ENOSPC, syscall.EIO); err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(d.Dir, "faultdisk-*.tmp")
	if err != nil {
		return nil, err
	}
	d.open.Add(1)
	return &tempFile{d, f}, nil
}

type tempFile struct {
	disk *Disk
	file *os.File
}

func (f *tempFile) Write(p []byte) (int, error) {
	kind, r, ok := f.disk.Faults.Next(rastertest.Fail, rastertest.ShortWrite)
	if !ok || len(p) == 0 {
		return f.file.Write(p)
	}
	n, err := f.file.Write(p[:r.IntN(len(p))])
	if err == nil && kind == rastertest.Fail {
		err = diskError(r)
	}
	return n, err
}

func diskError(r *rand.Rand) error {
	return []error{syscall.ENOSPC, syscall.EIO}[r.IntN(2)]
}

func (f *tempFile) ReadAt(p []byte, off int64) (int, error) {
	kind, r, ok := f.disk.Faults.Next(rastertest.Fail, rastertest.ShortRead)
	if !ok || len(p) == 0 {
		return f.file.ReadAt(p, off)
	}
	n, err := f.file.ReadAt(p[:r.IntN(len(p))], off)
	if err == nil && kind == rastertest.Fail {
		err = syscall.EIO
	} else if err == nil {
		err = io.EOF
	}
	return n, err
}

func (f *tempFile) Close() error {
	f.disk.open.Add(-1)
	err := f.file.Close()
	if removed := os.Remove(f.file.Name()); err == nil {
		err = removed
	}
	if failed := f.disk.fail("close", syscall.EIO); failed != nil {
		return failed
	}
	return err
}

// Files are the files of one folder.
type Files interface {
	ReadDir() ([]fs.DirEntry, error)
	Create(name string) (io.WriteCloser, error)
	Rename(from, to string) error
	Remove(name string) error
	Open(name string) (io.ReadSeekCloser, error)
	Close() error
}

// Folder returns files with the disk's faults. What fails was done in part: a file that could not be written may be
// there and hold a part of its bytes.
func (d *Disk) Folder(files Files) Files { return &folder{files, d} }

type folder struct {
	Files
	disk *Disk
}

func (f *folder) ReadDir() ([]fs.DirEntry, error) {
	if err := f.disk.fail("readdir", syscall.EIO, syscall.EMFILE); err != nil {
		return nil, err
	}
	return f.Files.ReadDir()
}

func (f *folder) Create(name string) (io.WriteCloser, error) {
	if err := f.disk.fail("create", syscall.EMFILE, syscall.ENOSPC, syscall.EIO); err != nil {
		return nil, err
	}
	file, err := f.Files.Create(name)
	if err != nil {
		return nil, err
	}
	f.disk.open.Add(1)
	return &newFile{file, f.disk}, nil
}

type newFile struct {
	io.WriteCloser
	disk *Disk
}

func (f *newFile) Write(p []byte) (int, error) {
	kind, r, ok := f.disk.Faults.Next(rastertest.Fail, rastertest.ShortWrite, rastertest.Panic)
	if !ok || len(p) == 0 {
		return f.WriteCloser.Write(p)
	}
	if kind == rastertest.Panic {
		panic("injected fault: Write")
	}
	n, err := f.WriteCloser.Write(p[:r.IntN(len(p))])
	if err == nil && kind == rastertest.Fail {
		err = diskError(r)
	}
	return n, err
}

func (f *newFile) Close() error {
	f.disk.open.Add(-1)
	err := f.WriteCloser.Close()
	if failed := f.disk.fail("close", syscall.EIO, syscall.ENOSPC); failed != nil {
		return failed
	}
	return err
}

func (f *folder) Rename(from, to string) error {
	if err := f.disk.fail("rename", syscall.EIO, syscall.ENOSPC); err != nil {
		return err
	}
	return f.Files.Rename(from, to)
}

func (f *folder) Remove(name string) error {
	if err := f.disk.fail("remove", syscall.EIO); err != nil {
		return err
	}
	return f.Files.Remove(name)
}

func (f *folder) Open(name string) (io.ReadSeekCloser, error) {
	if err := f.disk.fail("open", syscall.EMFILE, syscall.EIO); err != nil {
		return nil, err
	}
	file, err := f.Files.Open(name)
	if err != nil {
		return nil, err
	}
	f.disk.open.Add(1)
	return &storedFile{file, f.disk}, nil
}

type storedFile struct {
	io.ReadSeekCloser
	disk *Disk
}

func (f *storedFile) Read(p []byte) (int, error) {
	kind, r, ok := f.disk.Faults.Next(rastertest.Fail, rastertest.ShortRead)
	if !ok || len(p) == 0 {
		return f.ReadSeekCloser.Read(p)
	}
	n, err := f.ReadSeekCloser.Read(p[:r.IntN(len(p))])
	if kind == rastertest.Fail {
		return n, syscall.EIO
	}
	return n, err
}

func (f *storedFile) Seek(offset int64, whence int) (int64, error) {
	if err := f.disk.fail("seek", syscall.EIO); err != nil {
		return 0, err
	}
	return f.ReadSeekCloser.Seek(offset, whence)
}

func (f *storedFile) Close() error {
	f.disk.open.Add(-1)
	return f.ReadSeekCloser.Close()
}
