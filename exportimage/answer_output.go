package exportimage

import (
	"errors"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"time"
)

// outputFolder is where a service's stored pictures are.
const outputFolder = "output/"

// store keeps a picture and gives its absolute URL.
func (a *answer) store(res Result) (string, error) {
	name := newFileName(a.service.formats()[res.Format].Ext)
	if err := a.service.Output.Put(a.r.Context(), name, res.Data); err != nil {
		return "", err
	}
	return a.base() + "/" + outputFolder + name, nil
}

// output serves a stored picture, also in parts. What is not there is a 404 even if all other errors are sent as successes:
// GDAL looks for files beside a picture, and takes any answer of status 200 for one.
func (a *answer) output(name string) {
	var file io.ReadSeekCloser
	err := fs.ErrNotExist
	if a.service.Output != nil && fileName.MatchString(name) {
		file, err = a.service.Output.Open(a.r.Context(), name)
	}
	if errors.Is(err, fs.ErrNotExist) {
		gone := &Error{Kind: NotFound, Err: errors.New("there is no such file, or not any more")}
		a.refuse(gone, http.StatusNotFound, http.StatusNotFound)
		return
	}
	if err != nil {
		a.error(err)
		return
	}
	defer file.Close()
	h := a.w.Header()
	h.Set("Content-Type", a.mediaType(path.Ext(name)))
	h.Set("ETag", `"`+name+`"`)
	h.Set("Cache-Control", a.cacheControl())
	a.timing()
	http.ServeContent(a.w, a.r, "", time.Time{}, file)
}

// mediaType is that of the format which has the extension.
func (a *answer) mediaType(ext string) string {
	formats := a.service.formats()
	for _, name := range formatList(a.service) {
		if f := formats[name]; "."+f.Ext == ext {
			return f.MediaType
		}
	}
	if t := mime.TypeByExtension(ext); t != "" {
		return t
	}
	return "application/octet-stream"
}
