package rest

import (
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/params"
)

// An answer is what an operation does with the parameters of a request.
type answer = func(*responder, url.Values) error

// asJSON returns an operation whose answers are JSON, and a page that shows it for f=html.
func asJSON(of answer) answer {
	return func(r *responder, form url.Values) error {
		switch {
		case r.f == "html" && r.chosen:
			p := r.operationPage(titleOf(r.request.URL.Path), nil)
			r.form = &p
		case r.f != "json":
			r.f = "pjson"
		}
		return of(r, form)
	}
}

// titleOf returns the last part of a path.
func titleOf(path string) string {
	path = strings.TrimSuffix(path, "/")
	return path[strings.LastIndexByte(path, '/')+1:]
}

// withForm returns an operation whose page for f=html has a form, below the answer if there is one. The page without any
// parameter is the form alone.
func withForm(name string, infos func() []params.Info, of answer) answer {
	return func(r *responder, form url.Values) error {
		if r.f == "json" || r.f == "pjson" {
			return of(r, form)
		}
		empty := !slices.ContainsFunc(infos(), func(i params.Info) bool { return formValue(form, i.Name) != "" })
		if r.f != "html" || !r.chosen && !empty {
			r.f = "pjson"
			return of(r, form)
		}
		p := r.operationPage(name, form)
		d, err := r.service.Describe(r.request.Context())
		if err != nil {
			return err
		}
		for _, info := range infos() {
			if info.Unlisted {
				continue
			}
			f := operationField(info, &d)
			if v := formValue(form, info.Name); v != "" || !empty {
				f.Value = v
			}
			p.Fields = append(p.Fields, f)
		}
		p.Fields = append(p.Fields, field{Name: "f", Value: formValue(form, "f"), Options: []string{"html", "json", "pjson"}})
		if empty {
			r.page("inquiry", p, http.StatusOK)
			return nil
		}
		r.form = &p
		return of(r, form)
	}
}

func (r *responder) operationPage(name string, form url.Values) page {
	p := page{
		Title: name + " (" + title(r.service) + ")", Crumbs: r.crumbs(link{Name: name}), Button: name,
		Links: []link{{"JSON", "?" + queryAs(form, "pjson")}},
	}
	if form == nil {
		p.Links = []link{{"JSON", "?" + queryAs(r.request.URL.Query(), "pjson")}}
	}
	return p
}

// operationField returns a parameter's field, with the middle of the service or all of it for a geometry.
func operationField(info params.Info, d *exportimage.Description) field {
	f := field{Name: info.Name, Help: helpText(info)}
	switch info.Name {
	case params.GeometryParam.Name:
		f.Value = boxText(d.Extent)
	case params.GeometryTypeParam.Name:
		f.Options = append([]string{""}, info.Values...)
	default:
		if f.Options = info.Values; len(info.Values) > 0 && info.Default == "" {
			f.Options = append([]string{""}, info.Values...)
		}
		if len(info.Values) == 0 {
			f.Value = info.Default
		}
	}
	return f
}

// answerPage shows an answer: as JSON, and above it what can be seen better.
func (r *responder) answerPage(v any) {
	p := *r.form
	p.Text = shortLists(indented(v))
	switch v := v.(type) {
	case histogramsJSON:
		p.Charts, p.Grid = charts(v.Histograms), statisticsGrid(v.Statistics)
		if len(v.Histograms) == 0 && v.Histograms != nil {
			p.Message = "No pixel with data has its middle there."
		}
		if v.PixelSize != nil {
			p.Message = fmt.Sprintf("There are too many pixels of the service's size: these are of %s by %s.",
				plain(v.PixelSize.X), plain(v.PixelSize.Y))
		}
	case legendJSON:
		for _, e := range v.Layers[0].Entries {
			// The bytes are those of an image that the service has encoded.
			src := template.URL("data:" + e.Media + ";base64," + base64.StdEncoding.EncodeToString(e.Data))
			p.Swatches = append(p.Swatches, pageSwatch{src, e.Label, e.Width, e.Height})
		}
		p.Text = ""
	case identifyJSON:
		p.Rows = []row{{"Value", v.Value}, {"Place", plain(v.Location.X) + ", " + plain(v.Location.Y)}}
		if v.Items != nil {
			p.Rows = append(p.Rows, row{"Rasters", fmt.Sprint(len(v.Items.Features))})
		}
	case samplesJSON:
		p.Grid = &grid{Header: []string{"Place", "Value"}}
		for _, s := range v.Samples {
			p.Grid.add(plain(s.Location.X)+", "+plain(s.Location.Y), s.Value)
		}
	}
	r.page("inquiry", p, http.StatusOK)
}

// A pageSwatch is an image of a legend.
type pageSwatch struct {
	Source        template.URL
	Label         string
	Width, Height int
}

// shortLists puts lists of numbers in indented JSON on one line each.
func shortLists(text string) string {
	var out strings.Builder
	for len(text) > 0 {
		line, rest, _ := strings.Cut(text, "\n")
		text = rest
		out.WriteString(line)
		if strings.HasSuffix(line, "[") {
			list, after, ok := strings.Cut(text, "]")
			if ok && !strings.ContainsAny(list, `"{[`) {
				out.WriteString(strings.Join(strings.Fields(list), " ") + "]")
				line, text, _ = strings.Cut(after, "\n")
				out.WriteString(line)
			}
		}
		out.WriteByte('\n')
	}
	return out.String()
}

func statisticsGrid(all []statisticsJSON) *grid {
	if len(all) == 0 {
		return nil
	}
	g := &grid{Header: []string{
		"Band", "Minimum", "Maximum", "Mean", "Standard deviation", "Median", "Mode", "Count", "Sum",
	}}
	for i, s := range all {
		g.add(fmt.Sprint(i), readable(s.Min), readable(s.Max), readable(s.Mean), readable(s.StdDev), readable(s.Median),
			readable(s.Mode), fmt.Sprint(s.Count), readable(s.Sum))
	}
	return g
}

// add adds a row of cells without links.
func (g *grid) add(cells ...string) {
	var row []link
	for _, c := range cells {
		row = append(row, link{Name: c})
	}
	g.Rows = append(g.Rows, row)
}

// A chart is a histogram in 256 by 100 units.
type chart struct {
	Title string
	Bars  []bar
	Width int
}

type bar struct{ X, Y, Height float64 }

const chartHeight = 100

func charts(all []histogramJSON) (out []chart) {
	for i, h := range all {
		c := chart{Title: fmt.Sprintf("Band %d: %s to %s", i, readable(h.Min), readable(h.Max)), Width: len(h.Counts)}
		most := slices.Max(append([]int64{1}, h.Counts...))
		for x, n := range h.Counts {
			if n > 0 {
				height := max(1, chartHeight*float64(n)/float64(most)) // so that all that occurs can be seen
				c.Bars = append(c.Bars, bar{float64(x), chartHeight - height, height})
			}
		}
		out = append(out, c)
	}
	return out
}
