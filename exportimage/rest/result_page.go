package rest

import (
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/params"
)

const (
	// mostPixelsInPage is up to how many pixels an image is drawn for its page, so that the page tells how. Larger ones are
	// planned, and the browser asks for them.
	mostPixelsInPage = 4 << 20
	// mostBytesInPage is the size up to which an image is part of its page, so that it is drawn once.
	mostBytesInPage = 1 << 20
	// mostRastersInPage is how many rasters an account lists.
	mostRastersInPage = 100
)

// An account tells how an image was drawn.
type account struct {
	Texts   []string
	Rasters *grid
	LeftOut []row // rasters that were offered and not used, and why
}

// resultPage shows an image, tells how it was drawn, and has the form to change it.
func (r *responder) resultPage(req exportimage.Request, form url.Values) error {
	req.Explain = true
	res, err := r.service.Plan(r.request.Context(), req)
	if err != nil {
		return err
	}
	as := func(f string) string { return r.root + "/exportImage?" + queryAs(form, f) }
	shown, drawn := template.URL(as("image")), false
	if int64(res.Size.X)*int64(res.Size.Y) <= mostPixelsInPage {
		a, err := r.export(req, form)
		if err != nil {
			return err
		}
		res, drawn = a.Result, true
		if inBrowsers(a.MediaType) && a.Size() <= mostBytesInPage {
			data, err := a.Bytes(r.request.Context())
			if err != nil {
				return err
			}
			// The bytes are those of an image that the service has encoded.
			shown = template.URL("data:" + a.MediaType + ";base64," + base64.StdEncoding.EncodeToString(data))
		}
	}
	p, err := r.exportForm(form)
	if err != nil {
		return err
	}
	p.Image, p.Width, p.Height = shown, res.Size.X, res.Size.Y
	format, known := r.service.Settings().Formats[res.Format]
	if known && !inBrowsers(format.MediaType) {
		p.Image = template.URL(r.root + "/exportImage?" + queryAs(asPicture(form, imageFormat(r.service)), "image"))
		p.Message = fmt.Sprintf("Browsers do not show %s: this is the same box in another format. Image, below, is what was asked for.", format.Name)
	}
	p.Rows = append([]row{
		{"Width", fmt.Sprint(res.Size.X)}, {"Height", fmt.Sprint(res.Size.Y)}, {"Format", res.Format},
	}, extentRows(res.Envelope, res.CRS)...)
	for _, text := range append(slices.Clone(res.Trace.Ignored), res.Trace.Notes...) {
		p.Rows = append(p.Rows, row{"Note", text})
	}
	p.Account = r.accountOf(&res.Trace, drawn)
	p.Links = []link{{"Image", as("image")}, {"JSON", as("pjson")}, {"JSON with trace", as("pjson") + "&explain=true"}}
	if r.settings.serves(KML) {
		p.Links = append(p.Links, link{"KMZ", as("kmz")})
	}
	view := url.Values{
		params.BBoxParam.Name: {boxText(res.Envelope)}, params.BBoxSRParam.Name: {srText(res.CRS)}, params.ImageSRParam.Name: {srText(res.CRS)},
	}
	p.Links = append(p.Links, link{"Map", r.root + "/map?" + view.Encode()})
	r.page("result", p, http.StatusOK)
	return nil
}

// inBrowsers reports whether all browsers show images of a type.
func inBrowsers(media string) bool {
	return slices.Contains([]string{"image/png", "image/jpeg", "image/gif", "image/bmp"}, media)
}

// asPicture returns the parameters of the same image in a format that browsers show.
func asPicture(form url.Values, format string) url.Values {
	out := url.Values{}
	for name, v := range form {
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "format", "compression", "compressiontolerance", "lercversion", "pixeltype":
		default:
			out[name] = v
		}
	}
	out.Set(params.FormatParam.Name, format)
	return out
}

// accountOf tells what a trace holds.
func (r *responder) accountOf(t *exportimage.Trace, drawn bool) *account {
	used, offered := len(t.Rasters), max(t.Offered, len(t.Rasters))
	a := &account{Texts: []string{fmt.Sprintf("Of %s in the box, %s used.", count(offered, "raster"), wasOrWere(used))}}
	if drawn {
		a.Texts[0] += fmt.Sprintf(" %s %% of the pixels hold data.", readable(float64(int(t.Coverage*1000))/10))
		a.Texts = append(a.Texts, stagesText(&t.Stages))
	} else {
		a.Texts = append(a.Texts, "The image is so large that it was planned for this page, and not drawn: JSON with trace has the times.")
	}
	if f := t.Fetched; f != (exportimage.Fetched{}) {
		a.Texts = append(a.Texts, fmt.Sprintf("%s to servers brought %s kB; %d of them repeated one that failed.",
			count(int(f.Requests), "request"), readable(float64(f.Bytes/100)/10), f.Repeated))
	}
	if len(t.DatumOperations) > 0 {
		a.Texts = append(a.Texts, "The box came into the image's spatial reference by "+strings.Join(t.DatumOperations, ", then ")+".")
	}
	if used > 0 {
		a.Rasters = &grid{Header: []string{"Raster, the topmost first", "Resolution", "Pixels read", "Seen"}}
	}
	for i := range t.Rasters {
		if i == mostRastersInPage {
			a.Rasters.add(fmt.Sprintf("and %d more", used-i))
			break
		}
		a.Rasters.Rows = append(a.Rasters.Rows, r.rasterRow(&t.Rasters[i], drawn))
	}
	for _, s := range explain(*t, mostRastersInPage).Skipped {
		a.LeftOut = append(a.LeftOut, row{s.Name, s.Why})
	}
	return a
}

func wasOrWere(n int) string {
	if n == 1 {
		return "1 was"
	}
	return fmt.Sprintf("%d were", n)
}

func (r *responder) rasterRow(t *exportimage.RasterTrace, drawn bool) []link {
	name := link{Name: t.Name}
	if r.settings.serves(Catalog) {
		name.URL = r.rasterRoot(t.ID) + "?f=html"
	}
	level := "full"
	switch {
	case t.Level > 0 && t.Virtual:
		level = fmt.Sprintf("overview %d, made here", t.Level)
	case t.Level > 0:
		level = fmt.Sprintf("overview %d", t.Level)
	}
	pixels, seen := "not drawn here", "unknown"
	if drawn {
		pixels, seen = fmt.Sprint(t.SourcePixels), "no, others cover it"
		if t.Drawn {
			seen = "yes"
		}
		if t.Reads == 0 && t.Drawn {
			pixels = "none, all was kept from before"
		}
	}
	return []link{name, {Name: level}, {Name: pixels}, {Name: seen}}
}

// stagesText tells how long the stages took.
func stagesText(s *exportimage.Stages) string {
	var parts []string
	var all time.Duration
	for _, stage := range []struct {
		name string
		took time.Duration
	}{
		{"planning", s.Plan}, {"reading", s.Read}, {"warping", s.Warp}, {"merging", s.Merge}, {"functions and colours", s.Render}, {"encoding", s.Encode},
	} {
		all += stage.took
		parts = append(parts, fmt.Sprintf("%s %s", stage.name, tenths(stage.took)))
	}
	return fmt.Sprintf("That was %s ms of work: %s.", tenths(all), strings.Join(parts, ", "))
}

// tenths writes a time in milliseconds.
func tenths(d time.Duration) string { return fmt.Sprintf("%.1f", milliseconds(d)) }
