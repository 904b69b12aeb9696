package rest

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/params"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/srs"
)

//go:embed pages
var pageFiles embed.FS

// pages returns the parsed templates, and the header that allows their one style sheet and nothing else.
var pages = sync.OnceValue(func() (p struct {
	templates *template.Template
	style     template.CSS
	styleHash string // for a policy
	policy    string
}) {
	p.templates = template.Must(template.ParseFS(pageFiles, "pages/*.html"))
	template.Must(p.templates.ParseFS(mapFiles, "mapview/*.html"))
	style, err := pageFiles.ReadFile("pages/style.css")
	if err != nil {
		panic(err) // embedded above
	}
	p.style = template.CSS(style)
	hash := sha256.Sum256(style)
	p.styleHash = "sha256-" + base64.StdEncoding.EncodeToString(hash[:])
	p.policy = fmt.Sprintf("default-src 'none'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "+
		"frame-ancestors 'self'; style-src '%s'", p.styleHash)
	return p
})

// page is the data for the templates.
type page struct {
	Title       string
	Description string
	Style       template.CSS
	Crumbs      []link
	Image       template.URL
	Width       int
	Height      int
	Fields      []field
	Rows        []row
	Links       []link
	Operations  []link
	Message     string
	Fault       string // why there is no answer, above a form; Details has more
	Details     []string
	Button      string // of the form
	Grid        *grid
	Text        string // with its line breaks: an answer as JSON, or another

	Root    string // path of the service
	Map     *mapView
	Gallery *gallery

	// The following show parts of answers.
	Account  *account
	Charts   []chart
	Swatches []pageSwatch
}

// grid is a table with a header.
type grid struct {
	Header []string
	Rows   [][]link // cells, with a link or without
}

type link struct{ Name, URL string }

type row struct{ Name, Value string }

// field is one parameter of the form, a choice if it has options. Names are some of the texts that may be written.
type field struct {
	Name, Value string
	Options     []string
	Names       []string
	Help        string
}

func (r *responder) page(name string, p page, status int) {
	all := pages()
	p.Style = all.style
	p.keepWritten()
	r.template(all.templates, name, all.policy, p, status)
}

// keepWritten adds to the choices of the form what was written in a request, with whatever fault.
func (p *page) keepWritten() {
	for i := range p.Fields {
		if f := &p.Fields[i]; f.Options != nil && !slices.Contains(f.Options, f.Value) && f.Value != "" {
			f.Options = append([]string{f.Value}, f.Options...)
		}
	}
}

// template answers with a page, under a policy for what it may load.
func (r *responder) template(t *template.Template, name, policy string, data any, status int) {
	var buf bytes.Buffer
	if err := t.ExecuteTemplate(&buf, name, data); err != nil {
		logger(r.service).ErrorContext(r.request.Context(), "page failed", "page", name, "error", err)
		http.Error(r.w, "unable to complete operation", http.StatusInternalServerError)
		return
	}
	r.w.Header().Set("Content-Security-Policy", policy)
	r.sendStatus("text/html; charset=utf-8", buf.Bytes(), status)
}

// crumbs returns the links from the directory of services to the page.
func (r *responder) crumbs(more ...link) []link {
	var out []link
	if dir, ok := r.directory(); ok {
		out = append(out, link{"Services", dir})
	}
	return append(append(out, link{title(r.service) + " (ImageServer)", r.root + "/"}), more...)
}

// directory returns the path of the services directory for a service at ".../NAME/ImageServer"; false if the service is
// at another path.
func (r *responder) directory() (string, bool) {
	at := servicePath.FindStringIndex(r.root)
	if at == nil || at[1] != len(r.root) {
		return "", false
	}
	i := strings.LastIndexByte(r.root[:at[0]], '/')
	return r.root[:i+1], i >= 0
}

// formPage shows the parameters, with their defaults where the request has none.
func (r *responder) formPage(form url.Values) error {
	p, err := r.exportForm(form)
	if err == nil {
		r.page("form", p, http.StatusOK)
	}
	return err
}

// exportForm returns the page with the form of the export, filled in as the request is.
func (r *responder) exportForm(form url.Values) (page, error) {
	d, err := r.service.Describe(r.request.Context())
	if err != nil {
		return page{}, err
	}
	value := func(name, otherwise string) string { return cmp.Or(formText(form, name), otherwise) }
	p := page{Title: "Export Image (" + title(r.service) + ")", Crumbs: r.crumbs(link{Name: "export"})}
	set := r.service.Settings()
	for _, info := range params.ExportImage().Infos() {
		if !info.Unlisted {
			f := formField(info, &d, &set)
			if f.Value = value(f.Name, f.Value); f.Name == params.RenderingRuleParam.Name {
				f.Names = functionNames(r.service)
			}
			p.Fields = append(p.Fields, f)
		}
	}
	served := slices.DeleteFunc(slices.Clone(answerFormats), func(f string) bool {
		return f == "kmz" && !r.settings.serves(KML)
	})
	p.Fields = append(p.Fields, field{Name: "f", Value: value("f", ""), Options: served, Help: "form of the answer"})
	return p, nil
}

// formText returns a parameter as it is written, empty if there is none.
func formText(form url.Values, name string) string {
	for key, v := range form {
		if strings.EqualFold(strings.TrimSpace(key), name) && len(v) > 0 && v[0] != "" {
			return v[0]
		}
	}
	return ""
}

// formField returns a parameter's field with its default and its choices, the default first.
func formField(info params.Info, d *exportimage.Description, set *exportimage.Settings) field {
	f := field{Name: info.Name, Help: helpText(info)}
	switch info.Name {
	case params.BBoxParam.Name:
		f.Value = boxText(d.Extent)
	case params.PixelTypeParam.Name:
		f.Options = append([]string{""}, info.Values...)
		if !d.PixelType.Complex() {
			// No image of other samples is complex.
			f.Options = slices.DeleteFunc(f.Options, func(name string) bool {
				t, ok := raster.ParsePixelType(name)
				return ok && t.Complex()
			})
		}
	case params.SizeParam.Name:
		f.Value = info.Default
	case params.FormatParam.Name:
		f.Value, f.Options = set.Defaults.Format, set.Formats.Names()
	case params.CompressionParam.Name:
		f.Options = append([]string{""}, servedCompressions(set.Formats)...)
	default:
		if f.Options = info.Values; len(info.Values) > 0 && info.Default == "" {
			f.Options = append([]string{""}, info.Values...)
		}
	}
	return f
}

// helpText returns a parameter's help, without the marks of the part that names its value.
func helpText(info params.Info) string {
	help := strings.ReplaceAll(info.Help, "`", "")
	if info.Default != "" {
		help += "; default: " + info.Default
	}
	return help
}

// servedCompressions returns the compressions that some format has, as requests spell them.
func servedCompressions(formats encode.Formats) []string {
	served := formats.Compressions()
	return slices.DeleteFunc(params.Compressions.Names(), func(name string) bool { return !slices.Contains(served, name) })
}

// readable writes a number for people: a whole one as it is, others with up to ten digits.
func readable(v float64) string {
	if v == math.Trunc(v) {
		return plain(v)
	}
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 10, 64), 64)
	if err != nil {
		return plain(v)
	}
	return plain(rounded)
}

// plain writes a number without an exponent, whose sign a query string would turn into a blank.
func plain(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func boxText(e srs.Envelope) string {
	return plain(e.XMin) + "," + plain(e.YMin) + "," + plain(e.XMax) + "," + plain(e.YMax)
}

func extentRows(e srs.Envelope, c srs.CRS) []row {
	return []row{
		{"XMin", readable(e.XMin)}, {"YMin", readable(e.YMin)}, {"XMax", readable(e.XMax)}, {"YMax", readable(e.YMax)},
		{"Spatial Reference", srName(c)},
	}
}

// refilled returns the page of a form as it was filled in, for what could not be answered; false if there was none.
func (r *responder) refilled() (name string, p page, ok bool) {
	switch {
	case r.form != nil:
		return "inquiry", *r.form, true
	case r.exported == nil:
		return "", p, false
	}
	p, err := r.exportForm(r.exported)
	return "form", p, err == nil
}

func (r *responder) errorPage(body errorJSON, status int) {
	if name, p, ok := r.refilled(); ok {
		p.Fault, p.Details = body.Error.Message, body.Error.Details
		r.page(name, p, status)
		return
	}
	var crumbs []link
	switch {
	case r.root != "":
		crumbs = r.crumbs()
	case r.services != "":
		crumbs = []link{{"Services", r.services}}
	}
	r.page("error", page{
		Title:   fmt.Sprintf("Error %d", body.Error.Code),
		Crumbs:  crumbs,
		Message: body.Error.Message, Details: body.Error.Details,
	}, status)
}
