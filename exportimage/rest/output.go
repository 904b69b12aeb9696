package rest

import (
	"errors"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"

	"github.com/geoexport/geoexport/exportimage"
)

// outputFolder is the folder of a service's stored images.
const outputFolder = "output"

// store stores an image and returns its URL.
func (r *responder) store(a *exportimage.Spooled) (string, error) {
	ctx := r.request.Context()
	name := newFileName(r.service.Settings().Formats[a.Format].Ext)
	put := func() error {
		if to, ok := r.settings.Output.(ReaderStore); ok {
			return to.PutFrom(ctx, name, a.Reader(), a.Size())
		}
		data, err := a.Bytes(ctx)
		if err != nil {
			return err
		}
		return r.settings.Output.Put(ctx, name, data)
	}
	if err := r.foreign("Store.Put", put); err != nil {
		if _, spool := errors.AsType[publicError](err); spool {
			return "", err // of the bytes, which the store could not read
		}
		return "", &storeError{"keep", err}
	}
	if to, ok := r.settings.Output.(LinkingStore); ok {
		link := ""
		err := r.foreign("Store.Link", func() (err error) { link, err = to.Link(ctx, name); return err })
		switch {
		case err != nil:
			return "", &storeError{"link to", err}
		case link != "":
			return link, nil
		}
	}
	return r.base() + "/" + outputFolder + "/" + name, nil
}

// output serves a stored image, also in parts. A missing file is a 404 even if all other errors are sent as successes:
// GDAL looks for files beside an image, and takes any answer of status 200 for one.
func (r *responder) output(name string) {
	var file io.ReadSeekCloser
	err := fs.ErrNotExist
	if r.settings.Output != nil && fileName.MatchString(name) {
		err = r.foreign("Store.Open", func() (err error) {
			if file, err = r.settings.Output.Open(r.request.Context(), name); err == nil && file == nil {
				err = errors.New("the store returned neither a file nor an error")
			}
			return err
		})
		if err == nil {
			defer func() { _ = r.foreign("closing a stored file", file.Close) }()
			err = r.foreign("seeking in a stored file", func() error { return seekable(file) })
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		gone := &exportimage.Error{Kind: exportimage.NotFound, Err: errors.New("there is no such file, or not any more")}
		r.refuse(gone, http.StatusNotFound, http.StatusNotFound)
		return
	}
	if err != nil {
		r.f = "json" // as for the operation: the link is one to an image
		r.error(&storeError{"open", err})
		return
	}
	h := r.w.Header()
	h.Set("Content-Type", r.mediaType(path.Ext(name)))
	h.Set("ETag", `"`+name+`"`)
	h.Set("Cache-Control", r.cacheControl())
	r.timing()
	r.sendContent(&storedFile{ReadSeeker: file}, func(err error) error { return &storeError{"read", err} })
}

// seekable returns why a file's size cannot be found, before anything is sent.
func seekable(file io.Seeker) error {
	if _, err := file.Seek(0, io.SeekEnd); err != nil {
		return err
	}
	_, err := file.Seek(0, io.SeekStart)
	return err
}

// A storedFile notes an error of reading, which http.ServeContent keeps to itself, and an end before the file's own.
type storedFile struct {
	io.ReadSeeker
	size, at int64
	err      error
}

func (f *storedFile) Read(p []byte) (int, error) {
	n, err := f.ReadSeeker.Read(p)
	f.at += int64(n)
	switch {
	case err == io.EOF && f.at < f.size:
		f.err = io.ErrUnexpectedEOF
	case err != nil && err != io.EOF:
		f.err = err
	}
	return n, err
}

func (f *storedFile) Seek(offset int64, whence int) (int64, error) {
	at, err := f.ReadSeeker.Seek(offset, whence)
	switch {
	case err != nil:
		f.err = err
	case whence == io.SeekEnd && offset == 0:
		f.size = at
	}
	f.at = at
	return at, err
}

// mediaType returns the media type of the format with the extension.
func (r *responder) mediaType(ext string) string {
	formats := r.service.Settings().Formats
	for _, name := range formatList(r.service) {
		if f := formats[name]; "."+f.Ext == ext {
			return f.MediaType
		}
	}
	if t := mime.TypeByExtension(ext); t != "" {
		return t
	}
	return "application/octet-stream"
}
