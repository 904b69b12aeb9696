package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/geoexport/geoexport/internal/quote"
	"github.com/geoexport/geoexport/internal/relaxed"
)

// A form is the parameters of a request, from query and body together, and what was forgiven in them.
type form struct {
	values   url.Values
	forgiven []string
}

// readForm reads a request's parameters. The body may be a form, a multipart form or a JSON object, whatever its type says
// and also of a GET: a body that nobody reads would be parameters that nobody heeds.
func readForm(w http.ResponseWriter, r *http.Request) (form, error) {
	if t, ok := w.(*tracked); ok {
		w = t.ResponseWriter // whose connection is closed after a body that is too long
	}
	var f form
	query, err := f.parse(r.URL.RawQuery)
	if err == nil && r.Body != nil && r.Body != http.NoBody {
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		f.values, err = f.body(r)
	}
	if err != nil {
		if over, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return form{}, tooLarge("the form is longer than %d bytes", over.Limit)
		}
		return form{}, invalid("", "the parameters cannot be read: %w", err)
	}
	if f.values == nil {
		f.values = url.Values{}
	}
	for name, values := range query {
		f.values[name] = append(f.values[name], values...)
	}
	return f, nil
}

func (f *form) forgive(what string) {
	if !slices.Contains(f.forgiven, what) {
		f.forgiven = append(f.forgiven, what)
	}
}

// parse reads a query. A semicolon is a part of the value in which it stands, as for all servers that do not take it for
// an ampersand; and names that begin with "amp;" come from a link in a page, copied with its markup.
func (f *form) parse(query string) (url.Values, error) {
	plain := strings.ReplaceAll(query, ";", "%3B")
	values, err := url.ParseQuery(plain)
	if err != nil || len(plain) == len(query) {
		return values, err
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if bare, ok := strings.CutPrefix(name, "amp;"); ok {
			f.forgive("&amp; for &")
			values[bare] = append(values[bare], values[name]...)
			delete(values, name)
		}
	}
	return values, nil
}

// body reads the parameters in a body.
func (f *form) body(r *http.Request) (url.Values, error) {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		media = strings.ToLower(strings.TrimSpace(r.Header.Get("Content-Type")))
	}
	if strings.HasPrefix(media, "multipart/") {
		return f.multipart(r)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	if packed := r.Header.Get("Content-Encoding"); packed != "" && !strings.EqualFold(packed, "identity") && len(body) > 0 {
		return nil, errors.New("a body packed by " + quote.Text(packed) + " is not read")
	}
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\ufeff")))
	isJSON := media == "application/json" || strings.HasSuffix(media, "+json")
	switch {
	case len(body) == 0:
		return nil, nil
	case isJSON || body[0] == '{':
		return f.object(string(body))
	case media == "", media == "application/x-www-form-urlencoded", media == "text/plain":
		return f.parse(string(body))
	}
	return nil, errors.New("a body of type " + quote.Text(media) + " is not one of the types that are read: forms and JSON")
}

// multipart reads a multipart form. A part with a file name is a parameter like any other.
func (f *form) multipart(r *http.Request) (url.Values, error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, err
	}
	values := url.Values{}
	for {
		part, err := parts.NextPart()
		if err == io.EOF {
			return values, nil
		}
		if err != nil {
			return nil, err
		}
		text, err := io.ReadAll(part)
		if err != nil {
			return nil, err
		}
		if part.FileName() != "" {
			f.forgive("a file for a value")
		}
		values.Add(part.FormName(), string(text))
	}
}

// bodyLimits bound the JSON of a body, whose members may be JSON of parameters.
var bodyLimits = relaxed.Limits{Bytes: maxForm, Depth: 40}

// object reads a JSON object whose members are parameters. Members that are null are not there.
func (f *form) object(text string) (url.Values, error) {
	strict, forgiven, err := relaxed.JSON(text, bodyLimits)
	if err != nil {
		return nil, err
	}
	var members map[string]json.RawMessage
	if json.Unmarshal([]byte(strict), &members) != nil || members == nil {
		return nil, errors.New("the body is no JSON object")
	}
	f.forgive("a body in JSON")
	for _, what := range forgiven {
		f.forgive(what)
	}
	values := url.Values{}
	for name, raw := range members {
		if text := plainText(raw); text != "" {
			values[name] = []string{text}
		}
	}
	return values, nil
}

// plainText returns JSON as the text of a parameter: a text as it is, a list of numbers or texts with commas, anything else
// as JSON.
func plainText(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text // "" of null
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		return string(raw)
	}
	var items []string
	for _, item := range list {
		if item[0] == '[' || item[0] == '{' || json.Unmarshal(item, &text) == nil && strings.Contains(text, ",") {
			return string(raw)
		}
		if string(item) == "null" {
			items = append(items, "null")
			continue
		}
		items = append(items, plainText(item))
	}
	return strings.Join(items, ",")
}
