package exportimage

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/geoexport/geoexport/srs"
)

//go:embed pages
var pageFiles embed.FS

// pages are the parsed templates and the header that allows their one style sheet and nothing else.
var pages = sync.OnceValue(func() (p struct {
	templates *template.Template
	style     template.CSS
	policy    string
}) {
	p.templates = template.Must(template.ParseFS(pageFiles, "pages/*.html"))
	style, err := pageFiles.ReadFile("pages/style.css")
	if err != nil {
		panic(err) // embedded above
	}
	p.style = template.CSS(style)
	hash := sha256.Sum256(style)
	p.policy = fmt.Sprintf("default-src 'none'; img-src 'self'; form-action 'self'; base-uri 'none'; "+
		"frame-ancestors 'self'; style-src 'sha256-%s'", base64.StdEncoding.EncodeToString(hash[:]))
	return p
})

// page is what the templates are given.
type page struct {
	Title       string
	Description string
	Style       template.CSS
	Crumbs      []link
	Image       string
	Width       int
	Height      int
	Fields      []field
	Rows        []row
	Links       []link
	Message     string
	Details     []string
}

type link struct{ Name, URL string }

type row struct{ Name, Value string }

// field is one parameter of the form; it is a choice if it has options.
type field struct {
	Name, Value string
	Options     []string
}

func (a *answer) page(name string, p page, status int) {
	all := pages()
	p.Style = all.style
	a.template(all.templates, name, all.policy, p, status)
}

// template answers with a page that may load what policy allows.
func (a *answer) template(t *template.Template, name, policy string, data any, status int) {
	var buf bytes.Buffer
	if err := t.ExecuteTemplate(&buf, name, data); err != nil {
		a.service.logger().ErrorContext(a.r.Context(), "page failed", "page", name, "error", err)
		http.Error(a.w, "unable to complete operation", http.StatusInternalServerError)
		return
	}
	a.w.Header().Set("Content-Security-Policy", policy)
	a.sendStatus("text/html; charset=utf-8", buf.Bytes(), status)
}

// crumbs lead from the directory of services to the page.
func (a *answer) crumbs(more ...link) []link {
	var out []link
	if dir, ok := a.directory(); ok {
		out = append(out, link{"Services", dir})
	}
	return append(append(out, link{a.service.title() + " (ImageServer)", a.root + "/"}), more...)
}

// directory is where the services directory would be for a service at ".../NAME/ImageServer".
func (a *answer) directory() (string, bool) {
	at := servicePath.FindStringIndex(a.root)
	if at == nil || at[1] != len(a.root) {
		return "", false
	}
	i := strings.LastIndexByte(a.root[:at[0]], '/')
	return a.root[:i+1], i >= 0
}

// formPage shows the parameters, with what the service would take for them.
func (a *answer) formPage(form url.Values) {
	about, err := a.service.describe(a.r.Context())
	if err != nil {
		a.error(err)
		return
	}
	value := func(name, def string) string {
		for key, v := range form {
			if strings.EqualFold(strings.TrimSpace(key), name) && len(v) > 0 && v[0] != "" {
				return v[0]
			}
		}
		return def
	}
	choices := map[string][]string{
		"format":               formatList(a.service),
		"pixelType":            {"", "U8", "S8", "U16", "S16", "U32", "S32", "F32", "F64"},
		"noDataInterpretation": {"", "esriNoDataMatchAny", "esriNoDataMatchAll"},
		"interpolation":        {"", "RSP_BilinearInterpolation", "RSP_CubicConvolution", "RSP_Majority", "RSP_NearestNeighbor"},
		"compression":          {"", "None", "JPEG", "LZ77", "LERC"},
		"adjustAspectRatio":    {"true", "false"},
		"validateExtent":       {"false", "true"},
		"lercVersion":          {"", "1", "2"},
		"f": slices.DeleteFunc(slices.Clone(answerFormats), func(f string) bool {
			return f == "kmz" && !a.options.serves(KML)
		}),
	}
	defaults := map[string]string{
		"bbox": boxText(about.extent),
		"size": "400,400", "format": cmp.Or(a.service.Defaults.Format, defaultFormat),
	}
	p := page{Title: "Export Image (" + a.service.title() + ")", Crumbs: a.crumbs(link{Name: "export"})}
	// The order is that of ArcGIS's form since 10.9.
	for _, name := range []string{
		"bbox", "bboxSR", "size", "imageSR", "time", "format", "pixelType", "noData", "noDataInterpretation",
		"interpolation", "compression", "compressionQuality", "bandIds", "sliceId", "mosaicRule", "renderingRule",
		"adjustAspectRatio", "validateExtent", "lercVersion", "compressionTolerance", "f",
	} {
		p.Fields = append(p.Fields, field{name, value(name, defaults[name]), choices[name]})
	}
	a.page("form", p, http.StatusOK)
}

// resultPage shows the picture and what is to be said of it.
func (a *answer) resultPage(req Request, form url.Values) {
	res, err := a.service.Plan(a.r.Context(), req)
	if err != nil {
		a.error(err)
		return
	}
	as := func(f string) string { return a.root + "/exportImage?" + queryAs(form, f) }
	p := page{
		Title: "Export Image (" + a.service.title() + ")", Crumbs: a.crumbs(link{Name: "export"}),
		Image: as("image"), Width: res.Size.X, Height: res.Size.Y,
		Rows: append([]row{
			{"Width", fmt.Sprint(res.Size.X)}, {"Height", fmt.Sprint(res.Size.Y)},
		}, extentRows(res.Envelope, res.CRS)...),
	}
	for _, r := range res.Trace.Rasters {
		p.Rows = append(p.Rows, row{"Raster", fmt.Sprintf("%s, level %d", r.Name, r.Level)})
	}
	for _, text := range append(res.Trace.Ignored, res.Trace.Notes...) {
		p.Rows = append(p.Rows, row{"Note", text})
	}
	p.Links = []link{{"Image", as("image")}, {"JSON", as("pjson")}, {"JSON with trace", as("pjson") + "&explain=true"}}
	if a.options.serves(KML) {
		p.Links = append(p.Links, link{"KMZ", as("kmz")})
	}
	p.Links = append(p.Links, link{"Change", a.root + "/exportImage"})
	a.page("result", p, http.StatusOK)
}

// plain writes a number without an exponent, whose sign a query string would turn into a blank.
func plain(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func boxText(e srs.Envelope) string {
	return plain(e.XMin) + "," + plain(e.YMin) + "," + plain(e.XMax) + "," + plain(e.YMax)
}

func extentRows(e srs.Envelope, c srs.CRS) []row {
	wkid, latest := c.WKID()
	return []row{
		{"XMin", plain(e.XMin)}, {"YMin", plain(e.YMin)}, {"XMax", plain(e.XMax)}, {"YMax", plain(e.YMax)},
		{"Spatial Reference", fmt.Sprintf("%d (%d)", wkid, latest)},
	}
}

func (a *answer) errorPage(body errorJSON, status int) {
	var crumbs []link
	if a.root != "" {
		crumbs = a.crumbs()
	}
	a.page("error", page{
		Title:   fmt.Sprintf("Error %d", body.Error.Code),
		Crumbs:  crumbs,
		Message: body.Error.Message, Details: body.Error.Details,
	}, status)
}
