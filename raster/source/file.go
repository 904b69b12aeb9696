package source

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"time"
)

// ErrNoReaderAt is why a file is refused whose file system only reads from the front, such as a zip file.
var ErrNoReaderAt = errors.New("the file system does not read at offsets")

// ErrNotRegular is why a folder, a pipe or a device is refused: it has no size and does not read at offsets.
var ErrNotRegular = errors.New("not a regular file")

// A File is a source that is open until it is closed. The zero value is a closed one of no bytes.
type File struct {
	src     readerAt
	closer  io.Closer
	version *version
}

var (
	_ Located   = (*File)(nil)
	_ io.Closer = (*File)(nil)
)

// Open opens the file with the given path. Its errors are *fs.PathError.
func Open(path string) (*File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	return newFile(f, path, func() (fs.FileInfo, error) { return os.Stat(path) })
}

// OpenFS opens the file called name in fsys, whose files must be io.ReaderAt. Its errors are *fs.PathError or those of
// fsys.
func OpenFS(fsys fs.FS, name string) (*File, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	return newFile(f, name, func() (fs.FileInfo, error) { return fs.Stat(fsys, name) })
}

// newFile takes f over, and closes it if it cannot be a source.
func newFile(f fs.File, name string, latest func() (fs.FileInfo, error)) (*File, error) {
	info, err := f.Stat()
	switch r, ok := f.(io.ReaderAt); {
	case err != nil:
	case !info.Mode().IsRegular():
		err = &fs.PathError{Op: "open", Path: name, Err: ErrNotRegular}
	case !ok:
		err = ErrNoReaderAt
	default:
		return &File{readerAt{r, info.Size()}, f, newVersion(name, info, f.Stat, latest)}, nil
	}
	_ = f.Close() // nothing was written, and err has the reason
	return nil, err
}

// ReadAtContext reads at an offset. The context is checked before each read but cannot interrupt one.
func (f *File) ReadAtContext(ctx context.Context, p []byte, off int64) (int, error) {
	if f.src.r == nil {
		return 0, fs.ErrClosed
	}
	return f.src.ReadAtContext(ctx, p, off)
}

// Name returns the path or name by which the file was opened.
func (f *File) Name() string {
	if f.version == nil {
		return ""
	}
	return f.version.name
}

// Identity returns the identity of the file, which consists of its device, inode, size and times, or a *ChangedError if
// it was written to since it was opened. It does not matter whether it was replaced or deleted meanwhile: those who
// have it open read what it was.
func (f *File) Identity(context.Context) (string, error) {
	if f.version == nil {
		return "", fs.ErrClosed
	}
	return f.version.identity()
}

// Latest returns the identity of the file that has the name now. It works on a File that was closed, too.
func (f *File) Latest(context.Context) (string, error) {
	if f.version == nil {
		return "", fs.ErrClosed
	}
	return f.version.now()
}

// changed returns when the file was changed before it was opened.
func (f *File) changed() time.Time { return f.version.lastChange() }

// Size returns the size that the file had when it was opened.
func (f *File) Size() int64 { return f.src.size }

// Close closes the file. A second call fails with fs.ErrClosed, if the file system's own files do so.
func (f *File) Close() error {
	if f.closer == nil {
		return fs.ErrClosed
	}
	return f.closer.Close()
}
