package rest

import (
	"errors"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"time"

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
	err := r.foreign("Store.Put", put)
	if err != nil {
		return "", err
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
	}
	if errors.Is(err, fs.ErrNotExist) {
		gone := &exportimage.Error{Kind: exportimage.NotFound, Err: errors.New("there is no such file, or not any more")}
		r.refuse(gone, http.StatusNotFound, http.StatusNotFound)
		return
	}
	if err != nil {
		r.error(err)
		return
	}
	defer file.Close()
	h := r.w.Header()
	h.Set("Content-Type", r.mediaType(path.Ext(name)))
	h.Set("ETag", `"`+name+`"`)
	h.Set("Cache-Control", r.cacheControl())
	r.timing()
	http.ServeContent(r.w, r.request, "", time.Time{}, file)
}

// mediaType returns that of the format with the extension.
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
