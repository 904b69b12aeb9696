package rest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/geoexport/geoexport/exportimage/params"
)

// An inquiry is an operation that answers with a JSON value. Its page has the answer, and a form below it.
type inquiry struct {
	title  string
	infos  []params.Info
	answer func(r *responder, form url.Values) (any, error)
	// show adds the answer to the page; nil shows it as JSON.
	show func(r *responder, p *page, answer any)
	// usual adds what the form proposes; nil adds nothing.
	usual func(r *responder, form url.Values) error
}

// serve answers a request for an inquiry.
func (q inquiry) serve(r *responder, form url.Values) error {
	if r.f != "html" {
		v, err := q.answer(r, form)
		if err != nil {
			return err
		}
		if r.f != "geojson" && r.f != "pjson" {
			r.f = "json"
		}
		r.json(v)
		return nil
	}
	p := page{Title: q.title + " (" + title(r.service) + ")", Crumbs: r.crumbs(link{Name: strings.ToLower(q.title)}), Button: q.title}
	asked := slices.ContainsFunc(q.infos, func(i params.Info) bool { return formValue(form, i.Name) != "" })
	values := form
	if !asked && q.usual != nil {
		values = url.Values{}
		if err := q.usual(r, values); err != nil {
			return err
		}
	}
	for _, info := range q.infos {
		if info.Unlisted {
			continue
		}
		f := field{Name: info.Name, Value: formValue(values, info.Name), Options: info.Values, Help: helpText(info)}
		if len(info.Values) > 0 && info.Default == "" {
			f.Options = append([]string{""}, info.Values...)
		}
		p.Fields = append(p.Fields, f)
	}
	if asked || len(q.infos) == 0 {
		v, err := q.answer(r, form)
		if err != nil {
			r.form = &p // which the error's page shows
			return err
		}
		if q.show != nil {
			q.show(r, &p, v)
		} else {
			p.Text = indented(v)
		}
		p.Links = append(p.Links, link{"JSON", r.request.URL.Path + "?" + queryAs(form, "pjson")})
	}
	r.page("inquiry", p, http.StatusOK)
	return nil
}

// formValue returns the first value of a parameter, in any case, that is not empty.
func formValue(form url.Values, name string) string {
	for key, values := range form {
		if !strings.EqualFold(strings.TrimSpace(key), name) {
			continue
		}
		for _, v := range values {
			if v != "" {
				return v
			}
		}
	}
	return ""
}

// indented returns a JSON value as text for people.
func indented(v any) string {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return err.Error()
	}
	return buf.String()
}
