package rest

import (
	"context"
	"io"
	"mime"
	"net/url"
	"slices"

	"github.com/geoexport/geoexport/exportimage/params"
	"github.com/geoexport/geoexport/internal/quote"
	"github.com/geoexport/geoexport/mosaic"
)

// A RasterFile is a file that a raster is made of, for Options.Files.
type RasterFile struct {
	Name string // by which clients ask for it; they see nothing else of where it lies
	Size int64  // in bytes
	Open func(ctx context.Context) (io.ReadSeekCloser, error)
}

// maxDownloads bounds of how many rasters one request lists the files.
const maxDownloads = 100

type downloadRequest struct{ ids []int64 }

// downloadTable holds the parameters of download.
var downloadTable = append(params.Table[downloadRequest]{
	params.Bind(params.RasterIDsParam, func(r *downloadRequest, ids []int64) { r.ids = ids }),
}, refusedOf[downloadRequest]("geometry", "geometryType", "format", "rasterRule", "transferLimit", "itemDownload")...)

var downloadInquiry = inquiry{title: "Download", infos: downloadTable.Infos(), answer: (*responder).download}

type rasterFileJSON struct {
	ID        string  `json:"id"`
	Size      int64   `json:"size"`
	RasterIDs []int64 `json:"rasterIds"`
}

// files returns the files of a raster of the catalogue.
func (r *responder) files(id int64) ([]RasterFile, error) {
	if r.settings.Files == nil {
		return nil, unsupported("", "files of rasters are not served here")
	}
	items, err := mosaic.Find(r.request.Context(), r.service.Catalog, id)
	if err != nil {
		return nil, notFound("there is no raster %d", id)
	}
	var out []RasterFile
	err = r.foreign("listing the files of a raster", func() (err error) {
		out, err = r.settings.Files(r.request.Context(), items[0])
		return err
	})
	return out, err
}

// download answers with the names of the files that rasters are made of.
func (r *responder) download(form url.Values) (any, error) {
	var req downloadRequest
	if err := parse(r, downloadTable, form, &req); err != nil {
		return nil, err
	}
	if len(req.ids) == 0 || len(req.ids) > maxDownloads {
		return nil, invalid("rasterIds", "from 1 to %d rasters are wanted, not %d", maxDownloads, len(req.ids))
	}
	out := []rasterFileJSON{}
	for _, id := range req.ids {
		files, err := r.files(id)
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			i := slices.IndexFunc(out, func(o rasterFileJSON) bool { return o.ID == f.Name && o.Size == f.Size })
			if i < 0 {
				out = append(out, rasterFileJSON{f.Name, f.Size, []int64{id}})
			} else if !slices.Contains(out[i].RasterIDs, id) {
				out[i].RasterIDs = append(out[i].RasterIDs, id)
			}
		}
	}
	return map[string]any{"rasterFiles": out}, nil
}

// file answers with a file by the name that download gave it.
func (r *responder) file(form url.Values) error {
	ids, err := params.RasterIDsParam.Parse(formValue(form, "rasterId"))
	if err != nil || len(ids) != 1 {
		return invalid("rasterId", "one raster is wanted, of which the file is a part")
	}
	return r.rasterFile(ids[0], form)
}

// rasterFile answers with a file of a raster. Its name is compared with those that Options.Files lists, and with nothing
// else, so that no other file can be asked for.
func (r *responder) rasterFile(id int64, form url.Values) error {
	files, err := r.files(id)
	if err != nil {
		return err
	}
	name := formValue(form, "id")
	if name == "" && len(files) == 1 {
		name = files[0].Name
	}
	i := slices.IndexFunc(files, func(f RasterFile) bool { return f.Name == name })
	if i < 0 || files[i].Open == nil {
		return notFound("raster %d has no file %s", id, quote.Text(name))
	}
	var body io.ReadSeekCloser
	err = r.foreign("opening a file of a raster", func() (err error) {
		body, err = files[i].Open(r.request.Context())
		return err
	})
	if err != nil {
		return err
	}
	r.leave = append(r.leave, func() { _ = body.Close() }) // it was only read
	h := r.w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": baseName(name)}))
	h.Set("Cache-Control", r.cacheControl())
	r.timing()
	r.sendContent(&storedFile{ReadSeeker: body}, func(err error) error { return err })
	return nil
}

// baseName returns what follows the last slash of a name, of either kind.
func baseName(name string) string {
	for i := len(name) - 1; i >= 0; i-- {
		if name[i] == '/' || name[i] == '\\' {
			return name[i+1:]
		}
	}
	return name
}
