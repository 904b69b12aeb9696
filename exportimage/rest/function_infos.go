package rest

import (
	"context"
	"encoding/base64"
	"image"
	"io"
	"net/url"
	"time"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/raster/function"
)

const (
	// thumbnailTime bounds how long an answer waits for thumbnails of functions. Those that are not drawn by then are left
	// out, and may be there the next time.
	thumbnailTime = 2 * time.Second
	// thumbnailAge is how long thumbnails of functions are kept at most.
	thumbnailAge = 10 * time.Minute
)

// functionThumbnail is the size of thumbnails of functions.
var functionThumbnail = image.Pt(64, 64)

// A shownFunction is a raster function with what it makes of the whole service.
type shownFunction struct {
	functionInfo
	Type      int    `json:"functionType"` // 0 is after rasters are merged, 1 before
	Thumbnail string `json:"thumbnail"`    // as a URL of kind data; empty if it cannot be drawn
}

// rasterFunctionInfos answers with the functions that requests may name, and with a thumbnail of each. Clients ask for it
// once for a layer, and ArcGIS has no other resource for these images.
func (r *responder) rasterFunctionInfos(url.Values) error {
	ctx, cancel := context.WithTimeout(r.request.Context(), thumbnailTime)
	defer cancel()
	list := []shownFunction{}
	for _, info := range functionList(r.service) {
		thumbnail, err := r.functionThumbnail(ctx, info.Name)
		if gone := r.request.Context().Err(); gone != nil {
			return gone
		}
		if err != nil { // which requests with the function get, too
			logger(r.service).DebugContext(ctx, "no thumbnail of a raster function", "function", info.Name, "error", err)
		}
		shown := shownFunction{functionInfo: info, Thumbnail: thumbnail}
		if info.onItems {
			shown.Type = 1
		}
		list = append(list, shown)
	}
	r.stages = nil // of the last thumbnail alone
	r.json(map[string][]shownFunction{"rasterFunctionInfos": list})
	return nil
}

// functionThumbnail returns an image of the whole service by a function.
func (r *responder) functionThumbnail(ctx context.Context, name string) (string, error) {
	req := exportimage.Request{Size: functionThumbnail, Format: imageFormat(r.service), Function: function.Named(name)}
	a, err := r.sharedFrom(ctx, &r.settings.thumbnails, "rasterFunctionInfos/"+name, req)
	if err != nil {
		return "", err
	}
	data, err := io.ReadAll(a.Reader())
	if err != nil {
		return "", err
	}
	return "data:" + a.MediaType + ";base64," + base64.StdEncoding.EncodeToString(data), nil
}
