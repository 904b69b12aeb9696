package exportimage

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/geoexport/geoexport/srs"
)

// exportImage answers the operation.
func (a *answer) exportImage(form url.Values) {
	req, err := ParseRequest(form)
	if err != nil {
		a.error(err)
		return
	}
	switch a.f {
	case "image":
		a.image(req, form)
	case "kmz":
		a.kmz(req, form)
	case "html":
		if (req.BBox == srs.Envelope{}) {
			a.formPage(form)
		} else {
			a.resultPage(req, form)
		}
	default:
		a.description(req, form)
	}
}

// draw exports, once for all who ask for the same at the same time. The request is made of the form and of f alone.
func (a *answer) draw(req Request, form url.Values) (Result, error) {
	key := sha256.Sum256([]byte(queryAs(form, a.f)))
	res, err := a.sharing.export(a.r.Context(), a.service, key, req)
	if err == nil {
		a.stages = &res.Trace.Stages
	}
	return res, err
}

func (a *answer) image(req Request, form url.Values) {
	res, err := a.draw(req, form)
	if err != nil {
		a.error(err)
		return
	}
	a.picture(res.MediaType, res.Data)
}

// picture sends what may be kept by clients: it has a tag by which they can ask whether it is still true.
func (a *answer) picture(media string, data []byte) {
	sum := sha256.Sum256(data)
	tag := `"` + hex.EncodeToString(sum[:16]) + `"`
	a.w.Header().Set("ETag", tag)
	a.w.Header().Set("Cache-Control", a.cacheControl())
	for known := range strings.SplitSeq(a.r.Header.Get("If-None-Match"), ",") {
		if known = strings.TrimPrefix(strings.TrimSpace(known), "W/"); known == tag || known == "*" {
			a.timing()
			a.w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	a.send(media, data)
}

func (a *answer) cacheControl() string { return cmp.Or(a.service.CacheControl, "no-cache") }

// description answers with what is to be said of the picture. It draws it only if the answer depends on that: to store it, or for the costs in its
// trace.
func (a *answer) description(req Request, form url.Values) {
	var res Result
	var err error
	if drawn := a.explain || a.service.Output != nil; drawn {
		res, err = a.draw(req, form)
	} else {
		res, err = a.service.Plan(a.r.Context(), req)
	}
	if err != nil {
		a.error(err)
		return
	}
	j := exportJSON{
		Href: a.imageURL(form), Width: res.Size.X, Height: res.Size.Y,
		Extent: extentOf(res.Envelope, res.CRS), Covered: len(res.Trace.Rasters) > 0,
		Skipped: skippedList(res.Trace),
	}
	if res.Data != nil {
		j.Covered = res.Trace.Covered
	}
	if a.service.Output != nil {
		if j.Href, err = a.store(res); err != nil {
			a.error(err)
			return
		}
		a.w.Header().Set("Cache-Control", "no-store") // the link is dead before long
	}
	if a.explain {
		if j.Trace, err = a.service.explain(a.r.Context(), req, res); err != nil {
			a.error(err)
			return
		}
	}
	a.json(j)
}

// exportJSON is the operation's description of a picture. The order of its members is the documented one: there are
// clients that read them by position.
type exportJSON struct {
	Href   string     `json:"href"`
	Width  int        `json:"width"`
	Height int        `json:"height"`
	Extent extentJSON `json:"extent"`
	Scale  float64    `json:"scale"`
	// Covered is false if the picture is transparent throughout or, of a picture that was not drawn, if no raster lies
	// under the box.
	Covered bool          `json:"covered"`
	Skipped []skippedJSON `json:"skipped,omitempty"` // rasters that could not be read; of a picture not drawn, opened
	Trace   *traceJSON    `json:"trace,omitempty"`
}

type extentJSON struct {
	XMin float64 `json:"xmin"`
	YMin float64 `json:"ymin"`
	XMax float64 `json:"xmax"`
	YMax float64 `json:"ymax"`
	SR   srJSON  `json:"spatialReference"`
}

// srJSON has the text only of references without a number.
type srJSON struct {
	WKID   int    `json:"wkid,omitempty"`
	Latest int    `json:"latestWkid,omitempty"`
	WKT    string `json:"wkt,omitempty"`
}

func extentOf(e srs.Envelope, c srs.CRS) extentJSON {
	var sr srJSON
	if sr.WKID, sr.Latest = c.WKID(); sr.WKID == 0 {
		sr.WKT, _ = c.WKT() // none has nothing to say
	}
	return extentJSON{e.XMin, e.YMin, e.XMax, e.YMax, sr}
}

// imageURL is where the picture of these parameters is to be had: the same request with f=image. It needs no store, so
// that servers side by side need share nothing.
func (a *answer) imageURL(form url.Values) string {
	return a.base() + "/exportImage?" + queryAs(form, "image")
}

// queryAs is the same request with another f, and without what else belongs to the first answer alone.
func queryAs(form url.Values, f string) string {
	q := url.Values{}
	for name, values := range form {
		for _, v := range values {
			if key := strings.ToLower(strings.TrimSpace(name)); v != "" && (key == "token" || !slices.Contains(transportParameters, key)) {
				q.Add(name, v)
			}
		}
	}
	q.Set("f", f)
	return q.Encode()
}
