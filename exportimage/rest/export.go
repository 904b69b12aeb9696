package rest

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/params"
	"github.com/geoexport/geoexport/internal/caller"
	"github.com/geoexport/geoexport/srs"
)

// exportImage answers the operation.
func (r *responder) exportImage(form url.Values) error {
	if r.f == "html" {
		r.exported = form
	}
	req, err := params.ParseRequest(form)
	if err != nil {
		return err
	}
	req.Forgiven = append(slices.Clip(r.forgiven), req.Forgiven...)
	switch r.f {
	case "image":
		return r.image(req, form)
	case "kmz":
		return r.kmz(req, form)
	case "html":
		if (req.BBox == srs.Envelope{}) {
			return r.formPage(form)
		}
		return r.resultPage(req, form)
	}
	return r.description(req, form)
}

// export draws the image, once for all equal requests at the same time. The request must depend on nothing but the
// form, f and explain.
func (r *responder) export(req exportimage.Request, form url.Values) (*exportimage.Spooled, error) {
	return r.shared(fmt.Sprintf("%t %s", req.Explain, queryAs(form, r.f)), req)
}

// shared draws an image, once for all who may share it. The key stands for all that the image depends on, besides who
// asks for it.
func (r *responder) shared(key string, req exportimage.Request) (*exportimage.Spooled, error) {
	var kept *keptImages
	if r.inParts() {
		kept = &r.settings.kept
	}
	return r.sharedFrom(r.request.Context(), kept, key, req)
}

// sharedFrom is shared under a context. The image is looked for among kept ones, and kept there, unless these are nil.
func (r *responder) sharedFrom(
	ctx context.Context, kept *keptImages, key string, req exportimage.Request,
) (*exportimage.Spooled, error) {
	if r.alone {
		a, leave, err := exportAlone(ctx, r.service, req)
		return r.holds(a, leave, err)
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %s", caller.KeyOf(ctx), key))
	of := keptKey{r.exports, sum}
	if kept != nil {
		if a, leave := kept.find(of); a != nil {
			return r.holds(a, leave, nil)
		}
	}
	a, common, leave, err := r.exports.export(ctx, r.service, sum, r.request.URL.RawQuery, req)
	if err == nil && common && kept != nil {
		a, leave = kept.keep(of, a, leave)
	}
	return r.holds(a, leave, err)
}

// holds notes an image that the answer is made of.
func (r *responder) holds(a *exportimage.Spooled, leave func(), err error) (*exportimage.Spooled, error) {
	if err != nil {
		return nil, err
	}
	r.leave = append(r.leave, leave)
	r.stages = &a.Trace.Stages
	return a, nil
}

// inParts reports whether the client reads the answer in parts, or is about to: it asks for its size first.
func (r *responder) inParts() bool {
	return r.request.Method == http.MethodHead || r.request.Header.Get("Range") != ""
}

func (r *responder) image(req exportimage.Request, form url.Values) error {
	a, err := r.export(req, form)
	if err != nil {
		return err
	}
	r.sendImage(a)
	return nil
}

// sendImage sends an image that clients may keep, whole or the parts that are asked for.
func (r *responder) sendImage(a *exportimage.Spooled) {
	h := r.w.Header()
	h.Set("Content-Type", a.MediaType)
	h.Set("ETag", tagOf(a.Sum))
	h.Set("Cache-Control", r.cacheControl())
	h.Set("Export-Coverage", strconv.FormatFloat(a.Trace.Coverage, 'f', -1, 64))
	r.timing()
	r.sendContent(&storedFile{ReadSeeker: a.Reader()}, func(err error) error { return err })
}

// sendContent sends a file whose headers are set. An error in the middle ends the connection, so that nobody takes a part
// for the whole.
func (r *responder) sendContent(file *storedFile, describe func(error) error) {
	req := r.request
	if unit := req.Header.Get("Range"); unit != "" && !strings.HasPrefix(unit, "bytes=") {
		req = req.Clone(req.Context())
		req.Header.Del("Range") // of a unit that nobody knows, which is to be ignored
	}
	err := r.foreign("sending a file", func() error {
		http.ServeContent(r.w, req, "", time.Time{}, file)
		return file.err
	})
	if err != nil {
		r.log("sending failed", "error", describe(err))
		panic(http.ErrAbortHandler)
	}
}

// tagOf returns the strong tag of bytes with a sum.
func tagOf(sum [sha256.Size]byte) string { return `"` + hex.EncodeToString(sum[:16]) + `"` }

// sendTagged sends a body of a number of bytes and with a sum, from which it makes a tag by which clients can ask
// whether what they keep is still valid. An error in the middle, of a temporary file, ends the connection, so that nobody
// takes a part for the whole.
func (r *responder) sendTagged(media string, sum [sha256.Size]byte, size int64, body func(io.Writer) error) {
	tag := tagOf(sum)
	h := r.w.Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", r.cacheControl())
	for known := range strings.SplitSeq(r.request.Header.Get("If-None-Match"), ",") {
		if known = strings.TrimPrefix(strings.TrimSpace(known), "W/"); known == tag || known == "*" {
			r.timing()
			r.w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	h.Set("Content-Type", media)
	h.Set("Content-Length", strconv.FormatInt(size, 10))
	r.timing()
	r.w.WriteHeader(http.StatusOK)
	if r.request.Method == http.MethodHead {
		return
	}
	to := &clientWriter{w: r.w}
	if err := body(to); err != nil && !to.gone {
		r.log("sending failed", "error", err)
		panic(http.ErrAbortHandler)
	}
}

// A clientWriter notes whether it was the client who went away.
type clientWriter struct {
	w    io.Writer
	gone bool
}

func (c *clientWriter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.gone = c.gone || err != nil
	return n, err
}

func (r *responder) cacheControl() string { return cmp.Or(r.settings.CacheControl, "no-cache") }

// description describes the image. It draws the image only if the answer depends on its pixels: to store it, or for the
// costs in its trace.
func (r *responder) description(req exportimage.Request, form url.Values) error {
	req.Explain = r.explain
	var res exportimage.Result
	var drawn *exportimage.Spooled
	var err error
	if r.explain || r.settings.Output != nil {
		if drawn, err = r.export(req, form); err == nil {
			res = drawn.Result
		}
	} else {
		res, err = r.service.Plan(r.request.Context(), req)
	}
	if err != nil {
		return err
	}
	j := exportJSON{
		Href: r.imageURL(form), Width: res.Size.X, Height: res.Size.Y,
		Extent: extentOf(res.Envelope, res.CRS), Covered: res.Trace.Covered, Coverage: res.Trace.Coverage,
		Skipped: skippedList(res.Trace.Skipped),
	}
	if r.settings.Output != nil {
		if j.Href, err = r.store(drawn); err != nil {
			return err
		}
		r.w.Header().Set("Cache-Control", "no-store") // the link does not last
	}
	if r.explain {
		j.Trace = explain(res.Trace, r.service.Settings().Limits.Items)
	}
	r.json(j)
	return nil
}

// exportJSON is the operation's description of an image. Its members are in the documented order, since some clients
// read them by position.
type exportJSON struct {
	Href   string     `json:"href"`
	Width  int        `json:"width"`
	Height int        `json:"height"`
	Extent extentJSON `json:"extent"`
	Scale  float64    `json:"scale"`
	// Covered is false if the image is transparent throughout. Coverage is the fraction of its pixels that hold data. For an
	// image that was not drawn, they are about the rasters' extents, and coverage may be less in truth.
	Covered  bool          `json:"covered"`
	Coverage float64       `json:"coverage"`
	Skipped  []skippedJSON `json:"skipped,omitempty"` // rasters that could not be read; of an image not drawn, opened
	Trace    *traceJSON    `json:"trace,omitempty"`
}

type extentJSON struct {
	XMin float64 `json:"xmin"`
	YMin float64 `json:"ymin"`
	XMax float64 `json:"xmax"`
	YMax float64 `json:"ymax"`
	SR   srJSON  `json:"spatialReference"`
}

// srJSON is a spatial reference. Only one without a number has the text.
type srJSON struct {
	WKID   int    `json:"wkid,omitempty"`
	Latest int    `json:"latestWkid,omitempty"`
	WKT    string `json:"wkt,omitempty"`
}

func extentOf(e srs.Envelope, c srs.CRS) extentJSON {
	var sr srJSON
	if sr.WKID, sr.Latest = c.WKID(); sr.WKID == 0 {
		sr.WKT, _ = c.WKT() // of no spatial reference there is none
	}
	return extentJSON{e.XMin, e.YMin, e.XMax, e.YMax, sr}
}

// imageURL returns the URL of the image with these parameters: the same request with f=image. It needs no store, so
// that several servers need not share one.
func (r *responder) imageURL(form url.Values) string {
	return r.base() + "/exportImage?" + queryAs(form, "image")
}

// queryAs returns the query of the same request with another f. Of the other parameters of the transport it keeps only
// the token.
func queryAs(form url.Values, f string) string {
	q := url.Values{}
	for name, values := range form {
		for _, v := range values {
			if key := strings.ToLower(strings.TrimSpace(name)); v != "" && (key == "token" || !params.IsTransport(key)) {
				q.Add(name, v)
			}
		}
	}
	q.Set("f", f)
	return q.Encode()
}
